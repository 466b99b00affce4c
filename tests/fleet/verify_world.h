/**
 * @file
 * The collector's timeline of one unit against what the unit really was.
 *
 * A check looks only now and then, so a start or end may be late by an interval; an outage shorter
 * than that may stay unseen. `down` without any real outage is never excused; `silent` is, since it
 * claims nothing. While a unit is shown as `unobserved` its outage may begin or end at any instant.
 */
#ifndef FLEET_VERIFY_WORLD_H
#define FLEET_VERIFY_WORLD_H

#include "verify_truth.h"

/** Bounds of the comparison. */
struct verify_bounds {
    int64_t interval_ms;  /**< shorter outages may stay unseen */
    int64_t tolerance_ms; /**< largest error of a start or end */
    int64_t settle_ms;    /**< the last stretch of the run, where evidence is on its way */
    int64_t late_ms;      /**< the last stretch, where silence is not told from lateness yet */
};

/** What was found, over all units. */
struct verify_world {
    uint64_t outages;       /**< real ones that could be seen */
    uint64_t too_short;     /**< real ones shorter than an interval */
    uint64_t missed;        /**< real ones that are not shown */
    uint64_t invented;      /**< shown ones that were not */
    int64_t start_ms;       /**< worst error of a start: shown minus real */
    int64_t end_ms;         /**< worst error of an end */
    uint32_t start_unit;    /**< where; NAMES_NONE = none */
    uint32_t end_unit;      /**< where; NAMES_NONE = none */
    uint32_t missed_unit;   /**< one missed; NAMES_NONE = none */
    uint32_t invented_unit; /**< one invented; NAMES_NONE = none */
};

/** Adds what @p unit shows: @p shown is its struct verify_shown in order. O(outages x spans). */
void verify_world(const struct verify_truth *t, uint32_t unit, const struct vec *shown,
                  const struct verify_bounds *bounds, struct verify_world *w);

#endif
