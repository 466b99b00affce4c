/**
 * @file
 * Days that maintenance declared in retrospect touches, kept when their fine timeline is forgotten
 * (FIGURES section 3: such a figure is shown with and without): settled hours (core/hours.h) know
 * only what was shown.
 *
 * A day, or the part of one that is settled at once, leaves as an archive row with the sums that it
 * had with that maintenance. Declarations that reach further back than the timelines change nothing
 * there, and one that is withdrawn later stays in the days that were settled with it.
 */
#ifndef CORE_EXCUSED_DAYS_H
#define CORE_EXCUSED_DAYS_H

#include "core/rows.h"
#include "core/tally.h"

/** Storage of the caller. */
struct excused_days {
    int64_t zone_ms; /**< local time ahead of UTC */
    struct buf rows; /**< ROW_EXCUSED rows to be saved */
};

/** One row: sums of a part of a local day, or of all of it. */
struct excused_day {
    int64_t day;        /**< number of the local day */
    int64_t from_ms;    /**< where the part begins, from the day's first instant on */
    struct tally tally; /**< with the maintenance */
};

/** None yet. */
void excused_days_init(struct excused_days *e, int64_t zone_ms);
/** Frees all. */
void excused_days_done(struct excused_days *e);
/** Keeps the days of @p unit in [@p from, @p to) that are touched; @p carry is the outage that is
 * on at @p from. 0, ERR_FULL or ERR_NOMEM. O(spans from there on, if there are any such days) */
int excused_days_settle(struct excused_days *e, const struct world *w, uint32_t unit,
                        struct wall_ms from, struct tally_carry carry, struct wall_ms to) MUST_USE;
/** Hands the rows that are new since the last call to @p sink. */
int excused_days_save(struct excused_days *e, const struct row_sink *sink) MUST_USE;
/** Reads one row of ROW_EXCUSED: 0, ERR_CORRUPT or ERR_VERSION. */
int excused_days_read(struct slice key, struct slice value, struct excused_day *ret_day) MUST_USE;

#endif
