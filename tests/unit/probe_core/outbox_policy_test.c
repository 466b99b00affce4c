#include "core/outbox_policy.h"

#include "unit.h"

static const int64_t DAY_MS = 24 * 3600 * 1000;

static void gives_up_the_oldest_runs_only(void **state)
{
    (void)state;
    static const struct outbox_run runs[] = {
        {1, 10, 400, 1000}, {11, 20, 400, 2000}, {21, 30, 400, 3000}, {31, 35, 100, 4000}};

    static const struct {
        int64_t max_bytes, max_age_ms;
        uint64_t low;
        int64_t running_ms;
        struct outbox_drop expected;
    } cases[] = {
        {1300, 9000, 1, 4000, {0, 1, 0, 0}},     /* exactly at both bounds */
        {1299, 9000, 1, 4000, {1, 11, 10, 400}}, /* one byte too many */
        {600, 9000, 1, 4000, {2, 21, 20, 800}},
        {1, 9000, 1, 4000, {3, 31, 30, 1200}}, /* never the run being written */
        {9999, 3000, 1, 4000, {0, 1, 0, 0}},   /* exactly as old as allowed */
        {9999, 2999, 1, 4000, {1, 11, 10, 400}},
        {9999, 10, 1, 90000, {3, 31, 30, 1200}},
        {600, 9000, 8, 4000, {2, 21, 13, 800}}, /* 1..7 were acknowledged: not dropped */
        {600, 9000, 21, 4000, {2, 21, 0, 800}}, /* both were: nothing is lost */
        {600, 9000, 25, 4000, {2, 25, 0, 800}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outbox_policy policy = {cases[i].max_bytes, cases[i].max_age_ms};
        struct outbox_drop drop =
            outbox_policy_drop(&policy, runs, 4, cases[i].low, cases[i].running_ms);
        assert_int_equal(drop.runs, cases[i].expected.runs);
        assert_int_equal(drop.low, cases[i].expected.low);
        assert_int_equal(drop.packs, cases[i].expected.packs);
        assert_int_equal(drop.bytes, cases[i].expected.bytes);
    }
}

static void an_empty_outbox_drops_nothing(void **state)
{
    (void)state;
    struct outbox_policy policy = outbox_policy_default();
    assert_int_equal(outbox_policy_drop(&policy, NULL, 0, 1, 0).runs, 0);
}

static void age_is_counted_in_running_time(void **state)
{
    (void)state;
    struct outbox_policy policy = outbox_policy_default();
    assert_int_equal(policy.max_age_ms, 7 * DAY_MS);
    /* six days of running on record, then a month without power, then two hours */
    struct mono_ms started = {12345};
    int64_t running_ms =
        outbox_policy_running_ms(6 * DAY_MS, started, mono_add(started, DAY_MS / 12));
    assert_int_equal(running_ms, 6 * DAY_MS + DAY_MS / 12);
    static const struct outbox_run runs[] = {{1, 10, 400, 0}, {11, 11, 40, 0}};
    assert_int_equal(outbox_policy_drop(&policy, runs, 2, 1, running_ms).runs, 0);
    assert_int_equal(outbox_policy_drop(&policy, runs, 2, 1, running_ms + DAY_MS).runs, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_up_the_oldest_runs_only),
        cmocka_unit_test(an_empty_outbox_drops_nothing),
        cmocka_unit_test(age_is_counted_in_running_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
