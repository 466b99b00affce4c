/**
 * @file
 * A growing byte buffer with a mandatory maximum and a sticky error: write a whole message, look at
 * the error once.
 *
 * It is for output. Reading untrusted bytes is base/cursor.h. It is not a string class: what it
 * holds is NUL-terminated for convenience, and may contain NULs.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/attr.h"

#include <stddef.h>
#include <stdint.h>

/** Storage of the caller; fields may be read, only buf_* functions write them. */
struct buf {
    char *data; /**< len bytes and a NUL, or NULL while nothing was written */
    size_t len; /**< bytes written */
    size_t cap; /**< bytes allocated */
    size_t max; /**< the buffer never holds more bytes than this */
    int err;    /**< 0, or the first ERR_NOMEM / ERR_FULL; later writes do nothing */
};

/** An empty buffer that will hold at most @p max bytes. Allocates nothing. */
void buf_init(struct buf *b, size_t max);
/** Frees the bytes; the buffer may be initialised again. Accepts a zeroed buffer. */
void buf_done(struct buf *b);
/** Forgets the content and the error, keeps the memory. */
void buf_clear(struct buf *b);
/** Cuts the content back to @p len bytes (not more than it holds) and clears the error: undo of a
 * part. */
void buf_cut(struct buf *b, size_t len);
/** Makes room for @p extra more bytes and returns where they go, NULL on error; buf_grown() then
 * tells how many were used. */
char *buf_reserve(struct buf *b, size_t extra);
/** Counts @p used bytes written into what buf_reserve() returned. */
void buf_grown(struct buf *b, size_t used);

void buf_put(struct buf *b, const void *bytes, size_t len); /**< appends bytes */
void buf_str(struct buf *b, const char *text); /**< appends a C string without its NUL */
void buf_char(struct buf *b, char c);          /**< appends one byte */
void buf_printf(struct buf *b, const char *fmt, ...)
    PRINTF_LIKE(2, 3);                       /**< appends formatted text */
void buf_u64(struct buf *b, uint64_t value); /**< appends decimal digits */
void buf_i64(struct buf *b,
             int64_t value); /**< appends decimal digits, with a minus sign if negative */

void buf_le16(struct buf *b, uint16_t value); /**< appends 2 bytes, little endian */
void buf_le32(struct buf *b, uint32_t value); /**< appends 4 bytes, little endian */
void buf_le64(struct buf *b, uint64_t value); /**< appends 8 bytes, little endian */
/** Appends a C string without its NUL behind its length (le16): cursor_text() reads it. */
void buf_text(struct buf *b, const char *text);
/** Appends 1 to 10 bytes, seven bits each, lowest first, all but the last with the eighth bit set:
 * small numbers are short. cursor_varint() reads it. */
void buf_varint(struct buf *b, uint64_t value);

#endif
