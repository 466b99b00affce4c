/**
 * @file
 * Outages: intervals in which a unit was down or silent, with numbers that people can quote
 * (FIGURES section 5, 7.8).
 *
 * Outages follow from the unit timelines alone; this module finds them and gives them numbers that
 * survive corrections and restarts. Bounded: of a unit its newest OUTAGE_BOOK_MAX outages are in
 * memory; older ones leave as archive rows (core/rows.h) and change no more. What they have in
 * common is core/outage_root.h's, whom they concern core/outage_impact.h's.
 */
#ifndef CORE_OUTAGES_H
#define CORE_OUTAGES_H

#include "core/outage_book.h"
#include "core/rows.h"
#include "core/world.h"

struct outages;

/** No outages yet. NULL without memory. */
struct outages *outages_new(void) MUST_USE;
/** Frees all. Accepts NULL. */
void outages_free(struct outages *o);

/** Looks at the timeline of @p unit again, which changed from @p from on: 0 or ERR_NOMEM. O(what
 * changed). */
int outages_update(struct outages *o, const struct world *w, uint32_t unit,
                   struct wall_ms from) MUST_USE;
/** After a restart: what the timeline of @p unit tells of is found anew, as above; what it does not
 * know any more stays as it was stored. */
int outages_again(struct outages *o, const struct world *w, uint32_t unit) MUST_USE;
/** How many outages of @p unit are kept. */
size_t outages_count(const struct outages *o, uint32_t unit);
/** Outage @p at, below outages_count(), of @p unit, in order of time. */
struct outage outages_at(const struct outages *o, uint32_t unit, size_t at);
/** The outage of @p unit called @p number; its number is 0 if it is none any more. O(its outages)
 */
struct outage outages_find(const struct outages *o, uint32_t unit, uint64_t number);
/** The outage called @p number, of whichever unit; its number is 0 if there is none. O(outages) */
struct outage outages_numbered(const struct outages *o, uint64_t number);
/** The outage of @p unit that lasts; its number is 0 if there is none. */
struct outage outages_open(const struct outages *o, uint32_t unit);
/** Units with an outage that lasts, in no order; *ret_len of them. */
const uint32_t *outages_open_units(const struct outages *o, size_t *ret_len);
/** The first outage of @p unit that overlaps [from, to); its number is 0 if there is none. O(log
 * its outages) */
struct outage outages_overlapping(const struct outages *o, uint32_t unit, struct wall_ms from,
                                  struct wall_ms to);
/** Units whose outages changed since outages_changes_clear(), each once; *ret_len of them. */
const uint32_t *outages_changes(const struct outages *o, size_t *ret_len);
/** Forgets them. */
void outages_changes_clear(struct outages *o);

/** Hands the rows of units whose outages changed since the last call to @p sink: 0 or the sink's
 * error. */
int outages_save(struct outages *o, const struct row_sink *sink) MUST_USE;
/** True if @p number was given to an outage once: one that is not in memory any more is in the
 * archive, or late evidence took it back. */
bool outages_knew(const struct outages *o, uint64_t number);
/** How many outages, at least, the archive has that are not in memory: 0 = none, and it rises. */
uint64_t outages_given(const struct outages *o);
/** Reads one row of ROW_OUTAGE_PAST: 0, ERR_CORRUPT or ERR_VERSION. */
int outages_read_past(struct slice key, struct slice value, struct outage *ret_outage) MUST_USE;
/** Takes one row back, of more than OUTAGE_BOOK_MAX outages the newest: 0, ERR_CORRUPT, ERR_VERSION
 * or ERR_NOMEM. Call outages_again() for every unit afterwards. */
int outages_load(struct outages *o, struct slice key, struct slice value) MUST_USE;

#endif
