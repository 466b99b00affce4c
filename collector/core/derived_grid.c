#include "core/derived_grid.h"

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

/* Days from 1970-01-01 to the first of a month (0 = January, may be beyond 11), proleptic
 * Gregorian: years begin in March, so that the leap day is the last of its year. */
static int64_t days_to_month(int64_t year, int64_t month)
{
    year += month / 12;
    month %= 12;
    int64_t y = month < 2 ? year - 1 : year;
    int64_t m = (month + 10) % 12;
    int64_t leap_days = y / 4 - y / 100 + y / 400;
    return y * 365 + leap_days + (m * 153 + 2) / 5 - 719468;
}

/* The first of the month that holds local day `day` (years from 1 on), `ahead` months later. */
static int64_t month_start(int64_t day, int64_t ahead)
{
    int64_t year = 1970 + day / 366;
    while (days_to_month(year + 1, 0) <= day)
        year++;
    int64_t month = 0;
    while (days_to_month(year, month + 1) <= day)
        month++;
    return days_to_month(year, month + ahead);
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
