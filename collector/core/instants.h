/**
 * @file
 * A short sorted set of instants in 16 bytes: when a probe was first heard, when its wills came,
 * when connections began. Bounded: at its maximum the oldest instant gives way.
 */
#ifndef CORE_INSTANTS_H
#define CORE_INSTANTS_H

#include "base/attr.h"

#include <stdbool.h>
#include <stdint.h>

/** Storage of the caller; zeroed = empty. */
struct instants {
    int64_t *at;  /**< in order of time, each once */
    uint16_t len; /**< instants in use */
    uint16_t cap; /**< instants allocated */
};

/** Frees the instants. */
void instants_done(struct instants *s);
/** Adds @p t unless it is there; the oldest goes if there are @p max already. 0 or ERR_NOMEM. */
int instants_add(struct instants *s, int64_t t, uint16_t max) MUST_USE;
/** Index of the first instant at or after @p t; len if there is none. O(log n). */
uint16_t instants_lower(const struct instants *s, int64_t t);
/** The first instant at or after @p t, INT64_MAX if there is none. */
int64_t instants_next(const struct instants *s, int64_t t);
/** The last instant at or before @p t, INT64_MIN if there is none. */
int64_t instants_last(const struct instants *s, int64_t t);
/** Forgets the instants before @p t but for the newest of them. True if there were any. */
bool instants_trim(struct instants *s, int64_t t);

#endif
