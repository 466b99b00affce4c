/**
 * @file
 * How far a probe's clock is from ours, as far as its messages show: what it says happened at some
 * time cannot have come before that. So each message bounds its clock from below, by its delay; the
 * quickest of the last minutes is taken.
 *
 * It judges and changes nothing: evidence enters timelines by core/world.h's rules alone. Not kept
 * across a restart: the next messages tell it anew.
 */
#ifndef CORE_PROBE_CLOCK_H
#define CORE_PROBE_CLOCK_H

#include "base/instant.h"

#include <stdbool.h>

/** A clock that is so far ahead is wrong: no delay makes one look ahead. */
#define PROBE_CLOCK_AHEAD_MS INT64_C(5000)
/** A run takes no longer; a result bears the time of its beginning. */
#define PROBE_CLOCK_RUN_MS INT64_C(60000)
/** The quickest message of so long counts until the quickest one of the next so long is known. */
#define PROBE_CLOCK_STRETCH_MS INT64_C(120000)

/** A probe's clock; storage of the caller. */
struct probe_clock {
    int64_t ahead_ms;     /**< of ours, at least; INT64_MIN = nothing is known */
    int64_t quickest_ms;  /**< the same by the messages of the present stretch alone */
    struct wall_ms since; /**< when that began */
};

/** Nothing is known. */
#define PROBE_CLOCK_UNKNOWN   \
    {                         \
        INT64_MIN, INT64_MIN, \
        {                     \
            INT64_MIN         \
        }                     \
    }

/**
 * A message whose newest time is @p said was received at @p received. @p waited: it may have lain
 * at the probe, so that its delay says nothing; then it shows only a clock that is further ahead
 * than known.
 */
void probe_clock_heard(struct probe_clock *c, struct wall_ms said, struct wall_ms received,
                       bool waited);
/** True if it is too far ahead, or so far behind that neither a long run explains it nor @p late_ms
 * on the way, the time until a pack closes included. */
bool probe_clock_wrong(const struct probe_clock *c, int64_t late_ms);

#endif
