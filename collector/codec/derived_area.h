/**
 * @file
 * Derived points of areas: coverage at an instant, availability over windows and closed periods.
 * Villages have none of their own.
 */
#ifndef CODEC_DERIVED_AREA_H
#define CODEC_DERIVED_AREA_H

#include "base/buf.h"
#include "core/centre.h"
#include "core/derived_grid.h"

/** Appends coverage of @p area by every technology and operator, as @p coverage (made for @p t) has
 * it. */
void derived_area_coverage(const struct centre *c, const struct coverage *coverage, uint32_t area,
                           struct wall_ms t, struct buf *out);
/** Appends availability of @p area over 1 h, 24 h, 7 d and 30 d up to @p t: 0 or ERR_NOMEM. */
int derived_area_now(const struct centre *c, uint32_t area, struct wall_ms t,
                     struct buf *out) MUST_USE;
/** Appends availability of @p area over the closed period [from, to) of @p grid: 0 or ERR_NOMEM. */
int derived_area_closed(const struct centre *c, uint32_t area, struct wall_ms from,
                        struct wall_ms to, enum derived_grid grid, struct buf *out) MUST_USE;

#endif
