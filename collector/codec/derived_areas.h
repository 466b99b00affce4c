/**
 * @file
 * Derived points of areas from the present memory, in steps: all areas of one kind and instant
 * share figures for which every unit has to be looked at, which for a nation is seconds of work.
 *
 * The object outlives what it renders: coverage is built once of an inventory, which takes long.
 *
 * Between steps the memory may change. What changes at an instant under way makes that instant
 * dirty (core/derived.h), so it is handed out again; a figure made of both is overwritten. An
 * instant of the past is rendered as it is known now.
 */
#ifndef CODEC_DERIVED_AREAS_H
#define CODEC_DERIVED_AREAS_H

#include "base/buf.h"
#include "core/availability_table.h"
#include "core/centre.h"

/** Storage of the caller; members are of derived_areas_*. */
struct derived_areas {
    const struct centre *centre;      /**< the memory */
    int64_t zone_ms;                  /**< local time ahead of UTC */
    struct wall_ms now;               /**< of what is known */
    const struct derived_span *spans; /**< what to render */
    size_t n;                         /**< of them */
    uint64_t inventories;             /**< of the centre, when it began */

    int kind;                         /**< of points under way; DERIVED_GRIDS: all are written */
    struct wall_ms t;                 /**< their instant */
    uint32_t unit;                    /**< the next to be looked at */
    struct coverage *coverage;        /**< at t; kept for the next instant */
    struct availability_table *table; /**< of the windows that end at t, or of the period */
};

/** Nothing to do. @p centre outlives it; local time is @p zone_ms ahead of UTC. */
void derived_areas_init(struct derived_areas *a, const struct centre *centre, int64_t zone_ms);
/** Frees all. */
void derived_areas_done(struct derived_areas *a);
/** Begins with those of @p n @p spans that are areas', as known at @p now, and gives up what was
 * under way. @p spans stay as they are until all is done. */
void derived_areas_begin(struct derived_areas *a, struct wall_ms now,
                         const struct derived_span *spans, size_t n);
/** Looks at @p *units more units at most and appends the lines that are known then; what is left of
 * @p *units is 0 if there may be more to do. 0, ERR_NOMEM, the error of @p out, or ERR_BUSY if
 * there is another inventory by now: it has to begin anew. */
int derived_areas_work(struct derived_areas *a, size_t *units, struct buf *out) MUST_USE;

#endif
