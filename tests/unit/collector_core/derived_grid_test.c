#include "core/derived_grid.h"

#include "base/rng.h"
#include "unit.h"

#include <time.h>

static const int64_t HOUR_MS = 3600000;

/* The C library's calendar, moved by the zone, is the second opinion. */
static int64_t start_of(enum derived_grid grid, int64_t zone_ms, int64_t t_ms, int ahead)
{
    time_t local = (time_t)((t_ms + zone_ms) / 1000);
    struct tm tm;
    gmtime_r(&local, &tm);
    tm.tm_sec = 0;
    if (grid == DERIVED_MINUTE)
        tm.tm_min += ahead;
    if (grid >= DERIVED_HOUR)
        tm.tm_min = 0;
    if (grid == DERIVED_HOUR)
        tm.tm_hour += ahead;
    if (grid >= DERIVED_DAY)
        tm.tm_hour = 0;
    if (grid == DERIVED_DAY)
        tm.tm_mday += ahead;
    if (grid >= DERIVED_MONTH) {
        tm.tm_mday = 1;
        tm.tm_mon += ahead;
    }
    return (int64_t)timegm(&tm) * 1000 - zone_ms;
}

static void grids_agree_with_the_calendar(void **state)
{
    (void)state;
    static const int64_t zones[] = {0, 7 * 3600000, -5 * 3600000, 20700000};
    struct rng rng = {4};
    for (int i = 0; i < 40000; i++) {
        /* 1971 to 2100 */
        int64_t t = 31536000000 + (int64_t)rng_below(&rng, UINT64_C(4070000000000));
        int64_t zone = zones[i % 4];
        for (enum derived_grid g = DERIVED_MINUTE; g <= DERIVED_MONTH; g++) {
            struct wall_ms at = {t};
            assert_true(derived_grid_floor(g, zone, at).ms == start_of(g, zone, t, 0));
            assert_true(derived_grid_next(g, zone, at).ms == start_of(g, zone, t, 1));
        }
    }
}

static void instants_of_a_grid_are_their_own_floor(void **state)
{
    (void)state;
    /* 2028-02-29 00:00 in Vietnam */
    struct wall_ms leap = {1835370000000};
    struct wall_ms day = derived_grid_floor(DERIVED_DAY, 7 * HOUR_MS, leap);
    assert_true(day.ms == leap.ms);
    assert_true(derived_grid_next(DERIVED_DAY, 7 * HOUR_MS, leap).ms == leap.ms + 24 * HOUR_MS);
    assert_true(derived_grid_next(DERIVED_MONTH, 7 * HOUR_MS, leap).ms == leap.ms + 24 * HOUR_MS);
    struct wall_ms before = {leap.ms - 1};
    assert_true(derived_grid_floor(DERIVED_DAY, 7 * HOUR_MS, before).ms == leap.ms - 24 * HOUR_MS);
    assert_true(derived_grid_next(DERIVED_MINUTE, 7 * HOUR_MS, before).ms == leap.ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grids_agree_with_the_calendar),
        cmocka_unit_test(instants_of_a_grid_are_their_own_floor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
