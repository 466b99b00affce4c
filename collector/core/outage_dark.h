/**
 * @file
 * When villages are without any service: the stretches in which no unit of a technology family is
 * live for one, found once per village however many outages ask. When a province falls silent, each
 * of its outages asks of the same few villages, and each of those is served by hundreds of units.
 *
 * It says nothing of outages; core/outage_impact.h does. It is made for one question and thrown
 * away before the world changes.
 */
#ifndef CORE_OUTAGE_DARK_H
#define CORE_OUTAGE_DARK_H

#include "core/serving.h"
#include "core/world.h"

/** Storage of the caller; opaque. */
struct outage_dark {
    const struct serving *serving; /**< who serves whom */
    const struct inventory *inv;   /**< its inventory */
    const struct world *world;     /**< who is live when */
    struct wall_ms from;           /**< nothing before this is asked */
    struct wall_ms to;             /**< nor from here on */
    struct vec found;              /**< by village and family: which stretches */
    struct vec stretches;          /**< struct validity: without service, of all that were asked */
    struct vec live;               /**< struct validity: while one is looked at */
};

/** Nothing is known yet; questions will lie in [@p from, @p to). What is given must outlive it. */
void outage_dark_init(struct outage_dark *d, const struct serving *serving,
                      const struct inventory *inv, const struct world *w, struct wall_ms from,
                      struct wall_ms to);
/** Frees all. */
void outage_dark_done(struct outage_dark *d);
/** *ret_dark is true if @p village is without a live unit of @p family, any operator's, somewhere
 * in
 * @p when. 0 or ERR_NOMEM. O(log of its stretches); the first time O(s log s) of the spans of the
 * units that serve it, up to the first that was live all the time. */
int outage_dark_within(struct outage_dark *d, uint32_t village, enum family family,
                       struct validity when, bool *ret_dark) MUST_USE;

#endif
