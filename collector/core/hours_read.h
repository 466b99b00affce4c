/**
 * @file
 * Settled hours read back: from a unit's archive rows in order to every hour of a stretch, those
 * without a row included. It knows neither the store nor who adds them up.
 */
#ifndef CORE_HOURS_READ_H
#define CORE_HOURS_READ_H

#include "core/hours.h"

/** Storage of the caller. */
struct hours_read {
    int64_t next;          /**< hour that comes next */
    int64_t end;           /**< one past the last hour wanted */
    struct tally_end last; /**< how the hour before next ended */
    void *context;         /**< first argument of pass */
    /** Receives @p hours hours from @p hour on, in order, without gaps; 0 or an error. */
    int (*pass)(void *context, int64_t hour, int64_t hours, const struct tally *tally);
};

/** Reads the local hours [@p from, @p to) of one unit. */
void hours_read_begin(struct hours_read *r, int64_t from, int64_t to, void *context,
                      int (*pass)(void *context, int64_t hour, int64_t hours,
                                  const struct tally *tally));
/** The next row of ROW_HOUR, rising; the first is the unit's last one before or at the first hour,
 * if there is one. 0, ERR_CORRUPT, ERR_VERSION or what pass returned. */
int hours_read_row(struct hours_read *r, int64_t hour, struct slice value) MUST_USE;
/** There are no more rows. What pass returned. */
int hours_read_end(struct hours_read *r) MUST_USE;

#endif
