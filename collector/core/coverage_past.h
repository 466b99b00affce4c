/**
 * @file
 * Coverage at an instant of the past, from the timelines as they stand now.
 *
 * Made on demand and thrown away: it is a coverage like the present one, fed with what each unit
 * was then.
 */
#ifndef CORE_COVERAGE_PAST_H
#define CORE_COVERAGE_PAST_H

#include "core/coverage.h"
#include "core/world.h"

/** Coverage at @p t (not after world_now()); the caller frees it with coverage_free(). NULL without
 * memory. O(inventory). */
struct coverage *coverage_past(const struct world *world, const struct inventory *inv,
                               struct wall_ms t) MUST_USE;

#endif
