#include "io/sms_ucs2.h"

#include <stddef.h>
#include <string.h>

enum { DIGITS = 4, LEAST = 2 * DIGITS };

static unsigned digit(char c)
{
    static const char digits[] = "0123456789ABCDEF";
    const char *at = strchr(digits, c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c);
    return at ? (unsigned)(at - digits) : 0;
}

static unsigned unit_at(const char *text)
{
    unsigned unit = 0;
    for (int i = 0; i < DIGITS; i++)
        unit = unit << 4 | digit(text[i]);
    return unit;
}

static bool is_latin(unsigned unit)
{
    return (unit >= 0x20 && unit < 0x250) || (unit >= 0x1E00 && unit < 0x1F00);
}

static bool is_surrogate(unsigned unit)
{
    return unit >= 0xD800 && unit < 0xE000;
}

/* At most three bytes, fewer than the four digits that they stand for. */
static size_t put(char *to, unsigned unit)
{
    if (unit < 0x20 || is_surrogate(unit))
        unit = unit == '\n' || unit == '\r' ? ' ' : '?';
    if (unit < 0x80) {
        to[0] = (char)unit;
        return 1;
    }
    size_t n = 0;
    if (unit < 0x800) {
        to[n++] = (char)(0xC0 | unit >> 6);
    } else {
        to[n++] = (char)(0xE0 | unit >> 12);
        to[n++] = (char)(0x80 | (unit >> 6 & 0x3F));
    }
    to[n++] = (char)(0x80 | (unit & 0x3F));
    return n;
}

bool sms_ucs2_read(char *text)
{
    size_t len = strlen(text);
    size_t out = 0;
    if (len < LEAST || strspn(text, "0123456789ABCDEFabcdef") != len || !is_latin(unit_at(text)))
        return false;
    for (size_t at = 0; at + DIGITS <= len; at += DIGITS)
        out += put(text + out, unit_at(text + at));
    text[out] = '\0';
    return true;
}
