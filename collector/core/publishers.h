/**
 * @file
 * What one publisher may cost the centre: its share of reading, of dead letters, of names and of
 * the past, so that a hostile or broken one harms itself only (DESIGN sections 3 and 6).
 *
 * A publisher is a probe of the inventory, or a name on a topic that no probe has; of the latter
 * the first PUBLISHERS_STRANGERS are told apart and the others share one share. It decides only:
 * what is answered and counted is core/reception.h's. Nothing is stored; a restart begins anew.
 */
#ifndef CORE_PUBLISHERS_H
#define CORE_PUBLISHERS_H

#include "base/attr.h"
#include "base/instant.h"
#include "base/slice.h"
#include "wire/pack.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Publishers that are no probes and are told apart. */
#define PUBLISHERS_STRANGERS 16384

/** The bounds; the defaults are those of publishers_limits_default(). */
struct publishers_limits {
    int64_t load;    /**< a second, in messages; see publishers_may_load() */
    int64_t letters; /**< dead letters kept an hour */
    int64_t names;   /**< of site/check/metric, in one run of the collector */
    int64_t past_ms; /**< readings may be this much older than their receipt */
};

/** 1,000 messages a second, 100 dead letters an hour, 16,384 names, 5 years. */
struct publishers_limits publishers_limits_default(void);

struct publishers;

/** Nobody yet. NULL without memory. */
struct publishers *publishers_new(const struct publishers_limits *limits) MUST_USE;
/** Frees it. Accepts NULL. */
void publishers_free(struct publishers *p);

/** The publisher that is probe @p probe of the inventory. */
uint32_t publishers_probe(uint32_t probe);
/** The publisher @p name that is no probe. */
uint32_t publishers_stranger(struct publishers *p, struct slice name);

/**
 * True if the centre reads this message of @p bytes bytes: it counts as one and one for each KiB,
 * ten times that if it is @p dear (a list of checks: units are evaluated anew). Twenty seconds'
 * load may come at once, which is far more than a probe with a backlog sends (8 packs a commit).
 */
bool publishers_may_load(struct publishers *p, uint32_t who, size_t bytes, bool dear,
                         struct wall_ms now);
/** True if a dead letter of @p who is kept. */
bool publishers_may_leave(struct publishers *p, uint32_t who, struct wall_ms now);
/** True if @p who may use the names of these readings. */
bool publishers_may_name(struct publishers *p, uint32_t who, const struct reading *readings,
                         size_t n);
/** True if none of the readings is older than may be. */
bool publishers_may_recall(const struct publishers *p, const struct reading *readings, size_t n,
                           struct wall_ms received);

#endif
