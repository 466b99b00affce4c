/**
 * @file
 * The outages of one unit in order of time, in 16 bytes each: what an outage is, is
 * core/outages.h's, which gives them numbers and finds them.
 *
 * Bounded: a book keeps its newest OUTAGE_BOOK_MAX outages, which is three years at five a month;
 * who fills it sees to the older ones.
 */
#ifndef CORE_OUTAGE_BOOK_H
#define CORE_OUTAGE_BOOK_H

#include "base/attr.h"
#include "base/instant.h"
#include "wire/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Outages that a book keeps. */
#define OUTAGE_BOOK_MAX 180
/** Outages that a full book forgets at once, so that this is rare. */
#define OUTAGE_BOOK_DROP 16
/** Numbers of outages are below this. */
#define OUTAGE_NUMBERS_END (UINT64_C(1) << 39)

/** One outage of one unit. */
struct outage {
    uint64_t number;     /**< SC<number>; rises from 1, never reused; 0: there is no such outage */
    uint32_t unit;       /**< whose */
    bool verified;       /**< false: only ever silent */
    enum cause cause;    /**< of its latest time down; CAUSE_UNKNOWN while only silent */
    struct wall_ms from; /**< first instant down or silent */
    struct wall_ms to;   /**< end, WALL_NEVER_MS while it lasts */
    struct wall_ms born; /**< the start it had when it got its number */
};

/** Storage of the caller; zeroed = empty. */
struct outage_book {
    uint64_t *words;    /**< two of each outage, or three: see wide */
    uint32_t open_slot; /**< the owner's */
    uint16_t len;       /**< outages */
    uint16_t cap : 14;  /**< outages that there is room for */
    uint16_t wide : 1;  /**< a start was corrected once: each outage's born is kept too */
    uint16_t gave : 1;  /**< it gave outages away: what is before its first one stays as it was */
};

/** Frees the outages. */
void outage_book_done(struct outage_book *book);
/** Outage @p at, below len, of @p unit, whose book it is. */
struct outage outage_book_at(const struct outage_book *book, size_t at, uint32_t unit);
/** Forgets the outages from @p keep (at most len) on. */
void outage_book_cut(struct outage_book *book, size_t keep);
/** True if the next outage makes it forget its OUTAGE_BOOK_DROP oldest: who wants to keep those
 * looks now. */
bool outage_book_full(const struct outage_book *book);
/** Appends an outage that is not earlier than the last; a full book forgets some of its oldest.
 * 0, ERR_NOMEM, or ERR_FULL if its instants or number cannot be held. */
int outage_book_add(struct outage_book *book, const struct outage *outage) MUST_USE;

#endif
