#include "codec/api.h"

#include "core/inventory_accept.h"
#include "core/inventory_tree.h"

const char *api_kind_word(int kind)
{
#define KIND_WORD(name, value, word) [value] = word,
    static const char *const words[API_KINDS] = {SITE_KIND_MAP(KIND_WORD)};
#undef KIND_WORD
    return kind >= 0 && kind < API_KINDS ? words[kind] : "";
}

bool api_site_shown(const struct api_scope *scope, const struct site_row *row)
{
    if (!row || row->visibility == VISIBILITY_RESTRICTED || scope->guest)
        return false;
    /* what is restricted now is so in a replay of days before, too */
    const struct wall_ms last = {WALL_NEVER_MS - 1};
    const struct site_row *newest = inventory_site(scope->centre->inventory, row->site, last);
    return !newest || newest->visibility != VISIBILITY_RESTRICTED;
}

static void put_place(struct emit *e, const struct centre *c, const struct site_row *row)
{
    emit_text(e, "id", names_text(&c->inventory->sites, row->site));
    emit_text(e, "code", row->code);
    emit_text(e, "name", row->name);
    emit_text(e, "kind", api_kind_word((int)row->kind));
    emit_text(e, "area", names_text(&c->inventory->areas, row->area));
    emit_number(e, "lat", row->lat);
    emit_number(e, "lon", row->lon);
}

static void put_summary(struct emit *e, const struct summary *s)
{
    emit_text(e, "state", state_word((int)s->worst));
    emit_text(e, "cause", s->cause == CAUSE_NONE ? NULL : cause_word((int)s->cause));
    emit_instant(e, "since", s->since);
    emit_bool(e, "out", s->out);
    emit_bool(e, "awaiting_backlog", s->awaiting);
    emit_object(e, "units");
    for (int state = 0; state < STATE_COUNT; state++)
        if (s->units[state])
            emit_int(e, state_word(state), s->units[state]);
    emit_end(e);
}

void api_site_item(const struct api_scope *scope, uint32_t site, struct emit *e)
{
    const struct centre *c = scope->centre;
    const struct site_row *row = inventory_site(c->inventory, site, scope->now);
    if (!api_site_shown(scope, row))
        return;
    struct summary s = summary_site(c->inventory, c->world, site, scope->now);
    emit_object(e, NULL);
    put_place(e, c, row);
    put_summary(e, &s);
    emit_end(e);
}

static bool passes(const struct api_scope *scope, const struct api_sites_filter *filter,
                   const struct site_row *row)
{
    const struct centre *c = scope->centre;
    if (filter->kind >= 0 && (int)row->kind != filter->kind)
        return false;
    if (filter->area != INV_NONE &&
        !inventory_tree_within(c->inventory, row->area, filter->area, scope->now))
        return false;
    return filter->state < 0 ||
           (int)summary_site(c->inventory, c->world, row->site, scope->now).worst == filter->state;
}

void api_sites(const struct api_scope *scope, const struct api_sites_filter *filter,
               struct api_page page, struct buf *out)
{
    const struct centre *c = scope->centre;
    struct emit e = emit_to(out);
    uint64_t total = 0;
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    emit_array(&e, "sites");
    for (uint32_t site = 0; site < c->inventory->sites.len; site++) {
        const struct site_row *row = inventory_site(c->inventory, site, scope->now);
        if (!api_site_shown(scope, row) || !passes(scope, filter, row))
            continue;
        if (api_page_has(page, total))
            api_site_item(scope, site, &e);
        total++;
    }
    api_page_end(page, total, &e);
    emit_end(&e);
}

static void put_view(struct emit *e, const struct unit_view *v)
{
    emit_text(e, "state", state_word((int)v->state));
    emit_text(e, "cause", v->cause == CAUSE_NONE ? NULL : cause_word((int)v->cause));
    emit_text(e, "beneath", state_word((int)v->beneath));
    emit_text(e, "provenance", provenance_word((int)v->provenance));
    emit_bool(e, "awaiting_backlog", v->awaiting);
}

static void put_unit_name(struct emit *e, const struct inventory *inv, uint32_t unit)
{
    const struct unit_id *id = inventory_unit_id(inv, unit);
    emit_text(e, "unit", names_text(&inv->units, unit));
    emit_text(e, "service", names_text(&inv->services, id->service));
    emit_text(e, "operator", id->op == INV_NONE ? NULL : names_text(&inv->operators, id->op));
}

