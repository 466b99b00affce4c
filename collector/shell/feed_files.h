/**
 * @file
 * Tables as files of a folder: the oldest that is whole, taken away when it is done with.
 *
 * Every call blocks: for a worker. What is in a table is core/feed_read.h's.
 */
#ifndef SHELL_FEED_FILES_H
#define SHELL_FEED_FILES_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/instant.h"
#include "base/slice.h"

#include <stdbool.h>

/** Most bytes of a table. */
#define FEED_FILE_MAX (32 << 20)
/** Files kept of those taken, and of those refused. */
#define FEED_FILES_KEPT 50
/** Longest name of a file, with its NUL. */
#define FEED_FILE_NAME_MAX 256

/** A file. */
struct feed_file {
    char name[FEED_FILE_NAME_MAX]; /**< in its folder */
    int64_t mtime_ns;              /**< when it was last written */
    struct buf bytes;              /**< of it; free them */
    bool too_large;                /**< it has more than FEED_FILE_MAX; bytes is empty */
};

/** Makes @p folder and its folders `taken` and `refused` where they are missing: 0 or an error. */
int feed_files_make(const char *folder) MUST_USE;
/**
 * The oldest file of @p folder that has not changed since @p settled, read: 0; ERR_NOT_FOUND if
 * there is none; or an error of the disk. Names that begin with a dot or end in .tmp or .part are
 * being written. *ret_waiting: files in the folder, this one included.
 */
int feed_files_next(const char *folder, struct wall_ms settled, struct feed_file *ret_file,
                    unsigned *ret_waiting) MUST_USE;
/** Puts the file @p name of @p folder away, with @p notes beside it (none: empty), and removes the
 * oldest ones there beyond FEED_FILES_KEPT. 0 or an error. */
int feed_files_done(const char *folder, const char *name, bool refused,
                    struct slice notes) MUST_USE;
/** Writes a new file with @p bytes, which survives power loss: 0 or an error. Any thread. */
int feed_files_drop(const char *folder, struct slice bytes) MUST_USE;

#endif
