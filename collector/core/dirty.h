/**
 * @file
 * A set of small numbers: which things changed since their rows were last saved. Adding is O(1),
 * forgetting all costs what was added. It knows nothing of rows.
 */
#ifndef CORE_DIRTY_H
#define CORE_DIRTY_H

#include "base/attr.h"
#include "base/vec.h"

#include <stddef.h>
#include <stdint.h>

/** Storage of the caller; opaque. */
struct dirty {
    struct vec numbers; /**< uint32_t, each once, in order of their first change */
    struct vec flags;   /**< uint8_t by number: 1 if it is in numbers */
};

/** An empty set for numbers below @p max. Allocates nothing. */
void dirty_init(struct dirty *d, size_t max);
/** Frees all. */
void dirty_done(struct dirty *d);
/** Adds @p number. 0, or ERR_NOMEM with the set as before. Amortised O(1). */
int dirty_add(struct dirty *d, uint32_t number) MUST_USE;
/** How many are in. */
size_t dirty_len(const struct dirty *d);
/** The number added as the @p at th (below dirty_len()). */
uint32_t dirty_at(const struct dirty *d, size_t at);
/** Forgets all. */
void dirty_clear(struct dirty *d);

#endif
