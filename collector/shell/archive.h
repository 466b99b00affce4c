/**
 * @file
 * Archive rows of the store (core/rows.h), read through a connection of its own while the keeper's
 * goes on writing. It blocks on the disk: for workers. What the rows mean is the core's.
 */
#ifndef SHELL_ARCHIVE_H
#define SHELL_ARCHIVE_H

#include "base/attr.h"
#include "core/rows.h"

struct archive;

/** Opens the store at @p path for reading: 0, ERR_IO or ERR_NOMEM. All that is read through it is
 * of one commit. */
int archive_open(const char *path, struct archive **ret_archive) MUST_USE;
/** Closes it. Accepts NULL. */
void archive_close(struct archive *a);
/** Its rows, as long as it is open; errors are ERR_IO and those of whoever takes them. */
struct row_source archive_rows(struct archive *a);

#endif
