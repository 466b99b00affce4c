/**
 * @file
 * The dated rows of an inventory as state rows, so that history survives a restart: the files say
 * what holds now, only the store knows what held before.
 *
 * Rows of kind ROW_INVENTORY; a key is a table and the number of a chunk, a value a chunk of names
 * or rows. At start: inventory_new(), inventory_restore() each row, inventory_restored(), then
 * inventory_load() with the result as old.
 */
#ifndef CORE_INVENTORY_STORE_H
#define CORE_INVENTORY_STORE_H

#include "base/buf.h"
#include "base/vec.h"
#include "core/inventory.h"
#include "core/rows.h"

/**
 * Hands all of @p inv to @p sink. @p stored (may be NULL) is the inventory whose rows the store has
 * now: chunks that did not change are left out, those it has too many are dropped. 0, ERR_NOMEM,
 * ERR_FULL or what the sink returned.
 */
int inventory_save(const struct inventory *inv, const struct inventory *stored,
                   const struct row_sink *sink) MUST_USE;

/** What the store has of the declarations while people change them. Storage of the caller; zeroed:
 * nothing is kept. */
struct inventory_kept {
    struct buf bytes; /**< chunk after chunk, as stored */
    struct vec ends;  /**< size_t: where each ends */
    bool kept;        /**< there is something to compare with */
};

/** The declarations of @p inv, which the store has as they are, are about to be changed in place
 * (core/inventory_declare.h); nothing if that was said before. 0 or ERR_NOMEM. O(declarations) */
int inventory_keep_declarations(const struct inventory *inv, struct inventory_kept *kept) MUST_USE;
/** Hands the chunks of declarations to @p sink that differ from what was kept, which is then
 * forgotten; nothing if nothing was kept. As inventory_save() otherwise. O(declarations) */
int inventory_save_declarations(const struct inventory *inv, struct inventory_kept *kept,
                                const struct row_sink *sink) MUST_USE;
/** Forgets what was kept. */
void inventory_kept_done(struct inventory_kept *kept);
/** Takes back one row into an inventory from inventory_new(). Rows come in the order of their keys
 * as bytes. 0, ERR_CORRUPT, ERR_VERSION or ERR_NOMEM. */
int inventory_restore(struct inventory *inv, struct slice key, struct slice value) MUST_USE;
/** All rows are back; the inventory may be read. 0 or ERR_NOMEM. */
int inventory_restored(struct inventory *inv) MUST_USE;

#endif
