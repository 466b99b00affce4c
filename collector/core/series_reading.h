/**
 * @file
 * A series of units from all that is known of them: settled hours of the store, then the fine
 * timeline, as core/period.h does for one period.
 *
 * It takes three steps, because hours stand in the store: what is wanted (on the loop), reading it
 * (anywhere but on the loop), and the rest from memory (on the loop). It shows what is known now:
 * a final day that evidence is changing has its new sums here before core/period.h shows them.
 */
#ifndef CORE_SERIES_READING_H
#define CORE_SERIES_READING_H

#include "core/annals.h"
#include "core/series.h"

/** One unit that is wanted. */
struct series_unit {
    uint32_t unit;           /**< which */
    struct wall_ms wanted;   /**< its settled hours end here, as hours_end() was then */
    struct series_fill fill; /**< how far it was passed */
    size_t runs_from;        /**< index of its first run */
    size_t runs;             /**< how many it has */
};

/** Storage of the caller. */
struct series_reading {
    struct series series; /**< the sums */
    int64_t zone_ms;      /**< local time ahead of UTC */
    struct vec units;     /**< struct series_unit, by unit */
    struct vec runs;      /**< struct series_run, of one unit after the other */
};

/** Nothing is wanted yet; as series_init(). To be freed in any case. */
int series_reading_init(struct series_reading *reading, const struct series_grid *grid,
                        uint32_t groups, bool alone, int64_t zone_ms) MUST_USE;
/** Frees all. */
void series_reading_done(struct series_reading *reading);
/** @p unit is wanted as @p a knows it now, where the runs that follow say: at least one. 0 or
 * ERR_NOMEM. */
int series_reading_want(struct series_reading *reading, const struct annals *a,
                        uint32_t unit) MUST_USE;
/** The unit wanted last belongs to run.group for those steps, which come after those before. 0 or
 * ERR_NOMEM. */
int series_reading_run(struct series_reading *reading, struct series_run run) MUST_USE;
/** Reads the settled hours. 0, ERR_CORRUPT, ERR_VERSION or an error of @p source. */
int series_reading_read(struct series_reading *reading, const struct row_source *source) MUST_USE;
/** True if no unit was settled further since it was wanted. */
bool series_reading_fits(const struct series_reading *reading, const struct annals *a);
/** The rest, up to now, and the sums: once. O(units x spans) */
void series_reading_finish(struct series_reading *reading, const struct annals *a);

#endif
