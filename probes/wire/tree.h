/**
 * @file
 * A small message as a cJSON tree with typed getters and a sticky error: read all members, look at
 * the error once.
 *
 * Text is bounded and checked by wire/json.h first, so cJSON's leniency never decides. A getter
 * given NULL (an optional member that is absent) gives zero. Not for packs: they are many. cJSON
 * keeps a global error pointer, so trees are made by one thread at a time.
 */
#ifndef WIRE_TREE_H
#define WIRE_TREE_H

#include "base/attr.h"
#include "base/slice.h"
#include "wire/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cJSON;

/** One message; the decoded form may keep it as the memory behind its slices. */
struct tree {
    struct cJSON *root; /**< an object */
    void *block[2];     /**< arrays that live as long as the tree, see tree_alloc() */
    int err;            /**< 0 or the first error */
    struct reason why;  /**< what it was */
};

/** Makes a tree of one JSON object. 0; ERR_TOO_LONG, ERR_SYNTAX, ERR_FULL, ERR_TYPE, ERR_UNKNOWN (a
 * member that ends in `_`) with @p ret_why; or ERR_NOMEM. */
int tree_new(struct slice bytes, struct tree **ret_tree, struct reason *ret_why) MUST_USE;
/** Frees the tree and its blocks. Accepts NULL. */
void tree_free(struct tree *t);
/** Hands the error over: returns it with its reason in @p ret_why. */
int tree_error(const struct tree *t, struct reason *ret_why) MUST_USE;
/** Sets the error, if it is the first: "@p what @p key", e.g. "wrong type of conn". */
void tree_fail(struct tree *t, int err, const char *what, const char *key);

/** A member of @p object whose name ends in `_` is an error: it must be understood and is not. */
void tree_understand(struct tree *t, const struct cJSON *object);

/** Memory for @p n items of @p size, zeroed and freed with the tree; NULL with the error set. Twice
 * per tree. Never NULL for n = 0. */
void *tree_alloc(struct tree *t, size_t n, size_t size);

/** Member @p key of an object, or NULL. */
const struct cJSON *tree_find(const struct cJSON *object, const char *key);
/** Member @p key; its absence is an error. */
const struct cJSON *tree_need(struct tree *t, const struct cJSON *object, const char *key);
/** A text of at most @p max bytes; lives as long as the tree. */
struct slice tree_text(struct tree *t, const struct cJSON *item, size_t max);
/** A whole number 0..@p max (at most 2^53 - 1). */
uint64_t tree_count(struct tree *t, const struct cJSON *item, uint64_t max);
/** 16 lowercase hex digits, not 0. */
uint64_t tree_hex(struct tree *t, const struct cJSON *item);
/** Absolute seconds as microseconds. */
int64_t tree_time(struct tree *t, const struct cJSON *item);
/** true or false. */
bool tree_bool(struct tree *t, const struct cJSON *item);
/** One of @p n words: its index. */
int tree_word(struct tree *t, const struct cJSON *item, const char *const *words, size_t n);
/** Length of an array of at most @p max items. */
size_t tree_length(struct tree *t, const struct cJSON *item, size_t max);

/** First item of an array, NULL if there is none; then tree_next(). */
const struct cJSON *tree_first(const struct cJSON *array);
/** The item after @p item in its array, NULL after the last and after NULL. */
const struct cJSON *tree_next(const struct cJSON *item);

#endif
