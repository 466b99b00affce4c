/**
 * @file
 * How long our own markers take through broker, intake and store: what a live reading that came now
 * would wait, whatever it is that everything queues in. It exists so that the past can make way
 * (core/pace.h) and operators can see it; listening time is core/marker.h's.
 *
 * It reads no clock and sends nothing.
 */
#ifndef CORE_MARKER_LAG_H
#define CORE_MARKER_LAG_H

#include "base/instant.h"

#include <stdint.h>

/** Markers under way of which the instant is kept; of more the lag is that of the oldest kept. */
#define MARKER_LAG_KEPT 64

/** Storage of the caller. Zeroed: none was sent. */
struct marker_lag {
    uint64_t sent;                      /**< number of the last marker sent, 0 = none */
    uint64_t heard;                     /**< number of the last one that came back */
    int64_t last_ms;                    /**< how long that took */
    struct mono_ms at[MARKER_LAG_KEPT]; /**< when the last ones were sent, by number */
};

/** A marker is being sent: its number, one above the last one's. */
uint64_t marker_lag_sent(struct marker_lag *l, struct mono_ms now);
/** Marker @p number is stored. Says nothing new unless it is above the last one heard, and sent. */
void marker_lag_heard(struct marker_lag *l, uint64_t number, struct mono_ms now);
/** What the last marker took that came back, or the age of the oldest that has not, if that is
 * more. In ms; 0 before the first. */
int64_t marker_lag_ms(const struct marker_lag *l, struct mono_ms now);

#endif
