/**
 * @file
 * What a site is in one word: the worst of its units, how many are what, and whether all are out
 * (FIGURES section 1, 7.22).
 *
 * Asked at an instant, kept nowhere. State belongs to units; this is only for maps and lists.
 */
#ifndef CORE_SUMMARY_H
#define CORE_SUMMARY_H

#include "core/inventory.h"
#include "core/world.h"

/** A site at an instant. */
struct summary {
    enum unit_state worst; /**< of the units; STATE_PLANNED if there are none */
    enum cause cause;      /**< of the worst unit */
    struct wall_ms since;  /**< start of the worst unit's present state, INT64_MIN if unknown */
    uint32_t units[STATE_COUNT]; /**< units by state */
    uint32_t len;                /**< units, planned ones included */
    bool out;                    /**< it has units in service and every one is down */
    bool awaiting;               /**< backlog of a unit is still to come */
};

/** Summary of @p site at @p t. O(units). */
struct summary summary_site(const struct inventory *inv, const struct world *w, uint32_t site,
                            struct wall_ms t);
/** Since when @p unit has the state it has at @p t, whatever the causes; INT64_MIN if from the
 * beginning. O(spans with it). */
struct wall_ms summary_since(const struct world *w, uint32_t unit, struct wall_ms t);

#endif
