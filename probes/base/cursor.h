/**
 * @file
 * A bounds-checked reader over untrusted bytes with a sticky error: read a whole record, look at
 * the error once.
 *
 * Reads past the end return zeros or empty slices and set the error; they never touch memory
 * outside.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include "base/slice.h"

#include <stdint.h>

/** Storage of the caller; the bytes stay the caller's and must outlive every slice read from them.
 */
struct cursor {
    const unsigned char *at;  /**< next byte */
    const unsigned char *end; /**< one past the last byte */
    int err;                  /**< 0, or ERR_END once a read went past the end */
};

/** A cursor at the first of @p len @p bytes. */
void cursor_init(struct cursor *c, const void *bytes, size_t len);
/** Bytes that are left. */
size_t cursor_left(const struct cursor *c);

uint8_t cursor_u8(struct cursor *c);    /**< one byte, 0 at the end */
uint16_t cursor_le16(struct cursor *c); /**< 2 bytes, little endian */
uint32_t cursor_le32(struct cursor *c); /**< 4 bytes, little endian */
uint64_t cursor_le64(struct cursor *c); /**< 8 bytes, little endian */
/** What buf_varint() wrote; more than 10 bytes or 64 bits are an error like the end. */
uint64_t cursor_varint(struct cursor *c);
/** The next @p len bytes; empty, with the error set, if fewer are left. */
struct slice cursor_bytes(struct cursor *c, size_t len);
/** What buf_text() wrote, as a C string in @p to of @p max (> 0) bytes; cut if it is longer,
 * empty with the error set if fewer bytes are left than it says. */
void cursor_text(struct cursor *c, char *to, size_t max);

#endif
