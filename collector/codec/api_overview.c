#include "codec/api.h"

#include "base/err.h"
#include "codec/api_life.h"
#include "codec/api_outage.h"
#include "core/inventory_tree.h"

#include <stdlib.h>

enum { TOP_OUTAGES = 12 };

/* Counts over the sites of an area. */
struct sites_by_state {
    uint32_t sites[API_KINDS][STATE_COUNT];
    uint32_t out[API_KINDS];
    uint32_t total[API_KINDS];
    uint32_t (*units)[STATE_COUNT]; /* by service */
};

static void count_units(const struct api_scope *scope, uint32_t site, struct sites_by_state *t)
{
    const struct centre *c = scope->centre;
    size_t n = 0;
    const uint32_t *units = inventory_site_units(c->inventory, site, &n);
    for (size_t i = 0; i < n; i++) {
        enum unit_state state = world_unit_at(c->world, units[i], scope->now).state;
        t->units[inventory_unit_id(c->inventory, units[i])->service][state]++;
    }
}

static void count_sites(const struct api_scope *scope, uint32_t area, struct sites_by_state *t)
{
    const struct inventory *inv = scope->centre->inventory;
    for (uint32_t site = 0; site < inv->sites.len; site++) {
        const struct site_row *row = inventory_site(inv, site, scope->now);
        if (!row || !inventory_tree_within(inv, row->area, area, scope->now))
            continue;
        struct summary s = summary_site(inv, scope->centre->world, site, scope->now);
        t->sites[row->kind][s.worst]++;
        t->total[row->kind]++;
        t->out[row->kind] += s.out;
        count_units(scope, site, t);
    }
}

static void put_states(struct emit *e, const uint32_t states[STATE_COUNT])
{
    for (int state = 0; state < STATE_COUNT; state++)
        emit_int(e, state_word(state), states[state]);
}

static void put_tally(const struct inventory *inv, const struct sites_by_state *t, struct emit *e)
{
    emit_object(e, "sites");
    for (int kind = 0; kind < API_KINDS; kind++) {
        if (!t->total[kind])
            continue;
        emit_object(e, api_kind_word(kind));
        emit_int(e, "total", t->total[kind]);
        emit_int(e, "out", t->out[kind]);
        put_states(e, t->sites[kind]);
        emit_end(e);
    }
    emit_end(e);
    emit_object(e, "units");
    for (uint32_t service = 0; service < inv->services.len; service++) {
        emit_object(e, names_text(&inv->services, service));
        put_states(e, t->units[service]);
        emit_end(e);
    }
    emit_end(e);
}

/* What the top list leaves out or shows apart. */
static void put_apart(const struct api_scope *scope, const struct outage_groups *groups,
                      struct emit *e)
{
    int64_t standing = 0;
    int64_t shelved = 0;
    for (size_t i = 0; i < groups->groups.len; i++) {
        const struct outage_group *g = vec_at(&groups->groups, i);
        standing += scope->now.ms - g->root.from.ms >= scope->standing_ms;
        shelved += api_life_of(scope, groups, g).shelf != NULL;
    }
    emit_int(e, "outages_standing", standing);
    emit_int(e, "outages_shelved", shelved);
}

static int put_outages(const struct api_scope *scope, uint32_t area, struct emit *e)
{
    struct outage_groups groups;
    int err =
        scope->past ? api_outage_then(scope, area, &groups) : api_outage_open(scope, area, &groups);
    if (err)
        return err;
    api_outage_top(scope, &groups, TOP_OUTAGES, e);
    put_apart(scope, &groups, e);
    outage_groups_done(&groups);
    return 0;
}

/* The headline figures: the last 24 hours, each kind, all operators together. */
static int put_availability(const struct api_scope *scope, uint32_t area, struct emit *e)
{
    struct api_availability_filter filter = {.area = area,
                                             .kind = -1,
                                             .op = INV_NONE,
                                             .window =
                                                 availability_window(AVAILABILITY_24H, scope->now)};
    emit_array(e, "availability_24h");
    int err = api_availability_figures(scope, &filter, e);
    emit_end(e);
    return err;
}

int api_overview(const struct api_scope *scope, uint32_t area, struct buf *out)
{
    const struct inventory *inv = scope->centre->inventory;
    struct sites_by_state *t = calloc(1, sizeof *t);
    if (t)
        t->units = calloc((size_t)inv->services.len + 1, sizeof *t->units);
    if (!t || !t->units) {
        free(t);
        return ERR_NOMEM;
    }
    count_sites(scope, area, t);
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    emit_text(&e, "centre", scope->name);
    emit_bool(&e, "simulated", scope->simulated);
    emit_instant(&e, "as_of", scope->now);
    emit_bool(&e, "listening", scope->listening);
    emit_array(&e, "area");
    api_area_item(scope, area, &e);
    emit_end(&e);
    put_tally(inv, t, &e);
    int err = put_availability(scope, area, &e);
    if (!err)
        err = put_outages(scope, area, &e);
    emit_end(&e);
    free(t->units);
    free(t);
    return err;
}
