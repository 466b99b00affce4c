#include "core/probe_clock.h"

#include "unit.h"

enum { LATE_MS = 45000, MIN_MS = 60000 };

/* A message that is @p ahead_ms ahead of its receipt, @p at_ms after the start. */
static void hear(struct probe_clock *c, int64_t at_ms, int64_t ahead_ms, bool waited)
{
    struct wall_ms received = {INT64_C(1790000000000) + at_ms};
    probe_clock_heard(c, (struct wall_ms){received.ms + ahead_ms}, received, waited);
}

static void the_quickest_message_tells(void **state)
{
    struct probe_clock c = PROBE_CLOCK_UNKNOWN;
    (void)state;
    assert_false(probe_clock_wrong(&c, LATE_MS));
    hear(&c, 0, -28000, false);
    assert_int_equal(c.ahead_ms, -28000);
    hear(&c, 30000, -900, false);
    hear(&c, 60000, -27000, false);
    assert_int_equal(c.ahead_ms, -900);
    assert_false(probe_clock_wrong(&c, LATE_MS));
}

static void a_clock_ahead_is_seen_at_once_and_forgotten_once_it_is_right(void **state)
{
    struct probe_clock c = PROBE_CLOCK_UNKNOWN;
    (void)state;
    hear(&c, 0, -100, false);
    hear(&c, 30000, 39000, false);
    assert_int_equal(c.ahead_ms, 39000);
    assert_true(probe_clock_wrong(&c, LATE_MS));
    for (int64_t at = 2 * MIN_MS; at <= 4 * MIN_MS; at += 30000)
        hear(&c, at, -1000, false);
    assert_int_equal(c.ahead_ms, -1000);
    assert_false(probe_clock_wrong(&c, LATE_MS));
}

static void a_clock_behind_is_told_from_delay(void **state)
{
    struct probe_clock c = PROBE_CLOCK_UNKNOWN;
    (void)state;
    hear(&c, 0, -100, false);
    for (int64_t at = 30000; at <= 5 * MIN_MS; at += 30000)
        hear(&c, at, -at, true); /* a backlog */
    assert_int_equal(c.ahead_ms, -100);
    for (int64_t at = 5 * MIN_MS; at <= 10 * MIN_MS; at += 30000)
        hear(&c, at, -90000, false); /* runs that take a minute */
    assert_false(probe_clock_wrong(&c, LATE_MS));
    for (int64_t at = 10 * MIN_MS; at <= 15 * MIN_MS; at += 30000)
        hear(&c, at, -3600000 - at % MIN_MS, false);
    assert_int_equal(c.ahead_ms, -3600000);
    assert_true(probe_clock_wrong(&c, LATE_MS));
}

static void what_waited_shows_a_clock_that_is_ahead_all_the_same(void **state)
{
    struct probe_clock c = PROBE_CLOCK_UNKNOWN;
    (void)state;
    hear(&c, 0, -7200000, true);
    assert_int_equal(c.ahead_ms, INT64_MIN);
    hear(&c, 500, -7200000, false);
    hear(&c, 600, -3600000, true);
    assert_int_equal(c.ahead_ms, -3600000);
    hear(&c, 1000, 86400000, true);
    assert_int_equal(c.ahead_ms, 86400000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_quickest_message_tells),
        cmocka_unit_test(a_clock_ahead_is_seen_at_once_and_forgotten_once_it_is_right),
        cmocka_unit_test(a_clock_behind_is_told_from_delay),
        cmocka_unit_test(what_waited_shows_a_clock_that_is_ahead_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
