/**
 * @file
 * The bytes of a table as some office saved it, as UTF-8: with or without byte order mark, UTF-16,
 * windows-1258.
 *
 * It converts characters only; letters and marks that stand apart are composed cell by cell
 * (core/nfc.h), cells are core/csv.h's.
 */
#ifndef CORE_FEED_TEXT_H
#define CORE_FEED_TEXT_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

/** How a file is encoded. */
enum feed_encoding {
    FEED_AUTO,   /**< as its byte order mark or its zeros say; UTF-8 if it is valid, else
                    windows-1258 */
    FEED_UTF8,   /**< UTF-8 */
    FEED_UTF16,  /**< UTF-16, little endian unless a mark says otherwise */
    FEED_CP1258, /**< windows-1258 */
};

/**
 * Appends @p bytes to @p out as UTF-8 without byte order mark. What is no character becomes U+FFFD,
 * which no name of an inventory holds; so does a character of UTF-8 that the end of the file cuts
 * off. 0; ERR_SYNTAX if bytes that should be UTF-8 are not, with
 * the line of the first in @p ret_line; ERR_NOMEM or ERR_FULL.
 */
int feed_text_read(struct slice bytes, enum feed_encoding encoding, struct buf *out,
                   unsigned *ret_line) MUST_USE;

#endif
