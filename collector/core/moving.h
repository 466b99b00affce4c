/**
 * @file
 * The availability of an area over a window that ends now, kept in step with the timelines: what a
 * rule of paging compares to its threshold at every change.
 *
 * Between changes a unit's time up and down grow evenly, or not at all, or shrink evenly where the
 * window's beginning leaves such time behind. So each unit is a straight line, an area the sum of
 * them, and a unit is looked at again only when it changes, when the window's beginning comes to a
 * change of it, or when enough of it comes to be observed or unobserved. The figure is that of
 * core/availability.h at every instant, but for units that come or go by what is observed: up to a
 * second late.
 */
#ifndef CORE_MOVING_H
#define CORE_MOVING_H

#include "core/availability.h"
#include "core/due.h"

/** Of what, and of how long. */
struct moving_query {
    uint32_t area;       /**< sites at or below it */
    enum site_kind kind; /**< of the sites */
    uint32_t op;         /**< operator's number, INV_NONE = all together */
    int64_t length_ms;   /**< of the window; 0 = since the local month began */
    int64_t zone_ms;     /**< local time minus UTC */
};

/** A time that grows evenly: at + slope * now, in ms. */
struct moving_line {
    int64_t at;    /**< at instant 0 */
    int64_t slope; /**< ms in each ms */
};

/** One unit's part. */
struct moving_unit {
    struct moving_line up, down; /**< its times */
    int64_t next;                /**< when it is looked at again; WALL_NEVER_MS = at a change */
    bool asked;                  /**< it belongs to the query */
    bool counted;                /**< enough of it is observed */
};

/** Storage of the caller; read through the functions. */
struct moving {
    struct moving_query query;   /**< as given */
    struct vec units;            /**< struct moving_unit by unit number */
    struct due_queue due;        /**< units to look at again */
    struct moving_line up, down; /**< of all that are counted */
    uint32_t counted;            /**< how many are */
    struct validity month;       /**< the local month of the last moving_build() */
    int64_t day;                 /**< the local day of it */
};

/** Nothing yet. Allocates nothing. */
void moving_init(struct moving *m, const struct moving_query *query);
/** Frees all. */
void moving_done(struct moving *m);
/** Begins anew with all units: 0 or ERR_NOMEM. O(units x spans in the window). */
int moving_build(struct moving *m, const struct world *w, const struct inventory *inv) MUST_USE;
/** True if @p unit belongs to the query as of the last moving_build(). */
bool moving_asks(const struct moving *m, uint32_t unit);
/** @p unit changed: 0 or ERR_NOMEM. O(its spans in the window). */
int moving_look(struct moving *m, const struct world *w, uint32_t unit) MUST_USE;
/** Lets time pass up to world_now(): 0 or ERR_NOMEM. O(changes that the window leaves behind);
 * once a local day as moving_build(). */
int moving_advance(struct moving *m, const struct world *w, const struct inventory *inv) MUST_USE;
/** Confirmed availability at @p now; false (null) without data. O(1) */
bool moving_ratio(const struct moving *m, struct wall_ms now, double *ret_ratio);
/** What the local month would end with if the rest of it went on with availability @p rate;
 * @p month has length 0. False without data. O(1) */
bool moving_projected(const struct moving *month, double rate, struct wall_ms now,
                      double *ret_ratio);

#endif
