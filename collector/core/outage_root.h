/**
 * @file
 * What outages have in common: the outage of a link, feeder or site at the root of others, found
 * through the dependences (FIGURES 7.8, 7.21).
 *
 * It is asked, it keeps nothing: late evidence may give an outage another root.
 */
#ifndef CORE_OUTAGE_ROOT_H
#define CORE_OUTAGE_ROOT_H

#include "core/inventory.h"
#include "core/outages.h"

/**
 * The outage at the root of @p outage: the earliest that overlaps it of the nearest thing it
 * depends on that has one, and so on; itself if there is none (FIGURES 7.8, 7.21). O(dependences up
 * to the root).
 */
struct outage outage_root(const struct outages *o, const struct inventory *inv,
                          const struct outage *outage);
/** True if every existing unit of the site of @p outage is out together with it: the site is then
 * what failed. */
bool outage_whole_site(const struct outages *o, const struct inventory *inv,
                       const struct outage *outage);

#endif
