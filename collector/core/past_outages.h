/**
 * @file
 * Outages that only the archive has (core/outages.h gives the oldest of a unit away), read for one
 * question and thrown away.
 */
#ifndef CORE_PAST_OUTAGES_H
#define CORE_PAST_OUTAGES_H

#include "core/outages.h"

/** Outages that one question may bring up; more are ERR_FULL. */
#define PAST_OUTAGES_MAX 50000

/** Made on the loop, filled anywhere, used on the loop. */
struct past_outages {
    struct wall_ms from; /**< those that overlap [from, to) */
    struct wall_ms to;   /**< see from */
    uint64_t given;      /**< outages_given() when it was made */
    struct vec units;    /**< uint32_t, whose */
    struct vec outages;  /**< struct outage, by unit and start */
};

/** Nothing is wanted yet of [@p from, @p to), as @p o is now. */
void past_outages_init(struct past_outages *p, const struct outages *o, struct wall_ms from,
                       struct wall_ms to);
/** Frees all. */
void past_outages_done(struct past_outages *p);
/** Those of @p unit are wanted. 0 or ERR_NOMEM. */
int past_outages_want(struct past_outages *p, uint32_t unit) MUST_USE;
/** Reads what is wanted. 0, ERR_FULL, ERR_CORRUPT, ERR_VERSION, ERR_NOMEM or an error of @p source.
 */
int past_outages_read(struct past_outages *p, const struct row_source *source) MUST_USE;

#endif
