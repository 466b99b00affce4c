/* Outages, their root and whom they concern: FIGURES section 5, 7.8, 7.21, 7.25, READINGS 21 to 24.
 */
#include "reference_inside.h"

#include "reference_figures.h"

#include <stdlib.h>

static int by_time(const void *a, const void *b)
{
    int64_t x = ((const struct wall_ms *)a)->ms;
    int64_t y = ((const struct wall_ms *)b)->ms;
    return x < y ? -1 : x > y;
}

void reference_instants(const struct reference *r, struct vec *times)
{
    history_instants(r->h, times);
    if (times->len)
        qsort(times->items, times->len, sizeof(struct wall_ms), by_time);
    struct wall_ms *all = times->items;
    size_t kept = 0;
    for (size_t i = 0; i < times->len; i++)
        if (all[i].ms <= r->now.ms && (!kept || all[kept - 1].ms != all[i].ms))
            all[kept++] = all[i];
    times->len = kept;
}

void reference_outages(const struct reference *r, uint32_t unit, struct vec *outages)
{
    struct vec times;
    vec_init(&times, sizeof(struct wall_ms), 1 << 24);
    reference_instants(r, &times);
    struct outage *open = NULL;
    for (size_t i = 0; i < times.len; i++) {
        struct wall_ms t = *(struct wall_ms *)vec_at(&times, i);
        struct unit_view v = reference_unit_at(r, unit, t);
        bool out = v.state == STATE_DOWN || v.state == STATE_SILENT;
        bool back = v.state == STATE_UP || v.state == STATE_DEGRADED ||
                    (v.state == STATE_UNOBSERVED && v.cause == CAUSE_PROBE);
        if (out && !open) {
            open = vec_push(outages);
            if (!open)
                abort();
            *open = (struct outage){
                .unit = unit, .cause = CAUSE_UNKNOWN, .from = t, .to = {WALL_NEVER_MS}};
        }
        if (v.state == STATE_DOWN) {
            open->verified = true;
            open->cause = v.cause;
        }
        if (back && open) {
            open->to = t;
            open = NULL;
        }
    }
    vec_done(&times);
}

/* ---- the root ---- */

/** What a question about roots needs. */
struct asking {
    const struct reference *r;
    const struct vec *all;   /**< struct outage of all units */
    const struct outage *of; /**< the one that looks for its root */
};

/** The outage of @p unit that holds @p t, or NULL. */
static const struct outage *out_at(const struct asking *a, uint32_t unit, struct wall_ms t)
{
    for (size_t i = 0; i < a->all->len; i++) {
        const struct outage *o = vec_at(a->all, i);
        if (o->unit == unit && o->from.ms <= t.ms && t.ms < o->to.ms)
            return o;
    }
    return NULL;
}

static const struct outage *first_of(const struct outage *a, const struct outage *b)
{
    if (!a || !b)
        return a ? a : b;
    return b->from.ms < a->from.ms ? b : a;
}

/** The earliest outage among the units of a site if all that existed at the start of the one in
 * question are out at
 * @p t, else NULL. */
static const struct outage *site_out_at(const struct asking *a, uint32_t site, struct wall_ms t)
{
    const struct outage *first = NULL;
    for (uint32_t unit = 0; unit < a->r->inv->units.len; unit++) {
        if (inventory_unit_id(a->r->inv, unit)->site != site ||
            !ref_exists(a->r, unit, a->of->from))
            continue;
        const struct outage *o = out_at(a, unit, t);
        if (!o)
            return NULL;
        first = first_of(first, o);
    }
    return first;
}

static const struct depends_row *row_at(const struct asking *a, size_t i, uint32_t child)
{
    const struct depends_row *row = vec_at(&a->r->inv->depends_rows, i);
    struct wall_ms t = a->of->from;
    bool valid = row->valid.from.ms <= t.ms && t.ms < row->valid.to.ms;
    return row->child == child && valid ? row : NULL;
}

/** 7.21: a group is out while all of its members are. */
static const struct outage *group_out_at(const struct asking *a, const struct depends_row *of,
                                         struct wall_ms t)
{
    const struct outage *first = NULL;
    for (size_t i = 0; i < a->r->inv->depends_rows.len; i++) {
        const struct depends_row *row = row_at(a, i, of->child);
        if (!row || row->group != of->group)
            continue;
        const struct outage *o =
            row->on_unit != INV_NONE ? out_at(a, row->on_unit, t) : site_out_at(a, row->on_site, t);
        if (!o)
            return NULL;
        first = first_of(first, o);
    }
    return first;
}

/** The earliest outage that what @p site depends on directly has together with the one in question.
 * Intervals overlap if one of them begins inside all the others, so only beginnings are looked at.
 */
static const struct outage *direct(const struct asking *a, uint32_t site)
{
    const struct outage *best = NULL;
    for (size_t k = 0; k < a->all->len; k++) {
        struct wall_ms t = ((const struct outage *)vec_at(a->all, k))->from;
        if (t.ms < a->of->from.ms)
            t = a->of->from;
        if (t.ms >= a->of->to.ms)
            continue;
        for (size_t i = 0; i < a->r->inv->depends_rows.len; i++) {
            const struct depends_row *row = row_at(a, i, site);
            if (row)
                best = first_of(best, group_out_at(a, row, t));
        }
    }
    return best;
}

