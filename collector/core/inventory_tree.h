/**
 * @file
 * The tree of areas at an instant: which villages lie below an area, and which a unit serves
 * (FIGURES 7.10).
 *
 * It looks at dated rows each time and keeps nothing; counters that follow changes are
 * coverage.h's.
 */
#ifndef CORE_INVENTORY_TREE_H
#define CORE_INVENTORY_TREE_H

#include "core/inventory.h"

/** No tree is deeper; what lies deeper counts as outside. */
enum { INVENTORY_TREE_DEPTH = 64 };

/**
 * Appends to @p villages (of uint32_t) the number of each village at or below @p area at @p t, each
 * once. O(areas below). 0, ERR_NOMEM or ERR_FULL.
 */
int inventory_tree_villages(const struct inventory *inv, uint32_t area, struct wall_ms t,
                            struct vec *villages) MUST_USE;
/** Appends the villages that @p unit serves at @p t, each once, sorted by number; errors as above.
 * Whether the unit exists does not matter. */
int inventory_tree_served(const struct inventory *inv, uint32_t unit, struct wall_ms t,
                          struct vec *villages) MUST_USE;
/** Indices in area_rows of the rows that name @p area as their parent, at whatever time; *ret_len
 * of them. O(1). */
const uint32_t *inventory_tree_children(const struct inventory *inv, uint32_t area,
                                        size_t *ret_len);
/** The first area without a parent at @p t, INV_NONE if there is none. O(areas). */
uint32_t inventory_tree_root(const struct inventory *inv, struct wall_ms t);
/** True if @p area is @p root or lies below it at @p t. O(depth). */
bool inventory_tree_within(const struct inventory *inv, uint32_t area, uint32_t root,
                           struct wall_ms t);
/** The same; until *ret_until nothing on the way from @p area up changes. */
bool inventory_tree_within_until(const struct inventory *inv, uint32_t area, uint32_t root,
                                 struct wall_ms t, struct wall_ms *ret_until);

#endif
