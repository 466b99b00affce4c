/**
 * @file
 * The outbox of a simulated probe: its packs in memory, in order, with a bound.
 *
 * It stands for the real one's disk: it survives the death of its probe, not that of the fleet.
 * Sequence numbers are core/window.h's; here pack number `low` is the first.
 */
#ifndef FLEET_BOX_H
#define FLEET_BOX_H

#include "base/attr.h"
#include "base/slice.h"
#include "base/vec.h"

#include <stdint.h>

/** Storage of the caller; members may be read. */
struct box {
    struct vec packs; /**< of owned bytes */
    uint64_t low;     /**< number of the first one; with none: of the next one */
};

/** An empty one of at most @p max packs. */
void box_init(struct box *b, size_t max);
/** Frees all. Accepts a zeroed one. */
void box_done(struct box *b);
/** Appends a copy of @p bytes; a full one drops its oldest first, which *ret_dropped tells. 0 or
 * ERR_NOMEM. */
int box_add(struct box *b, struct slice bytes, uint64_t *ret_dropped) MUST_USE;
/** Forgets all packs up to @p seq. */
void box_forget(struct box *b, uint64_t seq);
/** Pack @p seq, which it holds. */
struct slice box_at(const struct box *b, uint64_t seq);

#endif
