#include "core/baselines.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"

#include <math.h>
#include <string.h>

enum { ROW_VERSION = 1, ROW_BYTES = 64 };

static const int64_t SAVE_MS = 600000;

void baselines_init(struct baselines *b)
{
    names_init(&b->names, BASELINES_MAX);
    vec_init(&b->all, sizeof(struct baseline), BASELINES_MAX);
    dirty_init(&b->changed, BASELINES_MAX);
}

void baselines_done(struct baselines *b)
{
    names_done(&b->names);
    vec_done(&b->all);
    dirty_done(&b->changed);
}

struct baseline *baselines_of(struct baselines *b, struct slice series)
{
    uint32_t number = names_find(&b->names, series);
    if (number == NAMES_NONE && names_add(&b->names, series, &number) != 0)
        return NULL;
    while (b->all.len <= number)
        if (!vec_push(&b->all))
            return NULL;
    return vec_at(&b->all, number);
}

static int changed(struct baselines *b, const struct baseline *line)
{
    return dirty_add(&b->changed, (uint32_t)(line - (const struct baseline *)b->all.items));
}

int baselines_learn(struct baselines *b, struct baseline *line, double value, struct wall_ms t,
                    int64_t half_ms)
{
    if (line->n > 0 && t.ms <= line->last.ms)
        return 0;
    double kept = line->n ? pow(0.5, (double)(t.ms - line->last.ms) / (double)half_ms) : 0;
    double share = 1.0 / (double)(line->n + 1); /* the mean of all, until forgetting is quicker */
    if (1 - kept > share)
        share = 1 - kept;
    if (line->n == 0)
        line->since = t;
    line->mean += (line->n ? share : 1) * (value - line->mean);
    line->n++;
    line->last = t;
    if (t.ms - line->saved.ms < SAVE_MS)
        return 0;
    line->saved = t;
    return changed(b, line);
}

int baselines_forget(struct baselines *b, struct baseline *line)
{
    if (line->n == 0)
        return 0;
    *line = (struct baseline){0};
    return changed(b, line);
}

static void put_number(struct buf *out, double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    buf_le64(out, bits);
}

static int save_one(const struct baselines *b, uint32_t number, const struct row_sink *sink)
{
    const struct baseline *line = vec_at(&b->all, number);
    struct slice key = slice_of(names_text(&b->names, number));
    struct buf value;
    if (line->n == 0)
        return sink->drop(sink->context, ROW_BASELINE, key);
    buf_init(&value, ROW_BYTES);
    buf_char(&value, ROW_VERSION);
    put_number(&value, line->mean);
    buf_le64(&value, line->n);
    buf_le64(&value, (uint64_t)line->since.ms);
    buf_le64(&value, (uint64_t)line->last.ms);
    int err = value.err;
    if (!err)
        err = sink->put(sink->context, ROW_BASELINE, key, (struct slice){value.data, value.len});
    buf_done(&value);
    return err;
}

int baselines_save(struct baselines *b, const struct row_sink *sink)
{
    int err = 0;
    for (size_t i = 0; !err && i < dirty_len(&b->changed); i++)
        err = save_one(b, dirty_at(&b->changed, i), sink);
    if (!err)
        dirty_clear(&b->changed);
    return err;
}

int baselines_load(struct baselines *b, struct slice key, struct slice value)
{
    struct cursor c;
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != ROW_VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    uint64_t bits = cursor_le64(&c);
    struct baseline line = {.n = cursor_le64(&c)};
    memcpy(&line.mean, &bits, sizeof line.mean);
    line.since.ms = (int64_t)cursor_le64(&c);
    line.last.ms = (int64_t)cursor_le64(&c);
    line.saved = line.last;
    if (c.err || cursor_left(&c) || key.len == 0 || !isfinite(line.mean))
        return ERR_CORRUPT;
    struct baseline *place = baselines_of(b, key);
    if (place)
        *place = line;
    return 0;
}
