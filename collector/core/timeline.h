/**
 * @file
 * A timeline: a piecewise constant function of wall time, kept as change points of 8 bytes each.
 *
 * It knows nothing of what its 16-bit codes mean: check lines, unit lines, listening and overlays
 * all use it. Neighbouring spans with equal codes are always one span, so memory follows what
 * happens, not how often it is measured.
 */
#ifndef CORE_TIMELINE_H
#define CORE_TIMELINE_H

#include "base/attr.h"
#include "base/instant.h"

#include <stddef.h>
#include <stdint.h>

/** Code before the first change point: nothing is known. */
#define TIMELINE_NOTHING 0xffff

/** Storage of the caller; zeroed = empty. Instants are 0 .. 2^48 - 1. */
struct timeline {
    uint64_t *spans; /**< each (from_ms << 16 | code), in order of time */
    uint32_t len;    /**< spans in use */
    uint32_t cap;    /**< spans allocated */
};

/** One stretch of constant code, half-open; to is WALL_NEVER_MS for the last. */
struct timeline_span {
    struct wall_ms from; /**< first instant */
    struct wall_ms to;   /**< one past the last */
    uint16_t code;       /**< what holds there */
};

/** Frees the spans. */
void timeline_done(struct timeline *tl);
/** From @p from on the function is @p code: cuts every change point at or after @p from, then adds
 * one. 0 or ERR_NOMEM. */
int timeline_set_from(struct timeline *tl, struct wall_ms from, uint16_t code) MUST_USE;
/** Within [from, to) the function becomes @p code; outside it stays. 0 or ERR_NOMEM. O(spans behind
 * from). */
int timeline_set_between(struct timeline *tl, struct wall_ms from, struct wall_ms to,
                         uint16_t code) MUST_USE;
/** Code at @p t, TIMELINE_NOTHING before the first change point. O(log n). */
uint16_t timeline_at(const struct timeline *tl, struct wall_ms t);
/** Index of the span that holds @p t; -1 before the first. O(log n). */
int64_t timeline_index(const struct timeline *tl, struct wall_ms t);
/** Span @p index; -1 gives the stretch before the first change point, from INT64_MIN. */
struct timeline_span timeline_span_at(const struct timeline *tl, int64_t index);
/**
 * Makes what lies before @p before coarser: within each block of @p block_ms that ends by then, all
 * time of one code becomes one span, in the order in which the codes first appear. Sums per block
 * stay what they were; the order inside a block does not. 0 or ERR_NOMEM.
 */
int timeline_coarsen(struct timeline *tl, struct wall_ms before, int64_t block_ms) MUST_USE;
/** Forgets what lies before @p t, keeping the code that holds at @p t. */
void timeline_trim(struct timeline *tl, struct wall_ms t);

#endif
