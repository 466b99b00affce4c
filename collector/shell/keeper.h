/**
 * @file
 * The keeper: takes messages from the intake log into the centre's memory, commits what they caused
 * in one transaction, and only then lets the world know (DESIGN 4.2).
 *
 * It turns in four steps: take and settle (loop, in slices that leave it to others in between),
 * commit (worker: batch file, then store), tell (loop). A turn that took much stays open for more,
 * and leaves to the next what time alone brought more of than it may work out (core/pace.h). While
 * a commit is under way nothing is taken, so between turns the memory shows committed state only:
 * keeper_settled(). It sends nothing itself.
 */
#ifndef SHELL_KEEPER_H
#define SHELL_KEEPER_H

#include "core/centre.h"
#include "core/reception.h"
#include "io/loop.h"
#include "shell/answers.h"
#include "shell/change_set.h"
#include "shell/intake.h"
#include "shell/store.h"

/** What was committed, for those who tell others. */
struct keeper_commit {
    struct batch_row batch; /**< the new batch; number 0 = none */
    uint64_t messages;      /**< messages taken in this turn */
    struct wall_ms oldest;  /**< receipt of the first of them */
};

/** What the keeper calls, on the loop unless said otherwise; none may be NULL. */
struct keeper_events {
    void *context; /**< first argument of each */
    /** On the worker: make the file of @p batch durable and fill in its bytes. ERR_NO_SPACE is
     * tried again, other errors end the process. */
    int (*write_batch)(void *context, struct slice lines, struct batch_row *batch);
    /** A chance to record more into the change set before it is sealed: 0 or an error, which ends
     * the process. */
    int (*sealing)(void *context, struct change_set *set);
    /** The commit is durable: answer, send, show. */
    void (*committed)(void *context, const struct keeper_commit *commit);
    /** Commits stand still (true, with why) or go on again (false). */
    void (*stalled)(void *context, bool stalled, const char *why);
    /** Readings of @p source are in the set being built: 0 or an error, which ends the process.
     * NULL: nobody asks. */
    int (*readings)(void *context, struct slice source, const struct reading *readings, size_t n);
    /** People work at the site of @p probe: 0 or an error, which ends the process. NULL: nobody
     * asks. */
    int (*work)(void *context, uint32_t probe, const struct body_work *work);
};

/** How to run. */
struct keeper_options {
    struct centre *centre;     /**< the memory */
    struct store *store;       /**< the store, which only the keeper's worker uses from now on */
    struct intake *intake;     /**< where messages come from */
    const char *intake_folder; /**< whose segments are deleted once committed */
    const char *reserve_file;  /**< given up first when the disk is full */
    int64_t reserve_bytes;     /**< its size */
    int64_t period_ms;         /**< at least this between two commits while little comes; longer
                                  while batches wait: keeper_waiting() */
    const char *id;            /**< of this collector */
    uint64_t boot;             /**< of this start */
    int64_t (*stopwatch_us)(
        void); /**< a monotonic clock, in microseconds; NULL: loop_stopwatch_us */
};

struct keeper;

/** Opens a keeper that waits for keeper_kick(): 0 or ERR_NOMEM. The options' texts must outlive it.
 */
int keeper_open(struct loop *loop, const struct keeper_options *options,
                const struct keeper_events *events, struct keeper **ret_keeper) MUST_USE;
/** Frees it; no commit may be under way: see keeper_finish(). Accepts NULL. */
void keeper_close(struct keeper *k);
/** Messages wait, or something was recorded: take a turn soon. */
void keeper_kick(struct keeper *k);
/** Somebody on the loop is changing the memory, while it is settled: it is not any more, and a turn
 * is taken at once. */
void keeper_change(struct keeper *k);
/** Commits what is there, however much, then calls @p done once: for a clean stop. Stop listening
 * first. */
void keeper_finish(struct keeper *k, loop_fn *done, void *arg);
/** So many batches wait for the database: with many, commits are farther apart (core/pace.h). */
void keeper_waiting(struct keeper *k, size_t batches);
/** True while the memory shows committed state only. */
bool keeper_settled(const struct keeper *k);
/** The change set being built; what is recorded in it is committed with the next turn (kick). */
struct change_set *keeper_set(struct keeper *k);
/** Takes a message that was refused once more, while the memory is settled: as
 * reception_requeue(); keeper_change() follows. */
int keeper_requeue(struct keeper *k, const struct reception_message *message,
                   struct reason *ret_why) MUST_USE;
/** Puts a line that the database refused into the next batch, while the memory is settled; @p
 * readings fields are in it: 0, ERR_NOMEM or ERR_FULL. keeper_change() follows. */
int keeper_line(struct keeper *k, struct slice line, uint64_t readings) MUST_USE;
/** From now on packs are held with @p reason, until it is called with NULL. */
void keeper_hold(struct keeper *k, const char *reason);
/** A live reading waits for @p lag_ms, told once a second: with much, packs of the past make way.
 */
void keeper_lag(struct keeper *k, int64_t lag_ms);
/** How many acks of packs of the past wait for their turn. */
size_t keeper_acks_waiting(const struct keeper *k);
/** Sends the answers that the last commit allowed; those to packs of the past wait for
 * keeper_release(). To be called from committed. */
int keeper_answer(struct keeper *k, struct wall_ms now, answers_send *send, void *context) MUST_USE;
/** Sends acks of packs of the past that wait, as many as the time since the last call allows
 * (core/pace.h). Every few ms, so that they come as evenly as they are worked off. */
int keeper_release(struct keeper *k, struct wall_ms now, answers_send *send,
                   void *context) MUST_USE;

#endif
