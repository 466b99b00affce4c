#include "core/centre_declare.h"

#include "base/err.h"
#include "core/inventory_accept.h"
#include "core/inventory_tree.h"

#include <stdlib.h>

enum { SITES_MAX = 16 << 20, WILLS_AT_ONCE = 16 };

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

/* Measured coverage stands on the tree and the operators of the coverage of units. */
static int follow_coverage(struct centre *c, struct wall_ms t)
{
    uint64_t builds = coverage_builds(c->coverage);
    if (builds == c->measured_builds)
        return 0;
    int err = measured_build(c->measured, c->inventory, c->coverage, t);
    c->measured_builds = err ? 0 : builds;
    return err;
}

/* Every unit, the new ones among them. */
static int count_units(struct centre *c)
{
    int err = 0;
    for (uint32_t unit = 0; !err && unit < c->inventory->units.len; unit++)
        err =
            census_set(&c->census, unit, world_unit_at(c->world, unit, world_now(c->world)).state);
    return err;
}

/* Outages that the change may have touched. Numbers beyond what derived points can hold are left to
 * the API: a unit that flaps for years must not end the process. */
static int mark_outages(struct centre *c, uint32_t unit, struct wall_ms from)
{
    int err = 0;
    for (size_t i = outages_count(c->outages, unit); !err && i > 0; i--) {
        struct outage o = outages_at(c->outages, unit, i - 1);
        if (o.to.ms < from.ms)
            break;
        struct derived_outage dirty = {(uint32_t)o.number, unit, o.born};
        err = o.number <= UINT32_MAX ? derived_outage_changed(c->derived, &dirty) : 0;
    }
    return err == ERR_FULL ? 0 : err;
}

static int follow_outages(struct centre *c, uint32_t unit, struct wall_ms from)
{
    int err = mark_outages(c, unit, from); /* those that may vanish */
    if (!err)
        err = outages_update(c->outages, c->world, unit, from);
    if (!err)
        err = lives_follow(c->lives, c->outages, unit);
    return err ? err : mark_outages(c, unit, from);
}

static int on_changing(void *context, uint32_t unit, struct wall_ms from, struct wall_ms to)
{
    struct centre *c = context;
    return annals_changing(c->annals, unit, from, to);
}

/* What a turn changed and the outages have not seen yet goes into them before it is settled: a
 * backlog may bring more changes at once than a line holds. */
static int on_forgetting(void *context, uint32_t unit, struct wall_ms to)
{
    struct centre *c = context;
    struct wall_ms from;
    int err = world_change_of(c->world, unit, &from) ? follow_outages(c, unit, from) : 0;
    return err ? err : annals_forgetting(c->annals, unit, to);
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
    census_init(&c->census);
    c->world = world_new(inventory, &options->world);
    retention_init(&c->retention, options->archive_ms, options->derived.zone_ms);
    shift_book_init(&c->shifts, options->shift_ms);
    struct revisions_options annals = {options->derived.zone_ms, options->grace_ms};
    c->annals = c->world ? annals_new(c->world, &annals) : NULL;
    c->coverage = coverage_new(inventory, (struct wall_ms){INT64_MIN});
    c->measured = measured_new(&options->measured);
    c->supplies = supply_new();
    c->stream = stream_new();
    c->session = session_new(options->will_hold_ms);
    c->outages = outages_new();
    c->lives = lives_new();
    c->serving = serving_new(inventory);
    c->derived = derived_new(&options->derived);
    if (c->annals && c->coverage && c->measured && c->supplies && c->stream && c->session &&
        c->outages && c->lives && c->serving && c->derived && grow_derived(c) == 0 &&
        count_units(c) == 0 && follow_coverage(c, (struct wall_ms){INT64_MIN}) == 0) {
        world_set_watch(c->world, &(struct world_watch){c, on_changing, on_forgetting});
        return c;
    }
    centre_free(c);
    return NULL;
}

void centre_free(struct centre *c)
{
    if (!c)
        return;
    annals_free(c->annals);
    world_free(c->world);
    coverage_free(c->coverage);
    measured_free(c->measured);
    supply_free(c->supplies);
    dirty_done(&c->changed_sites);
    census_done(&c->census);
    stream_free(c->stream);
    session_free(c->session);
    outages_free(c->outages);
    lives_free(c->lives);
    shift_book_done(&c->shifts);
    serving_free(c->serving);
    derived_free(c->derived);
    inventory_free(c->inventory);
    inventory_free(c->stored);
    inventory_kept_done(&c->declared);
    free(c);
}

