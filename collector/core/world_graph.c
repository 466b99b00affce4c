#include "core/world_graph.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

/* Dependence deeper than this is evaluated in an order of chance; only a cycle goes there. */
enum { DEPTH_MAX = 256 };

/* Calls for every pair of (key, number) of one kind of reference. */
typedef void each_pair(const struct inventory *inv, void (*pair)(void *, uint32_t, uint32_t),
                       void *context);

static void each_child(const struct inventory *inv, void (*pair)(void *, uint32_t, uint32_t),
                       void *context)
{
    for (size_t i = 0; i < inv->depends_rows.len; i++) {
        const struct depends_row *row = vec_at(&inv->depends_rows, i);
        uint32_t site = row->on_site;
        if (row->on_unit != INV_NONE)
            site = inventory_unit_id(inv, row->on_unit)->site;
        pair(context, site, row->child);
    }
}

static void each_anchored(const struct inventory *inv, void (*pair)(void *, uint32_t, uint32_t),
                          void *context)
{
    for (size_t i = 0; i < inv->unit_rows.len; i++) {
        const struct unit_row *row = vec_at(&inv->unit_rows, i);
        if (row->anchor != INV_NONE)
            pair(context, row->anchor, row->unit);
    }
}

static void each_own_probe(const struct inventory *inv, void (*pair)(void *, uint32_t, uint32_t),
                           void *context)
{
    for (size_t i = 0; i < inv->probe_rows.len; i++) {
        const struct probe_row *row = vec_at(&inv->probe_rows, i);
        if (row->site != INV_NONE)
            pair(context, row->site, row->probe);
    }
}

static void count_pair(void *context, uint32_t key, uint32_t number)
{
    struct world_lists *lists = context;
    (void)number;
    lists->first[key + 1]++;
}

/* A key's list is filled from its end, so that `first` ends up where it should. */
static void put_pair(void *context, uint32_t key, uint32_t number)
{
    struct world_lists *lists = context;
    lists->items[--lists->first[key + 1]] = number;
}

static int build(struct world_lists *lists, const struct inventory *inv, uint32_t keys,
                 each_pair *each)
{
    lists->keys = keys;
    lists->first = calloc((size_t)keys + 2, sizeof *lists->first);
    if (!lists->first)
        return ERR_NOMEM;
    each(inv, count_pair, lists);
    for (uint32_t i = 1; i <= keys; i++)
        lists->first[i] += lists->first[i - 1];
    uint32_t total = lists->first[keys];
    lists->items = malloc((total + 1U) * sizeof *lists->items);
    if (!lists->items)
        return ERR_NOMEM;
    each(inv, put_pair, lists);
    memmove(lists->first, lists->first + 1, keys * sizeof *lists->first);
    lists->first[keys] = total;
    return 0;
}

const uint32_t *world_graph_list(const struct world_lists *lists, uint32_t key, size_t *ret_len)
{
    *ret_len = 0;
    if (key >= lists->keys)
        return NULL;
    *ret_len = lists->first[key + 1] - lists->first[key];
    return lists->items + lists->first[key];
}

static bool raise(uint32_t *rank, uint32_t above)
{
    if (*rank > above)
        return false;
    *rank = above + 1;
    return true;
}

/* Lifts everything that looks at `unit` above it; true if something moved. */
static bool lift_watchers(struct world_graph *graph, const struct inventory *inv, uint32_t unit)
{
    bool moved = false;
    size_t n;
    const uint32_t *anchored = world_graph_list(&graph->anchored, unit, &n);
    for (size_t i = 0; i < n; i++)
        moved |= raise(&graph->rank[anchored[i]], graph->rank[unit]);
    const uint32_t *children =
        world_graph_list(&graph->children, inventory_unit_id(inv, unit)->site, &n);
    for (size_t i = 0; i < n; i++) {
        size_t n_units;
        const uint32_t *units = inventory_site_units(inv, children[i], &n_units);
        for (size_t k = 0; k < n_units; k++)
            moved |= raise(&graph->rank[units[k]], graph->rank[unit]);
    }
    return moved;
}

static int rank_units(struct world_graph *graph, const struct inventory *inv)
{
    uint32_t units = inv->units.len;
    graph->rank = calloc((size_t)units + 1, sizeof *graph->rank);
    if (!graph->rank)
        return ERR_NOMEM;
    bool moved = true;
    for (int round = 0; moved && round < DEPTH_MAX; round++) {
        moved = false;
        for (uint32_t unit = 0; unit < units; unit++)
            moved |= lift_watchers(graph, inv, unit);
    }
    return 0;
}

static void lists_done(struct world_lists *lists)
{
    free(lists->first);
    free(lists->items);
}

void world_graph_done(struct world_graph *graph)
{
    lists_done(&graph->children);
    lists_done(&graph->anchored);
    lists_done(&graph->own_probes);
    free(graph->rank);
    *graph = (struct world_graph){0};
}

int world_graph_build(struct world_graph *graph, const struct inventory *inv)
{
    *graph = (struct world_graph){0};
    int err = build(&graph->children, inv, inv->sites.len, each_child);
    if (!err)
        err = build(&graph->anchored, inv, inv->units.len, each_anchored);
    if (!err)
        err = build(&graph->own_probes, inv, inv->sites.len, each_own_probe);
    if (!err)
        err = rank_units(graph, inv);
    return err;
}
