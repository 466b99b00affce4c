/**
 * @file
 * Joins the rows in force with the rows of a fresh load, so that a change never rewrites history
 * (FIGURES 7.12).
 *
 * Inner header of the inventory. Both inputs are sorted and free of errors; both are only read.
 */
#ifndef CORE_INVENTORY_MERGE_H
#define CORE_INVENTORY_MERGE_H

#include "core/inventory_rows.h"

/**
 * For each thing the old rows hold before an instant, the fresh ones from it on. The instant is the
 * beginning of time for a thing that @p old (may be NULL) never had; else @p reload, or the
 * earliest date in the thing's own dated columns if that is before it. A thing missing in @p fresh
 * ends at @p reload. Of a declaration, each instant keeps the reload that first declared it as
 * registered. @p fresh knows every name of @p old under the same number; so does the result.
 * 0, ERR_NOMEM or ERR_FULL.
 */
int inventory_merge(const struct inventory *old, const struct inventory *fresh,
                    struct wall_ms reload, struct inventory **ret_inv) MUST_USE;

#endif
