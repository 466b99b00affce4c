#include "core/centre.h"

#include "base/err.h"
#include "core/inventory_tree.h"

#include <stdlib.h>

enum { SITES_MAX = 16 << 20 };

/* Corrections of older instants are the API's only: a probe that brings a month must not cost a
 * million points per unit. */
static const int64_t CORRECTIONS_MS = INT64_C(2) * 24 * 60 * 60 * 1000;

/* Every thing of the inventory has its derived points. */
static int grow_derived(struct centre *c)
{
    const struct inventory *inv = c->inventory;
    int err = derived_grow(c->derived, DERIVED_UNIT, inv->units.len);
    if (!err)
        err = derived_grow(c->derived, DERIVED_SITE, inv->sites.len);
    for (int kind = DERIVED_AREA; !err && kind <= DERIVED_AREA_MONTH; kind++)
        err = derived_grow(c->derived, (enum derived_kind)kind, inv->areas.len);
    return err;
}

struct centre *centre_new(struct inventory *inventory, const struct centre_options *options)
{
    struct centre *c = calloc(1, sizeof *c);
    if (!c) {
        inventory_free(inventory);
        return NULL;
    }
    c->options = *options;
    c->inventory = inventory;
    dirty_init(&c->changed_sites, SITES_MAX);
    c->world = world_new(inventory, &options->world);
    c->coverage = coverage_new(inventory, (struct wall_ms){INT64_MIN});
    c->stream = stream_new();
    c->session = session_new(options->will_hold_ms);
    c->outages = outages_new();
    c->serving = serving_new(inventory);
    c->derived = derived_new(&options->derived);
    if (c->world && c->coverage && c->stream && c->session && c->outages && c->serving &&
        c->derived && grow_derived(c) == 0)
        return c;
    centre_free(c);
    return NULL;
}

void centre_free(struct centre *c)
{
    if (!c)
        return;
    world_free(c->world);
    coverage_free(c->coverage);
    dirty_done(&c->changed_sites);
    stream_free(c->stream);
    session_free(c->session);
    outages_free(c->outages);
    serving_free(c->serving);
    derived_free(c->derived);
    inventory_free(c->inventory);
    free(c);
}

int centre_set_inventory(struct centre *c, struct inventory *inventory, struct wall_ms reload)
{
    struct serving *serving = serving_new(inventory);
    int err = serving ? coverage_set_inventory(c->coverage, inventory, reload) : ERR_NOMEM;
    if (!err)
        err = world_set_inventory(c->world, inventory, reload);
    if (err) {
        serving_free(serving);
        inventory_free(inventory);
        return err;
    }
    serving_free(c->serving);
    inventory_free(c->inventory);
    c->serving = serving;
    c->inventory = inventory;
    return grow_derived(c);
}

/* Derived points of the unit, its site and what lies above are to be rendered again, as far back as
 * corrections are followed there. */
static int mark_derived(struct centre *c, uint32_t unit, uint32_t site, struct wall_ms from)
{
    int64_t oldest_ms = world_now(c->world).ms - CORRECTIONS_MS;
    from.ms = from.ms < oldest_ms ? oldest_ms : from.ms;
    int err = derived_changed(c->derived, DERIVED_UNIT, unit, from);
    if (!err)
        err = derived_changed(c->derived, DERIVED_SITE, site, from);
    const struct site_row *row = inventory_site(c->inventory, site, world_now(c->world));
    uint32_t area = row ? row->area : INV_NONE;
    for (int depth = 0; !err && area != INV_NONE && depth < INVENTORY_TREE_DEPTH; depth++) {
        for (int kind = DERIVED_AREA; !err && kind <= DERIVED_AREA_MONTH; kind++)
            err = derived_changed(c->derived, (enum derived_kind)kind, area, from);
        const struct area_row *above = inventory_area(c->inventory, area, world_now(c->world));
        area = above ? above->parent : INV_NONE;
    }
    return err;
}

/* Outages that the change may have touched. Numbers beyond what derived points can hold are left to
 * the API: a unit that flaps for years must not end the process. */
static int mark_outages(struct centre *c, uint32_t unit, struct wall_ms from)
{
    size_t n = 0;
    const struct outage *list = outages_of_unit(c->outages, unit, &n);
    int err = 0;
    for (size_t i = n; !err && i > 0 && list[i - 1].to.ms >= from.ms; i--)
        err = derived_changed(c->derived, DERIVED_OUTAGE, (uint32_t)list[i - 1].number, from);
    return err == ERR_FULL ? 0 : err;
}

/* Those who build upon unit timelines learn that one changed from an instant on. */
static int pass_on(struct centre *c, uint32_t unit, struct wall_ms from)
{
    struct unit_view now = world_unit_at(c->world, unit, world_now(c->world));
    coverage_unit(c->coverage, unit, &now);
    uint32_t site = inventory_unit_id(c->inventory, unit)->site;
    int err = dirty_add(&c->changed_sites, site);
    if (!err)
        err = mark_derived(c, unit, site, from);
    if (!err)
        err = mark_outages(c, unit, from); /* those that may vanish */
    if (!err)
        err = outages_update(c->outages, c->world, unit, from);
    return err ? err : mark_outages(c, unit, from);
}

static int pass_on_changes(struct centre *c)
{
    size_t n = 0;
    const struct world_change *change = world_changes(c->world, &n);
    int err = coverage_advance(c->coverage, world_now(c->world));
    for (size_t i = 0; !err && i < n; i++)
        err = pass_on(c, change[i].unit, change[i].from);
    if (!err)
        world_changes_clear(c->world);
    return err;
}

int centre_advance(struct centre *c, struct wall_ms now)
{
    uint32_t probe = 0;
    struct wall_ms receipt;
    int err = 0;
    while (!err && session_next_will(c->session, c->marker.when, &probe, &receipt))
        err = world_will(c->world, probe, receipt);
    if (!err)
        err = world_advance(c->world, now);
    return err ? err : pass_on_changes(c);
}

int centre_save(struct centre *c, const struct row_sink *sink)
{
    int err = world_save(c->world, sink);
    if (!err)
        err = stream_save(c->stream, sink);
    if (!err)
        err = session_save(c->session, sink);
    if (!err)
        err = outages_save(c->outages, sink);
    if (!err)
        err = derived_save(c->derived, sink);
    return err ? err : ledger_save(&c->ledger, sink);
}

int centre_load(struct centre *c, uint8_t kind, struct slice key, struct slice value)
{
    switch (kind) {
    case ROW_PROBE:
    case ROW_CHECK_SPANS:
    case ROW_PROBE_LISTS:
    case ROW_PROBE_SIGNS:
    case ROW_LISTENING:
        return world_load(c->world, kind, key, value);
    case ROW_STREAM:
        return stream_load(c->stream, key, value);
    case ROW_SESSION:
        return session_load(c->session, key, value);
    case ROW_LEDGER:
        return ledger_load(&c->ledger, value);
    case ROW_DIRTY:
        return derived_load(c->derived, key, value);
    case ROW_OUTAGE:
        return outages_load(c->outages, key, value);
    default:
        return ERR_UNKNOWN;
    }
}

int centre_loaded(struct centre *c)
{
    int err = world_loaded(c->world);
    for (uint32_t unit = 0; !err && unit < c->inventory->units.len; unit++) {
        struct unit_view now = world_unit_at(c->world, unit, world_now(c->world));
        coverage_unit(c->coverage, unit, &now);
        err = outages_update(c->outages, c->world, unit, (struct wall_ms){INT64_MIN});
    }
    world_changes_clear(c->world); /* nothing changed: it was only read back */
    return err;
}
