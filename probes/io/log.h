/**
 * @file
 * The log: one line of key=value per event on standard error, as a supervisor (systemd, docker) or
 * a person at a terminal reads it. For shells and main only; core code returns what it has to say.
 *
 * A line: `time=2026-11-22T06:00:00.123Z level=warning what=mqtt.lost broker=10.0.0.1 do="..."`.
 * Under journald it begins with the `<4>` that carries the priority. Safe from any thread.
 */
#ifndef IO_LOG_H
#define IO_LOG_H

#include "base/attr.h"

/** Severity. X(name, number of syslog, word) */
#define LOG_LEVEL_MAP(X)         \
    X(LOG_ERROR, 3, "error")     \
    X(LOG_WARNING, 4, "warning") \
    X(LOG_NOTE, 5, "note")       \
    X(LOG_INFO, 6, "info")       \
    X(LOG_DEBUG, 7, "debug")

/** @cond */
#define LOG_LEVEL_ENUM(name, value, word) name = value,

/** @endcond */

/** Severity, by its number of syslog. */
enum log_level { LOG_LEVEL_MAP(LOG_LEVEL_ENUM) };

#undef LOG_LEVEL_ENUM

/** Longest line; what is longer is cut at its end and marked with `...`. */
#define LOG_LINE_MAX 2048

/**
 * Writes one event. @p what is its stable name in dots (`intake.append_failed`), a literal: it is
 * also the key of rate limiting, 20 lines in 60 s each, after which the next line says
 * `suppressed=N`. @p fmt is a list `site=%s seq=%u do="check the cable"`: each conversion becomes a
 * value that is quoted and escaped as needed, whatever it holds; the rest is copied. Say in `do=`
 * what the reader can do about it. Conversions: %s %.*s %d %u %x %ld %lu %lld %llu %zu %zd %f %g,
 * with precision. NULL for %s becomes "".
 */
void log_event(enum log_level level, const char *what, const char *fmt, ...) PRINTF_LIKE(3, 4);
/** Lines less severe than @p level are not written; LOG_INFO at start. */
void log_set_level(enum log_level level);
/** Writes to @p fd instead of standard error (for tests) and forgets what was suppressed. */
void log_set_fd(int fd);

#endif
