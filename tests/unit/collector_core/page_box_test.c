/* The outbox of pages: tries, pauses, stand-ins, hours, and what survives a restart. */
#include "core/page_box.h"

#include "memory_rows.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static const int64_t MINUTE_MS = 60000, HOUR_MS = 3600000;

static struct rules rules;
static struct page_box box;
static struct wall_ms now;

static int open_box(void **state)
{
    (void)state;
    rules_init(&rules);
    rules.targets = 2;
    rules.target[0] = (struct rule_target){.name = "sms", .fallback = 1, .fallback_ms = 120000};
    rules.target[1] = (struct rule_target){.name = "call", .fallback = -1};
    page_box_init(&box);
    now = (struct wall_ms){INT64_C(1795280400000)};
    return 0;
}

static int close_box(void **state)
{
    (void)state;
    page_box_done(&box);
    return 0;
}

static void add(const char *target)
{
    struct page page = {.number = 1042, .severity = SEVERITY_CRITICAL, .sms = "KHAN CAP SC1042"};
    snprintf(page.target, sizeof page.target, "%s", target);
    assert_int_equal(page_box_add(&box, &rules, &page, now), 0);
}

/* Lets a target be asked every second for @p span_ms; returns how often it was. */
static int ask(const char *target, const struct page_outcome *outcome, int64_t span_ms)
{
    int asked = 0;
    struct wall_ms end = wall_add(now, span_ms);
    for (; now.ms < end.ms; now.ms += 1000) {
        assert_int_equal(page_box_advance(&box, &rules, now), 0);
        const struct page *page = page_box_next(&box, target, now);
        if (!page)
            continue;
        asked++;
        page_box_answered(&box, page->id, outcome, now);
    }
    return asked;
}

static void what_is_refused_is_not_tried_for_ever(void **state)
{
    (void)state;
    struct page_outcome refused = {.refused = true, .status = 400, .words = "bad request"};
    add("call");
    assert_int_equal(ask("call", &refused, HOUR_MS), PAGE_TRIES_MAX);
    assert_int_equal(page_box_find(&box, 1)->state, PAGE_FAILED);
    assert_int_equal(box.failed, 1);
}

/* 2, 4, 8 ... 256 s, then every 5 min: 8 tries in the first 8.5 minutes, 11 or 12 in the rest. */
static void a_target_down_for_an_hour_is_tried_ever_more_rarely_and_has_a_stand_in(void **state)
{
    (void)state;
    struct page_outcome down = {.words = "connection refused"};
    struct page_outcome taken = {.taken = true, .words = "ok"};
    add("sms");
    int tries = ask("sms", &down, HOUR_MS);
    assert_in_range(tries, 17, 20);
    assert_true(page_box_find(&box, 1)->passed_on);
    const struct page *instead = page_box_find(&box, 2);
    assert_string_equal(instead->target, "call");
    assert_int_equal(instead->made.ms - page_box_find(&box, 1)->made.ms, 2 * MINUTE_MS);
    assert_int_equal(ask("call", &taken, MINUTE_MS), 1);
    assert_int_equal(ask("sms", &taken, 6 * MINUTE_MS), 1);
    assert_int_equal(page_box_find(&box, 1)->state, PAGE_SENT);
    assert_int_equal(box.pages.len, 2);
}

/* What was saved into @p rows, now or before, goes on in a new box. */
static void restart(struct memory_rows *rows)
{
    struct row_sink sink = memory_rows_sink(rows);
    assert_int_equal(page_box_save(&box, &sink), 0);
    page_box_done(&box);
    page_box_init(&box);
    for (size_t i = 0; i < rows->rows.len; i++) {
        const struct memory_row *row = vec_at(&rows->rows, i);
        assert_int_equal(page_box_load(&box, (struct slice){row->key, row->key_len},
                                       (struct slice){row->value, row->value_len}),
                         0);
    }
}

/* Down from 0 to 60 min, restarted at 30: the stand-in is told once, the target once it is back,
 * and neither again. A restart does not begin the pauses anew: one try in 5 min. */
