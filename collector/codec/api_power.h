/**
 * @file
 * What feeds the sites of an area, as an answer of the API, and as counts for the flash report.
 */
#ifndef CODEC_API_POWER_H
#define CODEC_API_POWER_H

#include "codec/api.h"
#include "core/supply.h"

/** Sites by what feeds them; those whose plant was not heard of lately are unknown. */
struct api_power_counts {
    uint32_t by[SUPPLIES]; /**< by enum supply */
    uint32_t unknown;      /**< told once, not lately */
    uint32_t total;        /**< sites that ever told */
};

/** Counts sites of @p kind (-1: of any) at or below @p area at scope->now. 0 or ERR_NOMEM. */
int api_power_count(const struct api_scope *scope, uint32_t area, int kind,
                    struct api_power_counts *ret_counts) MUST_USE;
/** The counts as a member of the open object, null while no site tells. */
void api_power_put(struct emit *e, const char *name, const struct api_power_counts *counts);
/** The counts, and a page of the sites that are not on mains: those on battery by the minutes left,
 * then by people who would lose their last service. Restricted sites are only counted. 0 or
 * ERR_NOMEM. */
int api_power(const struct api_scope *scope, uint32_t area, struct api_page page,
              struct buf *out) MUST_USE;

#endif
