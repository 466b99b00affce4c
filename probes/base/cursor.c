#include "base/cursor.h"

#include "base/err.h"

#include <assert.h>
#include <string.h>

void cursor_init(struct cursor *c, const void *bytes, size_t len)
{
    const unsigned char *first = bytes;
    *c = (struct cursor){.at = first, .end = len ? first + len : first};
}

size_t cursor_left(const struct cursor *c)
{
    return (size_t)(c->end - c->at);
}

static uint64_t read_le(struct cursor *c, size_t bytes)
{
    if (cursor_left(c) < bytes) {
        c->err = ERR_END;
        c->at = c->end;
        return 0;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)c->at[i] << (8 * i);
    c->at += bytes;
    return value;
}

uint8_t cursor_u8(struct cursor *c)
{
    return (uint8_t)read_le(c, 1);
}

uint16_t cursor_le16(struct cursor *c)
{
    return (uint16_t)read_le(c, 2);
}

uint32_t cursor_le32(struct cursor *c)
{
    return (uint32_t)read_le(c, 4);
}

uint64_t cursor_le64(struct cursor *c)
{
    return read_le(c, 8);
}

uint64_t cursor_varint(struct cursor *c)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint64_t byte = read_le(c, 1);
        if (c->err || (shift == 63 && byte > 1))
            break;
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    c->err = ERR_END;
    c->at = c->end;
    return 0;
}

struct slice cursor_bytes(struct cursor *c, size_t len)
{
    if (cursor_left(c) < len) {
        c->err = ERR_END;
        c->at = c->end;
        return (struct slice){0};
    }
    struct slice s = {(const char *)c->at, len};
    c->at += len;
    return s;
}

void cursor_text(struct cursor *c, char *to, size_t max)
{
    assert(max > 0);
    struct slice text = cursor_bytes(c, cursor_le16(c));
    size_t len = text.len < max ? text.len : max - 1;
    if (len)
        memcpy(to, text.at, len);
    to[len] = '\0';
}
