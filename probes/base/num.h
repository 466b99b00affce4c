/**
 * @file
 * Numbers to text and back: exact, locale-free, strict. Times and values of readings go through
 * here, so it is fast for the short decimals that sensors produce and falls back to the C library
 * for the rest.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/attr.h"
#include "base/slice.h"

#include <stdint.h>

/** Longest text num_format() makes, with its NUL. */
#define NUM_TEXT_MAX 32

/** The lesser of two. */
static inline int64_t num_min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/** The greater of two. */
static inline int64_t num_max(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/** Writes the shortest decimal that reads back as exactly @p value (finite); returns its length. */
size_t num_format(double value, char text[NUM_TEXT_MAX]);

/**
 * Reads a JSON number (RFC 8259 section 6) that fills all of @p text.
 * Returns 0, ERR_SYNTAX if it is none, ERR_RANGE if it overflows a double.
 */
int num_parse(struct slice text, double *ret_value) MUST_USE;

/** Reads a decimal integer with optional minus sign that fills all of @p text: 0, ERR_SYNTAX or
 * ERR_RANGE. */
int num_parse_i64(struct slice text, int64_t *ret_value) MUST_USE;
/** Reads decimal digits that fill all of @p text, without leading zeros but for "0": 0, ERR_SYNTAX
 * or ERR_RANGE. */
int num_parse_u64(struct slice text, uint64_t *ret_value) MUST_USE;

#endif
