/**
 * @file
 * Derived points of areas: coverage at an instant, availability over windows and closed periods.
 * Villages have none of their own.
 */
#ifndef CODEC_DERIVED_AREA_H
#define CODEC_DERIVED_AREA_H

#include "base/buf.h"
#include "core/availability_table.h"
#include "core/centre.h"

/** Appends coverage of @p area by every technology and operator, as @p coverage (made for @p t) has
 * it; @p measured is NULL for an instant of the past. */
void derived_area_coverage(const struct centre *c, const struct coverage *coverage,
                           const struct measured *measured, uint32_t area, struct wall_ms t,
                           struct buf *out);
/** Appends availability of @p area for every kind and operator, as @p table has it for window
 * number @p window, which is called @p word. */
void derived_area_availability(const struct centre *c, const struct availability_table *table,
                               size_t window, const char *word, uint32_t area, struct wall_ms t,
                               struct buf *out);

#endif
