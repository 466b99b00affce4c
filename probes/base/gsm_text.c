#include "base/gsm_text.h"

#include <stdint.h>

/* Code points from first to last are written as the letter, small ones and capitals in turn. */
struct letter_range {
    uint16_t first, last;
    char capital; /* of even code points, but where `small` says otherwise */
};

/* Latin Extended Additional: capitals are even. */
static const struct letter_range PAIRS[] = {
    {0x0102, 0x0103, 'A'}, {0x0110, 0x0111, 'D'}, {0x0128, 0x0129, 'I'}, {0x0168, 0x0169, 'U'},
    {0x01A0, 0x01A1, 'O'}, {0x1EA0, 0x1EB7, 'A'}, {0x1EB8, 0x1EC7, 'E'}, {0x1EC8, 0x1ECB, 'I'},
    {0x1ECC, 0x1EE3, 'O'}, {0x1EE4, 0x1EF1, 'U'}, {0x1EF2, 0x1EF9, 'Y'},
};

/* Latin-1 letters from U+00C0 to U+00DD; the small ones are 32 later. */
static const char LATIN[] = "AAAAAAACEEEEIIIIDNOOOOO?OUUUUY";

static char small_of(char capital)
{
    return (char)(capital - 'A' + 'a');
}

static char pair(uint32_t c)
{
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++)
        if (c >= PAIRS[i].first && c <= PAIRS[i].last)
            return c % 2 ? small_of(PAIRS[i].capital) : PAIRS[i].capital;
    return '?';
}

static char ascii(uint32_t c)
{
    static const char from[] = "`[]{}\\^~|\t\n\r";
    static const char to[] = "'()()/'-/   ";
    const char *found = memchr(from, (int)c, sizeof from - 1);
    if (found)
        return to[found - from];
    return c < ' ' || c == 0x7F ? ' ' : (char)c;
}

static char fold(uint32_t c)
{
    if (c < 0x80)
        return ascii(c);
    if (c == 0x01AF || c == 0x01B0) /* the one pair that begins at an odd number */
        return c == 0x01AF ? 'U' : 'u';
    if (c >= 0xC0 && c <= 0xDD)
        return LATIN[c - 0xC0];
    if (c >= 0xE0 && c <= 0xFD)
        return LATIN[c - 0xE0] == '?' ? '?' : small_of(LATIN[c - 0xE0]);
    return c == 0x2013 || c == 0x2014 || c == 0xB7 ? '-' : pair(c);
}

/* One code point; a damaged byte stands for itself. */
static uint32_t next_of(struct slice *text)
{
    const unsigned char *p = (const unsigned char *)text->at;
    size_t len = p[0] < 0xC0 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    uint32_t c = len == 1 ? p[0] : p[0] & (0x7FU >> len);
    if (len > text->len) {
        len = text->len;
        c = 0xFFFD; /* cut off */
    }
    for (size_t i = 1; i < len; i++)
        c = c << 6 | (p[i] & 0x3FU);
    text->at += len;
    text->len -= len;
    return c;
}

size_t gsm_text_write(struct slice text, char *to, size_t max)
{
    size_t len = 0;
    while (text.len > 0 && len + 1 < max) {
        uint32_t c = next_of(&text);
        if (c < 0x0300 || c > 0x036F) /* marks that stand behind their letter */
            to[len++] = fold(c);
    }
    if (max)
        to[len] = '\0';
    return len;
}
