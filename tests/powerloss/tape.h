/**
 * @file
 * A tape of everything this process asks of the disk below one folder: the system calls of
 * outbox, segments, batch files and SQLite alike, in their order, with marks of what was promised
 * in between. It exists so that disk.h can say what a power cut may leave.
 *
 * The calls are interposed by symbols of this program that stand before libc's, for SQLite's shared
 * library too; nothing of the product knows of it. What SQLite keeps in memory it shares (`-shm`)
 * is not on the tape: it is worthless after a power cut.
 */
#ifndef POWERLOSS_TAPE_H
#define POWERLOSS_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Longest path below the folder, with its NUL. */
#define TAPE_PATH_MAX 96

/** What a piece of tape says. */
enum tape_kind {
    TAPE_MAKE,        /**< the name `path` is made, for the new `file` */
    TAPE_WRITE,       /**< `len` bytes of `file` at `offset` */
    TAPE_RESIZE,      /**< `file` is `offset` bytes long now */
    TAPE_RENAME,      /**< `path` becomes `to` */
    TAPE_LINK,        /**< `to` is a second name of `path` */
    TAPE_REMOVE,      /**< the name `path` goes */
    TAPE_FOLDER,      /**< the folder `path` is made */
    TAPE_SYNC,        /**< what was written to `file` is durable */
    TAPE_SYNC_FOLDER, /**< the names in `path` are durable */
    TAPE_MARK,        /**< no call: something was promised or sent */
};

/** What a mark says. */
enum tape_mark {
    MARK_STORED,    /**< the outbox told that pack `value` is durable */
    MARK_SENT,      /**< pack `value` went to the centre */
    MARK_COMMITTED, /**< the keeper told of a commit; `value` is the digest of the store behind it
                     */
    MARK_ACK,       /**< the centre acknowledged up to `value` in `epoch` */
    MARK_DATABASE,  /**< the database took pack `value` */
};

/** One piece. */
struct tape_op {
    enum tape_kind kind;      /**< which members count */
    char path[TAPE_PATH_MAX]; /**< below the folder */
    char to[TAPE_PATH_MAX];   /**< below the folder */
    uint32_t file;            /**< number of a file, whatever its names */
    uint64_t offset;          /**< or size */
    size_t len;               /**< of bytes */
    char *bytes;              /**< owned by the tape */
    enum tape_mark mark;      /**< of TAPE_MARK */
    uint64_t value;           /**< of TAPE_MARK */
    uint64_t epoch;           /**< of MARK_ACK */
};

/** Records what happens below @p root from now on; files that are there already get numbers first.
 */
void tape_start(const char *root);
/** Number of the file that was at @p path (below the root) at the start; 0 = none. */
uint32_t tape_first(const char *path);
/** Records no more; from now on syncs cost nothing and promise nothing. */
void tape_stop(void);
/** Records a mark. */
void tape_mark(enum tape_mark mark, uint64_t value, uint64_t epoch);
/** How many pieces there are. */
size_t tape_len(void);
/** Piece @p i. */
const struct tape_op *tape_at(size_t i);
/** Number of files ever made. */
uint32_t tape_files(void);
/** Frees the tape. */
void tape_done(void);
/** What to print if the program ends by itself, which is a failure; NULL = nothing. */
void tape_last_words(const char *words);

#endif
