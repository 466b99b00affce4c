/**
 * @file
 * Finds sites by what operators call them: id, code or one of the aliases.
 */
#ifndef CORE_FEED_SITES_H
#define CORE_FEED_SITES_H

#include "base/names.h"
#include "base/vec.h"
#include "core/inventory.h"

/** Storage of the caller. */
struct feed_sites {
    const struct inventory *inv; /**< whose sites */
    struct names names;          /**< codes and aliases */
    struct vec sites;            /**< uint32_t by number: the site, INV_NONE = several have it */
};

/** Sites as they are at @p t: 0 or ERR_NOMEM. O(sites). */
int feed_sites_init(struct feed_sites *sites, const struct inventory *inv,
                    struct wall_ms t) MUST_USE;
/** Frees it. */
void feed_sites_done(struct feed_sites *sites);
/** The site called @p name; INV_NONE if there is none or (*ret_several) more than one. */
uint32_t feed_sites_find(const struct feed_sites *sites, struct slice name, bool *ret_several);
/** The next of the aliases in @p rest, a cell of the inventory, with | or ; between, and cut off
 * it; false if none is left. */
bool feed_sites_alias(struct slice *rest, struct slice *ret_alias);

#endif
