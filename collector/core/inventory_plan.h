/**
 * @file
 * What one request of maintenance stands for: a site with all that would be out with it, and works
 * that come again every day or week, as the single declarations of core/inventory_declare.h.
 *
 * Each declaration then lives by itself, so figures and history know nothing of plans; those of one
 * request are found again by what they have in common (inventory_plan_like()).
 */
#ifndef CORE_INVENTORY_PLAN_H
#define CORE_INVENTORY_PLAN_H

#include "core/inventory_declare.h"

/** Declarations of one request at most. */
#define INVENTORY_PLAN_MAX 1000

/** What is wished. */
struct inventory_plan {
    struct inventory_wish wish; /**< the first of them */
    bool dependents;            /**< also of every site that would be out with it */
    int64_t every_ms;           /**< from one start to the next; at least as long as it lasts */
    uint32_t times;             /**< how often, at least 1 */
};

/** Appends @p site and every site all of whose ways lead through it at @p t (of one group of
 * alternatives all) to @p ret_sites (of uint32_t), each once: 0, ERR_NOMEM or ERR_FULL. O(rows of
 * dependence x depth). */
int inventory_plan_subtree(const struct inventory *inv, uint32_t site, struct wall_ms t,
                           struct vec *ret_sites) MUST_USE;
/** Appends the wishes of @p plan to @p ret_wishes (of struct inventory_wish): 0, ERR_NOMEM, or
 * ERR_FULL if there are more than INVENTORY_PLAN_MAX. */
int inventory_plan_wishes(const struct inventory *inv, const struct inventory_plan *plan,
                          struct wall_ms now, struct vec *ret_wishes) MUST_USE;
/** True if both were declared by one request. */
bool inventory_plan_like(const struct declaration *a, const struct declaration *b);

#endif
