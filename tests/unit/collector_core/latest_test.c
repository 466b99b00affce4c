/* What is kept of a site that somebody looks at: the newest of each series, within bounds, for five
 * minutes after the last question. */
#include "core/latest.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

static const struct wall_ms NOW = {1795000000000};

static struct reading number(const char *site, const char *metric, int64_t time_us, double value)
{
    return (struct reading){.site = slice_of(site),
                            .check = slice_of("icmp/core"),
                            .metric = slice_of(metric),
                            .unit = slice_of("ms"),
                            .time_us = time_us,
                            .number = value};
}

static void give(struct latest *l, const char *source, struct reading r, int64_t mono)
{
    assert_int_equal(latest_take(l, slice_of(source), &r, 1, (struct mono_ms){mono}), 0);
}

static const struct latest_site *look(struct latest *l, const char *id, int64_t mono)
{
    return latest_ask(l, slice_of(id), (struct mono_ms){mono}, NOW);
}

static const struct latest_reading *held(const struct latest_site *site, size_t i)
{
    assert_true(i < site->readings.len);
    return vec_at(&site->readings, i);
}

static void nobody_looks_nothing_is_kept(void **state)
{
    (void)state;
    struct latest l;
    latest_init(&l);
    give(&l, "p1", number("S1", "rtt", 1, 5), 0);
    assert_int_equal(look(&l, "S1", 0)->readings.len, 0);
    give(&l, "p1", number("S2", "rtt", 1, 5), 1);
    assert_int_equal(look(&l, "S1", 2)->readings.len, 0);
    latest_done(&l);
}

static void the_newest_of_each_series_stands_in_order(void **state)
{
    (void)state;
    struct latest l;
    latest_init(&l);
    assert_int_equal(look(&l, "S1", 0)->since.ms, NOW.ms);
    give(&l, "p2", number("S1", "rtt", 10, 5), 1);
    give(&l, "p1", number("S1", "rtt", 10, 6), 1);
    give(&l, "p1", number("S1", "loss", 10, 0), 1);
    give(&l, "p1", number("S1", "rtt", 20, 7), 2);
    give(&l, "p1", number("S1", "rtt", 15, 8), 3); /* late: changes nothing */
    const struct latest_site *site = look(&l, "S1", 4);
    assert_int_equal(site->readings.len, 3);
    assert_string_equal(held(site, 0)->metric, "loss");
    assert_string_equal(held(site, 1)->source, "p1");
    assert_true(held(site, 1)->number == 7 && held(site, 1)->time_us == 20);
    assert_string_equal(held(site, 2)->source, "p2");
    assert_string_equal(held(site, 2)->unit, "ms");
    latest_done(&l);
}

static void a_text_is_cut_between_letters(void **state)
{
    (void)state;
    struct latest l;
    char text[200];
    latest_init(&l);
    (void)look(&l, "S1", 0);
    memset(text, 'a', sizeof text);
    text[LATEST_TEXT_MAX - 1] = (char)0xe1; /* two of this letter's three bytes are beyond */
    text[LATEST_TEXT_MAX] = (char)0xba;
    text[LATEST_TEXT_MAX + 1] = (char)0xa1;
    struct reading r = number("S1", "says", 1, 0);
    r.kind = READING_TEXT;
    r.text = (struct slice){text, sizeof text};
    give(&l, "p1", r, 1);
    const struct latest_reading *kept = held(look(&l, "S1", 2), 0);
    assert_int_equal(kept->kind, READING_TEXT);
    assert_int_equal(strlen(kept->text), LATEST_TEXT_MAX - 1);
    latest_done(&l);
}

static void series_beyond_the_bound_are_counted(void **state)
{
    (void)state;
    struct latest l;
    latest_init(&l);
    (void)look(&l, "S1", 0);
    for (int i = 0; i < LATEST_SERIES_MAX + 3; i++) {
        char name[20];
        snprintf(name, sizeof name, "m%d", i);
        give(&l, "p1", number("S1", name, 1, i), 1);
    }
    const struct latest_site *site = look(&l, "S1", 2);
    assert_int_equal(site->readings.len, LATEST_SERIES_MAX);
    assert_int_equal(site->left_out, 3);
    latest_done(&l);
}

static void five_minutes_after_the_last_question_it_is_forgotten(void **state)
{
    (void)state;
    struct latest l;
    latest_init(&l);
    (void)look(&l, "S1", 0);
    give(&l, "p1", number("S1", "rtt", 1, 5), 1);
    assert_int_equal(look(&l, "S1", LATEST_KEPT_MS)->readings.len, 1);
    assert_int_equal(look(&l, "S1", 2 * LATEST_KEPT_MS + 1)->readings.len, 0);
    give(&l, "p1", number("S1", "rtt", 2, 5), 4 * LATEST_KEPT_MS);
    assert_int_equal(l.kept, 0);
    latest_done(&l);
}

static void the_site_asked_for_longest_ago_makes_room(void **state)
{
    (void)state;
    struct latest l;
    latest_init(&l);
    for (int i = 0; i < LATEST_SITES; i++) {
        char id[8];
        snprintf(id, sizeof id, "S%d", i);
        (void)look(&l, id, i);
        give(&l, "p1", number(id, "rtt", 1, i), i);
    }
    (void)look(&l, "S0", 100);
    (void)look(&l, "new", 101);
    assert_int_equal(l.kept, LATEST_SITES);
    assert_int_equal(look(&l, "S0", 102)->readings.len, 1);
    assert_int_equal(look(&l, "S1", 103)->readings.len, 0);
    latest_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_looks_nothing_is_kept),
        cmocka_unit_test(the_newest_of_each_series_stands_in_order),
        cmocka_unit_test(a_text_is_cut_between_letters),
        cmocka_unit_test(series_beyond_the_bound_are_counted),
        cmocka_unit_test(five_minutes_after_the_last_question_it_is_forgotten),
        cmocka_unit_test(the_site_asked_for_longest_ago_makes_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
