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

#include "core/availability.h"
#include "core/coverage.h"
#include "core/outage_impact.h"

/** True if a `serves` row stands for @p village at @p t, whether the unit exists or not. */
bool reference_meant_for(const struct reference *r, uint32_t unit, uint32_t village,
                         struct wall_ms t);
/** True if @p area is @p above or lies below it, in the tree of the instant. */
bool reference_below(const struct reference *r, uint32_t area, uint32_t above, struct wall_ms t);
/** True if @p unit exists and serves @p village at @p t (FIGURES 7.10). */
bool reference_serves(const struct reference *r, uint32_t unit, uint32_t village, struct wall_ms t);
/** Coverage of @p area at @p t; @p who as coverage_figure() (FIGURES section 4, 7.25). */
struct coverage_figure reference_coverage(const struct reference *r, uint32_t area,
                                          enum technology technology, uint32_t who,
                                          struct wall_ms t);

/** Appends to @p times (a vec of struct wall_ms) the instants up to now at which a unit may change,
 * in order, each once. */
void reference_instants(const struct reference *r, struct vec *times);
/** Appends to @p outages (a vec of struct outage, without numbers) those of @p unit in order of
 * time (FIGURES 7.8). */
void reference_outages(const struct reference *r, uint32_t unit, struct vec *outages);
/** The outage at the root of @p of among @p all (the outages of all units), @p of itself if there
 * is none (FIGURES 7.8, 7.21). */
const struct outage *reference_root(const struct reference *r, const struct vec *all,
                                    const struct outage *of);
/** Impact of @p n outages within @p family up to now (FIGURES section 5, 7.25). */
struct outage_impacts reference_impact(const struct reference *r, const struct outage *outages,
                                       size_t n, enum family family);
/** Times and counts of @p unit in @p window cut at now (FIGURES section 3, 7.9); uncertainty_ms is
 * left 0. */
struct availability reference_availability(const struct reference *r, uint32_t unit,
                                           struct validity window);
/** The same of an area (FIGURES 7.9, 7.10, 7.23). */
struct availability_area reference_availability_area(const struct reference *r,
                                                     const struct availability_query *query);

#endif
