/**
 * @file
 * Series of figures as JSON, hour by hour or day by day, for charts: availability of an area by
 * kind or of the units of a site, and coverage of an area.
 *
 * Columns stand in lists, one item for each instant of `at`. Availability takes two steps, like
 * codec/api_period.h, because settled hours stand in the store; coverage is known for as long as
 * timelines are. Each item equals what the other paths say of the same stretch or instant.
 */
#ifndef CODEC_API_SERIES_H
#define CODEC_API_SERIES_H

#include "codec/api.h"
#include "core/series_reading.h"

/** Which series. */
struct api_series_query {
    struct series_grid grid; /**< of when */
    enum derived_grid step;  /**< DERIVED_HOUR or DERIVED_DAY */
    uint32_t site;           /**< each of its units; INV_NONE: an area */
    uint32_t area;           /**< sites at or below it */
    int kind;                /**< of availability: enum site_kind, -1 = each kind by itself */
    uint32_t op;             /**< operator, INV_NONE = all together */
    bool any_operator;       /**< of coverage, with INV_NONE: by any of them instead of by all */
};

/** Word of a step, and how many there are: "hour", "day". */
#define API_SERIES_STEPS 2
/** See above; "" if out of range. */
const char *api_series_step_word(int index);
/** The grid of that word. */
enum derived_grid api_series_step(int index);

/** What has to be read for availability goes into @p reading, uninitialised storage: 0, ERR_RANGE
 * (more units x steps than SERIES_CELLS_MAX) or ERR_NOMEM, to be freed in any case. O(units) */
int api_series_want(const struct api_scope *scope, const struct api_series_query *query,
                    struct series_reading *reading) MUST_USE;
/** The answer: 0 or ERR_NOMEM. @p reading must fit and is used up. O(units x spans) */
int api_series(const struct api_scope *scope, const struct api_series_query *query,
               struct series_reading *reading, struct buf *out) MUST_USE;
/** Coverage of query->area: 0, ERR_FULL or ERR_NOMEM. O(inventory + changes in it). */
int api_series_coverage(const struct api_scope *scope, const struct api_series_query *query,
                        struct buf *out) MUST_USE;

#endif
