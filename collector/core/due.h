/**
 * @file
 * A queue of what is due: items with a key, smallest first, equal keys in order of arrival. A
 * binary heap in an array with a mandatory maximum; items are not found or removed in between, the
 * owner looks whether what comes out still holds.
 */
#ifndef CORE_DUE_H
#define CORE_DUE_H

#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

/** Largest kind and extra of an item. */
#define DUE_KIND_MAX 15U

/** One item: 16 bytes, because there is one for every check. */
struct due {
    int64_t key;         /**< an instant, or whatever orders the queue */
    uint32_t id;         /**< what it is about */
    uint32_t order : 24; /**< of arrival, given by due_push(); right among 8 million equal keys */
    uint32_t kind : 4;   /**< the owner's */
    uint32_t extra : 4;  /**< the owner's */
};

/** Storage of the caller. */
struct due_queue {
    struct vec items; /**< struct due, as a heap */
    uint32_t pushed;  /**< items ever pushed, for order */
};

/** An empty queue of at most @p max items. */
void due_init(struct due_queue *q, size_t max);
/** Gives back the memory of an empty queue that has grown large. */
void due_shrink(struct due_queue *q);
/** Frees all. */
void due_done(struct due_queue *q);
/** Adds an item; order is ignored. 0, or ERR_FULL / ERR_NOMEM. O(log n). */
int due_push(struct due_queue *q, struct due item) MUST_USE;
/** Takes out the first item whose key is at most @p key; false if there is none. O(log n). */
bool due_pop(struct due_queue *q, int64_t key, struct due *ret_item);

#endif