/** True if the group of the row has other members. */
static bool alternatives(const struct asking *a, const struct depends_row *of)
{
    for (size_t i = 0; i < a->r->inv->depends_rows.len; i++) {
        const struct depends_row *row = row_at(a, i, of->child);
        if (row && row != of && row->group == of->group)
            return true;
    }
    return false;
}

/** How many steps it is from @p site to @p above, at most @p most; -1 if it is not that near. */
static int steps_to(const struct asking *a, uint32_t site, uint32_t above, int most)
{
    if (site == above)
        return 0;
    int best = -1;
    for (size_t i = 0; i < a->r->inv->depends_rows.len && most > 0; i++) {
        const struct depends_row *row = row_at(a, i, site);
        int steps = row && !alternatives(a, row) ? steps_to(a, row->on_site, above, most - 1) : -1;
        if (steps >= 0 && (best < 0 || steps + 1 < best))
            best = steps + 1;
    }
    return best;
}

/** The nearest thing with an outage: that of what the nearest sites depend on directly. */
static const struct outage *joined(const struct asking *a)
{
    uint32_t from = inventory_unit_id(a->r->inv, a->of->unit)->site;
    for (int steps = 0; steps < 8; steps++) {
        const struct outage *best = NULL;
        for (uint32_t site = 0; site < a->r->inv->sites.len; site++)
            if (steps_to(a, from, site, 8) == steps)
                best = first_of(best, direct(a, site));
        if (best)
            return best;
    }
    return NULL;
}

/** 7.21: units of one site are grouped under the site when all of them are out together. */
static const struct outage *of_site(const struct asking *a)
{
    uint32_t site = inventory_unit_id(a->r->inv, a->of->unit)->site;
    const struct outage *best = NULL;
    for (size_t k = 0; k < a->all->len; k++) {
        struct wall_ms t = ((const struct outage *)vec_at(a->all, k))->from;
        if (t.ms < a->of->from.ms)
            t = a->of->from;
        if (t.ms < a->of->to.ms)
            best = first_of(best, site_out_at(a, site, t));
    }
    return best ? best : a->of;
}

const struct outage *reference_root(const struct reference *r, const struct vec *all,
                                    const struct outage *of)
{
    struct asking a = {r, all, of};
    const struct outage *above = joined(&a);
    while (above) {
        a.of = above;
        above = joined(&a);
    }
    return of_site(&a);
}

/* ---- impact ---- */

/** A unit of the family, any operator's, is live for the village at @p t. */
static bool helped(const struct reference *r, uint32_t village, enum family family,
                   struct wall_ms t)
{
    for (uint32_t unit = 0; unit < r->inv->units.len; unit++) {
        if (inventory_unit_id(r->inv, unit)->family != family ||
            !reference_serves(r, unit, village, t))
            continue;
        enum unit_state beneath = reference_unit_at(r, unit, t).beneath;
        if (beneath == STATE_UP || beneath == STATE_DEGRADED)
            return true;
    }
    return false;
}

/** What the outages mean for one village. */
struct village {
    bool exposed, without_down, without_silent;
};

static void look(const struct reference *r, const struct outage *o, uint32_t area,
                 enum family family, const struct vec *times, struct village *v)
{
    for (size_t i = 0; i < times->len; i++) {
        struct wall_ms t = *(struct wall_ms *)vec_at(times, i);
        bool out = t.ms >= o->from.ms && t.ms < o->to.ms && t.ms < r->now.ms; /* so far */
        if (!out || !reference_serves(r, o->unit, area, t))
            continue;
        enum unit_state state = reference_unit_at(r, o->unit, t).state;
        if (state != STATE_DOWN && state != STATE_SILENT)
            continue; /* every instant of the downtime, and no other */
        v->exposed = true;
        if (helped(r, area, family, t))
            continue;
        v->without_down |= state == STATE_DOWN;
        v->without_silent |= state == STATE_SILENT;
    }
}

static void add(struct outage_impact *impact, const struct area_row *row)
{
    impact->villages++;
    impact->population += row && row->population > 0 ? row->population : 0;
    impact->households += row && row->households > 0 ? row->households : 0;
}

struct outage_impacts reference_impact(const struct reference *r, const struct outage *outages,
                                       size_t n, enum family family)
{
    struct outage_impacts impacts = {{0}, {0}, {0}};
    struct vec times;
    vec_init(&times, sizeof(struct wall_ms), 1 << 24);
    reference_instants(r, &times);
    for (uint32_t area = 0; area < r->inv->areas.len; area++) {
        struct village v = {false, false, false};
        for (size_t i = 0; i < n; i++)
            if (inventory_unit_id(r->inv, outages[i].unit)->family == family)
                look(r, &outages[i], area, family, &times, &v);
        const struct area_row *row = inventory_area(r->inv, area, r->now);
        if (v.exposed)
            add(&impacts.exposed, row);
        if (v.without_down)
            add(&impacts.without_down, row);
        if (v.without_silent)
            add(&impacts.without_silent, row);
    }
    vec_done(&times);
    return impacts;
}
