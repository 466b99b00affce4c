#include "checks/sfp/sfp_baseline.h"

#include "base/err.h"
#include "base/num.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)

/* Of a dBm: far below what a module measures, and its step at -30 dBm is coarser. */
enum { HUNDREDTHS = 100, HUNDREDTHS_MAX = 100 * HUNDREDTHS };

static int by_value(const void *a, const void *b)
{
    const float *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void keep_hour(struct sfp_baseline *b, double dbm)
{
    b->hour[b->next] = (float)dbm;
    b->next = (b->next + 1) % SFP_BASELINE_HOURS;
    b->n += b->n < SFP_BASELINE_HOURS;
}

static void set_level(struct sfp_baseline *b)
{
    float sorted[SFP_BASELINE_HOURS];
    memcpy(sorted, b->hour, b->n * sizeof *sorted);
    qsort(sorted, b->n, sizeof *sorted, by_value);
    b->level = (double)sorted[b->n - 1 - b->n / 10];
}

void sfp_baseline_add(struct sfp_baseline *baseline, struct mono_ms now, double dbm)
{
    struct sfp_baseline *b = baseline;
    if (b->began && mono_since(now, b->began_at) >= HOUR_MS) {
        keep_hour(b, b->sum / b->count);
        set_level(b);
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

void sfp_baseline_write(const struct sfp_baseline *b, struct buf *out)
{
    size_t oldest = b->n < SFP_BASELINE_HOURS ? 0 : b->next;
    for (size_t i = 0; i < b->n; i++) {
        float dbm = b->hour[(oldest + i) % SFP_BASELINE_HOURS];
        if (i > 0)
            buf_char(out, ' ');
        buf_i64(out, lround((double)dbm * HUNDREDTHS));
    }
}

/* The number before the next blank, which is cut off with it. */
static int read_hour(struct slice *text, double *ret_dbm)
{
    struct slice rest = *text, word = slice_take(&rest, ' ');
    bool blank_ends = rest.len == 0 && word.len < text->len;
    int64_t hundredths = 0;
    if (blank_ends || num_parse_i64(word, &hundredths) != 0 || hundredths < -HUNDREDTHS_MAX ||
        hundredths > HUNDREDTHS_MAX)
        return ERR_CORRUPT;
    *text = rest;
    *ret_dbm = (double)hundredths / HUNDREDTHS;
    return 0;
}

int sfp_baseline_read(struct slice text, struct sfp_baseline *baseline)
{
    struct sfp_baseline b = {.n = 0};
    double dbm = 0;
    if (text.len == 0)
        return ERR_CORRUPT;
    while (text.len > 0) {
        if (b.n == SFP_BASELINE_HOURS || read_hour(&text, &dbm) != 0)
            return ERR_CORRUPT;
        keep_hour(&b, dbm);
    }
    set_level(&b);
    *baseline = b;
    return 0;
}
