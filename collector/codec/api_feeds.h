/**
 * @file
 * Operators' feeds on the API: how old the word of each is and what was wrong with it, and where it
 * disagrees with what was measured. The two are listed side by side, never averaged.
 */
#ifndef CODEC_API_FEEDS_H
#define CODEC_API_FEEDS_H

#include "codec/api.h"

/** How a feed stands. Texts may be NULL or "" where there is nothing to say. */
struct api_feed {
    const char *name;        /**< and of its first probe */
    const char *operator_id; /**< whose word it is */
    const char *source;      /**< "folder", "https", "mqtt" */
    const char *content;     /**< "states", "alarms" */
    const char *file;        /**< the newest table that was taken */
    const char *notes;       /**< what was wrong with its rows: lines "file:line: what" */
    const char *problem;     /**< what hinders the feed now */
    struct wall_ms as_of;    /**< when that table was true; INT64_MIN = none yet */
    struct wall_ms taken;    /**< when it was stored */
    int64_t period_ms;       /**< how often a table should come */
    int64_t ttl_ms;          /**< how long its word holds */
    uint32_t rows;           /**< of that table */
    uint32_t refused;        /**< of these, that say nothing */
    uint32_t strangers;      /**< of these, because their site is unknown */
    uint32_t unnamed;        /**< units of the operator that the table says nothing of */
    uint32_t waiting;        /**< tables that wait */
};

/** All feeds. */
void api_feeds(const struct api_scope *scope, const struct api_feed *const *feeds, size_t n,
               struct buf *out);
/** Units that our probes and an operator see differently, at or below @p area: 0 or ERR_NOMEM.
 * O(units). */
int api_disagreements(const struct api_scope *scope, uint32_t area, struct api_page page,
                      struct buf *out) MUST_USE;

#endif
