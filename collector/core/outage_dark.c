#include "core/outage_dark.h"

#include "base/err.h"

#include <stdlib.h>

/* The stretches of one village and family. */
struct found {
    size_t first;
    size_t len;
    bool known;
};

enum { FAMILIES = FAMILY_OTHER + 1 };

void outage_dark_init(struct outage_dark *d, const struct serving *serving,
                      const struct inventory *inv, const struct world *w, struct wall_ms from,
                      struct wall_ms to)
{
    *d = (struct outage_dark){.serving = serving, .inv = inv, .world = w, .from = from, .to = to};
    vec_init(&d->found, sizeof(struct found), SIZE_MAX / sizeof(struct found));
    vec_init(&d->stretches, sizeof(struct validity), SIZE_MAX / sizeof(struct validity));
    vec_init(&d->live, sizeof(struct validity), SIZE_MAX / sizeof(struct validity));
}

void outage_dark_done(struct outage_dark *d)
{
    vec_done(&d->found);
    vec_done(&d->stretches);
    vec_done(&d->live);
}

static int add(struct vec *list, struct wall_ms from, struct wall_ms to)
{
    struct validity *v = from.ms < to.ms ? vec_push(list) : NULL;
    if (!v)
        return from.ms < to.ms ? ERR_NOMEM : 0;
    *v = (struct validity){from, to};
    return 0;
}

/* Where the unit is live for the village; whether it exists changes with its timeline only. */
static int add_live(struct outage_dark *d, const struct serving_link *link)
{
    const struct timeline *tl = world_unit_timeline(d->world, link->unit);
    struct wall_ms end = wall_earlier(d->to, link->valid.to);
    struct wall_ms t = wall_later(d->from, link->valid.from);
    int err = 0;
    while (!err && t.ms < end.ms) {
        struct timeline_span span = timeline_span_at(tl, timeline_index(tl, t));
        enum unit_state beneath = world_unit_at(d->world, link->unit, t).beneath;
        bool live = beneath == STATE_UP || beneath == STATE_DEGRADED;
        if (live && inventory_unit_exists(d->inv, link->unit, t))
            err = add(&d->live, t, wall_earlier(span.to, end));
        t = span.to;
    }
    return err;
}

/* One unit that was live all the time is enough to know that a village was never without. */
static bool never_dark(const struct outage_dark *d)
{
    const struct validity *last = d->live.len ? vec_at(&d->live, d->live.len - 1) : NULL;
    return last && last->from.ms <= d->from.ms && last->to.ms >= d->to.ms;
}

static int by_start(const void *a, const void *b)
{
    int64_t x = ((const struct validity *)a)->from.ms;
    int64_t y = ((const struct validity *)b)->from.ms;
    return (x > y) - (x < y);
}

/* What the live stretches leave open. */
static int add_dark(struct outage_dark *d)
{
    struct wall_ms reached = d->from;
    int err = 0;
    if (d->live.len)
        qsort(d->live.items, d->live.len, sizeof(struct validity), by_start);
    for (size_t i = 0; !err && i < d->live.len; i++) {
        const struct validity *live = vec_at(&d->live, i);
        err = add(&d->stretches, reached, live->from);
        reached = wall_later(reached, live->to);
    }
    return err ? err : add(&d->stretches, reached, d->to);
}

static int find(struct outage_dark *d, uint32_t village, enum family family,
                struct found *ret_found)
{
    size_t n = 0;
    int err = 0;
    const struct serving_link *link = serving_of_village(d->serving, village, &n);
    struct found found = {.first = d->stretches.len, .known = true};
    d->live.len = 0;
    for (size_t i = 0; !err && i < n && !never_dark(d); i++)
        if (inventory_unit_id(d->inv, link[i].unit)->family == family)
            err = add_live(d, &link[i]);
    if (!err && !never_dark(d))
        err = add_dark(d);
    found.len = d->stretches.len - found.first;
    *ret_found = found;
    return err;
}

/* Does a stretch that begins before the end of `when` end behind its start? They do not overlap, so
 * the last that begins before says it. */
static bool overlaps(const struct outage_dark *d, const struct found *found, struct validity when)
{
    size_t low = 0;
    size_t high = found->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct validity *v = vec_at(&d->stretches, found->first + middle);
        if (v->from.ms < when.to.ms)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return false;
    const struct validity *last = vec_at(&d->stretches, found->first + low - 1);
    return last->to.ms > when.from.ms;
}

int outage_dark_within(struct outage_dark *d, uint32_t village, enum family family,
                       struct validity when, bool *ret_dark)
{
    size_t at = (size_t)village * FAMILIES + family;
    while (d->found.len <= at)
        if (!vec_push(&d->found))
            return ERR_NOMEM;
    struct found *found = vec_at(&d->found, at);
    int err = found->known ? 0 : find(d, village, family, found);
    if (err)
        return err;
    *ret_dark = overlaps(d, found, when);
    return 0;
}
