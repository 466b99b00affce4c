/**
 * @file
 * The level a received power usually has: of the hours of the last seven days, the mean that a
 * tenth of them reached.
 *
 * High enough that the days after a bend or a dirty plug do not soon become usual, and one odd hour
 * does not count. The days are those the probe looked at: it is written as text and read again
 * across a restart (core/kept.h), so that a loss that came while the probe was off is seen. The
 * hour that a restart interrupts is not. Pure: time comes in.
 */
#ifndef SFP_SFP_BASELINE_H
#define SFP_SFP_BASELINE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/instant.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

/** Hours of seven days. */
#define SFP_BASELINE_HOURS 168

/** Zeroed: nothing known yet. */
struct sfp_baseline {
    float hour[SFP_BASELINE_HOURS]; /**< means of whole hours, the oldest overwritten */
    size_t n;                       /**< hours in use */
    size_t next;                    /**< where the next one goes */
    bool began;                     /**< began_at is set */
    struct mono_ms began_at;        /**< start of the hour being summed */
    double sum;                     /**< of this hour's values */
    double count;                   /**< how many they are */
    double level;                   /**< of the whole hours; of meaning if n > 0 */
};

/** Takes a value in dBm. O(hours log hours) once an hour. */
void sfp_baseline_add(struct sfp_baseline *baseline, struct mono_ms now, double dbm);
/** How far @p dbm is below the level, in dB, negative above; NaN in the first hour. */
double sfp_baseline_drop(const struct sfp_baseline *baseline, double dbm);
/** Appends the whole hours, oldest first, in hundredths of dBm; nothing if there is none. */
void sfp_baseline_write(const struct sfp_baseline *baseline, struct buf *out);
/** Reads what sfp_baseline_write() wrote into a zeroed baseline: 0, or ERR_CORRUPT with it left
 * zeroed. */
int sfp_baseline_read(struct slice text, struct sfp_baseline *baseline) MUST_USE;

#endif
