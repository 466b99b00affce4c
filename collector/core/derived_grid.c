#include "core/derived_grid.h"

#include "base/iso.h"

static const int64_t MINUTE_MS = 60 * 1000, DAY_MS = 24 * 60 * 60 * 1000;

static int64_t floor_to(int64_t t, int64_t step)
{
    int64_t rest = t % step;
    return t - (rest < 0 ? rest + step : rest);
}

static int64_t length_of(enum derived_grid grid)
{
    return grid == DERIVED_MINUTE ? MINUTE_MS : grid == DERIVED_HOUR ? 60 * MINUTE_MS : DAY_MS;
}

/* The first day of the month that holds local day `day`, `ahead` months (0 or 1) later. */
static int64_t month_start(int64_t day, int ahead)
{
    int year;
    int month;
    int in_month;
    iso_date(day, &year, &month, &in_month);
    month += ahead;
    return iso_days(month > 12 ? year + 1 : year, month > 12 ? 1 : month, 1);
}

struct wall_ms derived_grid_floor(enum derived_grid grid, int64_t zone_ms, struct wall_ms t)
{
    int64_t local = t.ms + zone_ms;
    if (grid == DERIVED_MONTH)
        local = month_start(floor_to(local, DAY_MS) / DAY_MS, 0) * DAY_MS;
    else
        local = floor_to(local, length_of(grid));
    return (struct wall_ms){local - zone_ms};
}

struct wall_ms derived_grid_next(enum derived_grid grid, int64_t zone_ms, struct wall_ms t)
{
    struct wall_ms floor = derived_grid_floor(grid, zone_ms, t);
    if (grid != DERIVED_MONTH)
        return wall_add(floor, length_of(grid));
    int64_t day = (floor.ms + zone_ms) / DAY_MS;
    return (struct wall_ms){month_start(day, 1) * DAY_MS - zone_ms};
}
