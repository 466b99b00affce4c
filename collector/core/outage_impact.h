/**
 * @file
 * Whom outages concern: villages and people within reach of what failed, and those left without any
 * service (FIGURES section 5, 7.25).
 */
#ifndef CORE_OUTAGE_IMPACT_H
#define CORE_OUTAGE_IMPACT_H

#include "core/outage_dark.h"
#include "core/outages.h"
#include "core/serving.h"

/** People and places that outages concern; a union over villages, never a sum over sites. */
struct outage_impact {
    uint32_t villages;  /**< distinct villages */
    int64_t population; /**< of those whose figure is known */
    int64_t households; /**< of those whose figure is known */
};

/** Impact of a set of outages of one technology family or several. */
struct outage_impacts {
    struct outage_impact exposed; /**< served by a failed unit */
    struct outage_impact
        without_down; /**< without any other live unit of the family while a unit was down */
    struct outage_impact
        without_silent; /**< the same while a unit was silent; may overlap without_down */
};

/**
 * Impact of @p n @p outages up to @p now, over every instant of their downtime, within @p family
 * (FIGURES 7.25). 0 or ERR_NOMEM. O(villages x spans of the units serving them).
 */
int outage_impact(const struct outage *outages, size_t n, enum family family,
                  const struct serving *serving, const struct inventory *inv, const struct world *w,
                  struct wall_ms now, struct outage_impacts *ret_impacts) MUST_USE;
/** The same for many sets of outages, up to the end of @p dark, which begins at or before
 * outage_impact_begins() of all of them: each village is looked at once. */
int outage_impact_by(struct outage_dark *dark, const struct outage *outages, size_t n,
                     enum family family, struct outage_impacts *ret_impacts) MUST_USE;
/** The first instant of @p n @p outages; INT64_MAX of none. */
struct wall_ms outage_impact_begins(const struct outage *outages, size_t n);

#endif
