#include "core/centre.h"

#include "base/err.h"

#include <stdlib.h>

enum { SITES_MAX = 16 << 20 };

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
    if (c->world && c->coverage && c->stream && c->session && c->outages && c->serving)
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
    return 0;
}

/* Those who build upon unit timelines learn that one changed from an instant on. */
static int pass_on(struct centre *c, uint32_t unit, struct wall_ms from)
{
    struct unit_view now = world_unit_at(c->world, unit, world_now(c->world));
    coverage_unit(c->coverage, unit, &now);
    int err = dirty_add(&c->changed_sites, inventory_unit_id(c->inventory, unit)->site);
    return err ? err : outages_update(c->outages, c->world, unit, from);
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
    case ROW_OUTAGE:
        return outages_load(c->outages, key, value);
    default:
        return ERR_UNKNOWN;
    }
}

int centre_loaded(struct centre *c)
{
    int err = world_loaded(c->world);
    if (!err)
        err = coverage_advance(c->coverage, world_now(c->world));
    for (uint32_t unit = 0; !err && unit < c->inventory->units.len; unit++)
        err = pass_on(c, unit, (struct wall_ms){INT64_MIN});
    return err;
}
