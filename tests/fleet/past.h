/**
 * @file
 * Lives through time that is over: the fleet's members run their checks, meet the faults of the
 * script and fill their outboxes as they would have, as fast as the machine can and unheard.
 *
 * It is how a probe comes back after a day without a line, or after weeks, without anybody waiting
 * for it: the packs are the members' own, their times lie in the past. It publishes nothing.
 */
#ifndef FLEET_PAST_H
#define FLEET_PAST_H

#include "member.h"
#include "timetable.h"

/** Who lives, and what happens meanwhile. */
struct past {
    struct member *members;            /**< the caller's */
    size_t len;                        /**< how many */
    const struct timetable *timetable; /**< the faults to come */
    struct mono_ms zero;               /**< the instant of the timetable's 0 */
    void *arg;                         /**< first argument of play */
    /** Takes all events up to @p now from the timetable: 0 or an error, which ends it. */
    int (*play)(void *arg, struct now now);
};

/** From @p from on for @p length_ms. 0, or the first error of a member or of play. O(results) */
int past_live(const struct past *p, struct now from, int64_t length_ms) MUST_USE;

#endif
