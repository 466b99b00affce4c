#include "base/buf.h"

#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST_CAP = 128 };

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max};
}

void buf_done(struct buf *b)
{
    free(b->data);
    *b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
    buf_cut(b, 0);
}

void buf_cut(struct buf *b, size_t len)
{
    if (len < b->len)
        b->len = len;
    if (b->data)
        b->data[b->len] = '\0';
    b->err = 0;
}

static int grow(struct buf *b, size_t needed)
{
    size_t cap = b->cap ? b->cap : SMALLEST_CAP;
    while (cap < needed)
        cap *= 2;
    char *data = realloc(b->data, cap);
    if (!data)
        return ERR_NOMEM;
    b->data = data;
    b->cap = cap;
    return 0;
}

char *buf_reserve(struct buf *b, size_t extra)
{
    if (!b->err && extra > b->max - b->len)
        b->err = ERR_FULL;
    if (!b->err && b->len + extra + 1 > b->cap)
        b->err = grow(b, b->len + extra + 1);
    return b->err ? NULL : b->data + b->len;
}

void buf_grown(struct buf *b, size_t used)
{
    b->len += used;
    b->data[b->len] = '\0';
}

void buf_put(struct buf *b, const void *bytes, size_t len)
{
    char *to = buf_reserve(b, len);
    if (!to || !len)
        return;
    memcpy(to, bytes, len);
    buf_grown(b, len);
}

void buf_str(struct buf *b, const char *text)
{
    buf_put(b, text, strlen(text));
}

void buf_char(struct buf *b, char c)
{
    char *to = buf_reserve(b, 1);
    if (!to)
        return;
    *to = c;
    buf_grown(b, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    char *to = len < 0 ? NULL : buf_reserve(b, (size_t)len);
    if (to) {
        vsnprintf(to, (size_t)len + 1, fmt, again);
        buf_grown(b, (size_t)len);
    }
    va_end(again);
    va_end(args);
}

void buf_u64(struct buf *b, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    buf_put(b, digits + at, sizeof digits - at);
}

void buf_i64(struct buf *b, int64_t value)
{
    if (value < 0)
        buf_char(b, '-');
    buf_u64(b, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

/* With a constant number of bytes this is one store. */
static inline void put_le(struct buf *b, uint64_t value, size_t bytes)
{
    char *to = buf_reserve(b, bytes);
    if (!to)
        return;
    for (size_t i = 0; i < bytes; i++)
        to[i] = (char)(value >> (8 * i));
    buf_grown(b, bytes);
}

void buf_le16(struct buf *b, uint16_t value)
{
    put_le(b, value, 2);
}

void buf_le32(struct buf *b, uint32_t value)
{
    put_le(b, value, 4);
}

void buf_le64(struct buf *b, uint64_t value)
{
    put_le(b, value, 8);
}

void buf_text(struct buf *b, const char *text)
{
    size_t len = strlen(text);
    buf_le16(b, (uint16_t)len);
    buf_put(b, text, len);
}

void buf_varint(struct buf *b, uint64_t value)
{
    char *to = buf_reserve(b, 10);
    size_t n = 0;
    if (!to)
        return;
    for (; value >= 0x80; value >>= 7)
        to[n++] = (char)(value | 0x80);
    to[n++] = (char)value;
    buf_grown(b, n);
}
