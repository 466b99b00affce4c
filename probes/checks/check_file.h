/**
 * @file
 * Reading the kernel's files below /proc and /sys, wherever a test has put them.
 *
 * These files never block, so they may be read on the loop; ordinary files may not.
 */
#ifndef CHECKS_CHECK_FILE_H
#define CHECKS_CHECK_FILE_H

#include "base/buf.h"
#include "checks/check.h"

/** Most bytes of such a file: /proc/stat of a machine with a thousand CPUs. */
#define CHECK_FILE_MAX 262144

/** Writes @p path (absolute, printf's format) below env->root into @p ret_path of @p size bytes:
 * 0 or ERR_TOO_LONG. */
int check_file_path(const struct check_env *env, char *ret_path, size_t size, const char *path, ...)
    PRINTF_LIKE(4, 5) MUST_USE;
/** Replaces the content of @p out by that of the file @p path (absolute, below env->root): 0 or an
 * error of file_read(). */
int check_file_read(const struct check_env *env, const char *path, struct buf *out) MUST_USE;
/** What @p out holds. */
struct slice check_file_text(const struct buf *out);

#endif
