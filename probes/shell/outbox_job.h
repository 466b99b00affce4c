/**
 * @file
 * One piece of blocking work for the outbox: state first, then removals, then packs, each durable
 * before the next. Runs on a worker, one at a time; what to do is the outbox's to decide.
 */
#ifndef SHELL_OUTBOX_JOB_H
#define SHELL_OUTBOX_JOB_H

#include "base/buf.h"
#include "io/segment.h"
#include "shell/outbox_record.h"

/** Most packs of one job. */
#define OUTBOX_JOB_PUTS 64

/** A pack to append. */
struct outbox_put {
    struct outbox_record record; /**< body is at data */
    char *data;                  /**< of the heap */
    struct segment_pos end;      /**< where it ended; set by the job */
};

/** What to do, and how it went. */
struct outbox_job {
    const char *folder;                      /**< of segments and state */
    struct segment_writer *writer;           /**< of the segments */
    struct buf state;                        /**< to be written; empty = leave it */
    bool reserves;                           /**< the packs' numbers stand on that state */
    uint64_t delete_below;                   /**< files below this number go, once the state is
                                                written; 0 = none */
    struct outbox_put puts[OUTBOX_JOB_PUTS]; /**< to be appended */
    size_t len;                              /**< of puts */

    int state_err; /**< 0: the state is durable */
    int put_err;   /**< 0: all packs are durable */
    size_t stored; /**< packs that are durable, from the front */
};

/** Path of the state file in @p folder: 0 or ERR_TOO_LONG. */
int outbox_job_state_path(char ret_path[FILE_PATH_MAX], const char *folder) MUST_USE;
/** Does it; never fails as a whole. When the disk is full the reserve is given up, so that a state
 * which lets files be removed always fits. */
void outbox_job_run(struct outbox_job *job);
/** Gives the reserve of disk space up; one that is not there is fine: 0 or an error. Blocks. */
int outbox_job_give_up_reserve(const char *folder) MUST_USE;
/** Takes the reserve of disk space again, if there is room. Blocks. */
void outbox_job_reserve(const char *folder);

#endif