int centre_set_inventory(struct centre *c, struct inventory *inventory, struct wall_ms reload)
{
    struct serving *serving = serving_new(inventory);
    int err = serving ? coverage_set_inventory(c->coverage, inventory, reload) : ERR_NOMEM;
    revisions_because(c->annals->revisions, REVISION_INVENTORY);
    if (!err)
        err = world_set_inventory(c->world, inventory, reload);
    revisions_because(c->annals->revisions, REVISION_LATE_EVIDENCE);
    if (err) {
        serving_free(serving);
        inventory_free(inventory);
        return err;
    }
    serving_free(c->serving);
    inventory_free(c->inventory);
    c->serving = serving;
    c->inventory = inventory;
    c->inventories++;
    err = grow_derived(c);
    if (!err)
        err = count_units(c);
    return err ? err : follow_coverage(c, reload);
}

/* Goes on with an inventory in which a unit was accepted. Returns the one before. */
static struct inventory *go_on(struct centre *c, struct inventory *inventory)
{
    struct inventory *before = c->inventory;
    c->inventory = inventory;
    c->inventories++;
    coverage_set_same(c->coverage, inventory);
    measured_set_same(c->measured, inventory);
    return before;
}

/* The store still has the rows of the first that was left. */
static void leave(struct centre *c, struct inventory *before)
{
    if (c->stored)
        inventory_free(before);
    else
        c->stored = before;
}

static int accepted(struct centre *c, struct inventory *inventory, uint32_t site, struct wall_ms t)
{
    struct inventory *before = go_on(c, inventory);
    int err = centre_declared(c, &(struct world_declared){site, t}, 1);
    leave(c, before);
    return err;
}

int centre_accept(struct centre *c, uint32_t unit, struct wall_ms t, struct wall_ms now)
{
    struct inventory *fresh = NULL;
    int err = inventory_accept(c->inventory, unit, t, now, &fresh);
    struct serving *serving = err ? NULL : serving_new(fresh);
    if (err || !serving) {
        inventory_free(fresh);
        return err ? err : ERR_NOMEM;
    }
    err = coverage_set_inventory(c->coverage, fresh, now);
    if (!err)
        err = accepted(c, fresh, inventory_unit_id(fresh, unit)->site, t);
    serving_free(c->serving);
    c->serving = serving;
    return err ? err : follow_coverage(c, now);
}

static int save_inventory(struct centre *c, const struct row_sink *sink)
{
    int err = c->stored ? inventory_save(c->inventory, c->stored, sink) : 0;
    if (err)
        return err;
    inventory_free(c->stored);
    c->stored = NULL;
    return inventory_save_declarations(c->inventory, &c->declared, sink);
}

/* Instants from `from` on are to be rendered again, as far back as corrections of that kind are
 * followed: a probe that brings a month must not cost a million points of each minute, but the
 * hours and days of all that is kept are few. */
static int mark(struct centre *c, enum derived_kind kind, uint32_t thing, struct wall_ms from)
{
    bool minutes = kind < DERIVED_AREA_HOUR;
    int64_t back = minutes ? c->options.minutes_back_ms : c->options.world.keep_ms;
    int64_t oldest = world_now(c->world).ms - back;
    return derived_changed(c->derived, kind, thing,
                           (struct wall_ms){from.ms < oldest ? oldest : from.ms});
}

/* Derived points of the unit, its site and what lies above are to be rendered again. */
static int mark_derived(struct centre *c, uint32_t unit, uint32_t site, struct wall_ms from)
{
    int err = mark(c, DERIVED_UNIT, unit, from);
    if (!err)
        err = mark(c, DERIVED_SITE, site, from);
    const struct site_row *row = inventory_site(c->inventory, site, world_now(c->world));
    uint32_t area = row ? row->area : INV_NONE;
    for (int depth = 0; !err && area != INV_NONE && depth < INVENTORY_TREE_DEPTH; depth++) {
        for (int kind = DERIVED_AREA; !err && kind <= DERIVED_AREA_MONTH; kind++)
            err = mark(c, (enum derived_kind)kind, area, from);
        const struct area_row *above = inventory_area(c->inventory, area, world_now(c->world));
        area = above ? above->parent : INV_NONE;
    }
    return err;
}

