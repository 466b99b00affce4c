/**
 * @file
 * Finds a text in a stream of bytes that arrives in pieces, without keeping the stream.
 *
 * Pure. Knuth-Morris-Pratt: constant memory, each byte looked at once, so a hostile server can make
 * it neither grow nor crawl. Plain bytes, not a pattern language.
 */
#ifndef CHECKS_MATCH_H
#define CHECKS_MATCH_H

#include "base/slice.h"

#include <stdint.h>

/** Longest text that can be searched for. */
#define MATCH_MAX 255

/** Storage of the caller, opaque but for found. */
struct match {
    struct slice needle;     /**< the caller's text; must outlive the search */
    size_t at;               /**< bytes of it matched by the stream's end so far */
    bool found;              /**< it was seen */
    uint8_t fall[MATCH_MAX]; /**< where to go on after a mismatch */
};

/** Starts a search for @p needle (at most MATCH_MAX bytes; what is longer is cut). The empty text
 * is found at once. O(needle). */
void match_init(struct match *m, struct slice needle);
/** Reads the next @p len bytes; returns found. O(len). */
bool match_feed(struct match *m, const char *bytes, size_t len);

#endif
