/**
 * @file
 * A copy of an inventory that continues it, to be changed in one place before it replaces it:
 * declarations of people, acceptances.
 *
 * Inner header of the inventory.
 */
#ifndef CORE_INVENTORY_COPY_H
#define CORE_INVENTORY_COPY_H

#include "core/inventory_rows.h"

/** A copy of @p old with the same numbers and rows; those of declarations that @p leave is true of
 * are left out (NULL: none). 0 or ERR_NOMEM. */
int inventory_copy(const struct inventory *old,
                   bool (*leave)(const struct declaration *d, struct wall_ms now),
                   struct wall_ms now, struct inventory **ret_copy) MUST_USE;
/** The copy is what it is to be: hands it out, sorted and indexed, or frees it if @p err is one. */
int inventory_copy_finish(struct inventory *copy, int err, struct inventory **ret_new) MUST_USE;

#endif
