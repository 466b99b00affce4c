/**
 * @file
 * A slice: a pointer and a length into bytes that somebody else owns. How parsed names and texts
 * travel without a copy.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/** Valid as long as the bytes it points into; not NUL-terminated. A zeroed slice is the empty text.
 */
struct slice {
    const char *at; /**< first byte; may be NULL if len is 0 */
    size_t len;     /**< bytes */
};

/** The slice of a C string. */
static inline struct slice slice_of(const char *text)
{
    return (struct slice){text, strlen(text)};
}

/** The beginning of @p s: at most @p max bytes, without half of a character. */
static inline struct slice slice_front(struct slice s, size_t max)
{
    size_t len = s.len;
    if (len > max)
        for (len = max; len > 0 && ((unsigned char)s.at[len] & 0xC0) == 0x80;)
            len--;
    return (struct slice){s.at, len};
}

/** The same of the C string @p text. */
static inline struct slice slice_cut(const char *text, size_t max)
{
    return slice_front(slice_of(text), max);
}

/** Cuts what stands before the next @p end off @p rest, and @p end with it; all of it if there is
 * none. */
static inline struct slice slice_take(struct slice *rest, char end)
{
    const char *at = rest->len ? memchr(rest->at, end, rest->len) : NULL;
    struct slice part = {rest->at, at ? (size_t)(at - rest->at) : rest->len};
    *rest = at ? (struct slice){at + 1, rest->len - part.len - 1} : (struct slice){rest->at, 0};
    return part;
}

/** True if both hold the same bytes. */
static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || a.at == b.at || memcmp(a.at, b.at, a.len) == 0);
}

/** True if @p s holds exactly the bytes of the C string @p text. */
static inline bool slice_is(struct slice s, const char *text)
{
    return slice_equal(s, slice_of(text));
}

#endif
