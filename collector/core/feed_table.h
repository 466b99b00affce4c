/**
 * @file
 * A table of an operator row by row: its header found in the mapping, its cells as clean text, its
 * sites and services as numbers; a row that is cut off is told of and skipped.
 *
 * What rows mean is core/feed_read.h's and core/feed_cover.h's. Inner header of the two.
 */
#ifndef CORE_FEED_TABLE_H
#define CORE_FEED_TABLE_H

#include "core/csv.h"
#include "core/feed_read.h"
#include "core/feed_sites.h"

/** Storage of the caller, zeroed; large. */
struct feed_table {
    const struct feed_source *source; /**< what is read */
    struct feed_sheet *sheet;         /**< where counts and sentences go */
    struct feed_sites sites;          /**< by what operators call them */
    struct csv csv;                   /**< where the reading is */
    struct csv_row row;               /**< the present one */
    int cell[FEED_COLUMNS];           /**< of a column in the table; see feed_table_has() */
    size_t width;                     /**< cells of the header */
    struct buf scratch[FEED_COLUMNS]; /**< cells as clean text */
};

/** Reads the header: 0; ERR_SYNTAX with a sentence if it cannot be read; ERR_NOMEM. @p t is to be
 * given to feed_table_done() in any case. */
int feed_table_init(struct feed_table *t, const struct feed_source *source,
                    struct feed_sheet *sheet) MUST_USE;
/** Frees it. */
void feed_table_done(struct feed_table *t);
/** The next row that is whole; what is not is told, counted and skipped. 0 or ERR_END. */
int feed_table_next(struct feed_table *t) MUST_USE;
/** True if the table has the column. */
bool feed_table_has(const struct feed_table *t, enum feed_column column);
/** The cell of the present row; "" if there is none. Valid until the column is asked for again. */
struct slice feed_table_cell(struct feed_table *t, enum feed_column column);
/** Tells why the present row is left out; counting it is the caller's. */
void feed_table_refuse(struct feed_table *t, const char *what, struct slice cell);
/** The site and service of the present row, *ret_service INV_NONE = every one: false with a
 * sentence if the inventory does not know them, or the operator has no such unit there. */
bool feed_table_place(struct feed_table *t, uint32_t *ret_site, uint32_t *ret_service);
/** True if a row about @p service, INV_NONE = every one, is about @p unit of its site. */
bool feed_table_means(const struct feed_table *t, uint32_t unit, uint32_t service);
/** The instant of a cell; *ret_t stays as it is if the cell is empty. False with a sentence if it
 * is none. */
bool feed_table_time(struct feed_table *t, enum feed_column column, struct wall_ms *ret_t);
/** Puts the cell into the sheet's texts: its offset there, 0 if it is empty. */
uint32_t feed_table_text(struct feed_table *t, enum feed_column column);

#endif
