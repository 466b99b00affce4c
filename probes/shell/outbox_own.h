/**
 * @file
 * The inside of the outbox, shared by its three sources: outbox.c (what packs and events do),
 * outbox_work.c (jobs), outbox_read.c (reading packs back). Nobody else includes it.
 */
#ifndef SHELL_OUTBOX_OWN_H
#define SHELL_OUTBOX_OWN_H

#include "shell/outbox.h"
#include "shell/outbox_job.h"
#include "shell/outbox_runs.h"
#include "shell/outbox_state.h"

/** The outbox; on the loop's thread but for what `job` points at while it is busy. */
struct outbox {
    char folder[FILE_PATH_MAX];    /**< of everything */
    struct loop *loop;             /**< it lives on */
    struct loop_timer *retry;      /**< after the disk refused */
    struct outbox_events events;   /**< whom to tell */
    struct outbox_policy policy;   /**< the bound */
    uint64_t boot;                 /**< of this process */
    uint64_t machine;              /**< boot of the machine, 0 = unknown */
    int lock;                      /**< descriptor, -1 = none */
    struct segment_writer *writer; /**< the worker's */

    struct outbox_state want; /**< as it is */
    struct outbox_state kept; /**< as it is on the disk; seqs are numbers minus its base */
    struct outbox_runs runs;  /**< what is held where */
    int64_t before_ms;        /**< running time of earlier lives */
    struct last_life before;  /**< how the life before ended */
    struct mono_ms started;   /**< this life began */

    struct outbox_put waiting[OUTBOX_JOB_PUTS]; /**< for the next job */
    size_t waiting_len;                         /**< how many */
    size_t waiting_bytes;                       /**< of their bodies, with those of the job */
    uint64_t unstored;                          /**< lost for want of disk */

    struct outbox_job job;     /**< under way, if busy */
    struct outbox_state going; /**< the state that it writes */
    bool busy;                 /**< a job is on the worker */
    bool save;                 /**< want is to be written */
    uint64_t delete_below;     /**< with the next state */
    bool tell_dropped;         /**< once the state is durable */
    bool tell_renumbered;      /**< see tell_dropped */
    bool tell_clock;           /**< see tell_dropped */
    bool going_dropped;        /**< of tell_*: what the state under way makes durable */
    bool going_renumbered;     /**< see going_dropped */
    bool going_clock;          /**< see going_dropped */
    int disk_err;              /**< last refusal */

    struct segment_reader *reader; /**< where packs are read */
    struct buf plain;              /**< the last pack read, if it was made smaller */
    uint64_t reader_next;          /**< number it gives next, 0 = not known */
    uint64_t damage;               /**< last damage told, see outbox_runs_damage() */
    uint64_t lost_number;          /**< a number that could not be read, 0 = none */
    uint64_t lost_next;            /**< first readable one behind it */

    bool closing;     /**< outbox_close() was called */
    loop_fn *closed;  /**< whom to tell then, or NULL */
    void *closed_arg; /**< its argument */
};

/** Running time of all lives so far. */
int64_t outbox_running_ms(const struct outbox *o);
/** Starts a job if there is work and none is under way. */
void outbox_work(struct outbox *o);
/** Drops what the bound says, or at least the oldest run if @p force. */
void outbox_hold_bound(struct outbox *o, bool force);
/** A pack is lost before it had a number. */
void outbox_unwritten(struct outbox *o);
/** Everything is written: frees the outbox. */
void outbox_finish(struct outbox *o);

#endif