/* Those who build upon unit timelines learn that one changed from an instant on. */
static int pass_on(struct centre *c, uint32_t unit, struct wall_ms from)
{
    struct unit_view now = world_unit_at(c->world, unit, world_now(c->world));
    coverage_unit(c->coverage, unit, &now);
    uint32_t site = inventory_unit_id(c->inventory, unit)->site;
    int err = dirty_add(&c->changed_sites, site);
    if (!err)
        err = census_set(&c->census, unit, now.state);
    if (!err)
        err = mark_derived(c, unit, site, from);
    return err ? err : follow_outages(c, unit, from);
}

static int pass_on_changes(struct centre *c, size_t *steps)
{
    struct world_change change;
    int err = 0;
    while (!err && *steps && world_change_take(c->world, &change)) {
        --*steps;
        err = pass_on(c, change.unit, change.from);
    }
    return err;
}

/* Wills whose hold ended, no more of them than are worth evaluating at once. */
static int take_wills(struct centre *c, size_t *steps, bool *ret_any)
{
    uint32_t probe = 0;
    struct wall_ms receipt;
    int err = 0;
    int taken = 0;
    for (; !err && *steps && taken < WILLS_AT_ONCE &&
           session_next_will(c->session, c->marker.when, &probe, &receipt);
         taken++) {
        --*steps;
        err = world_will(c->world, probe, receipt);
    }
    *ret_any = taken > 0;
    return err;
}

int centre_reach(struct centre *c, struct wall_ms now)
{
    int err = annals_advance(c->annals, now);
    world_reach(c->world, now);
    retention_advance(&c->retention, now, c->inventory->units.len);
    if (!err)
        err = coverage_advance(c->coverage, world_now(c->world));
    if (!err)
        err = follow_coverage(c, world_now(c->world));
    return err ? err : measured_advance(c->measured, world_now(c->world));
}

int centre_work(struct centre *c, bool due, size_t *steps)
{
    int err = 0;
    bool any = true;
    while (!err && any && *steps) {
        any = false;
        err = pass_on_changes(c, steps); /* first, so that no more wait than one call makes */
        if (!err && due)
            err = take_wills(c, steps, &any);
        if (!err)
            err = world_work(c->world, due, steps);
        size_t changes = 0;
        world_changes(c->world, &changes);
        any = any || changes > 0;
    }
    if (!err && *steps)
        annals_follow(c->annals);
    return err;
}

int centre_advance(struct centre *c, struct wall_ms now)
{
    size_t steps = SIZE_MAX;
    int err = centre_reach(c, now);
    return err ? err : centre_work(c, true, &steps);
}

int centre_save(struct centre *c, const struct row_sink *sink)
{
    int err = save_inventory(c, sink);
    if (!err)
        err = world_save(c->world, sink);
    if (!err)
        err = stream_save(c->stream, sink);
    if (!err)
        err = session_save(c->session, sink);
    if (!err)
        err = outages_save(c->outages, sink);
    if (!err)
        err = lives_save(c->lives, sink);
    if (!err)
        err = shift_book_save(&c->shifts, sink);
    if (!err)
        err = derived_save(c->derived, sink);
    if (!err)
        err = measured_save(c->measured, sink);
    if (!err)
        err = supply_save(c->supplies, sink);
    if (!err)
        err = annals_save(c->annals, sink);
    if (!err)
        err = retention_save(&c->retention, sink);
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
    case ROW_MEASURED:
        return measured_load(c->measured, key, value);
    case ROW_SUPPLY:
        return supply_load(c->supplies, key, value);
    case ROW_OUTAGE:
        return outages_load(c->outages, key, value);
    case ROW_LIFE:
        return lives_load(c->lives, key, value);
    case ROW_SHIFT:
        return shift_book_load(&c->shifts, key, value);
    case ROW_HOURS:
    case ROW_EPISODE:
        return annals_load(c->annals, kind, key, value);
    default:
        return ERR_UNKNOWN;
    }
}

int centre_loaded(struct centre *c)
{
    annals_loaded(c->annals);
    int err = world_loaded(c->world);
    if (!err)
        annals_follow(c->annals);
    if (!err) /* points came back */
        err = measured_build(c->measured, c->inventory, c->coverage, world_now(c->world));
    for (uint32_t unit = 0; !err && unit < c->inventory->units.len; unit++) {
        struct unit_view now = world_unit_at(c->world, unit, world_now(c->world));
        coverage_unit(c->coverage, unit, &now);
        err = census_set(&c->census, unit, now.state);
        if (!err)
            err = outages_again(c->outages, c->world, unit);
        if (!err)
            err = lives_follow(c->lives, c->outages, unit);
    }
    return err;
}
