/**
 * @file
 * Listening time from markers (DESIGN 4.6): the centre hears itself through the broker, and what
 * came before a marker it heard is processed; so we listened between two markers of one connection
 * that are at most 3 s apart.
 *
 * It keeps only the chain's last link; the intervals go to core/world.h.
 */
#ifndef CORE_MARKER_H
#define CORE_MARKER_H

#include "base/instant.h"

#include <stdbool.h>
#include <stdint.h>

/** Markers further apart than this leave a gap in listening time. */
#define MARKER_APART_MAX_MS 3000

/** The chain. Zeroed: no marker yet. */
struct marker {
    uint64_t number;     /**< of the last marker heard on this connection, 0 = none yet */
    struct wall_ms when; /**< its receipt */
};

/** A connection began or ended, or we refuse packs for a while: the next marker begins a new chain.
 */
void marker_break(struct marker *m);
/**
 * Marker @p number was received at @p when. True if it proves that we listened in [*ret_from,
 * when): it follows the last one of this connection closely enough, and the clock did not step
 * back.
 */
bool marker_heard(struct marker *m, uint64_t number, struct wall_ms when, struct wall_ms *ret_from);

#endif
