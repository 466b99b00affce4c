/**
 * @file
 * Calendar periods in local time: day, month, quarter, year and the year to date, as people write
 * them in a request and as they are written back.
 *
 * It knows a zone as its distance from UTC (core/derived_grid.h says why that is enough); what
 * happened in a period is core/period.h's.
 */
#ifndef CORE_CALENDAR_H
#define CORE_CALENDAR_H

#include "base/attr.h"
#include "base/instant.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

/** Kinds of periods. X(name, word) */
#define CALENDAR_MAP(X)            \
    X(CALENDAR_DAY, "day")         \
    X(CALENDAR_MONTH, "month")     \
    X(CALENDAR_QUARTER, "quarter") \
    X(CALENDAR_YEAR, "year")       \
    X(CALENDAR_YTD, "ytd")

/** An enumerator of the map above. */
#define CALENDAR_ENUM(name, word) name,

/** What a period is. */
enum calendar_kind { CALENDAR_MAP(CALENDAR_ENUM) CALENDAR_KINDS };

#undef CALENDAR_ENUM

/** One period; it begins and ends at local midnight. */
struct calendar_period {
    enum calendar_kind kind; /**< what it is */
    struct wall_ms from;     /**< its first instant */
    struct wall_ms to;       /**< one past its last; of the year to date: the end of the year */
};

/** Longest text of calendar_write(), with its NUL. */
#define CALENDAR_TEXT_MAX 32

/**
 * Reads `day:2026-11-21`, `month:2026-10`, `quarter:2026-Q3`, `year:2026` or `ytd`; without a colon
 * `day`, `month`, `quarter` and `year` are those that hold @p now, as `ytd` always is. 0,
 * ERR_SYNTAX, or ERR_RANGE for a day that does not exist or a year outside of 1970 to 2199.
 */
int calendar_read(struct slice text, int64_t zone_ms, struct wall_ms now,
                  struct calendar_period *ret_period) MUST_USE;
/** Writes it as calendar_read() takes it, always with its date but for `ytd`; returns the length.
 */
size_t calendar_write(const struct calendar_period *period, int64_t zone_ms,
                      char text[CALENDAR_TEXT_MAX]);
/** When its figure becomes final, @p grace_ms after its end; WALL_NEVER_MS for the year to date. */
struct wall_ms calendar_final_at(const struct calendar_period *period, int64_t grace_ms);
/** Number of the local day that holds @p t, counted from 1970-01-01. */
int64_t calendar_day(struct wall_ms t, int64_t zone_ms);
/** First instant of local day @p day. */
struct wall_ms calendar_midnight(int64_t day, int64_t zone_ms);

#endif
