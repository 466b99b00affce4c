/**
 * @file
 * Who would lose the last service if a site went out: the villages that its live units serve and no
 * live unit of another site does.
 *
 * A forecast beside the impact of outages (core/outage_impact.h), which speaks of what is out
 * already. It knows nothing of batteries.
 */
#ifndef CORE_LAST_SERVICE_H
#define CORE_LAST_SERVICE_H

#include "core/coverage.h"
#include "core/serving.h"
#include "core/world.h"

/** Villages of @p family with their people that hang on @p site alone at @p t. 0 or ERR_NOMEM.
 * O(villages of the site x units serving them). */
int last_service(const struct serving *serving, const struct inventory *inv, const struct world *w,
                 uint32_t site, enum family family, struct wall_ms t,
                 struct coverage_count *ret_count) MUST_USE;

#endif
