/**
 * @file
 * Availability of all areas at once, per kind and operator: each unit is looked at once and added
 * to everything above it. For those who need many areas at one instant; core/availability.h answers
 * one question.
 *
 * Villages have no row.
 */
#ifndef CORE_AVAILABILITY_TABLE_H
#define CORE_AVAILABILITY_TABLE_H

#include "core/availability.h"

struct availability_table;

/** An empty table for the areas, kinds and operators of @p inv at @p t, and @p n @p windows that
 * all end at one instant, AVAILABILITY_WINDOWS at most. NULL without memory. O(areas). */
struct availability_table *availability_table_new(const struct inventory *inv, struct wall_ms t,
                                                  const struct validity *windows,
                                                  size_t n) MUST_USE;
/** Frees it. Accepts NULL. */
void availability_table_free(struct availability_table *table);
/** Adds @p unit over every window, to be called once for each: 0 or ERR_NOMEM. O(spans in them +
 * depth). */
int availability_table_add(struct availability_table *table, const struct world *w,
                           const struct inventory *inv, uint32_t unit, double enough) MUST_USE;
/** Figures over window number @p window of @p area for @p kind and operator @p op (INV_NONE = all
 * together); NULL for a village or an area that does not exist. */
const struct availability_area *availability_table_at(const struct availability_table *table,
                                                      size_t window, uint32_t area,
                                                      enum site_kind kind, uint32_t op);

#endif
