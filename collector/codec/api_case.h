/**
 * @file
 * One outage as people work with it, as an answer of the API: itself, what it caused, whom it
 * concerns by operator and service, and what was done about it.
 *
 * Lists of outages are codec/api_outage.h's.
 */
#ifndef CODEC_API_CASE_H
#define CODEC_API_CASE_H

#include "codec/api.h"
#include "core/outage_case.h"

/** The outage @p found with a page of its members: 0 or ERR_NOMEM. O(members x operators x
 * services). */
int api_case(const struct api_scope *scope, const struct outage_case *found, struct api_page page,
             struct buf *out) MUST_USE;

#endif
