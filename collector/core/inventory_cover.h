/**
 * @file
 * Temporary cover: villages that a unit serves for a while because another one cannot (roaming, a
 * cell turned towards them), as dated rows of `serves` (FIGURES section 4).
 *
 * People enter it in serves.csv; an operator's feed hands over tables, each of which is all there
 * is: what the next one leaves out has ended. Rows of a feed bear its name, outlive every reload of
 * the files and are ended by nobody else. What a table says is core/feed_cover.h's.
 */
#ifndef CORE_INVENTORY_COVER_H
#define CORE_INVENTORY_COVER_H

#include "core/inventory.h"

/** How many rows an inventory keeps of one feed, those that ended included. */
#define INVENTORY_COVER_MAX 200000

/** One row of a table; texts are the caller's, copied. */
struct inventory_cover_row {
    uint32_t unit;         /**< unit number */
    uint32_t area;         /**< area number */
    struct validity valid; /**< not empty; to WALL_NEVER_MS: until a table leaves it out */
    bool unsaid;           /**< since when is not said: what goes on has begun when it began */
    const char *reason;    /**< "" = none given */
};

/** One table. */
struct inventory_cover_table {
    const char *by;                         /**< the feed, not "" */
    struct wall_ms as_of;                   /**< when it was true */
    const struct inventory_cover_row *rows; /**< of one unit and area no two for the same time */
    size_t n;                               /**< of them */
};

/**
 * @p old (only read) with the feed's rows as @p table has them from its instant on; what was so
 * before stays, but where a row says since when. NULL in *ret_new if nothing changes. 0, ERR_FULL
 * or ERR_NOMEM. Cost of a load.
 */
int inventory_cover(const struct inventory *old, const struct inventory_cover_table *table,
                    struct inventory **ret_new) MUST_USE;
/** Gives @p fresh, just read from files, the rows of feeds that @p old has. 0 or ERR_NOMEM. */
int inventory_cover_continue(struct inventory *fresh, const struct inventory *old) MUST_USE;
/** True if @p row is temporary cover: a feed's, one with a reason, or one whose end is known. */
bool inventory_cover_temporary(const struct serves_row *row);

#endif
