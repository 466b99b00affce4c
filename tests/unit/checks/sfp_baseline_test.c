#include "checks/sfp/sfp_baseline.h"

#include "unit.h"

#define MINUTE_MS INT64_C(60000)

/* Minutes of one level. */
static void live(struct sfp_baseline *b, int64_t *minute, int64_t minutes, double dbm)
{
    for (int64_t end = *minute + minutes; *minute < end; ++*minute)
        sfp_baseline_add(b, (struct mono_ms){*minute * MINUTE_MS}, dbm);
}

static void the_first_hour_has_no_level(void **state)
{
    (void)state;
    struct sfp_baseline b = {.n = 0};
    int64_t minute = 0;
    live(&b, &minute, 60, -10);
    assert_true(isnan(sfp_baseline_drop(&b, -20)));
    live(&b, &minute, 1, -10);
    assert_near(sfp_baseline_drop(&b, -14), 4, 1e-6);
    assert_near(sfp_baseline_drop(&b, -9), -1, 1e-6);
}

/* A loss is not usual before six of seven days, and is after seven. */
static void a_loss_stays_one_for_six_days(void **state)
{
    (void)state;
    struct sfp_baseline b = {.n = 0};
    int64_t minute = 0;
    live(&b, &minute, 8 * 1440, -10);
    live(&b, &minute, 6 * 1440, -14);
    assert_near(sfp_baseline_drop(&b, -14), 4, 1e-6);
    live(&b, &minute, 1440 + 60, -14);
    assert_near(sfp_baseline_drop(&b, -14), 0, 1e-6);
}

static void one_bright_hour_is_no_level(void **state)
{
    (void)state;
    struct sfp_baseline b = {.n = 0};
    int64_t minute = 0;
    live(&b, &minute, 24 * 60, -10);
    live(&b, &minute, 60, -5);
    live(&b, &minute, 2 * 60, -10);
    assert_near(sfp_baseline_drop(&b, -10), 0, 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_hour_has_no_level),
        cmocka_unit_test(a_loss_stays_one_for_six_days),
        cmocka_unit_test(one_bright_hour_is_no_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
