/**
 * @file
 * The schema table: one row per configuration key, over the bytes of a plain struct.
 *
 * From the same row come parsing, range checks, the default, `--help` texts and the manual, so they
 * cannot disagree. This module knows text and structs only; files, YAML and line numbers are
 * io/conf.h's.
 */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

/** How a key's text is read and what it becomes at the row's offset. */
enum field_type {
    FIELD_BOOL,     /**< true|false -> bool */
    FIELD_I64,      /**< integer -> int64_t */
    FIELD_F64,      /**< number -> double */
    FIELD_DURATION, /**< 500ms, 5s, 2min, 1h, 7d -> int64_t milliseconds; a unit is required */
    FIELD_BYTES,    /**< 64KiB, 64MB, 1GiB or plain bytes -> int64_t bytes */
    FIELD_TEXT,     /**< text -> char[size], NUL-terminated */
    FIELD_WORD,     /**< one of words[] -> int, its index */
    FIELD_TEXTS,    /**< list of texts -> struct field_texts */
};

/** A list of short texts in fixed storage. */
struct field_texts {
    size_t len;        /**< texts in use */
    char text[16][64]; /**< NUL-terminated */
};

/** One key. Tables of these are const and end by their count, not by a sentinel. */
struct field {
    const char
        *name; /**< the key as written in the file, snake_case with its unit where text has none */
    enum field_type type; /**< see above */
    size_t offset;        /**< of the member in the configuration struct */
    size_t size;          /**< of the member in bytes */
    double min;           /**< of numbers, durations (ms) and sizes (bytes); both 0 = no limit */
    double max;           /**< see min */
    const char
        *fallback; /**< default as text (of a list: texts with commas between); NULL = required */
    const char *unit;         /**< for people: "ms", "ratio", "dBm"; NULL = none */
    const char *about;        /**< one sentence for the manual */
    const char *const *words; /**< FIELD_WORD: the allowed words, NULL-terminated */
};

/** Longest reason that field_set() writes, with its NUL. */
#define FIELD_WHY_MAX 160

/** Row called @p name, or NULL. */
const struct field *field_find(const struct field *fields, size_t n, struct slice name);
/** The known name nearest to the misspelt @p name ("did you mean"), or NULL if none is near. */
const char *field_suggest(const struct field *fields, size_t n, struct slice name);
/** Writes every default of the table into @p object; required keys become zero. */
void field_defaults(const struct field *fields, size_t n, void *object);
/**
 * Reads @p text as the row says into @p object; a FIELD_TEXTS row appends one text per call.
 * Returns 0, ERR_SYNTAX, ERR_RANGE, ERR_UNKNOWN, ERR_TOO_LONG or ERR_FULL with a sentence for
 * people in @p ret_why.
 */
int field_set(const struct field *row, void *object, struct slice text,
              char ret_why[FIELD_WHY_MAX]) MUST_USE;
/** Appends a line of text for people so that troff shows it as it is. */
void field_troff(const char *text, struct buf *out);
/** Appends one manual entry per row (troff .TP form) to @p out. */
void field_manual(const struct field *fields, size_t n, struct buf *out);

#endif
