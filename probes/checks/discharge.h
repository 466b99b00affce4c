/**
 * @file
 * How long a battery lasts, from how it was seen to discharge: a line through the newest looks,
 * followed down to where the load is switched off.
 *
 * Pure. What is followed is the state of charge or, where there is none, the voltage. No capacity,
 * current or chemistry is assumed, so nothing is said before the fall is measurable. The line is
 * that of the median slope between any two looks (Theil and Sen): what a few wrong looks say does
 * not move it. That a plant is on battery is its check's to find out.
 */
#ifndef CHECKS_DISCHARGE_H
#define CHECKS_DISCHARGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Looks kept; with the step below, the last half hour. */
#define DISCHARGE_LOOKS 31
/** Least time between two looks that are kept. */
#define DISCHARGE_STEP_MS 60000
/** Nothing is said before looks span this. */
#define DISCHARGE_SPAN_MS 180000
/** The voltage is not followed before: its first drop is the load's, not the charge's. */
#define DISCHARGE_SETTLE_MS 120000
/** Nothing is said before the line fell by so much: two steps of a register of whole percents. */
#define DISCHARGE_FALL_CHARGE 0.02
/** The same of the voltage, in V. */
#define DISCHARGE_FALL_V 0.2
/** Longest time told; beyond, the fall is too slow to mean anything. */
#define DISCHARGE_MINUTES_MAX 1440

/** Where a discharge ends. */
struct discharge_floor {
    double charge; /**< state of charge that counts as empty */
    double volts;  /**< at which the load is switched off */
};

/** Storage of the caller; zeroed: not on battery. Members may be read. */
struct discharge {
    bool on;          /**< on battery */
    int64_t since_ms; /**< then: since when, monotonic */
    bool by_charge;   /**< the state of charge is followed, not the voltage */
    size_t len;       /**< looks kept, oldest first */

    struct {
        int64_t at_ms;       /**< monotonic */
        double level;        /**< charge or voltage */
    } look[DISCHARGE_LOOKS]; /**< the newest */
};

/** The battery is not in use: what was seen is forgotten. */
void discharge_end(struct discharge *d);
/** A look at @p now_ms, on battery: the state of charge (0 to 1) and the voltage, NaN where not
 * known. One sooner than the step after the last is not kept. */
void discharge_look(struct discharge *d, int64_t now_ms, double charge, double volts);
/** Minutes from @p now_ms until @p floor is reached; NaN while that cannot be told, 0 once it is.
 * O(looks^2 log looks). */
double discharge_minutes(const struct discharge *d, int64_t now_ms, struct discharge_floor floor);

#endif
