/**
 * @file
 * The text of one log line: values of any origin, quoted and escaped so that one line stays one
 * line and no value can pretend to be another key. Writing it out is io/log.h's.
 */
#ifndef IO_LOG_TEXT_H
#define IO_LOG_TEXT_H

#include "base/attr.h"
#include "base/instant.h"
#include "base/slice.h"
#include "io/log.h"

#include <stdarg.h>
#include <stdbool.h>

/** A line under construction; storage of the caller, zeroed at first. */
struct log_text {
    char bytes[LOG_LINE_MAX]; /**< len bytes, not NUL-terminated */
    size_t len;               /**< bytes written */
    bool cut;                 /**< something did not fit */
};

/** Appends trusted text as it is. */
void log_text_plain(struct log_text *t, const char *text);
/** Appends an untrusted value: bare if it is a plain word, else in quotes with `\"`, `\\`, `\n`,
 * `\t` and `\xNN` for control characters, what is not UTF-8, and what changes the direction of
 * text. */
void log_text_value(struct log_text *t, struct slice value);
/** Appends @p when as 2026-11-22T06:00:00.123Z. */
void log_text_time(struct log_text *t, struct wall_ms when);
/** Appends the list of log_event(): literal text with converted values. */
void log_text_list(struct log_text *t, const char *fmt, va_list args) PRINTF_LIKE(2, 0);
/** Ends the line with a newline, after `...` if it was cut. */
void log_text_end(struct log_text *t);

#endif
