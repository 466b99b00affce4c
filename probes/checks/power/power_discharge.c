#include "checks/power/power_discharge.h"

#include <math.h>
#include <string.h>

void power_discharge_look(struct power_discharge *d, int64_t now_ms, double level)
{
    if (d->len > 0 && now_ms - d->look[d->len - 1].at_ms < POWER_DISCHARGE_STEP_MS)
        return;
    if (d->len == POWER_DISCHARGE_LOOKS) {
        memmove(d->look, d->look + 1, (POWER_DISCHARGE_LOOKS - 1) * sizeof *d->look);
        d->len--;
    }
    d->look[d->len].at_ms = now_ms;
    d->look[d->len].level = level;
    d->len++;
}

double power_discharge_minutes(const struct power_discharge *d, int64_t now_ms, double empty)
{
    if (d->len < 3 || d->look[d->len - 1].at_ms - d->look[0].at_ms < POWER_DISCHARGE_SPAN_MS)
        return NAN;
    double n = (double)d->len, t_sum = 0, y_sum = 0, tt = 0, ty = 0;
    for (size_t i = 0; i < d->len; i++) { /* minutes before now */
        double t = (double)(d->look[i].at_ms - now_ms) / 60e3, y = d->look[i].level;
        t_sum += t;
        y_sum += y;
        tt += t * t;
        ty += t * y;
    }
    double slope = (n * ty - t_sum * y_sum) / (n * tt - t_sum * t_sum);
    double level = (y_sum - slope * t_sum) / n; /* of the line, now */
    if (level <= empty)
        return 0;
    double minutes = slope < 0 ? (level - empty) / -slope : NAN;
    return minutes <= POWER_DISCHARGE_MINUTES_MAX ? minutes : NAN;
}
