/**
 * @file
 * What an operator's table says, as packs of contract v1: a list of checks, then readings in order
 * of time. So a table takes the same way as a probe's word: intake log, stream, ledger, world.
 *
 * A check stands for one unit and one cause: `operator/5g` (fault), `operator/5g.power`,
 * `operator/5g.transport`. Equal tables give equal packs, so that one that was half sent before a
 * crash goes on where it was.
 */
#ifndef CORE_FEED_PACKS_H
#define CORE_FEED_PACKS_H

#include "core/feed_read.h"

/** Whose packs. A feed may have several probes, which share its sites by their numbers, because
 * one list holds CHECKLIST_MAX checks. */
struct feed_voice {
    const struct feed_map *map;  /**< period, ttl */
    const struct inventory *inv; /**< the sheet's */
    uint32_t op;                 /**< operator */
    struct wall_ms as_of;        /**< of the table */
    unsigned part;               /**< from 0 */
    unsigned parts;              /**< at least 1 */
};

/** Packs, one behind the other. */
struct feed_packs {
    struct buf bytes; /**< of all */
    struct vec ends;  /**< size_t: where each ends */
};

/** None yet. */
void feed_packs_init(struct feed_packs *packs);
/** Frees them. */
void feed_packs_done(struct feed_packs *packs);
/** Checks that the list of this voice has. */
size_t feed_packs_checks(const struct feed_voice *voice, unsigned causes);
/** Writes the packs of @p sheet: 0; ERR_FULL if the list would be longer than CHECKLIST_MAX: more
 * parts are needed; ERR_NOMEM. */
int feed_packs_write(const struct feed_voice *voice, const struct feed_sheet *sheet,
                     struct feed_packs *packs) MUST_USE;
/** Pack @p at, from 0. */
struct slice feed_packs_at(const struct feed_packs *packs, size_t at);

#endif
