#include "wire/json.h"

#include "base/err.h"
#include "base/num.h"

#include <ctype.h>
#include <stdint.h>

#define IS_LITTLE_ENDIAN (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
#define EVERY_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Printable ASCII that stands for itself in a string. */
static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 && c != '"' && c != '\\';
}

/* Where something that is not plain begins. Eight bytes at a time: a subtraction borrows into the
 * top bit of a byte that is below what is taken away, so a word without top bits is plain. A borrow
 * runs on to later bytes only, so the first top bit is a true one. */
static const char *skip_plain(const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        uint64_t quotes = (word ^ EVERY_BYTE('"')) - EVERY_BYTE(1);
        uint64_t backslashes = (word ^ EVERY_BYTE('\\')) - EVERY_BYTE(1);
        uint64_t controls = word - EVERY_BYTE(0x20);
        uint64_t special = (word | quotes | backslashes | controls) & EVERY_BYTE(0x80);
        if (special && IS_LITTLE_ENDIAN)
            return at + __builtin_ctzll(special) / 8;
        if (special)
            break;
    }
    while (at < end && is_plain(*at))
        at++;
    return at;
}

/* Length of the UTF-8 sequence at @p at, 0 if it is none: RFC 3629 section 4, without overlong
 * forms, surrogates and what lies beyond U+10FFFF. */
static size_t utf8_length(const char *at, const char *end)
{
    static const struct {
        uint8_t first, last, second_min, second_max, len;
    } rows[] = {
        {0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    const uint8_t *byte = (const uint8_t *)at;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (byte[0] < rows[i].first || byte[0] > rows[i].last)
            continue;
        size_t len = rows[i].len;
        if ((size_t)(end - at) < len)
            return 0;
        if (len > 1 && (byte[1] < rows[i].second_min || byte[1] > rows[i].second_max))
            return 0;
        for (size_t k = 2; k < len; k++)
            if ((byte[k] & 0xc0) != 0x80)
                return 0;
        return len;
    }
    return 0;
}

/* The number of four hex digits, or -1. */
static int32_t hex4(const char *at, const char *end)
{
    if (end - at < 4)
        return -1;
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        if (!isxdigit((unsigned char)at[i]))
            return -1;
        int digit = isdigit((unsigned char)at[i]) ? at[i] - '0' : (at[i] | 0x20) - 'a' + 10;
        value = value * 16 + digit;
    }
    return value;
}

/* The code point of the escape behind "\u" at @p at, and how many bytes follow the 'u'; -1 if it is
 * none: a lone surrogate or U+0000 is none. */
