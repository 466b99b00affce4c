/**
 * @file
 * The outbox: packs on disk from before they are published until the centre has stored them
 * (DESIGN section 3 and 4.4).
 *
 * It is the durable half of the sending side: core/window.h decides what to publish, this holds it.
 * Everything that blocks on the disk's confirmation runs on a worker, one job at a time; events
 * tell what has become durable. A full or failing disk never ends the program: the oldest packs go,
 * then new ones wait in memory, then the oldest of those are lost and counted. Large packs stand
 * on the disk in an eighth of their size (shell/outbox_shrink.h): it is the disk's own pages that
 * the bound and the wear are counted in.
 *
 * Files in the folder: numbered segments (io/segment.h), `state` (shell/outbox_state.h), `newest`
 * (shell/outbox_newest.h), `lock`, `reserve`; `*.bad` are damaged ones, kept for whoever
 * investigates.
 */
#ifndef SHELL_OUTBOX_H
#define SHELL_OUTBOX_H

#include "core/clock_trust.h"
#include "core/last_life.h"
#include "core/outbox_policy.h"
#include "io/loop.h"
#include "shell/outbox_record.h"

/** Bytes of packs that wait in memory for the disk. */
#define OUTBOX_WAITING_MAX (512 * 1024)

/** How to open. */
struct outbox_options {
    const char *folder;          /**< made if missing */
    struct outbox_policy policy; /**< the bound */
    uint64_t boot;               /**< of this process */
    uint64_t machine;            /**< boot of the machine; 0 = unknown */
};

/** What the outbox tells, on the loop; all are required. */
struct outbox_events {
    void *arg; /**< first argument of each */
    /** Pack @p seq is durable. */
    void (*stored)(void *arg, uint64_t seq);
    /** The bound or damage took the packs below @p low; that is durable. */
    void (*dropped)(void *arg, uint64_t low);
    /** What outbox_renumber() asked is durable: epoch and numbers are new. */
    void (*renumbered)(void *arg);
    /** What outbox_clock() gave is durable. */
    void (*clock_kept)(void *arg);
};

/** Figures for people and the status. Packs may still come and go under them. */
struct outbox_view {
    uint64_t epoch;     /**< of the numbers */
    uint64_t low;       /**< lowest seq held; high + 1 if none is */
    uint64_t high;      /**< highest seq ever given */
    uint64_t dropped;   /**< packs lost here in this epoch, durably counted */
    uint64_t unstored;  /**< packs lost in this process because the disk took nothing */
    uint64_t unwritten; /**< the same of all processes, as far as the disk was told */
    int64_t bytes;      /**< of all segments */
    int disk_err;       /**< the disk's last refusal, 0 while it works */
};

struct outbox;

/**
 * Opens the outbox, reading all it holds. 0; ERR_BUSY (another process has it), ERR_DENIED,
 * ERR_NO_SPACE, ERR_NOMEM, ERR_TOO_LONG, ERR_IO, ERR_VERSION. A damaged state is set aside and
 * what is held gets a new epoch. Blocks: for the start of the program.
 */
int outbox_open(struct loop *loop, const struct outbox_options *options,
                const struct outbox_events *events, struct outbox **ret_outbox) MUST_USE;
/** Makes everything durable, frees it, then calls @p closed. Accepts NULL (and then calls nothing).
 */
void outbox_close(struct outbox *o, loop_fn *closed, void *arg);

/** Takes a pack of @p readings readings, at most PACK_BYTES_MAX; copied. outbox_events.stored
 * follows, in order. */
void outbox_put(struct outbox *o, enum outbox_kind kind, struct slice body, uint32_t readings);
/** The centre has everything up to @p seq: its files may go. */
void outbox_acked(struct outbox *o, uint64_t seq);
/**
 * Reads pack @p seq; the record is valid until the next read. ERR_NOT_FOUND: it is lost; when it is
 * the lowest, outbox_skip() goes past it. ERR_BUSY: it is being given up. ERR_NOMEM, ERR_IO: later,
 * perhaps. Reads at most one segment file.
 */
int outbox_read(struct outbox *o, uint64_t seq, struct outbox_record *ret_record) MUST_USE;
/** Gives up pack @p seq, which must be the lowest and lost, and those behind it that are lost too;
 * outbox_events.dropped follows. */
void outbox_skip(struct outbox *o, uint64_t seq);
/** Numbers what is held anew from 1 under @p epoch; outbox_events.renumbered follows. */
void outbox_renumber(struct outbox *o, uint64_t epoch);
/** Keeps the clock of this boot; outbox_events.clock_kept follows. */
void outbox_clock(struct outbox *o, struct clock_offset offset);

/** Hands the clocks of earlier boots to @p trust. */
void outbox_load_clocks(const struct outbox *o, struct clock_trust *trust);
/** How the life of the program before this one ended. */
struct last_life outbox_last_life(const struct outbox *o);
/** Mains power was lost, or is back: the next life is to know, if this one ends with it. */
void outbox_gasped(struct outbox *o, bool gasped);
/** How long the oldest pack has been held, in running time; 0 if none is. Reads it. */
int64_t outbox_oldest_ms(struct outbox *o);
/** Figures as of now. */
struct outbox_view outbox_view(const struct outbox *o);
/** True while packs wait in memory for the disk. */
bool outbox_is_writing(const struct outbox *o);

#endif
