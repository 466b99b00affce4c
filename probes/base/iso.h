/**
 * @file
 * ISO 8601 dates and instants as people write them in tables and requests, to milliseconds of UTC.
 *
 * It knows offsets, not zones: the caller says how far its local time is from UTC. No week dates,
 * no ordinal dates, no durations.
 */
#ifndef BASE_ISO_H
#define BASE_ISO_H

#include "base/attr.h"
#include "base/instant.h"
#include "base/slice.h"

/** Days from 1970-01-01 to a day of the Gregorian calendar; @p month 1..12, @p day 1..31. */
int64_t iso_days(int year, int month, int day);

/**
 * Reads `YYYY-MM-DD` (midnight, @p zone_min minutes east of UTC) or
 * `YYYY-MM-DDTHH:MM[:SS[.fraction]][Z|+HH:MM]` (a space will do for the T; without an offset local
 * as well) that fills all of @p text. A fraction is cut after the milliseconds. Years 1900 to 2199.
 * Returns 0, ERR_SYNTAX, or ERR_RANGE for a day or hour that does not exist.
 */
int iso_parse(struct slice text, int zone_min, struct wall_ms *ret_t) MUST_USE;

/** Year, month (1..12) and day (1..31) of the day @p days after 1970-01-01, the inverse of
 * iso_days(). */
void iso_date(int64_t days, int *ret_year, int *ret_month, int *ret_day);

/** Longest text of iso_write(), with its NUL. */
#define ISO_TEXT_MAX 40

/** Writes @p t as "2026-11-22T06:00:00.123Z"; returns its length. */
size_t iso_write(struct wall_ms t, char text[ISO_TEXT_MAX]);

#endif
