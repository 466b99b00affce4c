#include "core/world_inside.h"

#include "base/err.h"

#include <stdlib.h>

enum {
    SECOND_MS = 1000,
    PACK_PERIOD_S = 30,
    LATE_S = 15,
    KEEP_DAYS = 70,
    DAY_S = 24 * 3600,
    MINUTE_S = 60,
    CHECKS_PER_PROBE = 256,
    QUEUE_MAX = 1 << 27,
    KINDS = 6,
    CHANGES_IDLE_MAX = 4096,
};

struct world_options world_options_default(void)
{
    struct world_options options = {
        .late_ms = (PACK_PERIOD_S + LATE_S) * SECOND_MS,
        .keep_ms = (int64_t)KEEP_DAYS * DAY_S * SECOND_MS,
        .future_ms = MINUTE_S * SECOND_MS,
        .connect_settle_ms = MINUTE_S * SECOND_MS,
        .checks_per_probe = CHECKS_PER_PROBE,
    };
    for (int i = 0; i < KINDS; i++)
        options.hysteresis[i].bad = options.hysteresis[i].good = 1;
    return options;
}

struct world_probe *world_inside_probe(const struct world *w, uint32_t probe)
{
    return probe < w->probes.len ? vec_at(&w->probes, probe) : NULL;
}

struct read_context world_inside_context(const struct world *w)
{
    return (struct read_context){
        .listening = &w->listening,
        .terms = &w->terms,
        .now = w->edge,
        .late_ms = w->options.late_ms,
    };
}

/* Room for the probes and units of a newer inventory; numbers never change. */
static int grow(struct world *w)
{
    while (w->probes.len < w->inv->probes.len) {
        struct world_probe *probe = vec_push(&w->probes);
        if (!probe)
            return ERR_NOMEM;
        probe->list_from = INT64_MIN;
        probe->last_heard = INT64_MIN;
    }
    while (w->units.len < w->inv->units.len) {
        struct world_unit *unit = vec_push(&w->units);
        if (!unit)
            return ERR_NOMEM;
        unit->dirty_from = INT64_MAX;
        unit->settled = INT64_MIN;
        unit->due = INT64_MAX;
    }
    return 0;
}

static int adopt(struct world *w, const struct inventory *inv, int64_t from)
{
    struct world_graph graph;
    int err = world_graph_build(&graph, inv);
    if (err) {
        world_graph_done(&graph);
        return err;
    }
    world_graph_done(&w->graph);
    w->graph = graph;
    w->inv = inv;
    err = grow(w);
    for (uint32_t i = 0; !err && i < w->units.len; i++)
        err = world_inside_mark(w, i, from);
    return err ? err : world_inside_settle(w, NULL);
}

static bool is_steady(const struct world_options *options)
{
    for (int i = 0; i < KINDS; i++)
        if (options->hysteresis[i].bad > 1 || options->hysteresis[i].good > 1)
            return false;
    return true;
}

struct world *world_new(const struct inventory *inv, const struct world_options *options)
{
    struct world *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->options = *options;
    w->steady = is_steady(options);
    w->now = INT64_MIN;
    w->edge = INT64_MIN;
    w->heard_to = INT64_MIN;
    w->doubt.from = INT64_MAX;
    w->trim.before = INT64_MIN;
    w->watched = INT64_MIN;
    w->listening.settle_ms = options->connect_settle_ms;
    terms_init(&w->terms);
    check_table_init(&w->checks);
    vec_init(&w->probes, sizeof(struct world_probe), UINT32_MAX);
    vec_init(&w->units, sizeof(struct world_unit), UINT32_MAX);
    due_init(&w->deadlines, QUEUE_MAX);
    due_init(&w->markers, QUEUE_MAX);
    due_init(&w->pending, WORLD_PENDING_MAX);
    due_init(&w->dirty, QUEUE_MAX);
    vec_init(&w->changes, sizeof(struct world_change), UINT32_MAX);
    vec_init(&w->fresh, sizeof(struct world_fresh), UINT32_MAX);
    vec_init(&w->links, sizeof(struct world_link), UINT16_MAX);
    vec_init(&w->loading, sizeof(struct world_loading), CHECK_MAX);
    if (adopt(w, inv, 0) != 0) {
        world_free(w);
        return NULL;
    }
    return w;
}

