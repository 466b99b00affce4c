/**
 * @file
 * Whole files and folders, with the care that "it is on the disk" needs: atomic replacement,
 * bounded reading, private folders, a lock, a reserve of space.
 *
 * All calls block; on the loop's thread use them at start only, else through loop_work(). Appending
 * is io/segment.h's.
 */
#ifndef IO_FILE_H
#define IO_FILE_H

#include "base/attr.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** Longest path built here, with its NUL. */
#define FILE_PATH_MAX 1024

/**
 * Replaces @p path by @p len @p bytes with permissions @p mode: after 0 the new content survives
 * power loss, on failure the old content stands. Writes `path.tmp`, fsyncs, renames, fsyncs the
 * folder. Returns ERR_NO_SPACE, ERR_DENIED, ERR_NOT_FOUND (no such folder), ERR_TOO_LONG or ERR_IO.
 */
int file_replace(const char *path, const void *bytes, size_t len, mode_t mode) MUST_USE;
/** Appends the content of @p path to @p out, within its maximum: 0, ERR_NOT_FOUND, ERR_DENIED,
 * ERR_FULL (larger than @p out holds), ERR_NOMEM or ERR_IO. */
int file_read(const char *path, struct buf *out) MUST_USE;
/** The first line of @p path, without its line end, into @p ret_text of @p size bytes, for
 * passwords and tokens: 0, as file_read(), ERR_TOO_LONG, or ERR_MISSING if it is empty. */
int file_read_secret(const char *path, char *ret_text, size_t size) MUST_USE;
/** Makes the folder @p path and its parents where missing, 0700 each; after 0 those it made survive
 * power loss. ERR_DENIED, ERR_TOO_LONG, ERR_EXISTS (a file is in the way) or ERR_IO. */
int file_make_folder(const char *path) MUST_USE;
/** Fsyncs the folder @p path, so that names made or removed in it stay so: 0 or an error. */
int file_sync_folder(const char *path) MUST_USE;
/** Writes folder/name into @p ret_path: 0 or ERR_TOO_LONG. */
int file_join(char ret_path[FILE_PATH_MAX], const char *folder, const char *name) MUST_USE;
/** Removes @p path; one that is not there is fine: 0 or an error. */
int file_remove(const char *path) MUST_USE;

/** Bytes that this user may still write on the file system of @p path: 0 or an error. */
int file_free_bytes(const char *path, int64_t *ret_bytes) MUST_USE;
/** Makes @p path hold @p bytes of allocated disk, to be given up by file_remove() when the disk is
 * full: 0, ERR_NO_SPACE or another error. Keeps one that is large enough. */
int file_reserve(const char *path, int64_t bytes) MUST_USE;

/**
 * Takes the lock file @p path for this process, writing its pid: 0 with the descriptor to keep, or
 * ERR_BUSY while another process has it. The kernel frees it when the process ends.
 */
int file_lock(const char *path, int *ret_fd) MUST_USE;
/** Frees the lock; the file stays. */
void file_unlock(int fd);

/** Writes all of @p bytes to @p fd, going on after short writes and signals: 0 or an error. */
int file_write_all(int fd, const void *bytes, size_t len) MUST_USE;

#endif
