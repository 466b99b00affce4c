/* Steps of two groups, passed by hand: cuts, runs, units that do not count. */
#include "core/series.h"

#include "base/err.h"
#include "unit.h"

enum { HOUR = 3600 * 1000, ZONE = 7 * HOUR };

/* 5 whole hours from a local midnight, and 20 minutes of a sixth. */
static const struct series_grid GRID = {{-ZONE}, {-ZONE + 5 * HOUR + HOUR / 3}, HOUR, 6};

static struct wall_ms at(double hours)
{
    return (struct wall_ms){-ZONE + (int64_t)(hours * HOUR)};
}

static void grid_takes_whole_steps_and_ends_now(void **state)
{
    (void)state;

    static const struct {
        double from, to, now;
        enum derived_grid step;
        int err;
        uint32_t steps;
        double first, end;
    } cases[] = {
        {0, 5, 9, DERIVED_HOUR, 0, 5, 0, 5},
        {0.5, 4.5, 9, DERIVED_HOUR, 0, 5, 0, 5},
        {0.5, 4.5, 4.75, DERIVED_HOUR, 0, 5, 0, 4.75},
        {0.5, 9, 4.75, DERIVED_HOUR, 0, 5, 0, 4.75},
        {12, 36, 99, DERIVED_DAY, 0, 2, 0, 48},
        {24, 48, 99, DERIVED_DAY, 0, 1, 24, 48},
        {5, 5, 9, DERIVED_HOUR, ERR_RANGE, 0, 0, 0},
        {9, 12, 9, DERIVED_HOUR, ERR_RANGE, 0, 0, 0},
        {0, 2000, 9999, DERIVED_HOUR, 0, 2000, 0, 2000},
        {0, 2000.5, 9999, DERIVED_HOUR, ERR_RANGE, 0, 0, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct series_grid grid = {.steps = 0};
        struct validity window = {at(cases[i].from), at(cases[i].to)};
        assert_int_equal(series_grid_make(cases[i].step, ZONE, window, at(cases[i].now), &grid),
                         cases[i].err);
        assert_int_equal(grid.steps, cases[i].steps);
        if (cases[i].err)
            continue;
        assert_int_equal(grid.from.ms, at(cases[i].first).ms);
        assert_int_equal(grid.to.ms, at(cases[i].end).ms);
        assert_int_equal(series_grid_end(&grid, grid.steps - 1).ms, grid.to.ms);
    }
}

static void assert_cell(const struct series *s, uint32_t group, uint32_t step, int32_t units,
                        int32_t enough, double up, double down, double silent)
{
    const struct series_cell *cell = series_at(s, group, step);
    assert_int_equal(cell->units, units);
    assert_int_equal(cell->enough, enough);
    assert_int_equal(cell->all_ms[STATE_UP], (int64_t)(up * HOUR));
    assert_int_equal(cell->all_ms[STATE_DOWN], (int64_t)(down * HOUR));
    assert_int_equal(cell->all_ms[STATE_SILENT], (int64_t)(silent * HOUR));
}

/* One moves from group 0 to 1 after two hours; the other, silent for half an hour and planned at
 * last, stays in 0. */
static void units_count_where_they_belong(void **state)
{
    (void)state;
    static const struct series_run moves[] = {{0, 0, 2}, {1, 2, 6}};
    static const struct series_run stays[] = {{0, 0, 6}};
    struct series_fill one = {.next = GRID.from};
    struct series_fill other = {.next = GRID.from};
    struct series s;
    assert_int_equal(series_init(&s, &GRID, 2, false), 0);
    series_pass(&s, moves, 2, &one, STATE_UP, at(1.5));
    series_pass(&s, moves, 2, &one, STATE_DOWN, at(1.75));
    series_pass(&s, moves, 2, &one, STATE_UP, at(99));
    series_pass(&s, stays, 1, &other, STATE_SILENT, at(0.5));
    series_pass(&s, stays, 1, &other, STATE_UP, at(4));
    series_pass(&s, stays, 1, &other, STATE_PLANNED, at(99));
    series_sum(&s);
    assert_cell(&s, 0, 0, 2, 1, 1.5, 0, 0.5);
    assert_int_equal(series_at(&s, 0, 0)->enough_ms[STATE_UP], HOUR);
    assert_cell(&s, 0, 1, 2, 2, 1.75, 0.25, 0);
    assert_cell(&s, 0, 2, 1, 1, 1, 0, 0);
    assert_cell(&s, 0, 3, 1, 1, 1, 0, 0);
    assert_cell(&s, 0, 4, 0, 0, 0, 0, 0);
    assert_cell(&s, 0, 5, 0, 0, 0, 0, 0);
    for (uint32_t step = 0; step < 2; step++)
        assert_cell(&s, 1, step, 0, 0, 0, 0, 0);
    for (uint32_t step = 2; step < 5; step++)
        assert_cell(&s, 1, step, 1, 1, 1, 0, 0);
    assert_cell(&s, 1, 5, 1, 1, 1.0 / 3, 0, 0);
    series_done(&s);
}

/* Sums of an hour, as the store has them, beside stretches. */
static void mixed_hours_stand_beside_stretches(void **state)
{
    (void)state;
    static const struct series_run all[] = {{0, 0, 6}};
    int64_t ms[STATE_COUNT] = {[STATE_UP] = HOUR / 2, [STATE_DOWN] = HOUR / 2};
    struct series_fill fill = {.next = GRID.from};
    struct series s;
    assert_int_equal(series_init(&s, &GRID, 1, true), 0);
    series_pass(&s, all, 1, &fill, STATE_PLANNED, at(2));
    series_mix(&s, all, 1, &fill, ms, at(3));
    series_mix(&s, all, 1, &fill, ms, at(4));
    ms[STATE_DOWN] = 0;
    series_mix(&s, all, 1, &fill, ms, at(4.5));
    series_pass(&s, all, 1, &fill, STATE_DOWN, at(9));
    series_sum(&s);
    assert_cell(&s, 0, 0, 1, 0, 0, 0, 0);
    assert_int_equal(series_at(&s, 0, 1)->all_ms[STATE_PLANNED], HOUR);
    assert_cell(&s, 0, 2, 1, 1, 0.5, 0.5, 0);
    assert_cell(&s, 0, 3, 1, 1, 0.5, 0.5, 0);
    assert_cell(&s, 0, 4, 1, 1, 0.5, 0.5, 0);
    assert_cell(&s, 0, 5, 1, 1, 0, 1.0 / 3, 0);
    series_done(&s);
}

static void its_size_is_bounded(void **state)
{
    (void)state;
    struct series s;
    assert_int_equal(series_init(&s, &GRID, SERIES_CELLS_MAX / 7 + 1, true), ERR_RANGE);
    series_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grid_takes_whole_steps_and_ends_now),
        cmocka_unit_test(units_count_where_they_belong),
        cmocka_unit_test(mixed_hours_stand_beside_stretches),
        cmocka_unit_test(its_size_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