void world_free(struct world *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->probes.len; i++) {
        struct world_probe *probe = vec_at(&w->probes, i);
        signs_done(&probe->signs);
        free(probe->checks);
    }
    for (size_t i = 0; i < w->units.len; i++) {
        struct world_unit *unit = vec_at(&w->units, i);
        timeline_done(&unit->states);
        if (unit->checks_cap)
            free(unit->checks.many);
    }
    vec_done(&w->probes);
    vec_done(&w->units);
    terms_done(&w->terms);
    check_table_done(&w->checks);
    listening_done(&w->listening);
    world_graph_done(&w->graph);
    due_done(&w->deadlines);
    due_done(&w->markers);
    due_done(&w->pending);
    due_done(&w->dirty);
    vec_done(&w->changes);
    vec_done(&w->fresh);
    vec_done(&w->links);
    vec_done(&w->loading);
    free(w);
}

int world_set_inventory(struct world *w, const struct inventory *inv, struct wall_ms from)
{
    return adopt(w, inv, from.ms);
}

static int mark_site(struct world *w, const struct world_declared *declared)
{
    size_t n = 0;
    const uint32_t *units = inventory_site_units(w->inv, declared->site, &n);
    int err = 0;
    for (size_t i = 0; !err && i < n; i++)
        err = world_inside_mark(w, units[i], declared->from.ms);
    return err;
}

int world_set_declarations(struct world *w, const struct inventory *inv,
                           const struct world_declared *sites, size_t n)
{
    int err = 0;
    w->inv = inv;
    for (size_t i = 0; !err && i < n; i++)
        err = mark_site(w, &sites[i]);
    return err ? err : world_inside_settle(w, NULL);
}

const struct timeline *world_unit_timeline(const struct world *w, uint32_t unit)
{
    return &((const struct world_unit *)vec_at(&w->units, unit))->states;
}

struct unit_view world_unit_at(const struct world *w, uint32_t unit, struct wall_ms t)
{
    static const struct unit_view unknown = {
        STATE_UNOBSERVED, STATE_UNOBSERVED,    CAUSE_UNKNOWN,
        CAUSE_UNKNOWN,    PROVENANCE_MEASURED, false,
    };
    uint16_t code = timeline_at(world_unit_timeline(w, unit), t);
    return code == TIMELINE_NOTHING ? unknown : state_unpack(code);
}

const uint32_t *world_own_probes(const struct world *w, uint32_t site, size_t *ret_len)
{
    return world_graph_list(&w->graph.own_probes, site, ret_len);
}

const struct inventory *world_inventory(const struct world *w)
{
    return w->inv;
}

struct wall_ms world_now(const struct world *w)
{
    return (struct wall_ms){w->now};
}

const struct world_change *world_changes(const struct world *w, size_t *ret_len)
{
    *ret_len = w->changes.len - w->changes_taken;
    return *ret_len ? vec_at(&w->changes, w->changes_taken) : NULL;
}

bool world_change_of(const struct world *w, uint32_t unit, struct wall_ms *ret_from)
{
    uint32_t change = ((const struct world_unit *)vec_at(&w->units, unit))->change;
    if (change)
        *ret_from = ((const struct world_change *)vec_at(&w->changes, change - 1))->from;
    return change != 0;
}

bool world_change_take(struct world *w, struct world_change *ret_change)
{
    if (w->changes_taken == w->changes.len)
        return false;
    *ret_change = *(const struct world_change *)vec_at(&w->changes, w->changes_taken++);
    ((struct world_unit *)vec_at(&w->units, ret_change->unit))->change = 0;
    if (w->changes_taken == w->changes.len)
        world_changes_clear(w);
    return true;
}

void world_changes_clear(struct world *w)
{
    for (size_t i = w->changes_taken; i < w->changes.len; i++) {
        const struct world_change *change = vec_at(&w->changes, i);
        ((struct world_unit *)vec_at(&w->units, change->unit))->change = 0;
    }
    w->changes.len = 0;
    w->changes_taken = 0;
    if (w->changes.cap > CHANGES_IDLE_MAX)
        vec_done(&w->changes);
}
