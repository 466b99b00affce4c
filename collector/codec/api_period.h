/**
 * @file
 * Availability over calendar periods as JSON: provisional until the grace is over, then as recorded
 * last, with every revision on demand (FIGURES section 3).
 *
 * An answer takes two steps, because settled hours and revisions stand in the store: first what has
 * to be read, then, with that, the text. It reads nothing itself.
 */
#ifndef CODEC_API_PERIOD_H
#define CODEC_API_PERIOD_H

#include "codec/api.h"
#include "core/calendar.h"
#include "core/period.h"

/** Revisions of an answer; older ones are left out and counted. */
#define API_PERIOD_REVISIONS_MAX 200

/** Which figures. */
struct api_period_query {
    struct calendar_period period; /**< of when */
    uint32_t site;                 /**< each of its units; INV_NONE: an area */
    uint32_t area;                 /**< sites at or below it */
    int kind;                      /**< enum site_kind, -1 = each kind by itself */
    uint32_t op;                   /**< operator, INV_NONE = all together */
    bool every_operator;           /**< all together, then each operator */
    bool revisions;                /**< with every revision, old and new */
};

/** What has to be read for it goes into @p reading, uninitialised storage: 0 or ERR_NOMEM, to be
 * freed in either case. O(units) */
int api_period_want(const struct api_scope *scope, const struct api_period_query *query,
                    struct period_reading *reading) MUST_USE;
/** True if what was read still goes with the memory; otherwise it has to be read again. */
bool api_period_fits(const struct api_scope *scope, const struct period_reading *reading);
/** The answer: 0 or ERR_NOMEM. O(units x (revisions + spans in the period)) */
int api_period(const struct api_scope *scope, const struct api_period_query *query,
               const struct period_reading *reading, struct buf *out) MUST_USE;

#endif
