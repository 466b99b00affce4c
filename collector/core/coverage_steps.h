/**
 * @file
 * Coverage of an area at many instants of the past, for a chart: as core/coverage_past.h says at
 * each of them, but made once and then led from one instant to the next by what changed in between.
 */
#ifndef CORE_COVERAGE_STEPS_H
#define CORE_COVERAGE_STEPS_H

#include "core/coverage.h"
#include "core/world.h"

/** Is told of the coverage at instant number @p index; it lives during the call. */
typedef void coverage_steps_visit(void *context, size_t index, const struct coverage *coverage);

/** Tells @p visit of each of the @p n instants @p at, which rise and are not after world_now(). 0,
 * ERR_FULL or ERR_NOMEM, perhaps after some of them. O(inventory + changes x log changes). */
int coverage_steps(const struct world *w, const struct inventory *inv, const struct wall_ms *at,
                   size_t n, coverage_steps_visit *visit, void *context) MUST_USE;

#endif
