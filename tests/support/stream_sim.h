/**
 * @file
 * A probe, a broker and a centre in one seeded simulation around the real stream code of both
 * sides: everything between and beneath them may lose, double, reorder, restart or forget.
 *
 * It checks at every step what holds at every step, and stops the test with the seed where it does
 * not. There is no clock and no network; a run of some hundred steps takes well under a
 * millisecond.
 */
#ifndef SUPPORT_STREAM_SIM_H
#define SUPPORT_STREAM_SIM_H

#include "base/rng.h"
#include "core/stream.h"
#include "core/window.h"

#include <stdbool.h>
#include <stdint.h>

/** Bounds of one run. */
enum { SIM_PACKS = 512, SIM_QUEUE = 64, SIM_SNAPSHOTS = 6, SIM_ROW = 640 };

/** What may go wrong in a run. */
struct stream_sim_faults {
    bool network;  /**< messages are lost, doubled and reordered */
    bool restarts; /**< probe and centre restart, connections break, the broker forgets */
    bool restores; /**< the centre's store is replaced by an older backup of itself */
    bool bound;    /**< the outbox's bound is small and drops packs */
    bool holds;    /**< the centre answers with hold at times */
};

/** A message on its way; to the centre or back. */
struct sim_message {
    uint64_t low, seq, dropped; /**< to the centre: topic and what the status says by then */
    uint64_t epoch, upto;       /**< of answers */
    bool gap, hold;             /**< of answers */
};

/** What the broker holds in one direction. */
struct sim_queue {
    struct sim_message at[SIM_QUEUE];
    size_t len;
};

/** A committed state of the centre. */
struct sim_snapshot {
    char row[SIM_ROW];
    size_t row_len;
    size_t delivered;
};

/** The whole simulated world. Zeroed but for what stream_sim_init() sets. */
struct stream_sim {
    uint64_t seed;
    struct rng rng, jitter;
    struct stream_sim_faults faults;
    struct mono_ms now;

    uint64_t epoch, durable_low, high, dropped; /**< the outbox on disk */
    uint64_t bound;                             /**< packs it may hold */
    bool gone[SIM_PACKS + 1];                   /**< by seq: dropped by the bound */
    struct window window;

    struct sim_queue up, down, held; /**< held: answers waiting for the commit */

    struct stream *centre;
    uint64_t centre_boot;
    bool holding;
    uint16_t delivered[SIM_PACKS]; /**< seqs handed to the core, in order, of this store's life */
    uint8_t fate[SIM_PACKS];       /**< by the same index */
    size_t n_delivered;
    struct sim_snapshot snapshot[SIM_SNAPSHOTS]; /**< the last is the present commit */
    size_t n_snapshots;
    bool restored; /**< a restore really happened */
};

/** A run of @p seed under @p faults. */
void stream_sim_init(struct stream_sim *sim, uint64_t seed, struct stream_sim_faults faults);
/** Frees what it holds. */
void stream_sim_done(struct stream_sim *sim);
/** One random event, and the checks that hold at every step. */
void stream_sim_step(struct stream_sim *sim);
/** Ends all faults and lets everything drain; fails the test if it does not. */
void stream_sim_quiet(struct stream_sim *sim);
/** The present mark of the stream; zeroed before the first pack. */
struct stream_mark stream_sim_mark(const struct stream_sim *sim);

#endif
