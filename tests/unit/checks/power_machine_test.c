#include "checks/power/power_machine.h"

#include "unit.h"

#include <math.h>

static const struct power_limits limits = {.mains_min_v = 170,
                                           .low_v = 47,
                                           .disconnect_v = 43,
                                           .reconnect_v = 47,
                                           .high_v = 57,
                                           .empty_soc = 0.2};

static struct power_values values_of(double mains, double battery_v, double soc)
{
    struct power_values values;
    power_profile_clear(&values);
    values.of[POWER_MAINS] = mains;
    values.of[POWER_BATTERY_V] = battery_v;
    values.of[POWER_SOC] = soc;
    return values;
}

static struct power_state look(struct power_machine *m, double mains, double volts, double soc,
                               double minute)
{
    struct power_values values = values_of(mains, volts, soc);
    return power_machine_look(m, &limits, &values, (int64_t)(minute * 60e3));
}

/* One percent a minute: from 90 % down to 20 % it is 70 minutes. */
static void minutes_left_come_from_the_charge(void **state)
{
    (void)state;
    struct power_machine m = {0};
    assert_false(look(&m, 1, 54, 0.9, 0).on_battery);
    for (int minute = 1; minute <= 40; minute++) {
        struct power_state s = look(&m, 0, 50, 0.91 - 0.01 * minute, minute);
        assert_true(s.on_battery);
        assert_true(s.for_s == 60.0 * (minute - 1));
        if (minute < 4) /* three minutes from the first look */
            assert_true(isnan(s.minutes_left));
        else
            assert_true(fabs(s.minutes_left - (71 - minute)) < 1e-6);
    }
    struct power_state back = look(&m, 1, 54, 0.6, 41);
    assert_false(back.on_battery);
    assert_true(isnan(back.minutes_left));
    assert_true(isnan(look(&m, 0, 50, 0.6, 42).minutes_left)); /* a new discharge */
}

/* 0.1 V a minute, from 50 V down to 43 V. */
static void without_charge_the_voltage_is_followed(void **state)
{
    (void)state;
    struct power_machine m = {0};
    struct power_state s = {0};
    for (int minute = 0; minute <= 10; minute++)
        s = look(&m, 0, 50 - 0.1 * minute, NAN, minute);
    assert_true(fabs(s.minutes_left - 60) < 1e-6);
    s = look(&m, NAN, NAN, NAN, 11); /* one look without an answer ends nothing */
    assert_false(s.known_battery);
    s = look(&m, 0, 48.8, NAN, 12);
    assert_true(fabs(s.minutes_left - 58) < 1e-6);
}

static void a_level_that_does_not_fall_tells_nothing(void **state)
{
    (void)state;
    struct power_machine m = {0};
    struct power_state s = {0};
    for (int minute = 0; minute <= 10; minute++)
        s = look(&m, 0, 50, NAN, minute);
    assert_true(isnan(s.minutes_left));
    for (int minute = 11; minute <= 50; minute++)
        s = look(&m, 0, 50 - 0.001 * minute, NAN, minute);
    assert_true(isnan(s.minutes_left)); /* five days: it means nothing */
}

static void the_plants_own_minutes_stand_in(void **state)
{
    (void)state;
    struct power_machine m = {0};
    struct power_values values = values_of(0, 50, NAN);
    values.of[POWER_MINUTES_LEFT] = 95;
    assert_true(power_machine_look(&m, &limits, &values, 0).minutes_left == 95);
}

/* FACTS section 3: disconnected at 43.0 V, reconnected at 47.0 V, and a relieved battery rises. */
static void a_disconnected_load_stays_off_until_reconnection(void **state)
{
    (void)state;
    struct power_machine m = {0};

    static const struct {
        double volts;
        bool off;
    } steps[] = {{43.1, false}, {43.0, true},  {45.5, true}, {NAN, true},
                 {47.0, true},  {47.1, false}, {46.0, false}};

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        assert_int_equal(look(&m, 0, steps[i].volts, NAN, (double)i).off, steps[i].off);
    struct power_values values = values_of(0, 42, NAN);
    values.of[POWER_LVD] = 0; /* the plant's own word counts */
    assert_false(power_machine_look(&m, &limits, &values, 0).off);
}

static void a_generator_is_no_battery(void **state)
{
    (void)state;
    struct power_machine m = {0};
    struct power_values values = values_of(0, 54, NAN);
    values.of[POWER_GENERATOR] = 1;
    struct power_state s = power_machine_look(&m, &limits, &values, 0);
    assert_true(s.on_generator && !s.on_battery);
}

static void mains_may_be_a_voltage(void **state)
{
    (void)state;
    struct power_machine m = {0};
    struct power_values values = values_of(NAN, 54, NAN);
    assert_false(power_machine_look(&m, &limits, &values, 0).known_battery);
    values.of[POWER_MAINS_V] = 170;
    assert_true(power_machine_look(&m, &limits, &values, 0).mains == 1);
    values.of[POWER_MAINS_V] = 169;
    assert_true(power_machine_look(&m, &limits, &values, 0).on_battery);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minutes_left_come_from_the_charge),
        cmocka_unit_test(without_charge_the_voltage_is_followed),
        cmocka_unit_test(a_level_that_does_not_fall_tells_nothing),
        cmocka_unit_test(the_plants_own_minutes_stand_in),
        cmocka_unit_test(a_disconnected_load_stays_off_until_reconnection),
        cmocka_unit_test(a_generator_is_no_battery),
        cmocka_unit_test(mains_may_be_a_voltage),
    };
    return cmocka_run_group_tests_name("power_machine", tests, NULL, NULL);
}
