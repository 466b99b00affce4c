/**
 * @file
 * How many names (site/check/metric) each source has used: a bound, because every new one is a
 * series or a field that the database keeps for ever.
 *
 * Nearly all sources use a few dozen names for life, so they cost next to nothing: one reading in
 * eight is looked at, in a map of 512 bits. A source that fills three quarters of its map (about
 * 700 names) is followed name by name from then on, up to the bound. So a source gets at most the
 * bound and what it used before it drew attention, about 6,000 names if it brings them one by one.
 * Nothing is remembered over a restart.
 */
#ifndef CORE_VOCABULARY_H
#define CORE_VOCABULARY_H

#include "wire/pack.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vocabulary;

/** Of no source yet, each with at most @p max names. NULL without memory. */
struct vocabulary *vocabulary_new(uint32_t max) MUST_USE;
/** Frees it. Accepts NULL. */
void vocabulary_free(struct vocabulary *v);
/** True if @p source may use the names of these readings, which it has then used; false if that
 * would be more than the bound. Without memory everybody may. O(n), an eighth of it mostly. */
bool vocabulary_admits(struct vocabulary *v, uint32_t source, const struct reading *readings,
                       size_t n);
/** Sources that are followed name by name. */
uint32_t vocabulary_followed(const struct vocabulary *v);

#endif
