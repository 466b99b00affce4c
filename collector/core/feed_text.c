#include "core/feed_text.h"

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <utf8proc.h>

enum { REPLACEMENT = 0xfffd };

/* 0x80 .. 0x9f of windows-1258 (Unicode consortium, CP1258.TXT); 0 = nothing there. */
static const uint16_t cp1258_upper[] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0,
    0x2039, 0x0152, 0,      0,      0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0,      0x203a, 0x0153, 0,      0,      0x0178};

/* Where 0xa0 .. 0xff of it are not Latin-1: letters of Vietnamese, and its marks, which stand
 * behind their letters. */
static const struct {
    uint8_t byte;
    uint16_t character;
} cp1258_own[] = {{0xc3, 0x0102}, {0xcc, 0x0300}, {0xd0, 0x0110}, {0xd2, 0x0309}, {0xd5, 0x01a0},
                  {0xdd, 0x01af}, {0xde, 0x0303}, {0xe3, 0x0103}, {0xec, 0x0301}, {0xf0, 0x0111},
                  {0xf2, 0x0323}, {0xf5, 0x01a1}, {0xfd, 0x01b0}, {0xfe, 0x20ab}};

static uint32_t cp1258(uint8_t byte)
{
    if (byte < 0x80)
        return byte;
    if (byte < 0xa0)
        return cp1258_upper[byte - 0x80] ? cp1258_upper[byte - 0x80] : REPLACEMENT;
    for (size_t i = 0; i < sizeof cp1258_own / sizeof *cp1258_own; i++)
        if (cp1258_own[i].byte == byte)
            return cp1258_own[i].character;
    return byte;
}

static void put_character(struct buf *out, uint32_t character)
{
    utf8proc_uint8_t bytes[4];
    bool valid = utf8proc_codepoint_valid((utf8proc_int32_t)character);
    utf8proc_ssize_t len =
        utf8proc_encode_char((utf8proc_int32_t)(valid ? character : REPLACEMENT), bytes);
    buf_put(out, bytes, (size_t)len);
}

static void read_cp1258(struct slice bytes, struct buf *out)
{
    for (size_t i = 0; i < bytes.len; i++)
        put_character(out, cp1258((uint8_t)bytes.at[i]));
}

static uint32_t unit16(struct slice bytes, size_t at, bool big)
{
    uint8_t first = (uint8_t)bytes.at[at], second = (uint8_t)bytes.at[at + 1];
    return big ? (uint32_t)first << 8 | second : (uint32_t)second << 8 | first;
}

static void read_utf16(struct slice bytes, bool big, struct buf *out)
{
    for (size_t i = 0; i + 1 < bytes.len; i += 2) {
        uint32_t unit = unit16(bytes, i, big);
        bool pair = (unit & 0xfc00U) == 0xd800U && i + 3 < bytes.len &&
                    (unit16(bytes, i + 2, big) & 0xfc00U) == 0xdc00U;
        if (pair) {
            i += 2;
            unit = 0x10000U + ((unit & 0x3ffU) << 10) + (unit16(bytes, i, big) & 0x3ffU);
        }
        put_character(out, unit);
    }
}

/* Length of the part that is UTF-8. */
static size_t valid_utf8(struct slice bytes)
{
    size_t at = 0;
    while (at < bytes.len) {
        utf8proc_int32_t character;
        size_t left = bytes.len - at;
        utf8proc_ssize_t len =
            utf8proc_iterate((const utf8proc_uint8_t *)bytes.at + at,
                             (utf8proc_ssize_t)(left < 4 ? left : 4), &character);
        if (len <= 0)
            break;
        at += (size_t)len;
    }
    return at;
}

/* True if what follows the valid part is a character that the end of the file cut off. */
static bool cut_off(struct slice bytes, size_t valid)
{
    size_t left = bytes.len - valid;
    uint8_t lead = left ? (uint8_t)bytes.at[valid] : 0;
    size_t whole = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    bool cut = lead >= 0xc2 && lead <= 0xf4 && left < whole;
    for (size_t i = valid + 1; i < bytes.len; i++)
        cut = cut && ((uint8_t)bytes.at[i] & 0xc0U) == 0x80;
    return cut;
}

static bool is_ascii(struct slice bytes)
{
    size_t at = 0;
    while (at < bytes.len && (uint8_t)bytes.at[at] < 0x80)
        at++;
    return at == bytes.len;
}

/* Of a file that does not say: a cut at its end is one only in what has been UTF-8 before it. */
static bool looks_utf8(struct slice bytes)
{
    size_t valid = valid_utf8(bytes);
    return valid == bytes.len ||
           (cut_off(bytes, valid) && !is_ascii((struct slice){bytes.at, valid}));
}

static unsigned line_at(struct slice bytes, size_t at)
{
    unsigned line = 1;
    for (size_t i = 0; i < at; i++)
        line += bytes.at[i] == '\n';
    return line;
}

static bool begins(struct slice bytes, const char *mark, size_t len)
{
    return bytes.len >= len && memcmp(bytes.at, mark, len) == 0;
}

static struct slice behind(struct slice bytes, size_t len)
{
    return (struct slice){bytes.at + len, bytes.len - len};
}

/* What the first bytes say; FEED_AUTO if nothing. */
static enum feed_encoding look(struct slice bytes)
{
    if (begins(bytes, "\xef\xbb\xbf", 3))
        return FEED_UTF8;
    if (begins(bytes, "\xff\xfe", 2) || begins(bytes, "\xfe\xff", 2))
        return FEED_UTF16;
    if (bytes.len >= 2 && (bytes.at[0] == '\0') != (bytes.at[1] == '\0'))
        return FEED_UTF16;
    return FEED_AUTO;
}

static int read_utf8(struct slice bytes, struct buf *out, unsigned *ret_line)
{
    size_t valid = valid_utf8(bytes);
    bool cut = cut_off(bytes, valid);
    if (valid < bytes.len && !cut) {
        *ret_line = line_at(bytes, valid);
        return ERR_SYNTAX;
    }
    buf_put(out, bytes.at, valid);
    if (cut)
        put_character(out, REPLACEMENT);
    return out->err;
}

int feed_text_read(struct slice bytes, enum feed_encoding encoding, struct buf *out,
                   unsigned *ret_line)
{
    if (encoding == FEED_AUTO)
        encoding = look(bytes);
    if (encoding == FEED_AUTO)
        encoding = looks_utf8(bytes) ? FEED_UTF8 : FEED_CP1258;
    if (encoding == FEED_UTF8)
        return read_utf8(behind(bytes, begins(bytes, "\xef\xbb\xbf", 3) ? 3 : 0), out, ret_line);
    if (encoding == FEED_CP1258) {
        read_cp1258(bytes, out);
        return out->err;
    }
    bool big = begins(bytes, "\xfe\xff", 2) ||
               (bytes.len >= 2 && bytes.at[0] == '\0' && bytes.at[1] != '\0');
    bool marked = begins(bytes, "\xff\xfe", 2) || begins(bytes, "\xfe\xff", 2);
    read_utf16(behind(bytes, marked ? 2 : 0), big, out);
    return out->err;
}
