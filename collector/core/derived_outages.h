/**
 * @file
 * Which outages still have to be written as derived points. Part of core/derived.h, which hands
 * them out; an outage is dirty or it is not.
 *
 * An entry says whose the outage was and when it began, so that one that a correction withdrew can
 * still be written as such: nobody else remembers it.
 */
#ifndef CORE_DERIVED_OUTAGES_H
#define CORE_DERIVED_OUTAGES_H

#include "base/attr.h"
#include "base/instant.h"
#include "base/slice.h"
#include "base/vec.h"
#include "core/rows.h"

#include <stdint.h>

/** "not known": of rows that older programs wrote. */
#define DERIVED_NO_UNIT UINT32_MAX

/** One outage. */
struct derived_outage {
    uint32_t number;     /**< SC<number> */
    uint32_t unit;       /**< whose, or DERIVED_NO_UNIT */
    struct wall_ms born; /**< the start it had when it got its number */
};

/** Storage of the caller; opaque. */
struct derived_outages {
    struct vec dirty;   /**< struct derived_outage, rising */
    struct vec flying;  /**< struct derived_outage: taken, not settled */
    struct vec touched; /**< uint32_t: those whose rows have to be saved, perhaps twice */
};

/** None is dirty; at most @p max will be. Allocates nothing. */
void derived_outages_init(struct derived_outages *o, size_t max);
/** Frees all. */
void derived_outages_done(struct derived_outages *o);
/** The outage is dirty. 0, ERR_FULL or ERR_NOMEM. O(log dirty ones) for new outages. */
int derived_outages_add(struct derived_outages *o, const struct derived_outage *outage) MUST_USE;
/** Takes at most @p max outages, the lowest numbers first; returns how many. */
size_t derived_outages_take(struct derived_outages *o, struct derived_outage *ret, size_t max);
/** What was taken is written, or dirty again. 0, ERR_FULL or ERR_NOMEM, after which the rest is
 * still to be settled. */
int derived_outages_settle(struct derived_outages *o, bool written) MUST_USE;
/** Hands the rows (ROW_DIRTY) that changed to @p sink, whose keys begin with @p kind. */
int derived_outages_save(struct derived_outages *o, uint8_t kind,
                         const struct row_sink *sink) MUST_USE;
/** Takes back the row of outage @p number: 0, ERR_CORRUPT, ERR_VERSION, ERR_FULL or ERR_NOMEM. */
int derived_outages_load(struct derived_outages *o, uint32_t number, struct slice value) MUST_USE;

#endif