static void an_hour_without_its_target_and_a_restart_in_it_tell_nothing_twice(void **state)
{
    (void)state;
    struct page_outcome down = {.words = "connection refused"};
    struct page_outcome taken = {.taken = true, .words = "ok"};
    struct memory_rows rows;
    memory_rows_init(&rows);
    add("sms");
    (void)ask("sms", &down, 10 * MINUTE_MS);
    assert_int_equal(ask("call", &taken, 20 * MINUTE_MS), 1);
    restart(&rows);
    assert_in_range(ask("sms", &down, 30 * MINUTE_MS), 6, 8);
    assert_int_equal(ask("call", &taken, MINUTE_MS), 0);
    assert_int_equal(ask("sms", &taken, 6 * MINUTE_MS), 1);
    restart(&rows);
    assert_int_equal(ask("sms", &taken, HOUR_MS), 0);
    assert_int_equal(ask("call", &taken, HOUR_MS), 0);
    assert_int_equal(page_box_find(&box, 1)->state, PAGE_SENT);
    assert_int_equal(page_box_find(&box, 2)->state, PAGE_SENT);
    assert_int_equal(box.pages.len, 2);
    memory_rows_done(&rows);
}

static void a_pause_that_is_asked_for_is_kept(void **state)
{
    (void)state;
    struct page_outcome busy = {.status = 429, .words = "later", .retry_ms = 20 * MINUTE_MS};
    add("call");
    assert_int_equal(ask("call", &busy, 20 * MINUTE_MS), 1);
    assert_int_equal(ask("call", &busy, MINUTE_MS), 1);
    busy.retry_ms = 30 * 24 * HOUR_MS;
    assert_int_equal(ask("call", &busy, 80 * MINUTE_MS + 1000), 2);
}

static void who_has_it_and_a_used_link_survive_a_restart(void **state)
{
    (void)state;
    struct memory_rows rows;
    struct page_box again;
    struct page_outcome half = {.words = "one failed", .told = "84900000001"};
    add("call");
    assert_int_equal(ask("call", &half, 2000), 1);
    assert_true(page_box_use_link(&box, 1));
    assert_false(page_box_use_link(&box, 1));
    assert_false(page_box_use_link(&box, 7));
    memory_rows_init(&rows);
    struct row_sink sink = memory_rows_sink(&rows);
    assert_int_equal(page_box_save(&box, &sink), 0);
    page_box_init(&again);
    for (size_t i = 0; i < rows.rows.len; i++) {
        const struct memory_row *row = vec_at(&rows.rows, i);
        assert_int_equal(page_box_load(&again, (struct slice){row->key, row->key_len},
                                       (struct slice){row->value, row->value_len}),
                         0);
    }
    assert_string_equal(page_box_find(&again, 1)->told, "84900000001");
    assert_false(page_box_use_link(&again, 1));
    page_box_done(&again);
    memory_rows_done(&rows);
}

static void hours_of_a_target_are_local_and_may_span_the_night(void **state)
{
    (void)state;

    static const struct {
        int from, to, hour, minute;
        bool within;
    } cases[] = {{450, 1050, 7, 30, true},  {450, 1050, 7, 29, false}, {450, 1050, 17, 30, false},
                 {450, 1050, 17, 29, true}, {1320, 360, 23, 0, true},  {1320, 360, 5, 59, true},
                 {1320, 360, 6, 0, false},  {0, 0, 3, 0, true}};

    int64_t midnight = INT64_C(1795280400000); /* 2026-11-22 00:00 in Vietnam */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rule_target t = {.from_min = cases[i].from, .to_min = cases[i].to};
        struct wall_ms at = {midnight + cases[i].hour * HOUR_MS + cases[i].minute * MINUTE_MS};
        assert_int_equal(rules_within_hours(&t, at, 7 * HOUR_MS), cases[i].within);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_refused_is_not_tried_for_ever, open_box, close_box),
        cmocka_unit_test_setup_teardown(
            a_target_down_for_an_hour_is_tried_ever_more_rarely_and_has_a_stand_in, open_box,
            close_box),
        cmocka_unit_test_setup_teardown(
            an_hour_without_its_target_and_a_restart_in_it_tell_nothing_twice, open_box, close_box),
        cmocka_unit_test_setup_teardown(a_pause_that_is_asked_for_is_kept, open_box, close_box),
        cmocka_unit_test_setup_teardown(who_has_it_and_a_used_link_survive_a_restart, open_box,
                                        close_box),
        cmocka_unit_test(hours_of_a_target_are_local_and_may_span_the_night),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
