/**
 * @file
 * Sites of a flash report: whether one is out, for how long, and whether it was and is not any
 * more; of all its units or of one operator's.
 *
 * What is counted and listed of it is core/flash_report.h's.
 */
#ifndef CORE_FLASH_SITES_H
#define CORE_FLASH_SITES_H

#include "core/flash_report.h"

/** "Every operator's units" where an operator is asked for. */
#define FLASH_EVERY_OPERATOR (UINT32_MAX - 1)

/** A site at an instant, by the units asked for. */
struct flash_site {
    uint32_t units;       /**< in service */
    bool out;             /**< there are some and each is down */
    bool unverified;      /**< each is down or silent, and one is silent */
    struct wall_ms since; /**< the last of them went then; INT64_MIN = not known */
    enum cause cause;     /**< of the first that is down, else of the first that is silent */
};

/** The units of @p op at @p site at @p t. O(units). */
struct flash_site flash_site_at(const struct outage_sources *from, uint32_t site, uint32_t op,
                                struct wall_ms t);
/** True if the units of @p op at @p site were all down at one instant of [@p since, @p t). O(its
 * outages). */
bool flash_site_was_out(const struct outage_sources *from, uint32_t site, uint32_t op,
                        struct wall_ms since, struct wall_ms t);
/** Counts a site as @p s shows it. */
void flash_site_count(const struct flash_question *question, const struct flash_site *s,
                      bool was_out, struct flash_count *count);

#endif
