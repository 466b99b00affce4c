/**
 * @file
 * What a row of SQLite holds, as our own types. Shared by what reads the store's files.
 */
#ifndef SHELL_STORE_COLUMN_H
#define SHELL_STORE_COLUMN_H

#include "base/slice.h"

#include <sqlite3.h>

/** The bytes in @p column of the present row; valid until the next step. at is NULL for SQL's NULL
 * and for none. */
static inline struct slice store_column(sqlite3_stmt *st, int column)
{
    const void *bytes = sqlite3_column_blob(st, column);
    return (struct slice){bytes, (size_t)sqlite3_column_bytes(st, column)};
}

#endif
