/**
 * @file
 * Hourly totals: what a unit's fine timeline says, hour by local hour, written down when evidence
 * older than that is forgotten (FIGURES section 3: 70 days of fine timelines, 5 years of hours).
 *
 * In memory stands only, per unit, up to where its hours are settled and the parts of the hour and
 * day that are settled in part (units that flap, core/world.h). Settled hours leave as archive rows
 * (core/rows.h) with the next save and come back through core/hours_read.h. An hour that goes on as
 * the one before ended has no row.
 */
#ifndef CORE_HOURS_H
#define CORE_HOURS_H

#include "core/rows.h"
#include "core/tally.h"

/** Milliseconds of an hour, and of a day. */
enum { HOURS_HOUR_MS = 3600 * 1000, HOURS_DAY_MS = 24 * HOURS_HOUR_MS };

struct hours;

/** Nothing is settled; local time is @p zone_ms ahead of UTC. NULL without memory. */
struct hours *hours_new(int64_t zone_ms) MUST_USE;
/** Frees all. Accepts NULL. */
void hours_free(struct hours *h);
/** Number of the local hour that holds @p t, counted from 1970. */
int64_t hours_number(struct wall_ms t, int64_t zone_ms);
/** First instant of local hour @p number. */
struct wall_ms hours_start(int64_t number, int64_t zone_ms);

/** Settles @p unit up to @p to, not later than the world's now, from what its timeline says now.
 * 0, ERR_FULL or ERR_NOMEM. O(spans + days settled) */
int hours_settle(struct hours *h, const struct world *w, uint32_t unit, struct wall_ms to) MUST_USE;
/** Units below this number may be settled. */
uint32_t hours_units(const struct hours *h);
/** Up to where @p unit is settled; INT64_MIN if nothing is. */
struct wall_ms hours_end(const struct hours *h, uint32_t unit);
/** The outage that is on there. */
struct tally_carry hours_carry(const struct hours *h, uint32_t unit);
/** The settled part of the hour that hours_end() lies in; NULL where an hour begins there. */
const struct tally *hours_of_hour(const struct hours *h, uint32_t unit);
/** The settled part of the local day that hours_end() lies in; NULL where a day begins there. */
const struct tally *hours_of_day(const struct hours *h, uint32_t unit);

/** Hands the rows (ROW_HOURS, ROW_HOUR) that are new since the last call to @p sink. */
int hours_save(struct hours *h, const struct row_sink *sink) MUST_USE;
/** Takes back one row of ROW_HOURS: 0, ERR_CORRUPT, ERR_VERSION or ERR_NOMEM. */
int hours_load(struct hours *h, struct slice key, struct slice value) MUST_USE;

#endif
