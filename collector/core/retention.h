/**
 * @file
 * Archive rows that are older than they are kept leave the store (FIGURES section 3: five years),
 * a few units with each commit, once a local day.
 *
 * It knows the kinds of archive rows and what their keys count, nothing of what they say. Of hours
 * the last row before the limit stays, because it says how those after it go on.
 */
#ifndef CORE_RETENTION_H
#define CORE_RETENTION_H

#include "base/attr.h"
#include "base/instant.h"
#include "core/rows.h"

/** Units that one commit goes through at most. */
#define RETENTION_UNITS 64
/** How long archive rows are kept, unless configured otherwise: five years. */
#define RETENTION_KEEP_MS INT64_C(157766400000)

/** Storage of the caller. */
struct retention {
    int64_t keep_ms;       /**< how long rows are kept; 0 = for ever */
    int64_t zone_ms;       /**< local time ahead of UTC */
    int64_t day;           /**< local day of the last round; INT64_MIN = none yet */
    struct wall_ms before; /**< what lies before goes, in the round that is on */
    uint32_t next;         /**< unit the round goes on with */
    uint32_t units;        /**< units of the round; next == units: it is over */
};

/** Nothing is removed yet. */
void retention_init(struct retention *r, int64_t keep_ms, int64_t zone_ms);
/** Time has passed to @p now, there are @p units units: a new local day begins a round. */
void retention_advance(struct retention *r, struct wall_ms now, uint32_t units);
/** The next few units of the round: what goes is handed to @p sink. 0 or the sink's error. */
int retention_save(struct retention *r, const struct row_sink *sink) MUST_USE;

#endif
