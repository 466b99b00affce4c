/**
 * @file
 * How long a battery lasts, from how it was seen to discharge: a line through the newest looks,
 * followed down to where the load is switched off.
 *
 * Pure. What is followed is the state of charge or, where there is none, the voltage; the caller
 * says which and never mixes them. No capacity, current or chemistry is assumed, so nothing is said
 * before the fall is measurable.
 */
#ifndef POWER_POWER_DISCHARGE_H
#define POWER_POWER_DISCHARGE_H

#include <stddef.h>
#include <stdint.h>

/** Looks kept; with the step below, the last half hour. */
#define POWER_DISCHARGE_LOOKS 31
/** Least time between two looks that are kept. */
#define POWER_DISCHARGE_STEP_MS 60000
/** Nothing is said before looks span this: the first drop of voltage is the load's, not the
 * charge's. */
#define POWER_DISCHARGE_SPAN_MS 120000
/** Longest time told; beyond, the fall is too slow to mean anything. */
#define POWER_DISCHARGE_MINUTES_MAX 1440

/** Storage of the caller; zeroed: nothing seen. */
struct power_discharge {
    size_t len; /**< looks kept, oldest first */

    struct {
        int64_t at_ms;             /**< monotonic */
        double level;              /**< charge or voltage */
    } look[POWER_DISCHARGE_LOOKS]; /**< the newest */
};

/** A look at @p now_ms; one sooner than the step after the last is not kept. */
void power_discharge_look(struct power_discharge *d, int64_t now_ms, double level);
/** Minutes from @p now_ms until the level reaches @p empty; NaN while that cannot be told, 0 once
 * it has. O(looks). */
double power_discharge_minutes(const struct power_discharge *d, int64_t now_ms, double empty);

#endif
