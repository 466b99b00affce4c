/* What our own markers tell of how long a live reading waits. */
#include "core/marker_lag.h"

#include "unit.h"

static struct mono_ms at(int64_t ms)
{
    return (struct mono_ms){ms};
}

static void what_came_back_tells_how_long_it_took(void **state)
{
    (void)state;
    struct marker_lag l = {0};
    assert_int_equal(marker_lag_ms(&l, at(5)), 0);
    assert_int_equal(marker_lag_sent(&l, at(1000)), 1);
    marker_lag_heard(&l, 1, at(1120));
    assert_int_equal(marker_lag_ms(&l, at(1999)), 120);
    assert_int_equal(marker_lag_sent(&l, at(2000)), 2);
    assert_int_equal(marker_lag_ms(&l, at(2050)), 120);
    marker_lag_heard(&l, 2, at(2060));
    assert_int_equal(marker_lag_ms(&l, at(2900)), 60);
}

static void what_has_not_come_back_tells_at_least_its_age(void **state)
{
    (void)state;
    struct marker_lag l = {0};
    for (int64_t s = 1; s <= 4; s++)
        marker_lag_sent(&l, at(1000 * s));
    assert_int_equal(marker_lag_ms(&l, at(4500)), 3500);
    marker_lag_heard(&l, 3, at(4600)); /* commits take several at once */
    assert_int_equal(marker_lag_ms(&l, at(4600)), 1600);
    assert_int_equal(marker_lag_ms(&l, at(6000)), 2000);
    marker_lag_heard(&l, 4, at(6100));
    assert_int_equal(marker_lag_ms(&l, at(6200)), 2100);
}

static void old_and_foreign_numbers_say_nothing(void **state)
{
    (void)state;
    struct marker_lag l = {0};
    marker_lag_sent(&l, at(1000));
    marker_lag_sent(&l, at(2000));
    marker_lag_heard(&l, 2, at(2100));
    marker_lag_heard(&l, 1, at(9000)); /* overtaken */
    marker_lag_heard(&l, 7, at(9000)); /* never sent */
    marker_lag_heard(&l, 0, at(9000)); /* the chain is broken: core/marker.h */
    assert_int_equal(marker_lag_ms(&l, at(9000)), 100);
}

static void a_silent_hour_is_as_old_as_what_is_kept(void **state)
{
    (void)state;
    struct marker_lag l = {0};
    for (int64_t s = 1; s <= 3600; s++)
        marker_lag_sent(&l, at(1000 * s));
    assert_int_equal(marker_lag_ms(&l, at(3600000)), (MARKER_LAG_KEPT - 1) * 1000);
    marker_lag_heard(&l, 3600, at(3600050));
    assert_int_equal(marker_lag_ms(&l, at(3600050)), 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_back_tells_how_long_it_took),
        cmocka_unit_test(what_has_not_come_back_tells_at_least_its_age),
        cmocka_unit_test(old_and_foreign_numbers_say_nothing),
        cmocka_unit_test(a_silent_hour_is_as_old_as_what_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
