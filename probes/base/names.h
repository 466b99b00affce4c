/**
 * @file
 * An interning table: text <-> dense number, both ways, with a mandatory maximum. How sites, probes
 * and checks get the small indices that the core works with.
 *
 * Numbers are given in order of first appearance, from 0, and never reused; there is no removal.
 */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include "base/attr.h"
#include "base/slice.h"

#include <stdint.h>

/** "no such name". */
#define NAMES_NONE UINT32_MAX

/** A name that is held. */
struct names_item {
    char *text;    /**< copy with a NUL behind it */
    uint32_t len;  /**< its bytes */
    uint32_t hash; /**< of them */
};

/** A place in the hash table; the hash is here too, so that a search reads no other name. */
struct names_slot {
    uint32_t held; /**< number + 1 of the name, 0 = free */
    uint32_t hash; /**< of the name */
};

/** Storage of the caller, opaque but for len. */
struct names {
    uint32_t len;            /**< names held; the numbers are 0 .. len - 1 */
    uint32_t max;            /**< never more than this */
    uint32_t slots;          /**< size of the hash table, a power of two, 0 while empty */
    struct names_slot *slot; /**< the hash table */
    struct names_item *item; /**< by number */
    uint32_t cap;            /**< allocated items */
};

/** An empty table of at most @p max names. Allocates nothing. */
void names_init(struct names *n, uint32_t max);
/** Frees all. Accepts a zeroed table. */
void names_done(struct names *n);
/** Number of @p name, added if new. Returns 0, ERR_NOMEM or ERR_FULL. Amortised O(1). */
int names_add(struct names *n, struct slice name, uint32_t *ret_number) MUST_USE;
/** Number of @p name or NAMES_NONE. O(1). */
uint32_t names_find(const struct names *n, struct slice name);
/** Text of @p number (below len); NUL-terminated, lives as long as the table. */
const char *names_text(const struct names *n, uint32_t number);

/** A 64-bit hash of @p s, for other tables of this process: it differs between kinds of machines.
 * Not for adversaries beyond what their bounds allow. */
uint64_t names_hash(struct slice s);

#endif
