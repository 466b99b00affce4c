/**
 * @file
 * The fixed grids on which derived points stand: minutes, and local hours, days and months. A
 * correction overwrites what it corrects because both fall on the same instant.
 *
 * The zone is a fixed distance from UTC in whole minutes (Vietnam: 7 h, no summer time).
 */
#ifndef CORE_DERIVED_GRID_H
#define CORE_DERIVED_GRID_H

#include "base/instant.h"

/** How far apart the instants of a grid are. */
enum derived_grid { DERIVED_MINUTE, DERIVED_HOUR, DERIVED_DAY, DERIVED_MONTH };

/** The last instant of @p grid at or before @p t, in a zone @p zone_ms ahead of UTC. */
struct wall_ms derived_grid_floor(enum derived_grid grid, int64_t zone_ms, struct wall_ms t);
/** The first instant of @p grid after @p t. */
struct wall_ms derived_grid_next(enum derived_grid grid, int64_t zone_ms, struct wall_ms t);

#endif
