/**
 * @file
 * Tables of words of the contract, indexed by their enum: both ways.
 */
#ifndef WIRE_WORDS_H
#define WIRE_WORDS_H

#include "base/slice.h"

/** Row of a word table made from an X-map of (name, value, word). */
#define WORDS_ROW(name, value, word) [value] = word,
/** Rows of a table. */
#define WORDS_COUNT(table) (sizeof(table) / sizeof *(table))

/** The word of @p value, "" if it is out of range. */
static inline const char *words_at(const char *const *words, size_t n, int value)
{
    return value >= 0 && (size_t)value < n ? words[value] : "";
}

/** The index of @p word, @p n if there is none. O(n). */
static inline size_t words_find(const char *const *words, size_t n, struct slice word)
{
    size_t i = 0;
    while (i < n && !slice_is(word, words[i]))
        i++;
    return i;
}

#endif
