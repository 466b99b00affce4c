/**
 * @file
 * Tables of an operator's temporary cover (roaming, a cell turned to a village): rows become what
 * core/inventory_cover.h takes, and what cannot be understood becomes a sentence with its line.
 */
#ifndef CORE_FEED_COVER_H
#define CORE_FEED_COVER_H

#include "core/feed_read.h"
#include "core/inventory_cover.h"

/** A row that was understood; texts are the sheet's. */
struct feed_cover {
    uint32_t unit;         /**< unit number */
    uint32_t area;         /**< area number */
    struct validity valid; /**< as in struct inventory_cover_row */
    bool unsaid;           /**< as in struct inventory_cover_row */
    uint32_t text;         /**< offset of the reason in the sheet's texts; 0 = none */
    uint32_t line;         /**< of the table */
};

/**
 * Reads a table into covers of @p sheet, which is empty. A row without a service names every unit
 * that the operator has at the site. 0; ERR_SYNTAX if it cannot be read at all (sentences say why);
 * ERR_NOMEM.
 */
int feed_cover_read(const struct feed_source *source, struct feed_sheet *sheet) MUST_USE;

#endif
