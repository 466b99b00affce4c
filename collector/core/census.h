/**
 * @file
 * How many units are in each state now, counted as they change: whoever asks for the numbers, again
 * and again, need not look at a million units.
 *
 * It is told; core/centre.h tells it. What states mean is core/state.h's.
 */
#ifndef CORE_CENSUS_H
#define CORE_CENSUS_H

#include "base/attr.h"
#include "base/vec.h"
#include "core/state.h"

/** Storage of the caller. */
struct census {
    uint32_t units[STATE_COUNT]; /**< how many are in each state; read only */
    struct vec states;           /**< uint8_t by unit: 1 + its state, 0 = never told */
};

/** Nothing is counted. Allocates nothing. */
void census_init(struct census *c);
/** Frees all. */
void census_done(struct census *c);
/** @p unit is in @p state now. 0, or ERR_NOMEM with the counts as before. Amortised O(1) where
 * units come by their numbers. */
int census_set(struct census *c, uint32_t unit, enum unit_state state) MUST_USE;

#endif
