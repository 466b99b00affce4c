/**
 * @file
 * InfluxDB line protocol: readings and derived figures to text, one line per check and time.
 *
 * What several lines begin with is escaped once and handed in. Types are part of a field's name
 * (DESIGN section 3): a number `v` is `rtt`, a flag `vb` is `link_flag` 0 or 1, a text `vs` is
 * `state_text`. What no server can hold is refused here, at the door: reserved names, control
 * characters and backslashes in keys, empty tags, NaN. Nothing is parsed here, and nothing is sent.
 *
 * Escaping as in influxdata/line-protocol: comma and space in a measurement, those and `=` in tag
 * keys, tag values and field keys, `"` and `\` in a text.
 */
#ifndef CODEC_LINE_H
#define CODEC_LINE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/** One tag. Tags of a key should stand in order of their keys: databases sort them otherwise. */
struct line_tag {
    struct slice key;   /**< not empty */
    struct slice value; /**< not empty */
};

/**
 * Appends the start of a line, `measurement,key=value,... ` with its last space, to @p out.
 * Returns 0, ERR_MISSING for an empty text, ERR_SYNTAX for a control character or a backslash
 * (which cannot be written at the end of a tag), or the error of @p out. @p out is unchanged on
 * failure.
 */
int line_key(struct buf *out, struct slice measurement, const struct line_tag *tags,
             size_t n) MUST_USE;

/**
 * Whether @p metric may be a field's name: 0, ERR_MISSING if empty, ERR_SYNTAX for a control
 * character, backslash or quote, ERR_DENIED if it is reserved: `time` (InfluxDB drops it with a
 * 204), the tags' own `check`, `probe`, `site`, names that begin with `_` (InfluxDB 2) or end in
 * `_flag` or
 * `_text` (the types' own). Callers ask once per metric and remember.
 */
int line_metric(struct slice metric) MUST_USE;

/** A line being written; storage of the caller. */
struct line {
    struct buf *out; /**< where it goes; its sticky error is the line's */
    size_t start;    /**< where the line began in out */
    uint32_t fields; /**< fields written */
};

/** Longest name of a probe or a site in a line. */
#define LINE_NAME_MAX 128

/** What the lines of a pack have in common, ready to be copied: `,probe=...,site=... `. */
struct line_origin {
    char text[4 * LINE_NAME_MAX + 16]; /**< escaped */
    size_t len;                        /**< of text */
};

/** Who sends, and of which site it tells. Errors of line_key(), and ERR_TOO_LONG. */
int line_origin(struct line_origin *origin, struct slice probe, struct slice site) MUST_USE;
/** Begins a line of a check's readings: measurement `chk_<type>`, tags check, probe, site. Errors
 * of line_key(). */
int line_begin_check(struct line *line, struct buf *out, struct slice type, struct slice check,
                     const struct line_origin *origin) MUST_USE;
/** Begins a line with the start that line_key() made. */
void line_begin(struct line *line, struct buf *out, struct slice key);
/** Adds a number; @p metric has passed line_metric(). 0, or ERR_RANGE if @p value is not finite:
 * the field is then left out. */
int line_number(struct line *line, struct slice metric, double value) MUST_USE;
/** Adds a whole number, written exactly; read back as a float by databases. */
void line_integer(struct line *line, struct slice metric, int64_t value);
/** Adds `<metric>_flag` 0 or 1. */
void line_flag(struct line *line, struct slice metric, bool value);
/** Adds `<metric>_text`; control characters become spaces, since VictoriaMetrics ends a line at a
 * newline even within quotes. */
void line_text(struct line *line, struct slice metric, struct slice value);
/**
 * Ends the line at @p time_us (microseconds since 1970, written as nanoseconds). Returns the number
 * of fields; 0 leaves nothing in the buffer, also when @p time_us is out of the range of 64-bit
 * nanoseconds.
 */
uint32_t line_end(struct line *line, int64_t time_us);

/** What a sender wants to know of an encoded line. */
struct line_facts {
    int64_t time_ns; /**< its timestamp */
    uint32_t fields; /**< fields, each one a reading */
};

/**
 * Looks into one line that this module wrote (without its newline). 0, or ERR_SYNTAX if its end is
 * not ` fields timestamp`. O(length).
 */
int line_look(struct slice text, struct line_facts *ret_facts) MUST_USE;

#endif
