/**
 * @file
 * Figures of a calendar period, from settled hours and the fine timeline together, as they are now
 * or as they were recorded at any instant (FIGURES section 3).
 *
 * Settled hours and revisions come out of the store (period_read(), anywhere but on the loop);
 * everything else is memory. The figure of a final period is what was recorded last: days that
 * evidence is changing count as they were. An area's figures follow from those of its units.
 */
#ifndef CORE_PERIOD_H
#define CORE_PERIOD_H

#include "core/annals.h"

/** What one unit has in the store of a stretch of time. */
struct period_history {
    uint32_t unit;         /**< whose */
    struct wall_ms wanted; /**< the settled hours end here, as hours_end() was when it was asked */
    struct vec pieces;     /**< sums of settled hours; period.c's */
    struct vec days;       /**< int64_t, rising: days that a figure may have to leave out */
    struct vec revisions;  /**< struct revision, by day and instant */
    struct vec excused;    /**< struct excused_day, by day and where they begin */
};

/** What is read of several units; made on the loop, filled anywhere, used on the loop. */
struct period_reading {
    int64_t zone_ms;      /**< local time ahead of UTC */
    struct validity span; /**< from midnight to midnight */
    struct vec histories; /**< struct period_history, by unit */
};

/** Nothing is wanted yet of @p span, which begins and ends at local midnight. */
void period_reading_init(struct period_reading *reading, struct validity span, int64_t zone_ms);
/** Frees all. */
void period_reading_done(struct period_reading *reading);
/** @p unit, higher than those before, is wanted as @p a knows it now. 0 or ERR_NOMEM. */
int period_want(struct period_reading *reading, const struct annals *a, uint32_t unit) MUST_USE;
/** Reads what is wanted. 0, ERR_CORRUPT, ERR_VERSION, ERR_NOMEM or an error of @p source. */
int period_read(struct period_reading *reading, const struct row_source *source) MUST_USE;
/** True if @p unit was read and has not been settled further since. O(log units) */
bool period_fits(const struct period_reading *reading, const struct annals *a, uint32_t unit);

/** Of which figure is asked. */
struct period_when {
    bool recorded;        /**< true: as recorded; false: by all that is known (provisional) */
    struct wall_ms as_of; /**< recorded at the latest by then; WALL_NEVER_MS: last */
    bool excused; /**< as if maintenance declared in retrospect had been declared in time, on days
                     that evidence is not changing */
};

/** Figures of @p unit over the reading's span, cut at the world's now. @p reading must fit. */
struct availability period_of_unit(const struct period_reading *reading, const struct annals *a,
                                   uint32_t unit, struct period_when when);
/** True if days of @p unit in the span may be others with maintenance declared in retrospect. */
bool period_excused(const struct period_reading *reading, const struct annals *a, uint32_t unit);
/** Appends to @p instants (a vec of struct wall_ms) when days of @p unit in the span were revised
 * after @p after, in any order. 0 or ERR_NOMEM. */
int period_revised(const struct period_reading *reading, uint32_t unit, struct wall_ms after,
                   struct vec *instants) MUST_USE;
/** Why they were, at @p at; of several reasons the first. */
enum revision_reason period_reason(const struct period_reading *reading, uint32_t unit,
                                   struct wall_ms at, bool *ret_any);

#endif
