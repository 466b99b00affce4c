/**
 * @file
 * The figures made of unit states, by the same plain scanning: coverage, time per state, outages
 * and whom they concern.
 *
 * Plain result types of the fast code are used where they exist, so that answers can be compared
 * member by member; nothing of how it computes them is.
 */
#ifndef SUPPORT_REFERENCE_FIGURES_H
#define SUPPORT_REFERENCE_FIGURES_H

#include "reference.h"

#include "core/coverage.h"

/** True if @p unit exists and serves @p village at @p t (FIGURES 7.10). */
bool reference_serves(const struct reference *r, uint32_t unit, uint32_t village, struct wall_ms t);
/** Coverage of @p area at @p t; @p who as coverage_figure() (FIGURES section 4, 7.25). */
struct coverage_figure reference_coverage(const struct reference *r, uint32_t area,
                                          enum technology technology, uint32_t who,
                                          struct wall_ms t);

#endif
