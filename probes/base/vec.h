/**
 * @file
 * A growing array of equal items with a mandatory maximum. Items are plain memory: moved by
 * realloc, compared by nobody.
 *
 * Keep indices, not pointers: a push may move everything.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/attr.h"

#include <stddef.h>

/** Storage of the caller; cast items to the item's type to read. */
struct vec {
    void *items; /**< len items, NULL while empty */
    size_t len;  /**< items in use */
    size_t cap;  /**< items allocated */
    size_t size; /**< bytes of one item */
    size_t max;  /**< never more items than this */
};

/** An empty array of items of @p size bytes, at most @p max of them. Allocates nothing. */
void vec_init(struct vec *v, size_t size, size_t max);
/** Frees the items (not what they own). Accepts a zeroed vec. */
void vec_done(struct vec *v);
/** A new zeroed item at the end, or NULL if memory or the maximum is reached. Amortised O(1). */
void *vec_push(struct vec *v) MUST_USE;
/** A new zeroed item before index @p at (<= len), or NULL as above. O(len - at). */
void *vec_insert(struct vec *v, size_t at) MUST_USE;
/** Item @p at, which must be below len. */
void *vec_at(const struct vec *v, size_t at);
/** Removes @p count items from index @p at on, keeping the order. O(len). */
void vec_remove(struct vec *v, size_t at, size_t count);

#endif
