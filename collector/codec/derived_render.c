#include "codec/derived_render.h"

#include "base/err.h"
#include "codec/derived_area.h"
#include "codec/derived_lines.h"
#include "core/coverage_past.h"
#include "core/outage_impact.h"
#include "core/outage_root.h"
#include "core/summary.h"

static struct slice operator_of(const struct inventory *inv, const struct unit_id *id)
{
    return id->op == INV_NONE ? (struct slice){0} : slice_of(names_text(&inv->operators, id->op));
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
    int err = outage_impact(&o, 1, family, c->serving, c->inventory, c->world, now, &impacts);
    if (err)
        return err;
    p->exposed = (double)impacts.exposed.population;
    p->without = (double)impacts.without_down.population;
    return 0;
}

/* An outage that a correction withdrew ends where it began. */
static void withdrawn(const struct centre *c, uint32_t number, struct buf *out)
{
    struct wall_ms born = outages_born(c->outages, number);
    if (born.ms == INT64_MIN)
        return;
    uint32_t site = inventory_unit_id(c->inventory, outages_unit(c->outages, number))->site;
    struct derived_outage_point p = {.t = born,
                                     .number = number,
                                     .site = slice_of(names_text(&c->inventory->sites, site)),
                                     .root = number,
                                     .start = born,
                                     .end = born,
                                     .cause = CAUSE_NONE};
    derived_lines_outage(out, &p);
}

static int outage(const struct centre *c, uint32_t number, struct wall_ms now, struct buf *out)
{
    const struct outage *o = outages_find(c->outages, number);
    if (!o) {
        withdrawn(c, number, out);
        return 0;
    }
    const struct outage *root = outage_root(c->outages, c->inventory, o);
    uint32_t site = inventory_unit_id(c->inventory, o->unit)->site;
    struct derived_outage_point p = {.t = outages_born(c->outages, number),
                                     .number = number,
                                     .site = slice_of(names_text(&c->inventory->sites, site)),
                                     .root = root->number,
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

static enum derived_grid grid_of(enum derived_kind kind)
{
    static const enum derived_grid grid[] = {

#define GRID_OF(name, number, grid, closed) [number] = grid,
        DERIVED_KIND_MAP(GRID_OF)
#undef GRID_OF
    };
    return grid[kind];
}

/* What one span says at one instant; coverage is that of the instant for areas. */
static int instant(const struct centre *c, int64_t zone_ms, const struct derived_span *span,
                   struct wall_ms t, const struct coverage *coverage, struct buf *out)
{
    switch (span->kind) {
    case DERIVED_UNIT:
        unit_at(c, span->thing, t, out);
        return 0;
    case DERIVED_SITE:
        site_at(c, span->thing, t, out);
        return 0;
    case DERIVED_AREA:
        derived_area_coverage(c, coverage, span->thing, t, out);
        return derived_area_now(c, span->thing, t, out);
    default:
        return derived_area_closed(c, span->thing, t,
                                   derived_grid_next(grid_of(span->kind), zone_ms, t),
                                   grid_of(span->kind), out);
    }
}

static int grid_span(const struct centre *c, int64_t zone_ms, const struct derived_span *span,
                     struct buf *out)
{
    int err = 0;
    for (struct wall_ms t = span->from; !err && t.ms < span->to.ms;
         t = derived_grid_next(grid_of(span->kind), zone_ms, t))
        err = instant(c, zone_ms, span, t, NULL, out);
    return err;
}

/* All areas of one instant share one coverage of the past, which costs much more than they do. */
static int areas_at(const struct centre *c, int64_t zone_ms, const struct derived_span *spans,
                    size_t n, struct wall_ms t, struct buf *out)
{
    struct coverage *then = NULL;
    int err = 0;
    for (size_t i = 0; !err && i < n; i++) {
        if (spans[i].kind != DERIVED_AREA || t.ms < spans[i].from.ms || t.ms >= spans[i].to.ms)
            continue;
        then = then ? then : coverage_past(c->world, c->inventory, t);
        err = then ? instant(c, zone_ms, &spans[i], t, then, out) : ERR_NOMEM;
    }
    coverage_free(then);
    return err;
}

static int areas(const struct centre *c, int64_t zone_ms, const struct derived_span *spans,
                 size_t n, struct buf *out)
{
    struct wall_ms first = {WALL_NEVER_MS};
    struct wall_ms last = {INT64_MIN};
    for (size_t i = 0; i < n; i++) {
        if (spans[i].kind != DERIVED_AREA)
            continue;
        first.ms = spans[i].from.ms < first.ms ? spans[i].from.ms : first.ms;
        last.ms = spans[i].to.ms > last.ms ? spans[i].to.ms : last.ms;
    }
    int err = 0;
    for (struct wall_ms t = first; !err && t.ms < last.ms;
         t = derived_grid_next(DERIVED_MINUTE, zone_ms, t))
        err = areas_at(c, zone_ms, spans, n, t, out);
    return err;
}

int derived_render(const struct centre *centre, int64_t zone_ms, struct wall_ms now,
                   const struct derived_span *spans, size_t n, struct buf *out)
{
    int err = areas(centre, zone_ms, spans, n, out);
    for (size_t i = 0; !err && i < n; i++) {
        if (spans[i].kind == DERIVED_OUTAGE)
            err = outage(centre, spans[i].thing, now, out);
        else if (spans[i].kind != DERIVED_AREA)
            err = grid_span(centre, zone_ms, &spans[i], out);
    }
    return err ? err : out->err;
}
