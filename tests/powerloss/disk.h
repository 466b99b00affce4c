/**
 * @file
 * One machine's disk as a tape leaves it: what is durable, what is not yet, and how a power cut may
 * mix the two. It is stricter than any one file system: a write, a new name, a removed name each
 * survive or not, alone and in any combination, until a sync of that very file or folder covers
 * them.
 */
#ifndef POWERLOSS_DISK_H
#define POWERLOSS_DISK_H

#include "base/rng.h"
#include "base/vec.h"
#include "tape.h"

/** Bytes that a disk writes as one. */
enum { DISK_SECTOR = 512 };

/** What becomes of one operation that no sync covers. */
enum disk_fate {
    DISK_LOST,  /**< as if it had never been */
    DISK_WHOLE, /**< it is on the disk */
    DISK_TORN,  /**< of a write: only some sectors of its beginning are */
    DISK_MIXED, /**< of a write: some of its sectors are, the others hold what they held */
    DISK_ZEROS, /**< of a write: the file is long enough, its bytes are zeros */
};

/** Storage of the caller. */
struct disk {
    const char *machine; /**< first part of its paths */
    struct vec files;    /**< struct disk_file by number: what is durable of each */
    struct vec names;    /**< struct disk_name that are durable */
    struct vec folders;  /**< struct disk_name that are durable */
    struct vec open;     /**< size_t: operations on the tape that no sync covers, in order */
    size_t since_sync;   /**< how many of them were there at the machine's last sync */
};

/** An empty disk of @p machine, whose own folder exists. */
void disk_init(struct disk *d, const char *machine);
/** Takes what lies below @p root, as it was when the tape began, for durable. */
void disk_load(struct disk *d, const char *root);
/** Frees it. */
void disk_done(struct disk *d);
/** True if the operation is this machine's. */
bool disk_owns(const struct disk *d, const struct tape_op *op);
/** Takes operation @p i of the tape. */
void disk_take(struct disk *d, size_t i);
/** Writes the disk into @p folder (a new, empty one) with @p fates for each of the open
 * operations; @p rng chooses the sectors. */
void disk_write_out(const struct disk *d, const enum disk_fate *fates, struct rng *rng,
                    const char *folder);

#endif
