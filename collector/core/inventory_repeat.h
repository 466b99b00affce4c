/**
 * @file
 * Declarations that come again each day or week: a row of declarations.csv with `repeat` and
 * `until` stands for as many rows as it comes times.
 *
 * Each of them is an ordinary declaration from then on, registered by the reload that first showed
 * it: one that begins before that counts in no figure, the later ones do. Days have 24 hours here:
 * the centre's offset from UTC does not change.
 */
#ifndef CORE_INVENTORY_REPEAT_H
#define CORE_INVENTORY_REPEAT_H

#include "core/inventory_read.h"

/** A row comes at most so many times. */
#define INVENTORY_REPEAT_MAX 400

/** Reads a cell `repeat` (daily, weekly, or empty) into the reader. */
void inventory_repeat_cell(struct inventory_reader *r, const struct inventory_column *column,
                           struct slice cell, void *row);
/** Reads a cell `until` into the reader: it does not come again from then on. */
void inventory_repeat_until(struct inventory_reader *r, const struct inventory_column *column,
                            struct slice cell, void *row);
/** Adds what @p first, which is whole, stands for beside itself; tells what is wrong with it. */
void inventory_repeat_rows(struct inventory_reader *r, const struct declaration *first);

#endif
