#include "checks/snmp/snmp_battery.h"

#include "unit.h"

#include <math.h>

static const struct discharge_floor ends = {0.2, 43};
static const struct snmp_row source = {
    .means = SNMP_MEANS_STATE, .n_states = 1, .state = {{5, SNMP_LEVEL_BATTERY, ""}}};
static const struct snmp_row other = {
    .means = SNMP_MEANS_STATE, .n_states = 1, .state = {{2, SNMP_LEVEL_DEGRADED, ""}}};
static const struct snmp_row charge = {.battery = SNMP_ROLE_CHARGE};
static const struct snmp_row minutes = {.battery = SNMP_ROLE_MINUTES};
static const struct snmp_row mains = {.battery = SNMP_ROLE_MAINS, .degraded_below = 170};

static struct snmp_battery_view look(struct snmp_battery *b, int minute, enum snmp_level level,
                                     double soc, double told)
{
    snmp_battery_begin(b);
    snmp_battery_state(b, &source, level);
    snmp_battery_state(b, &other, SNMP_LEVEL_DEGRADED);
    snmp_battery_number(b, &charge, soc);
    snmp_battery_number(b, &minutes, told);
    return snmp_battery_end(b, (struct mono_ms){minute * INT64_C(60000)}, ends);
}

/* The plant's word until its fall is measured: 90 % at one percent a minute lasts 70 minutes. */
static void measured_minutes_take_the_place_of_told_ones(void **state)
{
    (void)state;
    struct snmp_battery b = {.on = false};
    struct snmp_battery_view view = look(&b, 0, SNMP_LEVEL_OK, 0.9, 300);
    assert_true(view.known && !view.on && isnan(view.minutes) && isnan(view.for_s));
    for (int minute = 1; minute <= 20; minute++) {
        view = look(&b, minute, SNMP_LEVEL_BATTERY, 0.91 - 0.01 * minute, 300);
        assert_true(view.known && view.on);
        assert_near(view.for_s, 60 * (minute - 1), 1e-9);
        assert_near(view.minutes, minute < 4 ? 300 : 71 - minute, 1e-6);
    }
    view = look(&b, 21, SNMP_LEVEL_OK, 0.7, 300);
    assert_true(view.known && !view.on);
    view = look(&b, 22, SNMP_LEVEL_BATTERY, 0.7, NAN);
    assert_true(isnan(view.minutes)); /* a new discharge */
}

static void a_look_that_cannot_tell_ends_nothing(void **state)
{
    (void)state;
    struct snmp_battery b = {.on = false};
    for (int minute = 0; minute <= 10; minute++)
        (void)look(&b, minute, SNMP_LEVEL_BATTERY, 0.9 - 0.01 * minute, NAN);
    assert_false(look(&b, 11, SNMP_LEVEL_UNKNOWN, 0.79, NAN).known);
    assert_near(look(&b, 12, SNMP_LEVEL_BATTERY, 0.78, NAN).minutes, 58, 1e-6);
}

static void a_profile_that_says_nothing_tells_nothing(void **state)
{
    (void)state;
    struct snmp_battery b = {.on = false};
    snmp_battery_begin(&b);
    snmp_battery_state(&b, &other, SNMP_LEVEL_DEGRADED);
    snmp_battery_number(&b, &charge, 0.5);
    assert_false(snmp_battery_end(&b, (struct mono_ms){0}, ends).known);
}

/* The highest of several phases would hide a lost one: any phase that is low is on battery. */
static void mains_may_be_a_voltage(void **state)
{
    static const struct {
        double volts;
        bool known, on;
    } cases[] = {{231, true, false},
                 {170.5, true, false},
                 {170, true, true},
                 {0, true, true},
                 {NAN, false, false}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct snmp_battery b = {.on = false};
        snmp_battery_begin(&b);
        snmp_battery_number(&b, &mains, cases[i].volts);
        struct snmp_battery_view view = snmp_battery_end(&b, (struct mono_ms){0}, ends);
        assert_int_equal(view.known, cases[i].known);
        assert_int_equal(view.on, cases[i].on);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measured_minutes_take_the_place_of_told_ones),
        cmocka_unit_test(a_look_that_cannot_tell_ends_nothing),
        cmocka_unit_test(a_profile_that_says_nothing_tells_nothing),
        cmocka_unit_test(mains_may_be_a_voltage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
