/**
 * @file
 * Keys of archive rows (core/rows.h): a unit and one or two numbers, in bytes that sort as the
 * numbers do, so that the store can hand out a unit's rows of a stretch of time in order.
 */
#ifndef CORE_ARCHIVE_KEY_H
#define CORE_ARCHIVE_KEY_H

#include "base/attr.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/** Bytes of a key with one number and with two. */
enum { ARCHIVE_KEY_SHORT = 8, ARCHIVE_KEY_LONG = 12 };

/** Storage of the caller. */
struct archive_key {
    char bytes[ARCHIVE_KEY_LONG]; /**< big endian */
};

/** Fills in @p key and returns its first @p len bytes; numbers outside of 0 .. 2^32 - 1 become the
 * nearest. */
struct slice archive_key_make(struct archive_key *key, size_t len, uint32_t unit, int64_t first,
                              int64_t second);
/** Reads a key of exactly @p len bytes; @p ret_second may be NULL where that is short. False if the
 * length is another. */
bool archive_key_read(struct slice key, size_t len, uint32_t *ret_unit, int64_t *ret_first,
                      int64_t *ret_second) MUST_USE;

#endif
