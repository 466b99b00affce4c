/**
 * @file
 * Outages as JSON, those of the archive too: an answer in two steps like codec/api_period.h, first
 * what has to be read, then, with that, the text. It reads nothing itself.
 */
#ifndef CODEC_API_PAST_H
#define CODEC_API_PAST_H

#include "codec/api.h"
#include "core/past_outages.h"

/** Which outages. */
struct api_past_query {
    uint32_t area;        /**< of sites at or below it */
    struct wall_ms from;  /**< those that overlap [from, to) */
    struct wall_ms to;    /**< see from */
    struct api_page page; /**< of the groups */
    bool guest;           /**< whoever asks is one */
};

/** True if a question about the past needs the archive. */
bool api_past_needed(const struct api_scope *scope);
/** What has to be read for it goes into @p past, uninitialised storage: 0 or ERR_NOMEM, to be freed
 * in either case. O(units) */
int api_past_want(const struct api_scope *scope, const struct api_past_query *query,
                  struct past_outages *past) MUST_USE;
/** True if what was read still goes with the memory; otherwise it has to be read again. */
bool api_past_fits(const struct api_scope *scope, const struct past_outages *past);
/** The answer: 0 or ERR_NOMEM. */
int api_past(const struct api_scope *scope, const struct api_past_query *query,
             const struct past_outages *past, struct buf *out) MUST_USE;

#endif
