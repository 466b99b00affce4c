/**
 * @file
 * Outages as parts of several answers of the API; see codec/api.h for the answers themselves.
 */
#ifndef CODEC_API_OUTAGE_H
#define CODEC_API_OUTAGE_H

#include "codec/api.h"
#include "core/outage_groups.h"

/** The outages that last, of sites at or below @p area (INV_NONE = all): 0 or ERR_NOMEM. */
int api_outage_open(const struct api_scope *scope, uint32_t area,
                    struct outage_groups *ret_groups) MUST_USE;
/** Those that lasted at scope->now, an instant of the past, with the ends they are known to have.
 */
int api_outage_then(const struct api_scope *scope, uint32_t area,
                    struct outage_groups *ret_groups) MUST_USE;
/** True if the site of @p o shows nothing but that it counts. */
bool api_outage_hidden(const struct api_scope *scope, const struct outage *o);
/** Writes the members of one group, with a page of its outages, into the open object. */
void api_outage_group(const struct api_scope *scope, const struct outage_groups *groups,
                      const struct outage_group *g, struct api_page page, struct emit *e);
/** Writes whom outages concern as the member @p key. */
void api_outage_impacts(const char *key, const struct outage_impacts *i, struct emit *e);
/** Writes members "outages" (the first @p limit that are not shelved) and "outages_total" (of all)
 * into the open object. */
void api_outage_top(const struct api_scope *scope, const struct outage_groups *groups,
                    uint64_t limit, struct emit *e);
/** Writes members "outages" (a page of groups) and "outages_total" into the open object. */
void api_outage_list(const struct api_scope *scope, const struct outage_groups *groups,
                     struct api_page page, struct emit *e);

#endif
