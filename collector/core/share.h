/**
 * @file
 * A fair share for each of many sources: so much at once, so much in the long run (the generic cell
 * rate algorithm, ITU-T I.371 annex A). Eight bytes a source.
 *
 * It knows numbers of sources and the time it is given; what a share is of, and what happens to
 * whom has used it up, is the caller's.
 */
#ifndef CORE_SHARE_H
#define CORE_SHARE_H

#include "base/instant.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

/** Storage of the caller. */
struct share {
    struct vec paid_until; /**< int64_t us, by source: what it took is paid for until then */
    int64_t unit_us;       /**< one unit is paid for in this time */
    int64_t credit_us;     /**< how far ahead of its payment a source may be */
    int64_t now_us;        /**< the last instant that was told */
};

/** Shares of @p units (> 0) in each @p period_ms, all of them at once if a source has rested. */
void share_init(struct share *s, int64_t units, int64_t period_ms);
/** Frees all. Accepts a zeroed one. */
void share_done(struct share *s);
/** Takes @p units of @p source at @p now: false if it has used its share up, then nothing is taken.
 * Somebody who rested may always take, however much. Without memory everybody may. O(1);
 * where the clock was set back, O(sources): what they owe is set back with it. */
bool share_take(struct share *s, uint32_t source, uint64_t units, struct wall_ms now);

#endif
