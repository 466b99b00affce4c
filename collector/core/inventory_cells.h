/**
 * @file
 * Readers of single cells: text, numbers, degrees, dates, words, and names of things.
 *
 * Inner header of the inventory. Each has the form of inventory_column.read, writes at the column's
 * offset and complains itself; an empty cell leaves the row's blank value.
 */
#ifndef CORE_INVENTORY_CELLS_H
#define CORE_INVENTORY_CELLS_H

#include "core/inventory_read.h"

/** Longest id of a thing, in bytes. */
enum { INVENTORY_ID_MAX = 64 };

inventory_cell_reader inventory_cell_text;      /**< any text, normalised -> inv_text */
inventory_cell_reader inventory_cell_id;        /**< the id a row defines -> its number */
inventory_cell_reader inventory_cell_count;     /**< whole number from 0 -> int64_t */
inventory_cell_reader inventory_cell_year;      /**< 1900..2199 -> int */
inventory_cell_reader inventory_cell_number;    /**< decimal, point or comma -> double */
inventory_cell_reader inventory_cell_latitude;  /**< degrees -> double */
inventory_cell_reader inventory_cell_longitude; /**< degrees -> double */
inventory_cell_reader inventory_cell_instant;   /**< date or instant -> struct wall_ms */
inventory_cell_reader inventory_cell_word;      /**< one of column->words -> enum, its index */
inventory_cell_reader inventory_cell_area;      /**< area of this load -> its number */
inventory_cell_reader inventory_cell_site;      /**< site of this load -> its number */
inventory_cell_reader inventory_cell_operator;  /**< operator of this load -> its number */
inventory_cell_reader
    inventory_cell_sites; /**< several, blanks or | between -> first, len in also */

/** True if @p id may name a thing: letters, digits and `-._:`, the first a letter or digit (RFC
 * 8428 section 4.5.1 without the slash), at most INVENTORY_ID_MAX bytes. */
bool inventory_cell_is_id(struct slice id);
/** Number of a name that this load defines, INV_NONE and a complaint if it does not. */
uint32_t inventory_cell_known(struct inventory_reader *r, enum inventory_names_number names,
                              const char *what, struct slice name);
/** Number of the unit of @p site called @p name in this load, INV_NONE and a complaint if there is
 * none. */
uint32_t inventory_cell_unit(struct inventory_reader *r, uint32_t site, struct slice name);

#endif
