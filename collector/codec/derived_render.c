#include "codec/derived_render.h"

#include "base/err.h"
#include "codec/derived_area.h"
#include "codec/derived_lines.h"
#include "core/coverage_past.h"
#include "core/outage_impact.h"
#include "core/outage_root.h"
#include "core/summary.h"

enum { PRESENT_MS = 2 * 60 * 1000 };

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

static enum derived_grid grid_of(enum derived_kind kind)
{
    static const enum derived_grid grid[] = {

#define GRID_OF(name, number, grid, closed) [number] = grid,
        DERIVED_KIND_MAP(GRID_OF)
#undef GRID_OF
    };
    return grid[kind];
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

/* What all areas of one kind and instant share, made when the first of them needs it: it costs much
 * more than they do. */
struct shared {
    const struct centre *centre;
    const struct derived_span *spans;
    size_t n;
    enum derived_kind kind;
    struct wall_ms now;
    struct wall_ms t;
};

/* What is measured is known of the present only: a correction of an older point leaves those fields
 * as they were written then. */
static const struct measured *measured_at(const struct shared *s)
{
    return s->now.ms - s->t.ms < PRESENT_MS ? s->centre->measured : NULL;
}

static bool covers(const struct shared *s, size_t i)
{
    return s->spans[i].kind == s->kind && s->spans[i].from.ms <= s->t.ms &&
           s->t.ms < s->spans[i].to.ms;
}

static bool any(const struct shared *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (covers(s, i))
            return true;
    return false;
}

static int window_at(const struct shared *s, struct availability_table *table,
                     struct validity window, const char *word, struct buf *out)
{
    int err = availability_table_fill(table, s->centre->world, s->centre->inventory, window,
                                      AVAILABILITY_ENOUGH);
    for (size_t i = 0; !err && i < s->n; i++)
        if (covers(s, i))
            derived_area_availability(s->centre, table, s->spans[i].thing, word, s->t, out);
    return err;
}

static int availability_at(const struct shared *s, int64_t zone_ms, struct buf *out)
{
    static const char *const word[] = {
        [DERIVED_AREA_HOUR] = "hour", [DERIVED_AREA_DAY] = "day", [DERIVED_AREA_MONTH] = "month"};
    struct availability_table *table = availability_table_new(s->centre->inventory, s->t);
    int err = table ? 0 : ERR_NOMEM;
    if (!err && s->kind != DERIVED_AREA) {
        struct validity period = {s->t, derived_grid_next(grid_of(s->kind), zone_ms, s->t)};
        err = window_at(s, table, period, word[s->kind], out);
    }
    for (int which = 0; !err && s->kind == DERIVED_AREA && which < AVAILABILITY_WINDOWS; which++)
        err = window_at(s, table, availability_window((enum availability_window)which, s->t),
                        availability_window_word(which), out);
    availability_table_free(table);
    return err;
}

static int coverage_at(const struct shared *s, struct buf *out)
{
    struct coverage *then = coverage_past(s->centre->world, s->centre->inventory, s->t);
    for (size_t i = 0; then && i < s->n; i++)
        if (covers(s, i))
            derived_area_coverage(s->centre, then, measured_at(s), s->spans[i].thing, s->t, out);
    coverage_free(then);
    return then ? 0 : ERR_NOMEM;
}

static int areas_at(const struct shared *s, int64_t zone_ms, struct buf *out)
{
    if (!any(s))
        return 0;
    int err = s->kind == DERIVED_AREA ? coverage_at(s, out) : 0;
    return err ? err : availability_at(s, zone_ms, out);
}

/* Spans of one kind of areas, instant by instant. */
static int areas(struct shared *s, int64_t zone_ms, struct buf *out)
{
    struct wall_ms last = {INT64_MIN};
    s->t.ms = WALL_NEVER_MS;
    for (size_t i = 0; i < s->n; i++) {
        if (s->spans[i].kind != s->kind)
            continue;
        s->t.ms = s->spans[i].from.ms < s->t.ms ? s->spans[i].from.ms : s->t.ms;
        last.ms = s->spans[i].to.ms > last.ms ? s->spans[i].to.ms : last.ms;
    }
    int err = 0;
    for (; !err && s->t.ms < last.ms; s->t = derived_grid_next(grid_of(s->kind), zone_ms, s->t))
        err = areas_at(s, zone_ms, out);
    return err;
}

int derived_render(const struct centre *centre, int64_t zone_ms, struct wall_ms now,
                   const struct derived_span *spans, size_t n, struct buf *out)
{
    int err = 0;
    for (int kind = DERIVED_AREA; !err && kind <= DERIVED_AREA_MONTH; kind++) {
        struct shared s = {centre, spans, n, (enum derived_kind)kind, now, {0}};
        err = areas(&s, zone_ms, out);
    }
    for (size_t i = 0; !err && i < n; i++) {
        if (spans[i].kind == DERIVED_OUTAGE)
            err = outage(centre, &spans[i], now, out);
        else if (spans[i].kind < DERIVED_AREA)
            thing_span(centre, zone_ms, &spans[i], out);
    }
    return err ? err : out->err;
}
