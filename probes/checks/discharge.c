#include "checks/discharge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS 60e3

enum { PAIRS = DISCHARGE_LOOKS * (DISCHARGE_LOOKS - 1) / 2 };

void discharge_end(struct discharge *d)
{
    d->on = false;
    d->len = 0;
}

static void keep(struct discharge *d, int64_t now_ms, double level)
{
    if (d->len > 0 && now_ms - d->look[d->len - 1].at_ms < DISCHARGE_STEP_MS)
        return;
    if (d->len == DISCHARGE_LOOKS) {
        memmove(d->look, d->look + 1, (DISCHARGE_LOOKS - 1) * sizeof *d->look);
        d->len--;
    }
    d->look[d->len].at_ms = now_ms;
    d->look[d->len].level = level;
    d->len++;
}

void discharge_look(struct discharge *d, int64_t now_ms, double charge, double volts)
{
    bool by_charge = !isnan(charge);
    if (!d->on) {
        d->on = true;
        d->since_ms = now_ms;
        d->len = 0;
    }
    if (!by_charge && (isnan(volts) || now_ms - d->since_ms < DISCHARGE_SETTLE_MS))
        return;
    if (by_charge != d->by_charge) /* volts and shares do not mix */
        d->len = 0;
    d->by_charge = by_charge;
    keep(d, now_ms, by_charge ? charge : volts);
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_value);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* Minutes from look @p i to @p at_ms. */
static double minutes_to(const struct discharge *d, size_t i, int64_t at_ms)
{
    return (double)(at_ms - d->look[i].at_ms) / MINUTE_MS;
}

/* Of the line, in a minute. */
static double slope_of(const struct discharge *d)
{
    double slopes[PAIRS] = {0};
    size_t n = 0;
    for (size_t i = 0; i < d->len; i++)
        for (size_t j = i + 1; j < d->len; j++)
            slopes[n++] =
                (d->look[j].level - d->look[i].level) / minutes_to(d, i, d->look[j].at_ms);
    return median(slopes, n);
}

/* Of the line, at @p now_ms. */
static double level_of(const struct discharge *d, double slope, int64_t now_ms)
{
    double levels[DISCHARGE_LOOKS] = {0};
    for (size_t i = 0; i < d->len; i++)
        levels[i] = d->look[i].level + slope * minutes_to(d, i, now_ms);
    return median(levels, d->len);
}

double discharge_minutes(const struct discharge *d, int64_t now_ms, struct discharge_floor floor)
{
    int64_t span_ms = d->len ? d->look[d->len - 1].at_ms - d->look[0].at_ms : 0;
    if (!d->on || span_ms < DISCHARGE_SPAN_MS)
        return NAN;
    double slope = slope_of(d);
    double left = level_of(d, slope, now_ms) - (d->by_charge ? floor.charge : floor.volts);
    double fall = -slope * (double)span_ms / MINUTE_MS;
    if (left <= 0)
        return 0;
    if (fall < (d->by_charge ? DISCHARGE_FALL_CHARGE : DISCHARGE_FALL_V))
        return NAN;
    double minutes = left / -slope;
    return minutes <= DISCHARGE_MINUTES_MAX ? minutes : NAN;
}
