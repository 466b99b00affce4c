/**
 * @file
 * Maintenance that was declared in retrospect, as it excuses one unit: it shows nowhere but in the
 * figures that say so (FIGURES section 3), and there as if it had been declared in time.
 *
 * It says where and until when; what is summed up, core/availability.h and core/tally.h know.
 */
#ifndef CORE_EXCUSE_H
#define CORE_EXCUSE_H

#include "core/inventory.h"
#include "core/state.h"

/** What may excuse one unit. Zeroed = nothing does. */
struct excuse {
    const struct declaration *rows; /**< of the unit's site, in force as long as the inventory */
    size_t n;                       /**< how many; 0 if none of them concerns the unit */
    uint32_t unit;                  /**< unit number */
};

/** What may excuse @p unit, by @p inv, which must outlive it. O(declarations of its site) */
struct excuse excuse_of(const struct inventory *inv, uint32_t unit);
/** True if the declaration was made in retrospect and not withdrawn. */
bool excuse_is(const struct declaration *d);
/** Is the unit excused at @p t? The first instant after it at which that may differ lowers
 * *until. */
bool excuse_at(const struct excuse *e, int64_t t, int64_t *until);
/** True if one of them ends exactly at @p t: such an edge is exact, whatever the samples around. */
bool excuse_ends(const struct excuse *e, int64_t t);
/** True if one of them holds anywhere in [@p from, @p to), or ends at @p from: sums of that stretch
 * may differ with it. */
bool excuse_touches(const struct excuse *e, int64_t from, int64_t to);
/** True if what a unit shows gives way to it: all but planned and maintenance that was declared in
 * time (FIGURES section 2: the first overlay in the order). */
bool excuse_hides(enum unit_state state);

#endif
