#include "checks/sfp/sfp_baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)

static int by_value(const void *a, const void *b)
{
    const float *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void end_hour(struct sfp_baseline *b)
{
    float sorted[SFP_BASELINE_HOURS];
    b->hour[b->next] = (float)(b->sum / b->count);
    b->next = (b->next + 1) % SFP_BASELINE_HOURS;
    b->n += b->n < SFP_BASELINE_HOURS;
    memcpy(sorted, b->hour, b->n * sizeof *sorted);
    qsort(sorted, b->n, sizeof *sorted, by_value);
    b->level = (double)sorted[b->n - 1 - b->n / 10];
}

void sfp_baseline_add(struct sfp_baseline *baseline, struct mono_ms now, double dbm)
{
    struct sfp_baseline *b = baseline;
    if (b->began && mono_since(now, b->began_at) >= HOUR_MS) {
        end_hour(b);
        b->began = false;
    }
    if (!b->began) {
        b->began = true;
        b->began_at = now;
        b->sum = 0;
        b->count = 0;
    }
    b->sum += dbm;
    b->count++;
}

double sfp_baseline_drop(const struct sfp_baseline *baseline, double dbm)
{
    return baseline->n > 0 ? baseline->level - dbm : NAN;
}
