/**
 * @file
 * How near two words are, for "did you mean": the number of letters to add, drop, change or swap.
 *
 * Bytes count as letters; that is near enough for ids and key words.
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include "base/slice.h"

/** Words longer than this are near to nothing. */
enum { NEAREST_WORD_MAX = 64 };

/**
 * Edits between @p a and @p b (optimal string alignment), or @p limit + 1 if there are more than
 * @p limit or a word is too long. O(len of a x len of b).
 */
size_t nearest_distance(struct slice a, struct slice b, size_t limit);
/** Edits that a misspelling of @p word may have: a third of its letters, at least 1, at most 3. */
size_t nearest_limit(struct slice word);

#endif
