/**
 * @file
 * The small state that the outbox keeps beside its segments, durably: which numbers it holds, under
 * which epoch they are sent, what was given up, the clock of each boot, and how this
 * life of the program stands, so that the next one knows how it ended.
 *
 * Pure: text both ways. A pack's *number* is for ever; its `seq` on the wire is number minus base,
 * so numbering anew under another epoch rewrites no pack.
 */
#ifndef SHELL_OUTBOX_STATE_H
#define SHELL_OUTBOX_STATE_H

#include "base/buf.h"
#include "base/slice.h"
#include "core/clock_trust.h"
#include "core/last_life.h"

#include <stdint.h>

/** The state. */
struct outbox_state {
    uint64_t epoch;     /**< random, never 0 */
    uint64_t base;      /**< number = seq + base */
    uint64_t low;       /**< lowest number still held; high + 1 if none is */
    uint64_t high;      /**< highest number ever given, as far as was known when it was written */
    uint64_t reserved;  /**< no number above it was given: written before any pack that needs it */
    uint64_t dropped;   /**< packs of this epoch that were lost here: by the bound or by damage */
    uint64_t unwritten; /**< packs that never got a number: the disk took nothing. Of all epochs */
    int64_t running_ms; /**< running time of all lives of the probe until this was written */
    struct last_life life; /**< the one that wrote it */
    struct clock_offset
        clock[CLOCK_TRUST_BOOTS]; /**< of boots whose packs may wait, oldest first */
    size_t clocks;                /**< how many */
};

/** A new, empty outbox of the @p epoch. */
void outbox_state_init(struct outbox_state *state, uint64_t epoch);
/** Remembers the clock of a boot; the oldest makes way. */
void outbox_state_clock(struct outbox_state *state, struct clock_offset offset);
/** Appends the state as lines of text. */
void outbox_state_write(const struct outbox_state *state, struct buf *out);
/** Reads what outbox_state_write() wrote: 0, ERR_VERSION, or ERR_CORRUPT if anything in it does not
 * fit. */
int outbox_state_read(struct slice text, struct outbox_state *ret_state) MUST_USE;

#endif
