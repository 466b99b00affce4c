/* Stretches of one unit joined in order; what they are made of is told by ends of stretches. */
#include "core/tally.h"

#include "unit.h"

#include <string.h>

enum { HOUR_MS = 3600 * 1000, PARTS_MAX = 8 };

/* An hour that is all one state. U up, D down, S silent and never down, M maintenance. */
static struct tally hour_of(char word)
{
    static const struct {
        char word;
        struct tally_end end;
    } words[] = {{'U', {STATE_UP, CAUSE_NONE, false}},
                 {'D', {STATE_DOWN, CAUSE_POWER, false}},
                 {'S', {STATE_SILENT, CAUSE_UNKNOWN, true}},
                 {'M', {STATE_MAINTENANCE, CAUSE_MANUAL, false}}};

    size_t i = 0;
    while (words[i].word != word)
        i++;
    return tally_plain(words[i].end, HOUR_MS);
}

static struct tally joined(const char *words)
{
    struct tally sum = {0};
    for (; *words; words++) {
        struct tally more = hour_of(*words);
        tally_join(&sum, &more);
    }
    return sum;
}

/* FIGURES 7.8 and 7.9: outages with downtime in it; up ends them, maintenance does not. */
static void outages_count_once_however_the_stretch_is_cut(void **state)
{
    static const struct {
        const char *words;
        uint32_t outages, unverified;
    } cases[] = {{"", 0, 0},       {"U", 0, 0},     {"D", 1, 0},     {"UDU", 1, 0},
                 {"DDD", 1, 0},    {"DUD", 2, 0},   {"DMD", 1, 0},   {"DMU", 1, 0},
                 {"MDMUD", 2, 0},  {"SMS", 0, 1},   {"SUS", 0, 2},   {"DUSUD", 2, 1},
                 {"UMUDUD", 2, 0}, {"DMUMD", 2, 0}, {"MSMUSM", 0, 2}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tally whole = joined(cases[i].words);
        assert_int_equal(whole.sum.outages, cases[i].outages);
        assert_int_equal(whole.sum.unverified, cases[i].unverified);
        for (size_t cut = 0; cut < strlen(cases[i].words); cut++) {
            char head[PARTS_MAX] = "";
            memcpy(head, cases[i].words, cut);
            struct tally sum = joined(head);
            struct tally rest = joined(cases[i].words + cut);
            tally_join(&sum, &rest);
            assert_true(tally_equal(&sum, &whole));
        }
    }
}

/* The day before is shown as it was recorded, up at its end, though by now it is known to have been
 * down; this one goes on from what is known: both have an outage of their own. And the other way.
 */
static void a_stretch_is_joined_with_what_is_shown_before_it(void **state)
{
    (void)state;
    struct tally recorded = joined("DU");
    struct tally present = joined("DDU");
    tally_join(&recorded, &present);
    assert_int_equal(recorded.sum.outages, 2);
    recorded = joined("UD");
    tally_join(&recorded, &present);
    assert_int_equal(recorded.sum.outages, 1);
}

static struct tally read(const char *bytes, size_t len)
{
    struct cursor c;
    cursor_init(&c, bytes, len);
    struct tally t = tally_read(&c);
    assert_int_equal(c.err, 0);
    assert_int_equal(cursor_left(&c), 0);
    return t;
}

static void what_is_written_is_read(void **state)
{
    static const char *const cases[] = {"",    "U",   "D",     "S",      "DMD",
                                        "MDM", "DUD", "DUSUD", "MSMUSM", "UDUDUD"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b;
        buf_init(&b, 256);
        struct tally t = joined(cases[i]);
        tally_write(&t, &b);
        struct tally again = read(b.data, b.len);
        assert_true(tally_equal(&t, &again));
        buf_done(&b);
    }
}

/* Rows of before edges were written: two outages, the last one on at the end; then an hour that
 * goes on, which counts none; then one with an outage of its own, over at the end. */
static void older_rows_count_as_they_did(void **state)
{
    static const char two[] = {8, STATE_DOWN << 4 | CAUSE_POWER, 2, 0, 0, 0, 0, 0, 0, 0, 0};
    static const char goes_on[] = {1, STATE_UP << 4 | CAUSE_NONE, 0};
    static const char own[] = {8, STATE_UP << 4 | CAUSE_NONE, 1, 0, 0, 0, 0, 0, 0, 0, 0};
    (void)state;
    struct tally sum = read(two, sizeof two);
    struct tally more = read(goes_on, sizeof goes_on);
    assert_int_equal(sum.sum.outages, 2);
    assert_int_equal(more.sum.outages, 1);
    tally_join(&sum, &more);
    assert_int_equal(sum.sum.outages, 2);
    more = read(own, sizeof own);
    tally_join(&sum, &more);
    assert_int_equal(sum.sum.outages, 3);
    more = joined("D");
    tally_join(&sum, &more);
    assert_int_equal(sum.sum.outages, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outages_count_once_however_the_stretch_is_cut),
        cmocka_unit_test(a_stretch_is_joined_with_what_is_shown_before_it),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(older_rows_count_as_they_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
