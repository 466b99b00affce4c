/* When a change set closes, and how far apart commits are while the database is away. */
#include "core/pace.h"

#include "unit.h"

static void a_turn_stays_open_while_much_comes(void **state)
{
    (void)state;

    static const struct {
        struct pace_turn turn;
        bool stays;
    } cases[] = {
        {{2500 / 5, 500, 0, false}, false},            /* the load of the latency budget: at once */
        {{8000, 300, 120, false}, true},               /* windows of many probes arrive */
        {{8000, 0, 120, false}, false},                /* they are empty now */
        {{8000, 15, 120, false}, false},               /* or nearly */
        {{1000, 1000, 0, false}, true},                /* the first look */
        {{12000, 300, PACE_OPEN_MS - 1, false}, true}, /* bounded in time */
        {{12000, 300, PACE_OPEN_MS, false}, false},
        {{300, 300, 50, true}, true}, /* what waits already is taken, a slice at a time */
        {{300, 300, PACE_OPEN_MS, true}, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(pace_stays_open(&cases[i].turn), cases[i].stays);
}

static void the_period_grows_with_what_waits_for_the_database(void **state)
{
    (void)state;

    static const struct {
        int64_t configured;
        size_t waiting;
        int64_t period;
    } cases[] = {
        {100, 0, 100},     {100, 199, 100},    {100, 200, 200},        {100, 1000, 1000},
        {100, 4999, 4900}, {100, 5000, 5000},  {100, SIZE_MAX, 5000},  {1, 1000, 10},
        {3000, 300, 5000}, {9000, 5000, 9000}, {5000, SIZE_MAX, 5000},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(pace_period_ms(cases[i].configured, cases[i].waiting), cases[i].period);
}

/* One small batch a commit: what a week away leaves behind. */
static void days_away_leave_few_files(void **state)
{
    (void)state;
    const int64_t day_ms = 86400000;
    size_t files = 0;
    for (int64_t now = 0; now < 7 * day_ms; now += pace_period_ms(100, files))
        files++;
    assert_in_range(files, 1, 7 * 20000);
}

/* As many packs are asked for as leave half of the time, whatever the machine. */
static void packs_of_the_past_leave_room(void **state)
{
    (void)state;
    struct pace_work work = {0};
    assert_int_equal(pace_packs(&work, 0), 0);
    assert_true(pace_packs(&work, 100) > 0); /* before anything is known, too */
    pace_worked(&work, 10, 1000000);         /* a commit of hardly anything says nothing */
    assert_int_equal(work.messages, 0);
    pace_worked(&work, 1000, 100000); /* 100 us each */
    assert_int_equal(pace_packs(&work, 300), 1500);
    assert_int_equal(pace_packs(&work, 1000), pace_packs(&work, 100000)); /* no hoarding */
    for (int i = 0; i < 100; i++)
        pace_worked(&work, 1000, 200000); /* half as fast */
    assert_in_range(pace_packs(&work, 300), 749, 760);
    for (int i = 0; i < 80; i++)
        pace_worked(&work, 1000, INT64_C(1000000000));
    assert_true(pace_packs(&work, 1000) > 100); /* it always goes on */
}

/* A small change set says how dear its commit is, not how dear a message: what is asked for must
 * not fall because little was asked for. */
static void small_change_sets_make_no_message_dearer(void **state)
{
    (void)state;
    struct pace_work work = {0};
    for (int i = 0; i < 10; i++)
        pace_worked(&work, 8000, 200000); /* 25 us each */
    uint64_t before = pace_packs(&work, 100);
    for (int i = 0; i < 5; i++)
        pace_worked(&work, 300, 20000); /* 67 us each */
    assert_in_range(pace_packs(&work, 100), before * 3 / 4, before);
}

/* Whatever it is that live readings wait in, what is asked for of the past becomes less until they
 * do not, and comes back slowly: in a second no more than a fifteenth of what it was at first. */
static void the_past_makes_way_while_live_readings_wait(void **state)
{
    (void)state;
    struct pace_work work = {0};
    pace_worked(&work, 1000, 100000); /* 100 us each */
    pace_lag(&work, PACE_LAG_MS, true);
    assert_int_equal(pace_packs(&work, 100), 500); /* not yet */
    pace_lag(&work, PACE_LAG_MS + 1, true);
    assert_int_equal(pace_packs(&work, 100), 375);
    pace_lag(&work, 3000, true);
    assert_int_equal(pace_packs(&work, 100), 281);
    for (int i = 0; i < 100; i++)
        pace_lag(&work, 60000, true);
    assert_in_range(pace_packs(&work, 100), 1, 20); /* it always goes on */
    pace_worked(&work, 1000, INT64_C(1000000000));
    assert_true(pace_packs(&work, 1) > 0);

    work.messages = 1000;
    work.us = 100000;
    uint64_t before = pace_packs(&work, 100);
    for (int s = 0; s < 60; s++) {
        pace_lag(&work, 90, false);
        assert_in_range(pace_packs(&work, 100) - before, 0, 500 / 15);
        before = pace_packs(&work, 100);
    }
    assert_int_equal(before, 500);
}

/* While nobody live waits, what waits of the past gets more than half of what a message seems to
 * cost, and no more than it asks for is kept for the next flood. */
static void the_past_follows_at_full_speed_while_nobody_waits(void **state)
{
    (void)state;
    struct pace_work work = {0};
    pace_worked(&work, 1000, 100000);
    for (int s = 0; s < 16; s++)
        pace_lag(&work, 90, true);
    assert_int_equal(pace_packs(&work, 100), 1000);
    pace_lag(&work, PACE_LAG_MS / 2 + 1, true); /* neither */
    assert_int_equal(pace_packs(&work, 100), 1000);
    for (int s = 0; s < 1000; s++)
        pace_lag(&work, 90, true);
    assert_in_range(pace_packs(&work, 100), 1000, 5000);
    pace_lag(&work, 90, false);
    assert_int_equal(pace_packs(&work, 100), 500);
}

/* The piece that is worked out at `now` leaves no steps, as if there always were more. */
static bool takes_more(struct pace_settling *s, int64_t now)
{
    return pace_settled(s, (struct mono_ms){now}, 0) == 0;
}

static void time_is_followed_however_long_the_evidence_took(void **state)
{
    (void)state;
    struct pace_settling s = {0};
    for (int64_t now = 0; now < 10L * PACE_SETTLE_MS; now += 10) {
        assert_true(takes_more(&s, now));
        assert_false(s.following);
    }
    int64_t done = 10L * PACE_SETTLE_MS;
    assert_int_equal(pace_settled(&s, (struct mono_ms){done}, 7), 0); /* the evidence is */
    assert_true(takes_more(&s, done + PACE_SETTLE_MS - 1));
    assert_true(s.following);
    assert_true(takes_more(&s, done + PACE_SETTLE_MS));
    assert_false(s.following); /* its time is over: what it brought is worked out, no more */
    assert_int_equal(pace_settled(&s, (struct mono_ms){done + PACE_SETTLE_MS + 5}, 7), 7);
    assert_true(s.behind);
}

static void time_that_brings_little_is_followed_to_its_end(void **state)
{
    (void)state;
    struct pace_settling s = {0};
    assert_int_equal(pace_settled(&s, (struct mono_ms){0}, 7), 0);
    assert_int_equal(pace_settled(&s, (struct mono_ms){1}, 7), 7);
    assert_false(s.behind);
    struct pace_settling left_alone = {.behind = true};
    assert_int_equal(pace_settled(&left_alone, (struct mono_ms){0}, 7), 7);
    assert_false(left_alone.following);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_turn_stays_open_while_much_comes),
        cmocka_unit_test(the_period_grows_with_what_waits_for_the_database),
        cmocka_unit_test(days_away_leave_few_files),
        cmocka_unit_test(packs_of_the_past_leave_room),
        cmocka_unit_test(small_change_sets_make_no_message_dearer),
        cmocka_unit_test(time_is_followed_however_long_the_evidence_took),
        cmocka_unit_test(time_that_brings_little_is_followed_to_its_end),
        cmocka_unit_test(the_past_makes_way_while_live_readings_wait),
        cmocka_unit_test(the_past_follows_at_full_speed_while_nobody_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
