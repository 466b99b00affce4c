#include "core/timeline.h"

#include "base/err.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_BITS = 16, GROWTH_PART = 2, SHORT = 64 };

static int64_t from_of(uint64_t span)
{
    return (int64_t)(span >> CODE_BITS);
}

static uint16_t code_of(uint64_t span)
{
    return (uint16_t)span;
}

static uint64_t span_of(int64_t from, uint16_t code)
{
    assert(from >= 0);
    return (uint64_t)from << CODE_BITS | code;
}

void timeline_done(struct timeline *tl)
{
    free(tl->spans);
    *tl = (struct timeline){0};
}

/* Short ones grow by what malloc rounds up to anyway (an odd number of spans), long ones by an
 * eighth: tens of thousands of short timelines are a good part of the memory. */
static int reserve(struct timeline *tl, uint32_t extra)
{
    if (tl->cap - tl->len >= extra)
        return 0;
    uint32_t need = tl->len + extra;
    uint32_t cap = (need > SHORT ? need + need / GROWTH_PART : need) | 1U;
    uint64_t *spans = realloc(tl->spans, cap * sizeof *spans);
    if (!spans)
        return ERR_NOMEM;
    tl->spans = spans;
    tl->cap = cap;
    return 0;
}

/* First index whose span begins at or after t. */
static uint32_t lower(const struct timeline *tl, int64_t t)
{
    uint32_t low = 0;
    uint32_t high = tl->len;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (from_of(tl->spans[mid]) < t)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static uint16_t code_before(const struct timeline *tl, uint32_t at)
{
    if (at == 0)
        return TIMELINE_NOTHING;
    assert(tl->spans);
    return code_of(tl->spans[at - 1]);
}

int timeline_set_from(struct timeline *tl, struct wall_ms from, uint16_t code)
{
    uint32_t at = lower(tl, from.ms);
    if (code_before(tl, at) == code) {
        tl->len = at;
        return 0;
    }
    int err = at < tl->cap ? 0 : reserve(tl, 1);
    if (err)
        return err;
    tl->len = at;
    tl->spans[tl->len++] = span_of(from.ms, code);
    return 0;
}

int timeline_set_between(struct timeline *tl, struct wall_ms from, struct wall_ms to, uint16_t code)
{
    if (to.ms == WALL_NEVER_MS)
        return timeline_set_from(tl, from, code);
    if (to.ms <= from.ms)
        return 0;
    int err = reserve(tl, 2);
    if (err)
        return err;
    uint16_t after = timeline_at(tl, to);
    uint32_t first = lower(tl, from.ms);
    uint32_t end = lower(tl, to.ms);
    /* A change point exactly at `to` is made anew below, because it may have to vanish. */
    if (end < tl->len && from_of(tl->spans[end]) == to.ms)
        end++;
    uint64_t fresh[2];
    uint32_t n = 0;
    if (code_before(tl, first) != code)
        fresh[n++] = span_of(from.ms, code);
    if (after != code)
        fresh[n++] = span_of(to.ms, after);
    memmove(tl->spans + first + n, tl->spans + end, (tl->len - end) * sizeof *tl->spans);
    memcpy(tl->spans + first, fresh, n * sizeof *fresh);
    tl->len = tl->len - end + first + n;
    return 0;
}

int64_t timeline_index(const struct timeline *tl, struct wall_ms t)
{
    if (t.ms == WALL_NEVER_MS)
        return (int64_t)tl->len - 1;
    /* Nearly every question is about the newest span. */
    if (tl->len && from_of(tl->spans[tl->len - 1]) <= t.ms)
        return (int64_t)tl->len - 1;
    return (int64_t)lower(tl, t.ms + 1) - 1;
}

uint16_t timeline_at(const struct timeline *tl, struct wall_ms t)
{
    int64_t index = timeline_index(tl, t);
    return index < 0 ? TIMELINE_NOTHING : code_of(tl->spans[index]);
}

struct timeline_span timeline_span_at(const struct timeline *tl, int64_t index)
{
    assert(index >= -1 && index < (int64_t)tl->len);
    int64_t next = index + 1;
    return (struct timeline_span){
        .from = {index < 0 ? INT64_MIN : from_of(tl->spans[index])},
        .to = {next < (int64_t)tl->len ? from_of(tl->spans[next]) : WALL_NEVER_MS},
        .code = index < 0 ? TIMELINE_NOTHING : code_of(tl->spans[index]),
    };
}

void timeline_trim(struct timeline *tl, struct wall_ms t)
{
    int64_t keep = timeline_index(tl, t);
    if (keep < 0)
        return;
    if (from_of(tl->spans[keep]) < t.ms)
        tl->spans[keep] = span_of(t.ms, code_of(tl->spans[keep]));
    tl->len -= (uint32_t)keep;
    memmove(tl->spans, tl->spans + keep, tl->len * sizeof *tl->spans);
}

/* Codes that one block may hold and still be made coarser. */
enum { BLOCK_CODES = 16 };

struct block {
    int64_t from;
    unsigned codes;
    uint16_t code[BLOCK_CODES];
    int64_t sum[BLOCK_CODES];
};

/* Adds a stretch to the block; false if it holds too many codes. */
static bool block_add(struct block *block, uint16_t code, int64_t ms)
{
    unsigned i = 0;
    while (i < block->codes && block->code[i] != code)
        i++;
    if (i == BLOCK_CODES)
        return false;
    if (i == block->codes) {
        block->code[i] = code;
        block->sum[i] = 0;
        block->codes++;
    }
    block->sum[i] += ms;
    return true;
}

/* Sums [from, to) of the timeline into the block. */
static bool block_sum(struct block *block, const struct timeline *tl, int64_t from, int64_t to)
{
    *block = (struct block){.from = from};
    int64_t index = timeline_index(tl, (struct wall_ms){from});
    for (int64_t t = from; t < to; index++) {
        struct timeline_span span = timeline_span_at(tl, index);
        int64_t end = span.to.ms < to ? span.to.ms : to;
        if (!block_add(block, span.code, end - t))
            return false;
        t = end;
    }
    return true;
}

static int block_write(const struct block *block, struct timeline *out)
{
    int err = 0;
    int64_t t = block->from;
    for (unsigned i = 0; !err && i < block->codes; i++) {
        err = timeline_set_from(out, (struct wall_ms){t}, block->code[i]);
        t += block->sum[i];
    }
    return err;
}

static int copy_from(struct timeline *out, const struct timeline *tl, int64_t from, int64_t to)
{
    int err = 0;
    int64_t index = timeline_index(tl, (struct wall_ms){from});
    for (int64_t t = from; !err && t < to; index++) {
        struct timeline_span span = timeline_span_at(tl, index);
        err = timeline_set_from(out, (struct wall_ms){t}, span.code);
        t = span.to.ms;
    }
    return err;
}

int timeline_coarsen(struct timeline *tl, struct wall_ms before, int64_t block_ms)
{
    struct timeline out = {.cap = tl->len};
    struct block block;
    if (tl->len == 0)
        return 0;
    /* It becomes as long again: one size of memory from now on. */
    out.spans = malloc(out.cap * sizeof *out.spans);
    if (!out.spans)
        return ERR_NOMEM;
    int64_t t = from_of(tl->spans[0]);
    int err = 0;
    while (!err && t < before.ms) {
        int64_t end = t - t % block_ms + block_ms;
        if (end > before.ms)
            break;
        err =
            block_sum(&block, tl, t, end) ? block_write(&block, &out) : copy_from(&out, tl, t, end);
        t = end;
    }
    if (!err)
        err = copy_from(&out, tl, t, WALL_NEVER_MS);
    if (err) {
        timeline_done(&out);
        return err;
    }
    timeline_done(tl);
    *tl = out;
    return 0;
}
