/**
 * @file
 * Derived points of units, sites and outages from the present memory: what core/derived.h hands
 * out, looked up in timelines, as lines. Those of areas, which look at every unit, are
 * codec/derived_areas.h's.
 *
 * It keeps nothing. An instant of the past is rendered as it is known now, so a correction
 * overwrites what it corrects.
 */
#ifndef CODEC_DERIVED_RENDER_H
#define CODEC_DERIVED_RENDER_H

#include "base/buf.h"
#include "core/centre.h"

/** Appends the lines of those of @p n @p spans that are no areas', as known at @p now, with local
 * time @p zone_ms ahead of UTC: 0, ERR_NOMEM or the error of @p out. */
int derived_render(const struct centre *centre, int64_t zone_ms, struct wall_ms now,
                   const struct derived_span *spans, size_t n, struct buf *out) MUST_USE;

#endif
