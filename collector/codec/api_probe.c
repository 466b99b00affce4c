#include "codec/api.h"

#include "core/inventory_tree.h"
#include "wire/status.h"

static bool is_wrong(const struct centre *c, const struct session_view *s)
{
    return probe_clock_wrong(&s->offset, c->options.world.late_ms);
}

/* The operator whose word it passes on, NULL if it is a probe. */
static const char *feed_of(const struct inventory *inv, const struct probe_row *row)
{
    return row && row->feed != INV_NONE ? names_text(&inv->operators, row->feed) : NULL;
}

static void put_probe(const struct api_scope *scope, uint32_t probe, struct emit *e)
{
    const struct centre *c = scope->centre;
    const struct session_view *s = session_view(c->session, probe);
    emit_text(e, "probe", names_text(&c->inventory->probes, probe));
    emit_text(e, "feed_of",
              feed_of(c->inventory, inventory_probe(c->inventory, probe, scope->now)));
    emit_text(e, "status", s->known ? status_word((int)s->state) : NULL);
    emit_instant(e, "status_since", s->known ? s->since : (struct wall_ms){INT64_MIN});
    emit_instant(e, "heard", world_probe_heard(c->world, probe));
    emit_int(e, "backlog", (int64_t)s->backlog);
    emit_int(e, "unwritten", (int64_t)s->unwritten);
    emit_instant(e, "started", s->started);
    emit_text(e, "started_after", s->start ? start_word((int)s->start) : NULL);
    emit_bool(e, "identity_conflict", s->conflict_at.ms != INT64_MIN);
    emit_text(e, "clock", s->known ? status_clock_word((int)s->clock) : NULL);
    if (s->offset.ahead_ms == INT64_MIN)
        emit_null(e, "clock_ahead_ms");
    else
        emit_int(e, "clock_ahead_ms", s->offset.ahead_ms);
    emit_bool(e, "clock_wrong", is_wrong(c, s));
}

void api_probe_item(const struct api_scope *scope, uint32_t probe, struct emit *e)
{
    emit_object(e, NULL);
    put_probe(scope, probe, e);
    emit_end(e);
}

bool api_probe_shown(const struct api_scope *scope, uint32_t probe)
{
    const struct inventory *inv = scope->centre->inventory;
    size_t n = 0;
    const struct probe_row *rows = inventory_probe_rows(inv, probe, &n);
    for (size_t i = 0; i < n; i++) {
        const struct site_row *site =
            rows[i].site == INV_NONE ? NULL : inventory_site(inv, rows[i].site, scope->now);
        if (site && !api_site_shown(scope, site))
            return false;
    }
    return true;
}

static bool passes_as_feed(enum api_feeds_among feeds, const struct probe_row *row)
{
    bool feed = row->feed != INV_NONE;
    return feeds == API_FEEDS_TOO || feed == (feeds == API_FEEDS_ONLY);
}

static bool passes(const struct api_scope *scope, const struct api_probes_filter *filter,
                   const struct probe_row *row)
{
    const struct inventory *inv = scope->centre->inventory;
    const struct site_row *site = row ? inventory_site(inv, row->site, scope->now) : NULL;
    if (!site || !api_site_shown(scope, site) || !passes_as_feed(filter->feeds, row))
        return false;
    if (filter->area != INV_NONE &&
        !inventory_tree_within(inv, site->area, filter->area, scope->now))
        return false;
    if (filter->wrong_clock &&
        !is_wrong(scope->centre, session_view(scope->centre->session, row->probe)))
        return false;
    struct wall_ms heard = world_probe_heard(scope->centre->world, row->probe);
    return heard.ms == INT64_MIN || scope->now.ms - heard.ms >= filter->late_ms;
}

static void put_item(const struct api_scope *scope, const struct probe_row *row, struct emit *e)
{
    const struct inventory *inv = scope->centre->inventory;
    emit_object(e, NULL);
    emit_text(e, "site", names_text(&inv->sites, row->site));
    emit_text(e, "name", inventory_site(inv, row->site, scope->now)->name);
    put_probe(scope, row->probe, e);
    emit_end(e);
}

void api_probes(const struct api_scope *scope, const struct api_probes_filter *filter,
                struct api_page page, struct buf *out)
{
    const struct inventory *inv = scope->centre->inventory;
    struct emit e = emit_to(out);
    uint64_t total = 0;
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    emit_array(&e, "probes");
    for (uint32_t probe = 0; probe < inv->probes.len; probe++) {
        const struct probe_row *row = inventory_probe(inv, probe, scope->now);
        if (!passes(scope, filter, row))
            continue;
        if (api_page_has(page, total))
            put_item(scope, row, &e);
        total++;
    }
    api_page_end(page, total, &e);
    emit_end(&e);
}
