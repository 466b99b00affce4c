#include "checks/snmp/snmp_counter.h"

#include "unit.h"

static struct snmp_value counter(bool wide, uint64_t count)
{
    return (struct snmp_value){.kind = wide ? SNMP_KIND_COUNTER64 : SNMP_KIND_COUNTER32,
                               .count = count};
}

/* Two looks ten seconds apart. */
static double rate(bool wide, uint64_t first, uint64_t second)
{
    struct snmp_counter c = {0};
    struct snmp_value a = counter(wide, first), b = counter(wide, second);
    assert_true(isnan(snmp_counter_look(&c, &a, 0, false, (struct mono_ms){5000})));
    return snmp_counter_look(&c, &b, 0, false, (struct mono_ms){15000});
}

static void rates_are_units_a_second(void **state)
{
    (void)state;
    assert_near(rate(true, 1000, 2000), 100, 0);
    assert_near(rate(false, 1000, 1000), 0, 0);
    /* 64 bits: 10 Gbit/s for ten seconds is 12.5e9 octets */
    assert_near(rate(true, UINT64_C(1) << 40, (UINT64_C(1) << 40) + 12500000000), 1.25e9, 0);
}

/* RFC 2578 section 7.1.6: 2^32 - 96 to 904 is 1000 more. */
static void thirty_two_bits_wrap(void **state)
{
    (void)state;
    assert_near(rate(false, UINT32_MAX - 95, 904), 100, 0);
    assert_near(rate(false, UINT32_MAX, 0), 0.1, 1e-12);
}

static void what_cannot_be_told_is_not(void **state)
{
    (void)state;
    struct snmp_counter c = {0};
    struct snmp_value small = counter(true, 10), large = counter(true, 1000),
                      narrow = counter(false, 2000),
                      gauge = {.kind = SNMP_KIND_UNSIGNED, .count = 1};
    assert_true(isnan(rate(true, 1000, 10))); /* 64 bits do not wrap in a lifetime */
    (void)snmp_counter_look(&c, &small, 7, false, (struct mono_ms){1000});
    assert_true(isnan(snmp_counter_look(&c, &large, 8, false, (struct mono_ms){2000}))); /* break */
    assert_true(
        isnan(snmp_counter_look(&c, &large, 8, true, (struct mono_ms){3000}))); /* restart */
    assert_near(snmp_counter_look(&c, &large, 8, false, (struct mono_ms){4000}), 0, 0);
    assert_true(isnan(snmp_counter_look(&c, &narrow, 8, false, (struct mono_ms){5000})));
    assert_true(isnan(snmp_counter_look(&c, &gauge, 8, false, (struct mono_ms){6000})));
    assert_true(isnan(snmp_counter_look(&c, &narrow, 8, false, (struct mono_ms){5000})));
}

static bool restarted(uint32_t first, uint32_t second, int64_t passed_ms)
{
    struct snmp_uptime up = {0};
    assert_false(snmp_uptime_look(&up, first, (struct mono_ms){1000}));
    return snmp_uptime_look(&up, second, (struct mono_ms){1000 + passed_ms});
}

static void a_restart_is_told_from_a_clock_that_ran_over(void **state)
{
    (void)state;
    const uint32_t day = 8640000; /* ticks */
    assert_false(restarted(day, day + 6000, 60000));
    assert_false(restarted(day, day + 5900, 60000)); /* a slow clock */
    assert_true(restarted(day, 1500, 60000));
    assert_true(restarted(300 * day, 1500, 60000));         /* more than half of its range behind */
    assert_false(restarted(UINT32_MAX - 999, 5000, 60000)); /* 497 days: 2^32 ticks */
    assert_true(restarted(UINT32_MAX - 999, 500000, 60000));
    assert_false(restarted(0, day, 86400000));
    assert_true(restarted(day, day, 86400000)); /* restarted a day ago */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_are_units_a_second),
        cmocka_unit_test(thirty_two_bits_wrap),
        cmocka_unit_test(what_cannot_be_told_is_not),
        cmocka_unit_test(a_restart_is_told_from_a_clock_that_ran_over),
    };
    return cmocka_run_group_tests_name("snmp_counter", tests, NULL, NULL);
}
