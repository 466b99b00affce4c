#include "io/log_text.h"

#include "base/num.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Kept free for the mark of a cut line and its newline. */
enum { END_ROOM = 8 };

static void put(struct log_text *t, const char *bytes, size_t len)
{
    size_t room = sizeof t->bytes - END_ROOM - t->len;
    if (t->cut || len > room) {
        t->cut = true;
        return;
    }
    memcpy(t->bytes + t->len, bytes, len);
    t->len += len;
}

void log_text_plain(struct log_text *t, const char *text)
{
    put(t, text, strlen(text));
}

/* Bytes of the UTF-8 sequence at @p at, 0 if it is none (RFC 3629 section 4), and its code point.
 */
static size_t utf8_length(const unsigned char *at, size_t left, uint32_t *ret_point)
{
    size_t len = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4 || len > left)
        return 0;
    uint32_t point = at[0] & (0x7fU >> len);
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (at[i] & 0x3fU);
    }
    static const uint32_t SMALLEST[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < SMALLEST[len] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
        return 0;
    *ret_point = point;
    return len;
}

/* C1 controls, separators, marks of direction, the byte order mark. */
static bool is_harmful(uint32_t point)
{
    return point < 0xa0 || (point >= 0x200b && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) ||
           point == 0xfeff;
}

static size_t length_to_keep(const unsigned char *at, size_t left)
{
    if (at[0] < 0x80)
        return isprint(at[0]) && at[0] != '"' && at[0] != '\\';
    uint32_t point = 0;
    size_t len = utf8_length(at, left, &point);
    return len > 0 && !is_harmful(point) ? len : 0;
}

static void put_escaped(struct log_text *t, unsigned char byte)
{
    char text[8];
    switch (byte) {
    case '"':
    case '\\':
        snprintf(text, sizeof text, "\\%c", byte);
        break;
    case '\n':
        snprintf(text, sizeof text, "\\n");
        break;
    case '\t':
        snprintf(text, sizeof text, "\\t");
        break;
    default:
        snprintf(text, sizeof text, "\\x%02x", byte);
    }
    log_text_plain(t, text);
}

static bool is_plain_word(struct slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if (!isgraph(c) || c >= 0x80 || strchr("\"\\=", c))
            return false;
    }
    return value.len > 0;
}

void log_text_value(struct log_text *t, struct slice value)
{
    if (is_plain_word(value)) {
        put(t, value.at, value.len);
        return;
    }
    put(t, "\"", 1);
    for (size_t i = 0; i < value.len && !t->cut;) {
        const unsigned char *at = (const unsigned char *)value.at + i;
        size_t keep = length_to_keep(at, value.len - i);
        if (keep > 0)
            put(t, value.at + i, keep);
        else
            put_escaped(t, *at);
        i += keep > 0 ? keep : 1;
    }
    put(t, "\"", 1);
}

void log_text_time(struct log_text *t, struct wall_ms when)
{
    time_t seconds = (time_t)(when.ms / 1000);
    struct tm utc;
    char text[64], whole[32];
    if (!gmtime_r(&seconds, &utc))
        utc = (struct tm){0};
    strftime(whole, sizeof whole, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text, sizeof text, "%s.%03dZ", whole, abs((int)(when.ms % 1000)));
    log_text_plain(t, text);
}

/* One conversion: %[.precision][l|ll|z]letter. */
struct conversion {
    int precision; /* -1 = none */
    char length;   /* 0, 'l', 'q' for ll, 'z' */
    char letter;
};

/* Reads what follows a percent sign; returns where the literal text goes on. */
static const char *read_conversion(const char *at, struct conversion *c, va_list *args)
{
    *c = (struct conversion){.precision = -1};
    if (at[0] == '.' && at[1] == '*') {
        c->precision = va_arg(*args, int);
        at += 2;
    } else if (at[0] == '.') {
        char *end;
        c->precision = (int)strtol(at + 1, &end, 10);
        at = end;
    }
    if (*at == 'l' || *at == 'z')
        c->length = *at++;
    if (*at == 'l') {
        c->length = 'q';
        at++;
    }
    c->letter = *at;
    return *at ? at + 1 : at;
}

static int64_t take_signed(char length, va_list *args)
{
    switch (length) {
    case 'l':
        return va_arg(*args, long);
    case 'q':
        return va_arg(*args, long long);
    case 'z':
        return va_arg(*args, ssize_t);
    default:
        return va_arg(*args, int);
    }
}

static uint64_t take_unsigned(char length, va_list *args)
{
    switch (length) {
    case 'l':
        return va_arg(*args, unsigned long);
    case 'q':
        return va_arg(*args, unsigned long long);
    case 'z':
        return va_arg(*args, size_t);
    default:
        return va_arg(*args, unsigned);
    }
}

static void put_text(struct log_text *t, int precision, const char *text)
{
    if (!text)
        text = "";
    size_t len = precision >= 0 ? strnlen(text, (size_t)precision) : strlen(text);
    log_text_value(t, (struct slice){text, len});
}

static void put_converted(struct log_text *t, struct conversion c, va_list *args)
{
    char number[NUM_TEXT_MAX + 320]; /* %f of the largest double has 309 digits */
    int precision = c.precision >= 0 && c.precision < 10 ? c.precision : 6;
    switch (c.letter) {
    case 's':
        put_text(t, c.precision, va_arg(*args, const char *));
        return;
    case 'd':
    case 'i':
        snprintf(number, sizeof number, "%" PRId64, take_signed(c.length, args));
        break;
    case 'u':
        snprintf(number, sizeof number, "%" PRIu64, take_unsigned(c.length, args));
        break;
    case 'x':
        snprintf(number, sizeof number, "%" PRIx64, take_unsigned(c.length, args));
        break;
    case 'f':
        snprintf(number, sizeof number, "%.*f", precision, va_arg(*args, double));
        break;
    case 'g':
        snprintf(number, sizeof number, "%.*g", precision, va_arg(*args, double));
        break;
    default:
        snprintf(number, sizeof number, "%%%c", c.letter);
    }
    log_text_plain(t, number);
}

void log_text_list(struct log_text *t, const char *fmt, va_list args)
{
    va_list own; /* its address can be passed on, that of a parameter can not */
    va_copy(own, args);
    while (*fmt) {
        size_t literal = strcspn(fmt, "%");
        put(t, fmt, literal);
        fmt += literal;
        if (*fmt == '%') {
            struct conversion c;
            fmt = read_conversion(fmt + 1, &c, &own);
            put_converted(t, c, &own);
        }
    }
    va_end(own);
}

void log_text_end(struct log_text *t)
{
    static const char CUT[] = "...\n";
    const char *end = t->cut ? CUT : CUT + 3;
    memcpy(t->bytes + t->len, end, strlen(end));
    t->len += strlen(end);
}