static void put_unit(const struct api_scope *scope, uint32_t unit, struct emit *e)
{
    const struct centre *c = scope->centre;
    struct unit_view v = world_unit_at(c->world, unit, scope->now);
    const struct outage outage = outages_open(c->outages, unit);
    emit_object(e, NULL);
    put_unit_name(e, c->inventory, unit);
    put_view(e, &v);
    emit_instant(e, "since", summary_since(c->world, unit, scope->now));
    emit_bool(e, "awaits_acceptance", inventory_awaits(c->inventory, unit, scope->now));
    if (outage.number)
        emit_int(e, "outage", (int64_t)outage.number);
    emit_end(e);
}

void api_site(const struct api_scope *scope, uint32_t site, struct buf *out)
{
    const struct centre *c = scope->centre;
    const struct site_row *row = inventory_site(c->inventory, site, scope->now);
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    if (api_site_shown(scope, row)) {
        struct summary s = summary_site(c->inventory, c->world, site, scope->now);
        size_t n = 0;
        const uint32_t *units = inventory_site_units(c->inventory, site, &n);
        put_place(&e, c, row);
        emit_text(&e, "address", row->address);
        emit_object(&e, "summary");
        put_summary(&e, &s);
        emit_end(&e);
        emit_array(&e, "units");
        for (size_t i = 0; i < n; i++)
            put_unit(scope, units[i], &e);
        emit_end(&e);
        emit_array(&e, "probes");
        for (uint32_t probe = 0; probe < c->inventory->probes.len; probe++) {
            const struct probe_row *p = inventory_probe(c->inventory, probe, scope->now);
            if (p && p->site == site)
                api_probe_item(scope, probe, &e);
        }
        emit_end(&e);
    }
    emit_end(&e);
}

/* What people see of a unit is the same in both. */
static bool same_view(const struct unit_view *a, const struct unit_view *b)
{
    return a->state == b->state && a->cause == b->cause && a->beneath == b->beneath &&
           a->provenance == b->provenance && a->awaiting == b->awaiting;
}

/* A stretch of a timeline as people see it. */
struct shown_span {
    struct wall_ms from, to;
    struct unit_view view;
    int64_t uncertainty_ms; /* of its beginning; -1 = it began before what was asked for */
};

static void put_span(const struct shown_span *span, struct emit *e)
{
    emit_object(e, NULL);
    emit_instant(e, "from", span->from);
    emit_instant(e, "to", span->to);
    put_view(e, &span->view);
    if (span->uncertainty_ms >= 0)
        emit_int(e, "uncertainty_ms", span->uncertainty_ms);
    emit_end(e);
}

static struct shown_span shown_span(const struct centre *c, uint32_t unit,
                                    const struct timeline_span *span, struct wall_ms from,
                                    struct wall_ms to)
{
    struct wall_ms begin = span->from.ms < from.ms ? from : span->from;
    return (struct shown_span){
        .from = begin,
        .to = span->to.ms > to.ms ? to : span->to,
        .view = world_unit_at(c->world, unit, begin),
        .uncertainty_ms =
            span->from.ms < from.ms ? -1 : world_uncertainty_ms(c->world, unit, span->from)};
}

/* What differs only in what is not shown is one stretch: before the first evidence nothing is
 * known, and often nothing behind it either. */
static void put_spans(const struct centre *c, uint32_t unit, struct wall_ms from, struct wall_ms to,
                      struct emit *e)
{
    const struct timeline *tl = world_unit_timeline(c->world, unit);
    struct shown_span last = {.from = from, .to = from};
    emit_array(e, "spans");
    for (int64_t at = timeline_index(tl, from); at < (int64_t)tl->len; at++) {
        struct timeline_span span = timeline_span_at(tl, at);
        if (span.from.ms >= to.ms)
            break;
        struct shown_span next = shown_span(c, unit, &span, from, to);
        bool begun = last.to.ms > last.from.ms;
        if (begun && same_view(&last.view, &next.view)) {
            last.to = next.to;
            continue;
        }
        if (begun)
            put_span(&last, e);
        last = next;
    }
    if (last.to.ms > last.from.ms)
        put_span(&last, e);
    emit_end(e);
}

void api_timeline(const struct api_scope *scope, uint32_t site, struct wall_ms from,
                  struct wall_ms to, struct buf *out)
{
    const struct centre *c = scope->centre;
    struct emit e = emit_to(out);
    size_t n = 0;
    const uint32_t *units = inventory_site_units(c->inventory, site, &n);
    bool shown = api_site_shown(scope, inventory_site(c->inventory, site, scope->now));
    emit_object(&e, NULL);
    emit_text(&e, "site", names_text(&c->inventory->sites, site));
    emit_instant(&e, "from", from);
    emit_instant(&e, "to", to);
    emit_array(&e, "units");
    for (size_t i = 0; shown && i < n; i++) {
        emit_object(&e, NULL);
        put_unit_name(&e, c->inventory, units[i]);
        put_spans(c, units[i], from, to, &e);
        emit_end(&e);
    }
    emit_end(&e);
    emit_end(&e);
}
