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

static bool holds(struct validity v, struct wall_ms t)
{
    return v.from.ms <= t.ms && t.ms < v.to.ms;
}

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

/* True if a unit of the family, any operator's, is live for the village at @p t; lowers *ret_until
 * to when that may change: with a live one, to its own next change. */
static bool served(const struct serving *serving, const struct inventory *inv,
                   const struct world *w, uint32_t village, enum family family, struct wall_ms t,
                   struct wall_ms *ret_until)
{
    size_t n = 0;
    const struct serving_link *link = serving_of_village(serving, village, &n);
    struct wall_ms until = *ret_until;
    for (size_t i = 0; i < n; i++) {
        if (inventory_unit_id(inv, link[i].unit)->family != family)
            continue;
        const struct timeline *tl = world_unit_timeline(w, link[i].unit);
        enum unit_state beneath = world_unit_at(w, link[i].unit, t).beneath;
        bool live = beneath == STATE_UP || beneath == STATE_DEGRADED;
        if (live && holds(link[i].valid, t) && inventory_unit_exists(inv, link[i].unit, t)) {
            *ret_until = next_change(tl, &link[i], t, *ret_until);
            return true;
        }
        until = next_change(tl, &link[i], t, until);
    }
    *ret_until = until;
    return false;
}

/* Walks the time in which @p link's unit was out, noting when its village had nothing else. */
static void look(const struct serving_link *link, enum family family, const struct serving *serving,
                 const struct inventory *inv, const struct world *w, struct wall_ms from,
                 struct wall_ms to, struct reached *reached)
{
    const struct timeline *tl = world_unit_timeline(w, link->unit);
    struct wall_ms t = from.ms > link->valid.from.ms ? from : link->valid.from;
    struct wall_ms end = to.ms < link->valid.to.ms ? to : link->valid.to;
    while (t.ms < end.ms) {
        struct wall_ms until = next_change(tl, link, t, end);
        enum unit_state state = world_unit_at(w, link->unit, t).state;
        if (state == STATE_DOWN || state == STATE_SILENT) {
            bool without = !served(serving, inv, w, link->village, family, t, &until);
            reached->exposed = true;
            reached->without_down |= without && state == STATE_DOWN;
            reached->without_silent |= without && state == STATE_SILENT;
        }
        t = until;
    }
}

static int collect(const struct outage *outage, enum family family, const struct serving *serving,
                   const struct inventory *inv, const struct world *w, struct wall_ms now,
                   struct vec *reached)
{
    if (inventory_unit_id(inv, outage->unit)->family != family)
        return 0;
    size_t n = 0;
    const struct serving_link *link = serving_of_unit(serving, outage->unit, &n);
    struct wall_ms to = outage->to.ms < now.ms ? outage->to : now;
    for (size_t i = 0; i < n; i++) {
        if (link[i].valid.from.ms >= to.ms || link[i].valid.to.ms <= outage->from.ms)
            continue;
        struct reached found = {.village = link[i].village};
        look(&link[i], family, serving, inv, w, outage->from, to, &found);
        if (!found.exposed)
            continue;
        struct reached *r = vec_push(reached);
        if (!r)
            return ERR_NOMEM;
        *r = found;
    }
    return 0;
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

int outage_impact(const struct outage *outages, size_t n, enum family family,
                  const struct serving *serving, const struct inventory *inv, const struct world *w,
                  struct wall_ms now, struct outage_impacts *ret_impacts)
{
    struct vec reached;
    vec_init(&reached, sizeof(struct reached), SIZE_MAX / sizeof(struct reached));
    int err = 0;
    for (size_t i = 0; !err && i < n; i++)
        err = collect(&outages[i], family, serving, inv, w, now, &reached);
    if (!err) {
        *ret_impacts = (struct outage_impacts){0};
        if (reached.len)
            sum_up(&reached, inv, now, ret_impacts);
    }
    vec_done(&reached);
    return err;
}
