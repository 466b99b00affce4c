/**
 * @file
 * Members of a figure of availability in an answer, the same wherever one is shown. Whose figure it
 * is, and of which time, is the caller's.
 */
#ifndef CODEC_API_FIGURE_H
#define CODEC_API_FIGURE_H

#include "codec/emit.h"
#include "core/availability.h"

/** A ratio, null where it does not exist. */
void api_figure_ratio(struct emit *e, const char *key, bool exists, double ratio);
/** The object `state_ms`. */
void api_figure_times(struct emit *e, const struct availability *a);
/** Ratios, outages, uncertainty and downtime by cause; the ratios are null without @p enough data.
 */
void api_figure_put(struct emit *e, const struct availability *a, bool enough);
/** The figure as it were with maintenance that was declared in retrospect; null where there is
 * none. */
void api_figure_retroactive(struct emit *e, const struct availability *a, bool enough);

#endif
