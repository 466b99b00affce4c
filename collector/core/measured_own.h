/**
 * @file
 * What a measured coverage holds; shared by the files that count and that store it.
 *
 * Inner header of measured.
 */
#ifndef CORE_MEASURED_OWN_H
#define CORE_MEASURED_OWN_H

#include "core/dirty.h"
#include "core/due.h"
#include "core/measured.h"

/** One measuring point; its number is that of its key in measured.keys. */
struct measured_point {
    int64_t t;                  /**< of its newest run */
    double rsrp_dbm;            /**< NaN = no signal */
    uint32_t site;              /**< site number */
    uint32_t op;                /**< operator's number or INV_NONE */
    uint32_t village;           /**< it is counted in, INV_NONE = in none */
    enum technology technology; /**< of the run */
    bool holds;                 /**< the run still counts */
    bool awaited;               /**< it is in measured.ends */
};

/** Storage of a measured coverage. */
struct measured {
    struct measured_options options; /**< as given */
    const struct inventory *inv;     /**< the caller's */
    const struct coverage *coverage; /**< the caller's: whom ALL means */
    struct wall_ms at;               /**< instant of the tree */
    uint32_t n_operators;            /**< columns are operators, then none, ANY, ALL */
    struct names keys;               /**< "SOURCE/SITE/CHECK" */
    struct vec points;               /**< struct measured_point by number */
    struct due_queue ends;           /**< when points stop counting */
    struct dirty unsaved;            /**< points whose rows changed */
    uint32_t *slot_of;               /**< by area number: its slot + 1, 0 = none yet */
    struct vec slots;                /**< struct measured_slot with its cells */
    uint64_t touched;                /**< see measured_touched() */
};

/** The point called @p key, made if new: 0, ERR_FULL or ERR_NOMEM. */
int measured_point(struct measured *m, struct slice key, uint32_t *ret_number) MUST_USE;
/** Waits for the end of the point's run, if nothing waits yet. 0 or ERR_NOMEM. */
int measured_await(struct measured *m, uint32_t number) MUST_USE;

#endif