static int32_t unicode_escape(const char *at, const char *end, size_t *ret_len)
{
    int32_t high = hex4(at, end);
    *ret_len = 4;
    if (high <= 0 || (high >= 0xdc00 && high <= 0xdfff))
        return -1;
    if (high < 0xd800 || high > 0xdbff)
        return high;
    if (end - at < 6 || at[4] != '\\' || at[5] != 'u')
        return -1;
    int32_t low = hex4(at + 6, end);
    if (low < 0xdc00 || low > 0xdfff)
        return -1;
    *ret_len = 10;
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* Length of the escape at @p at (a backslash), 0 if it is none. */
static size_t escape_length(const char *at, const char *end)
{
    if (end - at < 2)
        return 0;
    if (at[1] != 'u')
        return at[1] && strchr("\"\\/bfnrt", at[1]) ? 2 : 0;
    size_t len;
    return unicode_escape(at + 2, end, &len) < 0 ? 0 : len + 2;
}

int json_text(struct json *j, struct slice *ret_raw, bool *ret_escaped)
{
    if (!json_take(j, '"'))
        return ERR_SYNTAX;
    const char *first = j->at;
    const char *at = first;
    bool escaped = false;
    for (;;) {
        at = skip_plain(at, j->end);
        if (at == j->end || (unsigned char)*at < 0x20 || *at == '"')
            break;
        escaped |= *at == '\\';
        size_t len = *at == '\\' ? escape_length(at, j->end) : utf8_length(at, j->end);
        if (len == 0)
            break;
        at += len;
    }
    j->at = at;
    if (at == j->end || *at != '"')
        return ERR_SYNTAX;
    j->at++;
    *ret_raw = (struct slice){first, (size_t)(at - first)};
    *ret_escaped = escaped;
    return 0;
}

static bool may_be_in_number(char c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || (c | 0x20) == 'e';
}

int json_number(struct json *j, struct slice *ret_text)
{
    char c = json_peek(j);
    if (c != '-' && (c < '0' || c > '9'))
        return ERR_SYNTAX;
    const char *at = j->at + 1;
    while (at < j->end && may_be_in_number(*at))
        at++;
    if (at - j->at > JSON_NUMBER_MAX)
        return ERR_SYNTAX;
    *ret_text = (struct slice){j->at, (size_t)(at - j->at)};
    j->at = at;
    return 0;
}

static int take_word(struct json *j, const char *word)
{
    size_t len = strlen(word);
    json_peek(j);
    if ((size_t)(j->end - j->at) < len || memcmp(j->at, word, len) != 0)
        return ERR_SYNTAX;
    j->at += len;
    return 0;
}

int json_bool(struct json *j, bool *ret_value)
{
    bool value = json_peek(j) == 't';
    int err = take_word(j, value ? "true" : "false");
    if (!err)
        *ret_value = value;
    return err;
}

static int skip_number(struct json *j)
{
    struct slice text;
    double value;
    const char *first = j->at;
    int err = json_number(j, &text);
    if (!err)
        err = num_parse(text, &value);
    if (err != ERR_SYNTAX)
        return err == ERR_RANGE ? 0 : err;
    j->at = first;
    return ERR_SYNTAX;
}

static int skip_text(struct json *j)
{
    struct slice raw;
    bool escaped;
    return json_text(j, &raw, &escaped);
}

/* What stands between the brackets, the opening one being next. */
static int skip_members(struct json *j, char close, unsigned depth)
{
    j->at++;
    if (json_take(j, close))
        return 0;
    do {
        int err = 0;
        if (close == '}') {
            err = skip_text(j);
            if (!err && !json_take(j, ':'))
                err = ERR_SYNTAX;
        }
        if (!err)
            err = json_skip(j, depth);
        if (err)
            return err;
    } while (json_take(j, ','));
    return json_take(j, close) ? 0 : ERR_SYNTAX;
}

int json_skip(struct json *j, unsigned depth)
{
    switch (json_peek(j)) {
    case '{':
        return depth ? skip_members(j, '}', depth - 1) : ERR_FULL;
    case '[':
        return depth ? skip_members(j, ']', depth - 1) : ERR_FULL;
    case '"':
        return skip_text(j);
    case 't':
        return take_word(j, "true");
    case 'f':
        return take_word(j, "false");
    case 'n':
        return take_word(j, "null");
    default:
        return skip_number(j);
    }
}

int json_explain(const struct json *j, int err, struct reason *ret_why)
{
    size_t byte = (size_t)(j->at - j->start) + 1;
    if (err == ERR_SYNTAX)
        reason_set(ret_why, "not JSON at byte %zu", byte);
    else if (err == ERR_FULL)
        reason_set(ret_why, "nested more than %d deep at byte %zu", JSON_DEPTH_MAX, byte);
    else
        reason_set(ret_why, "%s", err_text(err));
    return err;
}

int json_check(struct slice text, struct reason *ret_why)
{
    struct json j = json_scan(text);
    int err = json_skip(&j, JSON_DEPTH_MAX);
    if (!err && (json_peek(&j) || j.at != j.end))
        err = ERR_SYNTAX;
    return err ? json_explain(&j, err, ret_why) : 0;
}

static size_t put_utf8(char *to, int32_t code)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = len - 1; i > 0; i--, code >>= 6)
        to[i] = (char)(0x80 | (code & 0x3f));
    to[0] = (char)(lead[len] | code);
    return len;
}

static char simple_escape(char letter)
{
    static const char letters[] = "bfnrt";
    static const char codes[] = "\b\f\n\r\t";
    const char *found = strchr(letters, letter);
    return found ? codes[found - letters] : letter;
}

size_t json_unescape(struct slice raw, char *to)
{
    const char *at = raw.at;
    const char *end = at + raw.len;
    size_t len = 0;
    while (at < end) {
        if (*at != '\\') {
            to[len++] = *at++;
        } else if (at[1] != 'u') {
            to[len++] = simple_escape(at[1]);
            at += 2;
        } else {
            size_t used;
            int32_t code = unicode_escape(at + 2, end, &used);
            len += put_utf8(to + len, code);
            at += used + 2;
        }
    }
    return len;
}

static void put_special(struct buf *out, char c)
{
    static const char codes[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    const char *found = c ? strchr(codes, c) : NULL;
    if (found)
        buf_printf(out, "\\%c", letters[found - codes]);
    else if (c && (unsigned char)c < 0x80)
        buf_printf(out, "\\u%04x", (unsigned)c);
    else
        buf_char(out, '?');
}

void json_put_text(struct buf *out, struct slice text)
{
    buf_char(out, '"');
    const char *at = text.len ? text.at : ""; /* an empty slice may point nowhere */
    const char *end = at + text.len;
    while (at < end) {
        const char *first = at;
        at = skip_plain(at, end);
        buf_put(out, first, (size_t)(at - first));
        if (at == end)
            break;
        size_t len = (unsigned char)*at < 0x80 ? 0 : utf8_length(at, end);
        if (len)
            buf_put(out, at, len);
        else
            put_special(out, *at);
        at += len ? len : 1;
    }
    buf_char(out, '"');
}
