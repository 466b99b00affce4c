#include "codec/derived_render.h"

#include "base/err.h"
#include "codec/derived_lines.h"
#include "core/outage_impact.h"
#include "core/outage_root.h"
#include "core/summary.h"

static struct slice operator_of(const struct inventory *inv, const struct unit_id *id)
{
    struct slice none = {0};
    return id->op == INV_NONE ? none : slice_of(names_text(&inv->operators, id->op));
}

static void unit_at(const struct centre *c, uint32_t unit, struct wall_ms t, struct buf *out)
{
    const struct unit_id *id = inventory_unit_id(c->inventory, unit);
    struct derived_unit_point p = {.t = t,
                                   .site = slice_of(names_text(&c->inventory->sites, id->site)),
                                   .service =
                                       slice_of(names_text(&c->inventory->services, id->service)),
                                   .op = operator_of(c->inventory, id),
                                   .view = world_unit_at(c->world, unit, t)};
    derived_lines_unit(out, &p);
}

static void site_at(const struct centre *c, uint32_t site, struct wall_ms t, struct buf *out)
{
    struct summary s = summary_site(c->inventory, c->world, site, t);
    struct derived_site_point p = {.t = t,
                                   .site = slice_of(names_text(&c->inventory->sites, site)),
                                   .worst = s.worst,
                                   .out = s.out};
    for (int state = 0; state < STATE_COUNT; state++)
        p.units[state] = s.units[state];
    derived_lines_site(out, &p);
}

static void add_time(const struct centre *c, const struct outage *o, struct wall_ms now,
                     struct derived_outage_point *p)
{
    const struct timeline *tl = world_unit_timeline(c->world, o->unit);
    int64_t end = o->to.ms < now.ms ? o->to.ms : now.ms;
    for (int64_t at = timeline_index(tl, o->from); at >= 0 && at < (int64_t)tl->len; at++) {
        struct timeline_span span = timeline_span_at(tl, at);
        int64_t from = span.from.ms > o->from.ms ? span.from.ms : o->from.ms;
        int64_t to = span.to.ms < end ? span.to.ms : end;
        if (from >= to)
            break;
        enum unit_state state = state_unpack(span.code).state;
        p->downtime_ms += state == STATE_DOWN ? to - from : 0;
        p->silent_ms += state == STATE_SILENT ? to - from : 0;
    }
}

static int add_people(const struct centre *c, const struct outage *o, struct wall_ms now,
                      struct derived_outage_point *p)
{
    struct outage_impacts impacts;
    enum family family = inventory_unit_id(c->inventory, o->unit)->family;
    int err = outage_impact(o, 1, family, c->serving, c->inventory, c->world, now, &impacts);
    if (err)
        return err;
    p->exposed = (double)impacts.exposed.population;
    p->without = (double)impacts.without_down.population;
    return 0;
}

/* An outage that a correction withdrew ends where it began. */
static void withdrawn(const struct centre *c, const struct derived_span *span, struct buf *out)
{
    uint32_t site = inventory_unit_id(c->inventory, span->unit)->site;
    struct derived_outage_point p = {.t = span->from,
                                     .number = span->thing,
                                     .site = slice_of(names_text(&c->inventory->sites, site)),
                                     .root = span->thing,
                                     .start = span->from,
                                     .end = span->from,
                                     .cause = CAUSE_NONE};
    derived_lines_outage(out, &p);
}

/* The outage of a span; one that an older program left to be written does not say whose it is. */
static struct outage outage_of(const struct centre *c, const struct derived_span *span)
{
    struct outage found = {0};
    if (span->unit != DERIVED_NO_UNIT)
        return outages_find(c->outages, span->unit, span->thing);
    for (uint32_t unit = 0; !found.number && unit < c->inventory->units.len; unit++)
        found = outages_find(c->outages, unit, span->thing);
    return found;
}

static int outage(const struct centre *c, const struct derived_span *span, struct wall_ms now,
                  struct buf *out)
{
    const struct outage found = outage_of(c, span);
    const struct outage *o = &found;
    if (!o->number) {
        if (span->unit < c->inventory->units.len)
            withdrawn(c, span, out);
        return 0;
    }
    struct outage root = outage_root(c->outages, c->inventory, o);
    uint32_t site = inventory_unit_id(c->inventory, o->unit)->site;
    struct derived_outage_point p = {.t = o->born,
                                     .number = o->number,
                                     .site = slice_of(names_text(&c->inventory->sites, site)),
                                     .root = root.number,
                                     .start = o->from,
                                     .end = o->to,
                                     .start_uncertainty_ms =
                                         world_uncertainty_ms(c->world, o->unit, o->from),
                                     .cause = o->cause,
                                     .units = 1};
    if (o->to.ms != WALL_NEVER_MS)
        p.end_uncertainty_ms = world_uncertainty_ms(c->world, o->unit, o->to);
    add_time(c, o, now, &p);
    int err = add_people(c, o, now, &p);
    if (!err)
        derived_lines_outage(out, &p);
    return err;
}

/* A site or unit over the instants of its span. */
static void thing_span(const struct centre *c, int64_t zone_ms, const struct derived_span *span,
                       struct buf *out)
{
    for (struct wall_ms t = span->from; t.ms < span->to.ms;
         t = derived_grid_next(DERIVED_MINUTE, zone_ms, t)) {
        if (span->kind == DERIVED_UNIT)
            unit_at(c, span->thing, t, out);
        else
            site_at(c, span->thing, t, out);
    }
}

int derived_render(const struct centre *centre, int64_t zone_ms, struct wall_ms now,
                   const struct derived_span *spans, size_t n, struct buf *out)
{
    int err = 0;
    for (size_t i = 0; !err && i < n; i++) {
        if (spans[i].kind == DERIVED_OUTAGE)
            err = outage(centre, &spans[i], now, out);
        else if (spans[i].kind < DERIVED_AREA)
            thing_span(centre, zone_ms, &spans[i], out);
    }
    return err ? err : out->err;
}
