/**
 * @file
 * One power cut: what both machines had been told until then, what their disks hold after it, and
 * that both go on with nothing lost and nothing doubled.
 */
#ifndef POWERLOSS_CRASH_H
#define POWERLOSS_CRASH_H

#include "database.h"
#include "disk.h"
#include "folder.h"

/** The two machines. */
enum machine { PROBE, CENTRE, MACHINES };

/** Their names in paths and words. */
extern const char *const CRASH_MACHINE[MACHINES];

/** Bounds. */
enum { CRASH_OPEN_MAX = 4096, CRASH_WORDS = 200, CRASH_EPOCHS = 4, CRASH_KEPT = 16 };

/** What both ends had been told when the power went. */
struct promises {
    bool stored[DATABASE_PACKS];   /**< by the outbox */
    bool database[DATABASE_PACKS]; /**< the database has them */
    bool committed;                /**< the centre told of a commit */
    uint64_t digest;               /**< of the store behind the last commit told */
    uint64_t next_digest;          /**< behind the one after it; 0 = none came */

    struct {
        uint64_t epoch, upto;
    } ack[CRASH_EPOCHS]; /**< the highest acknowledged of each epoch */

    size_t acks; /**< epochs in ack */
};

/** A crash kept to begin a second life with: its disks, and what had been promised. */
struct crash_kept {
    char folder[FOLDER_PATH_MAX]; /**< both disks before the recovery */
    struct promises promises;     /**< with the digest that the recovery found */
};

/** The run. */
struct crash_run {
    struct disk disk[MACHINES];                    /**< at the cut */
    size_t cut[MACHINES];                          /**< where each machine's tape ends */
    enum disk_fate fate[MACHINES][CRASH_OPEN_MAX]; /**< of the open operations of each disk */
    struct promises before;                        /**< made before the tape began */
    uint64_t pack;                                 /**< the one to put after a cut */
    size_t every;                                  /**< so manyth crash points are replayed */
    size_t points;                                 /**< met */
    size_t replayed;                               /**< of these */
    size_t keep_every;                             /**< so manyth of those is kept; 0 = none */
    struct crash_kept kept[CRASH_KEPT];            /**< see keep_every */
    size_t n_kept;                                 /**< of them */
    bool under_way;                                /**< a crash point is being replayed */
    char words[CRASH_WORDS];                       /**< which */
};

/** The one there is. */
extern struct crash_run crash_run;

/** Replays the crash that crash_run.disk and .fate describe, if it is one of those wanted. */
void crash(const char *machine, const char *what);
/** For whoever looks for the reason: what became of each open operation. */
void crash_show(void);

#endif
