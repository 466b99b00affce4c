#include "core/outage_impact.h"

#include "base/err.h"

#include <stdlib.h>

/* What is found out about one village. */
struct reached {
    uint32_t village;
    bool exposed; /* the unit was out while it served it */
    bool without_down;
    bool without_silent;
};

/* The next instant after @p t, before @p end, at which something about the unit's service of a
 * village may change. */
static struct wall_ms next_change(const struct timeline *tl, const struct serving_link *link,
                                  struct wall_ms t, struct wall_ms end)
{
    struct timeline_span span = timeline_span_at(tl, timeline_index(tl, t));
    int64_t next = span.to.ms < end.ms ? span.to.ms : end.ms;
    if (link->valid.from.ms > t.ms && link->valid.from.ms < next)
        next = link->valid.from.ms;
    if (link->valid.to.ms > t.ms && link->valid.to.ms < next)
        next = link->valid.to.ms;
    return (struct wall_ms){next};
}

/* Walks the time in which the link's unit was out, noting when its village had nothing else. */
static int look(struct outage_dark *dark, const struct serving_link *link, enum family family,
                struct validity out, struct reached *reached)
{
    const struct timeline *tl = world_unit_timeline(dark->world, link->unit);
    struct wall_ms t = out.from.ms > link->valid.from.ms ? out.from : link->valid.from;
    struct wall_ms end = out.to.ms < link->valid.to.ms ? out.to : link->valid.to;
    int err = 0;
    while (!err && t.ms < end.ms) {
        struct wall_ms until = next_change(tl, link, t, end);
        enum unit_state state = world_unit_at(dark->world, link->unit, t).state;
        if (state == STATE_DOWN || state == STATE_SILENT) {
            bool without = false;
            err = outage_dark_within(dark, link->village, family, (struct validity){t, until},
                                     &without);
            reached->exposed = true;
            reached->without_down |= without && state == STATE_DOWN;
            reached->without_silent |= without && state == STATE_SILENT;
        }
        t = until;
    }
    return err;
}

static int collect(struct outage_dark *dark, const struct outage *outage, enum family family,
                   struct vec *reached)
{
    if (inventory_unit_id(dark->inv, outage->unit)->family != family)
        return 0;
    size_t n = 0;
    int err = 0;
    const struct serving_link *link = serving_of_unit(dark->serving, outage->unit, &n);
    struct validity out = {outage->from, outage->to.ms < dark->to.ms ? outage->to : dark->to};
    for (size_t i = 0; !err && i < n; i++) {
        if (link[i].valid.from.ms >= out.to.ms || link[i].valid.to.ms <= out.from.ms)
            continue;
        struct reached found = {.village = link[i].village};
        err = look(dark, &link[i], family, out, &found);
        if (err || !found.exposed)
            continue;
        struct reached *r = vec_push(reached);
        if (!r)
            return ERR_NOMEM;
        *r = found;
    }
    return err;
}

static int by_village(const void *a, const void *b)
{
    uint32_t x = ((const struct reached *)a)->village;
    uint32_t y = ((const struct reached *)b)->village;
    return (x > y) - (x < y);
}

static void count(struct outage_impact *impact, const struct area_row *row)
{
    impact->villages++;
    impact->population += row && row->population > 0 ? row->population : 0;
    impact->households += row && row->households > 0 ? row->households : 0;
}

/* Villages in order; what several outages found about one counts once. */
static void sum_up(struct vec *reached, const struct inventory *inv, struct wall_ms now,
                   struct outage_impacts *impacts)
{
    struct reached *r = reached->items;
    qsort(r, reached->len, sizeof *r, by_village);
    for (size_t i = 0; i < reached->len;) {
        struct reached all = r[i];
        for (i++; i < reached->len && r[i].village == all.village; i++) {
            all.without_down = all.without_down || r[i].without_down;
            all.without_silent = all.without_silent || r[i].without_silent;
        }
        const struct area_row *row = inventory_area(inv, all.village, now);
        count(&impacts->exposed, row);
        if (all.without_down)
            count(&impacts->without_down, row);
        if (all.without_silent)
            count(&impacts->without_silent, row);
    }
}

int outage_impact_by(struct outage_dark *dark, const struct outage *outages, size_t n,
                     enum family family, struct outage_impacts *ret_impacts)
{
    struct vec reached;
    vec_init(&reached, sizeof(struct reached), SIZE_MAX / sizeof(struct reached));
    int err = 0;
    for (size_t i = 0; !err && i < n; i++)
        err = collect(dark, &outages[i], family, &reached);
    if (!err) {
        *ret_impacts = (struct outage_impacts){0};
        if (reached.len)
            sum_up(&reached, dark->inv, dark->to, ret_impacts);
    }
    vec_done(&reached);
    return err;
}

struct wall_ms outage_impact_begins(const struct outage *outages, size_t n)
{
    struct wall_ms from = {INT64_MAX};
    for (size_t i = 0; i < n; i++)
        from = outages[i].from.ms < from.ms ? outages[i].from : from;
    return from;
}

int outage_impact(const struct outage *outages, size_t n, enum family family,
                  const struct serving *serving, const struct inventory *inv, const struct world *w,
                  struct wall_ms now, struct outage_impacts *ret_impacts)
{
    struct outage_dark dark;
    outage_dark_init(&dark, serving, inv, w, outage_impact_begins(outages, n), now);
    int err = outage_impact_by(&dark, outages, n, family, ret_impacts);
    outage_dark_done(&dark);
    return err;
}
