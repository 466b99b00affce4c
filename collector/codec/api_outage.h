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
/** Writes members "outages" (a page of groups) and "outages_total" into the open object. */
void api_outage_list(const struct api_scope *scope, const struct outage_groups *groups,
                     struct api_page page, struct emit *e);

#endif
