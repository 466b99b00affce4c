#include "core/threshold.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* The limit at an offset of the configuration; NaN if there is none or it is switched off. */
static double limit_of(const struct threshold *row, const void *config, size_t offset)
{
    if (offset == THRESHOLD_NONE)
        return NAN;
    double limit;
    memcpy(&limit, (const char *)config + offset, sizeof limit);
    return limit == row->off ? NAN : limit;
}

static bool reaches(const struct threshold *row, double value, double limit)
{
    return row->side == THRESHOLD_ABOVE ? value >= limit : value <= limit; /* NaN: never */
}

static struct threshold_result judge(const struct threshold *row, const void *config, double value)
{
    struct threshold_result r = {.verdict = VERDICT_OK, .value = value};
    double failed = limit_of(row, config, row->failed_at);
    double degraded = limit_of(row, config, row->degraded_at);
    if (reaches(row, value, failed)) {
        r.verdict = VERDICT_FAILED;
        r.limit = failed;
    } else if (reaches(row, value, degraded)) {
        r.verdict = VERDICT_DEGRADED;
        r.limit = degraded;
    }
    if (r.verdict != VERDICT_OK)
        r.reason = row;
    return r;
}

enum verdict threshold_judge(const struct threshold *row, const void *config, double value)
{
    return judge(row, config, value).verdict;
}

static const struct threshold *row_of(const struct threshold *table, size_t rows,
                                      const char *metric)
{
    for (size_t i = 0; i < rows; i++)
        if (strcmp(table[i].metric, metric) == 0)
            return &table[i];
    return NULL;
}

struct threshold_result threshold_worst(const struct threshold *table, size_t rows,
                                        const void *config,
                                        const struct threshold_reading *readings, size_t len)
{
    struct threshold_result worst = {.verdict = VERDICT_OK};
    for (size_t i = 0; i < len; i++) {
        const struct threshold *row = row_of(table, rows, readings[i].metric);
        if (!row)
            continue;
        struct threshold_result r = judge(row, config, readings[i].value);
        if (r.verdict > worst.verdict)
            worst = r;
    }
    return worst;
}
