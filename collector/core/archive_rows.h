/**
 * @file
 * Rows of the archive that wait for the next save, one behind the other in a buffer: key, length,
 * value. What a value says is its writer's.
 */
#ifndef CORE_ARCHIVE_ROWS_H
#define CORE_ARCHIVE_ROWS_H

#include "base/buf.h"
#include "core/rows.h"

/** Begins a row in @p rows; its value is appended to @p rows next. Where the row's length stands,
 * for archive_rows_end(). */
size_t archive_rows_begin(struct buf *rows, struct slice key) MUST_USE;
/** The value of the row begun at @p begun is whole: 0, or the buffer's error. */
int archive_rows_end(struct buf *rows, size_t begun) MUST_USE;
/** Hands all rows, whose keys have @p key_len bytes, to @p sink as @p kind: 0 or the sink's error.
 * They stay in @p rows. */
int archive_rows_save(const struct buf *rows, uint8_t kind, size_t key_len,
                      const struct row_sink *sink) MUST_USE;

#endif
