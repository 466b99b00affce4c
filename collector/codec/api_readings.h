/**
 * @file
 * The newest readings of a site as JSON: what core/latest.h holds of it, value by value.
 *
 * Who may see the site is the route's to say.
 */
#ifndef CODEC_API_READINGS_H
#define CODEC_API_READINGS_H

#include "codec/api.h"
#include "core/latest.h"

/** Appends what @p site holds to @p out, by check and metric. O(readings). */
void api_readings(const struct api_scope *scope, const struct latest_site *site, struct buf *out);

#endif
