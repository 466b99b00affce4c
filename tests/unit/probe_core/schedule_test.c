#include "core/schedule.h"

#include "unit.h"

static const int64_t INTERVAL_MS = 10000;

static void all_run_once_right_after_start(void **state)
{
    (void)state;
    static const int64_t intervals[] = {10000, 60000, 3600000};
    struct rng rng = {1};
    struct schedule s;
    struct mono_ms now = {5000};
    assert_int_equal(schedule_init(&s, intervals, 3, now, &rng), 0);
    bool ran[3] = {false};
    size_t check;
    while ((check = schedule_take(&s, now)) != SCHEDULE_NONE) {
        assert_false(ran[check]);
        ran[check] = true;
        schedule_finished(&s, check, now);
    }
    assert_true(ran[0] && ran[1] && ran[2]);
    schedule_done(&s);
}

static void the_second_run_is_splayed_and_then_the_grid_is_exact(void **state)
{
    (void)state;
    struct rng rng = {2};
    int64_t earliest = INTERVAL_MS, latest = 0;
    for (int probe = 0; probe < 200; probe++) {
        struct schedule s;
        struct mono_ms now = {1000};
        assert_int_equal(schedule_init(&s, &INTERVAL_MS, 1, now, &rng), 0);
        assert_int_equal(schedule_take(&s, now), 0);
        schedule_finished(&s, 0, mono_add(now, 5));
        int64_t wait_ms = mono_since(schedule_deadline(&s), now);
        assert_in_range(wait_ms, 1, INTERVAL_MS);
        earliest = wait_ms < earliest ? wait_ms : earliest;
        latest = wait_ms > latest ? wait_ms : latest;
        for (int run = 0; run < 5; run++) {
            struct mono_ms due = schedule_deadline(&s);
            assert_int_equal(schedule_take(&s, mono_add(due, -1)), SCHEDULE_NONE);
            assert_int_equal(schedule_take(&s, mono_add(due, 3)), 0);
            schedule_finished(&s, 0, mono_add(due, 400));
            assert_int_equal(schedule_deadline(&s).ms, due.ms + INTERVAL_MS);
        }
        assert_int_equal(s.entries[0].skipped, 0);
        schedule_done(&s);
    }
    assert_true(earliest < INTERVAL_MS / 10 && latest > INTERVAL_MS * 9 / 10);
}

/* Woken once for several, and yet not all at once, nor as another probe. */
static void checks_of_one_probe_share_steps(void **state)
{
    (void)state;

    enum { CHECKS = 20, PROBES = 50, STEP_MS = 5000, STEPS = 2 };

    int64_t intervals[CHECKS];
    bool seen[STEP_MS] = {false};
    int phases = 0;
    struct rng rng = {6};
    for (size_t i = 0; i < CHECKS; i++)
        intervals[i] = INTERVAL_MS;
    for (int probe = 0; probe < PROBES; probe++) {
        struct schedule s;
        struct mono_ms now = {0};
        bool step[STEPS] = {false};
        int steps = 0;
        assert_int_equal(schedule_init(&s, intervals, CHECKS, now, &rng), 0);
        while (schedule_take(&s, now) != SCHEDULE_NONE)
            continue;
        int64_t phase = s.entries[0].due.ms % STEP_MS;
        for (size_t i = 0; i < CHECKS; i++) {
            int64_t due_ms = s.entries[i].due.ms;
            assert_int_equal(due_ms % STEP_MS, phase);
            steps += !step[due_ms / STEP_MS % STEPS];
            step[due_ms / STEP_MS % STEPS] = true;
        }
        assert_int_equal(steps, STEPS);
        phases += !seen[phase];
        seen[phase] = true;
        schedule_done(&s);
    }
    assert_true(phases > PROBES * 8 / 10);
}

