/**
 * @file
 * What units were, step by step: how long in each state, summed over the units of a group, for a
 * chart of hours or days (FIGURES section 3, the same sums as core/availability.h for each step).
 *
 * A stretch that goes on as it began costs the same however many steps it covers: sums are kept as
 * differences until series_sum(). Which unit belongs to which group, and where its history comes
 * from, is core/series_reading.h's. Outages have no place here: one that goes on across steps is
 * one.
 */
#ifndef CORE_SERIES_H
#define CORE_SERIES_H

#include "base/attr.h"
#include "core/availability.h"
#include "core/derived_grid.h"

/** Steps of a series at most: 83 days by the hour, five years and a half by the day. */
#define SERIES_STEPS_MAX 2000
/** Steps of all groups together at most. */
#define SERIES_CELLS_MAX 65536

/** Equal steps of local time. */
struct series_grid {
    struct wall_ms from; /**< where the first step begins */
    struct wall_ms to;   /**< where the last one ends: a step's end, or now */
    int64_t step_ms;     /**< of a whole step */
    uint32_t steps;      /**< how many, the last one perhaps cut */
};

/** The steps of @p grid (DERIVED_HOUR or DERIVED_DAY) that touch @p window, cut at @p now: 0, or
 * ERR_RANGE if there is none or more than SERIES_STEPS_MAX. */
int series_grid_make(enum derived_grid grid, int64_t zone_ms, struct validity window,
                     struct wall_ms now, struct series_grid *ret_grid) MUST_USE;
/** First instant of step @p step. */
struct wall_ms series_grid_start(const struct series_grid *grid, uint32_t step);
/** The instant after its last one, cut where the grid ends. */
struct wall_ms series_grid_end(const struct series_grid *grid, uint32_t step);

/** One step of a group, after series_sum(). */
struct series_cell {
    int64_t all_ms[STATE_COUNT];    /**< of all units */
    int64_t enough_ms[STATE_COUNT]; /**< of those with enough data: the figure */
    int32_t units;                  /**< not planned for all of the step */
    int32_t enough;                 /**< with enough data */
};

/** Storage of the caller. */
struct series {
    struct series_grid grid;   /**< of every group */
    uint32_t groups;           /**< how many */
    bool alone;                /**< each group is one unit, which counts where it is planned, too */
    double enough;             /**< AVAILABILITY_ENOUGH */
    struct series_cell *cells; /**< by group, steps + 1 each: differences, then sums */
};

/** Where a unit belongs for a while: steps [from, to). */
struct series_run {
    uint32_t group; /**< whose sums it is part of */
    uint32_t from;  /**< first step */
    uint32_t to;    /**< one past the last */
};

/** How far a unit's history has been passed; begin with next = the grid's from, zeros. */
struct series_fill {
    struct wall_ms next;       /**< all before it was passed */
    int64_t part[STATE_COUNT]; /**< of the step that next lies in */
};

/** Empty sums: 0, ERR_RANGE (more than SERIES_CELLS_MAX) or ERR_NOMEM. */
int series_init(struct series *s, const struct series_grid *grid, uint32_t groups,
                bool alone) MUST_USE;
/** Frees them. Accepts a zeroed one. */
void series_done(struct series *s);
/** A unit that belongs as the @p n @p runs say goes on in @p state until @p until. O(runs) */
void series_pass(struct series *s, const struct series_run *runs, size_t n,
                 struct series_fill *fill, enum unit_state state, struct wall_ms until);
/** It has so much of each state until @p until, which lies in the same step. O(runs) */
void series_mix(struct series *s, const struct series_run *runs, size_t n, struct series_fill *fill,
                const int64_t ms[STATE_COUNT], struct wall_ms until);
/** All has been passed: from differences to sums, once. */
void series_sum(struct series *s);
/** A step of a group, after series_sum(). */
const struct series_cell *series_at(const struct series *s, uint32_t group, uint32_t step);

#endif
