/**
 * @file
 * A reader of CSV as offices write it (RFC 4180 and what Excel makes of it): byte order mark, CRLF,
 * `;` `,` or tab, quoted cells with line breaks.
 *
 * It knows records and cells, nothing of what they mean. It allocates nothing and is safe on any
 * bytes.
 */
#ifndef CORE_CSV_H
#define CORE_CSV_H

#include "base/attr.h"
#include "base/slice.h"

#include <stdint.h>

/** Bounds of one record. */
enum {
    CSV_CELLS_MAX = 64,      /**< cells */
    CSV_RECORD_MAX = 65536,  /**< bytes, so that a quote left open cannot swallow the file */
    CSV_UNQUOTED_MAX = 8192, /**< bytes of its cells that hold doubled quotes */
};

/** Storage of the caller; the bytes stay the caller's. */
struct csv {
    struct slice rest;              /**< not yet read */
    uint32_t line;                  /**< of the first byte of rest, from 1 */
    char delimiter;                 /**< of the cells, taken from the first line */
    size_t unquoted;                /**< bytes of scratch in use by the present record */
    char scratch[CSV_UNQUOTED_MAX]; /**< cells whose doubled quotes had to be undone */
};

/** One record. Its cells are valid until the next csv_next(). */
struct csv_row {
    uint32_t line;                     /**< where it begins */
    size_t len;                        /**< cells */
    struct slice cells[CSV_CELLS_MAX]; /**< without quotes and outer blanks */
};

/** A reader at the first record of @p bytes; the delimiter is the most frequent candidate of the
 * first line. */
void csv_init(struct csv *c, struct slice bytes);
/**
 * The next record that is not blank. Returns 0, ERR_END, or ERR_SYNTAX, ERR_FULL or ERR_TOO_LONG
 * with a sentence for people in @p ret_why and the line in ret_row->line; reading then goes on with
 * the line after it.
 */
int csv_next(struct csv *c, struct csv_row *ret_row, const char **ret_why) MUST_USE;

#endif