static void a_check_never_overlaps_itself_nor_delays_another(void **state)
{
    (void)state;
    static const int64_t intervals[] = {10000, 10000};
    struct rng rng = {3};
    struct schedule s;
    assert_int_equal(schedule_init(&s, intervals, 2, (struct mono_ms){0}, &rng), 0);
    assert_int_not_equal(schedule_take(&s, (struct mono_ms){0}), SCHEDULE_NONE);
    assert_int_not_equal(schedule_take(&s, (struct mono_ms){0}), SCHEDULE_NONE);
    assert_true(schedule_deadline(&s).ms == MONO_NEVER_MS);
    schedule_finished(&s, 1, (struct mono_ms){100});
    int64_t slow_due = s.entries[0].due.ms;
    int runs = 0;
    for (int64_t ms = 100; ms < 35000; ms += 100) {
        size_t check = schedule_take(&s, (struct mono_ms){ms});
        assert_int_not_equal(check, 0); /* still running */
        if (check == 1) {
            runs++;
            schedule_finished(&s, 1, (struct mono_ms){ms + 10});
        }
    }
    assert_in_range(runs, 3, 4);
    schedule_finished(&s, 0, (struct mono_ms){slow_due + 25000});
    assert_int_equal(s.entries[0].skipped, 3);
    assert_int_equal(s.entries[0].due.ms, slow_due + 30000);
    schedule_done(&s);
}

static void late_runs_are_skipped_not_piled_up(void **state)
{
    (void)state;
    struct rng rng = {4};
    struct schedule s;
    assert_int_equal(schedule_init(&s, &INTERVAL_MS, 1, (struct mono_ms){0}, &rng), 0);
    assert_int_equal(schedule_take(&s, (struct mono_ms){0}), 0);
    schedule_finished(&s, 0, (struct mono_ms){1});
    struct mono_ms due = schedule_deadline(&s);
    struct mono_ms late = mono_add(due, 4 * INTERVAL_MS + 7); /* the machine slept */
    assert_int_equal(schedule_take(&s, late), 0);
    schedule_finished(&s, 0, late);
    assert_int_equal(schedule_take(&s, late), SCHEDULE_NONE);
    assert_int_equal(s.entries[0].skipped, 4);
    assert_int_equal(schedule_deadline(&s).ms, due.ms + 5 * INTERVAL_MS);
    schedule_done(&s);
}

static void a_changed_interval_holds_from_now_on(void **state)
{
    (void)state;
    static const int64_t hour_ms = 3600000;
    struct rng rng = {5};
    struct schedule s;
    assert_int_equal(schedule_init(&s, &hour_ms, 1, (struct mono_ms){0}, &rng), 0);
    assert_int_equal(schedule_take(&s, (struct mono_ms){0}), 0);
    schedule_finished(&s, 0, (struct mono_ms){1});
    struct mono_ms now = {50};
    schedule_change(&s, 0, INTERVAL_MS, now, &rng);
    assert_in_range(mono_since(schedule_deadline(&s), now), 1, INTERVAL_MS);
    struct mono_ms due = schedule_deadline(&s);
    schedule_change(&s, 0, INTERVAL_MS, now, &rng);
    assert_int_equal(schedule_deadline(&s).ms, due.ms);
    schedule_done(&s);
}

static void no_checks_have_no_deadline(void **state)
{
    (void)state;
    struct rng rng = {6};
    struct schedule s;
    assert_int_equal(schedule_init(&s, NULL, 0, (struct mono_ms){0}, &rng), 0);
    assert_int_equal(schedule_take(&s, (struct mono_ms){1}), SCHEDULE_NONE);
    assert_true(schedule_deadline(&s).ms == MONO_NEVER_MS);
    schedule_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_run_once_right_after_start),
        cmocka_unit_test(the_second_run_is_splayed_and_then_the_grid_is_exact),
        cmocka_unit_test(checks_of_one_probe_share_steps),
        cmocka_unit_test(a_check_never_overlaps_itself_nor_delays_another),
        cmocka_unit_test(late_runs_are_skipped_not_piled_up),
        cmocka_unit_test(a_changed_interval_holds_from_now_on),
        cmocka_unit_test(no_checks_have_no_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
