/* Discharges as registers show them, each with the minutes that were really left. */
#include "checks/discharge.h"

#include "unit.h"

#include <math.h>

static const struct discharge_floor floor_48v = {0.2, 43};

/* What a register of @p step shows of @p value. */
static double shown(double value, double step)
{
    return step * floor(value / step);
}

static double by_charge(struct discharge *d, double minute, double charge)
{
    int64_t now_ms = (int64_t)(minute * 60e3);
    discharge_look(d, now_ms, charge, NAN);
    return discharge_minutes(d, now_ms, floor_48v);
}

static double by_volts(struct discharge *d, double minute, double volts)
{
    int64_t now_ms = (int64_t)(minute * 60e3);
    discharge_look(d, now_ms, NAN, volts);
    return discharge_minutes(d, now_ms, floor_48v);
}

static void expect_within(double minutes, double truth, double share, const char *what)
{
    if (!(fabs(minutes - truth) <= share * truth))
        fail_msg("%s: %g minutes told, %g were left", what, minutes, truth);
}

/* From 95 % to 20 % at 0.7 % a minute: 107.14 minutes, in whole percents. */
static void whole_percents_are_followed(void **state)
{
    (void)state;
    struct discharge d = {.on = false};
    for (int minute = 0; minute < 100; minute++) {
        double told = by_charge(&d, minute, shown(0.95 - 0.007 * minute, 0.01));
        if (minute < 3)
            assert_true(isnan(told));
        if (0.007 * minute >= 0.1)
            expect_within(told, 75 / 0.7 - minute, 0.15, "steady");
    }
}

/* A load that doubles after half an hour is known half an hour later: 0.4 % a minute from 90 %,
 * then 0.8 %; at minute 60 the charge is 54 %, and 34 % at 0.8 % are 42.5 minutes. */
static void a_heavier_load_is_noticed(void **state)
{
    (void)state;
    struct discharge d = {.on = false};
    double told = NAN;
    for (int minute = 0; minute <= 60; minute++) {
        double charge = 0.9 - 0.004 * (minute < 30 ? minute : 30);
        charge -= 0.008 * (minute > 30 ? minute - 30 : 0);
        told = by_charge(&d, minute, shown(charge, 0.01));
    }
    expect_within(told, 42.5, 0.1, "heavier");
}

/* One percent a minute from 90 %, and each seventh look reads nothing or full. */
static void a_few_wrong_looks_do_not_matter(void **state)
{
    (void)state;
    struct discharge d = {.on = false};
    double told = NAN;
    for (int minute = 0; minute <= 30; minute++) {
        double charge = 0.9 - 0.01 * minute;
        told = by_charge(&d, minute, minute % 7 == 3 ? (minute % 2 ? 0 : 1) : charge);
    }
    expect_within(told, 40, 0.02, "with outliers");
}

/* Too little fell: 1 % in an hour is four hours and more away from being told, 2 % are told. */
static void nothing_is_said_of_a_step(void **state)
{
    (void)state;
    struct discharge d = {.on = false};
    for (int minute = 0; minute <= 60; minute++)
        assert_true(isnan(by_charge(&d, minute, minute < 30 ? 0.8 : 0.79)));
    discharge_end(&d);
    for (int minute = 0; minute <= 10; minute++)
        assert_true(isnan(by_volts(&d, minute, 50 - 0.01 * minute)));
}

/* A 48 V string of lead: 54.0 V on float, 1.5 V gone with the load at once, then 0.02 V a minute
 * for 200 minutes, then the knee: 0.1 V a minute for 55 minutes, from 48.5 V down to 43.0 V at
 * minute 255. Shown in tenths of a volt. */
static double lead(double minute)
{
    if (minute < 1)
        return 54 - 1.5 * minute;
    if (minute < 200)
        return 52.5 - 0.02 * minute;
    return 48.5 - 0.1 * (minute - 200);
}

static void a_voltage_is_told_the_better_the_nearer_its_end(void **state)
{
    static const struct {
        int minute;
        double share; /* what may be wrong */
    } wanted[] = {{225, 0.2}, {230, 0.05}, {240, 0.05}, {250, 0.1}};

    (void)state;
    struct discharge d = {.on = false};
    double told[255];
    for (int minute = 0; minute < 255; minute++)
        told[minute] = by_volts(&d, minute, shown(lead(minute) + 1e-9, 0.1));
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        expect_within(told[wanted[i].minute], 255 - wanted[i].minute, wanted[i].share, "knee");
    for (int minute = 20; minute < 195;
         minute++) /* too long, as the README says, never too short */
        assert_true(told[minute] > 255 - minute);
}

/* The drop with the load is not the charge's: without it, 1.5 V in a minute would be 6 minutes. */
static void the_first_drop_is_the_loads(void **state)
{
    (void)state;
    struct discharge d = {.on = false};
    for (int minute = 0; minute <= 15; minute++) {
        double told = by_volts(&d, minute, lead(minute));
        assert_true(isnan(told) || told > 200);
    }
}

static void what_reached_its_end_has_none(void **state)
{
    (void)state;
    struct discharge d = {.on = false};
    double told = NAN;
    for (int minute = 0; minute <= 20; minute++)
        told = by_charge(&d, minute, 0.3 - 0.01 * minute);
    assert_true(told == 0);
}

static void mains_and_another_measure_begin_anew(void **state)
{
    (void)state;
    struct discharge d = {.on = false};
    for (int minute = 0; minute <= 10; minute++)
        (void)by_charge(&d, minute, 0.9 - 0.01 * minute);
    assert_true(isnan(by_volts(&d, 11, 50)));
    assert_true(d.since_ms == 0);
    discharge_end(&d);
    assert_true(isnan(by_charge(&d, 12, 0.78)));
    assert_true(d.since_ms == 12 * 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_percents_are_followed),
        cmocka_unit_test(a_heavier_load_is_noticed),
        cmocka_unit_test(a_few_wrong_looks_do_not_matter),
        cmocka_unit_test(nothing_is_said_of_a_step),
        cmocka_unit_test(a_voltage_is_told_the_better_the_nearer_its_end),
        cmocka_unit_test(the_first_drop_is_the_loads),
        cmocka_unit_test(what_reached_its_end_has_none),
        cmocka_unit_test(mains_and_another_measure_begin_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
