/**
 * @file
 * Who is touched when a unit changes, or a probe gasps: the inventory's references turned round,
 * over all of its dates, and the order in which units are evaluated.
 *
 * It answers with numbers only; whether a reference holds at an instant is looked up by who asks.
 */
#ifndef CORE_WORLD_GRAPH_H
#define CORE_WORLD_GRAPH_H

#include "core/inventory.h"

/** A list of numbers per key. Storage of the caller, zeroed = empty. */
struct world_lists {
    uint32_t *first; /**< keys + 1 indices into items */
    uint32_t *items; /**< the numbers */
    uint32_t keys;   /**< how many keys */
};

/** Storage of the caller; zeroed = empty. */
struct world_graph {
    struct world_lists children;   /**< by site: sites that depend on it or on a unit of it */
    struct world_lists anchored;   /**< by unit: units whose anchor it is */
    struct world_lists own_probes; /**< by site: probes that stand or stood there */
    uint32_t *rank;                /**< by unit: higher than that of all it looks at */
};

/** Frees all. */
void world_graph_done(struct world_graph *graph);
/** The references of @p inv. 0 or ERR_NOMEM. O(inventory x depth of dependence) */
int world_graph_build(struct world_graph *graph, const struct inventory *inv) MUST_USE;
/** The numbers of @p key; *ret_len of them. */
const uint32_t *world_graph_list(const struct world_lists *lists, uint32_t key, size_t *ret_len);

#endif
