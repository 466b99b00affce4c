/**
 * @file
 * A store of state rows in memory, for tests of what core modules save and load (core/rows.h).
 */
#ifndef SUPPORT_MEMORY_ROWS_H
#define SUPPORT_MEMORY_ROWS_H

#include "core/world.h"

/** Storage of the caller. */
struct memory_rows {
    struct vec rows; /**< struct memory_row */
};

/** One row; bytes are its own. */
struct memory_row {
    uint8_t kind;
    char *key, *value;
    size_t key_len, value_len;
};

/** An empty store. */
void memory_rows_init(struct memory_rows *m);
/** Frees all. */
void memory_rows_done(struct memory_rows *m);
/** A sink that writes into @p m. */
struct row_sink memory_rows_sink(struct memory_rows *m);
/** The archive rows of @p m, read. */
struct row_source memory_rows_source(struct memory_rows *m);
/** Saves what changed in @p w. The error of world_save(). */
int memory_rows_save(struct memory_rows *m, struct world *w) MUST_USE;
/** Gives every row to @p w, newest first, then calls world_loaded(). The first error. */
int memory_rows_load(const struct memory_rows *m, struct world *w) MUST_USE;

#endif
