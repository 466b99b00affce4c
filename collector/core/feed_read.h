/**
 * @file
 * What a table of an operator says of which unit: rows become events of units, and what cannot be
 * understood becomes a sentence with its line, without taking anything else with it.
 *
 * It takes an operator's word as it is: what it is worth beside what was measured is the world's,
 * how it travels is core/feed_packs.h's.
 */
#ifndef CORE_FEED_READ_H
#define CORE_FEED_READ_H

#include "base/vec.h"
#include "core/feed_map.h"
#include "core/inventory.h"

/** Causes that an operator's word can carry: fault, power, transport, the first of enum cause. */
#define FEED_CAUSES 3

/** Rows of a table of cover; more are left out. */
#define FEED_COVERS_MAX 100000

/** The operator says that a unit was so at t, as far as this cause goes. */
struct feed_event {
    int64_t t;       /**< when */
    uint32_t unit;   /**< unit number */
    uint8_t cause;   /**< enum cause, below FEED_CAUSES */
    uint8_t verdict; /**< enum verdict */
    uint32_t text;   /**< offset in texts of what people are told; 0 = nothing */
};

/** A table that was read. Free with feed_sheet_done(). */
struct feed_sheet {
    struct vec events;     /**< struct feed_event, by time, unit, cause */
    struct vec covers;     /**< struct feed_cover, of a table of cover, by unit and area */
    struct buf texts;      /**< NUL-terminated texts; the first is empty */
    struct buf complaints; /**< lines "file:line: what", the first of them */
    uint32_t rows;         /**< rows of the table */
    uint32_t refused;      /**< of these, that say nothing */
    uint32_t strangers;    /**< of these, because their site is not in the inventory */
    uint32_t unnamed;      /**< of a table of states: units of the operator that no row is about */
    unsigned causes;       /**< bits of the causes that its words are split into */
};

/** An empty one. */
void feed_sheet_init(struct feed_sheet *sheet);
/** Frees it. */
void feed_sheet_done(struct feed_sheet *sheet);
/** Appends a sentence about @p line of @p file. */
void feed_complain(struct feed_sheet *sheet, const char *file, unsigned line, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/** What is read. */
struct feed_source {
    const struct feed_map *map;  /**< how to understand it */
    const struct inventory *inv; /**< whose sites and units it is about */
    uint32_t op;                 /**< operator who says it: of its units alone */
    const char *file;            /**< for sentences */
    struct slice text;           /**< UTF-8 */
    struct wall_ms as_of;        /**< when the table was true */
};

/**
 * Reads a table into @p sheet, which is empty. Equal sources give equal sheets. 0; ERR_SYNTAX if
 * it cannot be read at all (no header, columns missing: sentences say why); ERR_NOMEM.
 */
int feed_read(const struct feed_source *source, struct feed_sheet *sheet) MUST_USE;

#endif
