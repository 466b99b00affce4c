/**
 * @file
 * A small strict reader of InfluxDB line protocol, written from its EBNF and not from the encoder:
 * what tests hold encoded lines and query results against.
 *
 * Stricter than servers: tags and fields must be there, nothing may be empty, escapes that the
 * place does not know are literal backslashes.
 */
#ifndef SUPPORT_LINE_READER_H
#define SUPPORT_LINE_READER_H

#include "base/attr.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum { LINE_READER_PARTS = 64, LINE_READER_TEXT = 4096 };

/** One tag or field of a line that was read; texts are unescaped and NUL-terminated. */
struct line_part {
    const char *key;
    const char *text; /**< the tag's value, or a string field's */
    double number;    /**< a number field's value */
    bool is_text;     /**< true for tags and string fields */
};

/** A line that was read; storage of the caller, large. */
struct line_read {
    const char *measurement;
    struct line_part tags[LINE_READER_PARTS];
    size_t n_tags;
    struct line_part fields[LINE_READER_PARTS];
    size_t n_fields;
    int64_t time_ns;
    char store[LINE_READER_TEXT]; /**< where the texts are */
    size_t stored;
};

/** Reads one line without its newline. 0, ERR_SYNTAX, or ERR_FULL for what is larger than the
 * storage. */
int line_reader_read(struct slice text, struct line_read *ret_line) MUST_USE;
/** The field called @p key, or NULL. */
const struct line_part *line_reader_field(const struct line_read *line, const char *key);

#endif
