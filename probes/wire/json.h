/**
 * @file
 * A strict scanner of JSON text (RFC 8259) over bytes of the caller: no tree, no allocation, no
 * copy. It refuses what many readers let pass: control characters, bytes that are not UTF-8, lone
 * surrogates, U+0000, numbers with leading zeros, text after the value.
 *
 * Packs are read with it directly; small messages are checked by it before cJSON makes a tree of
 * them (wire/tree.h). Positions are counted from 1.
 */
#ifndef WIRE_JSON_H
#define WIRE_JSON_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "wire/reason.h"

#include <stdbool.h>

/** Deepest nesting of arrays and objects in any message. */
#define JSON_DEPTH_MAX 16
/** Longest number in any message, as in cJSON (RFC 8259 section 6 allows a limit). */
#define JSON_NUMBER_MAX 63

/** Storage of the caller. After an error `at` is where it was found. */
struct json {
    const char *start; /**< first byte of the text */
    const char *at;    /**< next byte */
    const char *end;   /**< one past the last byte */
};

/** A scanner at the beginning of @p text. */
static inline struct json json_scan(struct slice text)
{
    const char *at = text.len ? text.at : ""; /* an empty slice may point nowhere */
    return (struct json){at, at, at + text.len};
}

/** The next character that is no white space, which stays next; NUL at the end. */
static inline char json_peek(struct json *j)
{
    while (j->at < j->end && (*j->at == ' ' || *j->at == '\n' || *j->at == '\r' || *j->at == '\t'))
        j->at++;
    return j->at < j->end ? *j->at : '\0';
}

/** Steps over white space and then over @p c; false if another character is next. */
static inline bool json_take(struct json *j, char c)
{
    if (json_peek(j) != c || j->at == j->end)
        return false;
    j->at++;
    return true;
}

/** Reads a string: what stands between the quotes, and whether json_unescape() has work to do.
 * 0 or ERR_SYNTAX. */
int json_text(struct json *j, struct slice *ret_raw, bool *ret_escaped) MUST_USE;
/** Reads what looks like a number; num_parse() or seconds_read() judges it. 0 or ERR_SYNTAX. */
int json_number(struct json *j, struct slice *ret_text) MUST_USE;
/** Reads `true` or `false`. 0 or ERR_SYNTAX. */
int json_bool(struct json *j, bool *ret_value) MUST_USE;
/** Steps over one value of any type that nests at most @p depth deep. 0, ERR_SYNTAX or ERR_FULL
 * (too deep). O(its length). */
int json_skip(struct json *j, unsigned depth) MUST_USE;
/** Checks that @p text is exactly one value. 0, ERR_SYNTAX or ERR_FULL with @p ret_why. */
int json_check(struct slice text, struct reason *ret_why) MUST_USE;
/** Writes "not JSON at byte N", or that it nests too deep, and returns @p err. */
int json_explain(const struct json *j, int err, struct reason *ret_why);

/** Writes the text of a string that json_text() read to @p to, which needs raw.len bytes; returns
 * its length. */
size_t json_unescape(struct slice raw, char *to);
/** Appends @p text as a JSON string. Bytes that are not UTF-8, and U+0000, become '?'. */
void json_put_text(struct buf *out, struct slice text);

#endif
