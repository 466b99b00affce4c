/**
 * @file
 * The life of an outage as parts of several answers of the API; see codec/api.h for the answers
 * themselves.
 */
#ifndef CODEC_API_LIFE_H
#define CODEC_API_LIFE_H

#include "codec/api.h"
#include "core/outage_groups.h"

/** Where the group stands at scope->now, of which there is nothing to tell but the stage if its
 * site is restricted; in a replay without what was done later. */
struct life_view api_life_of(const struct api_scope *scope, const struct outage_groups *groups,
                             const struct outage_group *g);
/** Writes the member "life"; @p hidden: only its stage. */
void api_life_put(const struct life_view *view, bool hidden, struct emit *e);
/** Writes the member "acts": what was done, oldest first; nothing if @p hidden. */
void api_life_acts(const struct life *life, bool hidden, struct emit *e);

#endif
