/**
 * @file
 * Outages: intervals in which a unit was down or silent, with numbers that people can quote
 * (FIGURES section 5, 7.8).
 *
 * Outages follow from the unit timelines alone; this module finds them and gives them numbers that
 * survive corrections and restarts. What they have in common is core/outage_root.h's, whom they
 * concern core/outage_impact.h's.
 */
#ifndef CORE_OUTAGES_H
#define CORE_OUTAGES_H

#include "core/rows.h"
#include "core/world.h"

/** One outage of one unit. */
struct outage {
    uint64_t number;     /**< SC<number>; rises, never reused */
    uint32_t unit;       /**< whose */
    bool verified;       /**< false: only ever silent */
    enum cause cause;    /**< of its latest time down; CAUSE_UNKNOWN while only silent */
    struct wall_ms from; /**< first instant down or silent */
    struct wall_ms to;   /**< end, WALL_NEVER_MS while it lasts */
    struct wall_ms born; /**< the start it had when it got its number */
};

struct outages;

/** No outages yet. NULL without memory. */
struct outages *outages_new(void) MUST_USE;
/** Frees all. Accepts NULL. */
void outages_free(struct outages *o);

/** Looks at the timeline of @p unit again, which changed from @p from on: 0 or ERR_NOMEM. O(what
 * changed). */
int outages_update(struct outages *o, const struct world *w, uint32_t unit,
                   struct wall_ms from) MUST_USE;
/** Outages of @p unit in order of time; *ret_len of them, valid until the next update. */
const struct outage *outages_of_unit(const struct outages *o, uint32_t unit, size_t *ret_len);
/** Start that the outage @p number had when it got its number: it never changes; INT64_MIN if there
 * never was one. */
struct wall_ms outages_born(const struct outages *o, uint64_t number);
/** Unit of the outage @p number, which was given to one. */
uint32_t outages_unit(const struct outages *o, uint64_t number);
/** The outage called @p number, or NULL if it is none any more. */
const struct outage *outages_find(const struct outages *o, uint64_t number);
/** The outage of @p unit that lasts, or NULL. */
const struct outage *outages_open(const struct outages *o, uint32_t unit);
/** Units with an outage that lasts, in no order; *ret_len of them. */
const uint32_t *outages_open_units(const struct outages *o, size_t *ret_len);
/** The first outage of @p unit that overlaps [from, to), or NULL. */
const struct outage *outages_overlapping(const struct outages *o, uint32_t unit,
                                         struct wall_ms from, struct wall_ms to);
/** Units whose outages changed since outages_changes_clear(), each once; *ret_len of them. */
const uint32_t *outages_changes(const struct outages *o, size_t *ret_len);
/** Forgets them. */
void outages_changes_clear(struct outages *o);

/** Hands the rows of units whose outages changed since the last call to @p sink: 0 or the sink's
 * error. */
int outages_save(struct outages *o, const struct row_sink *sink) MUST_USE;
/** Takes one row back: 0, ERR_CORRUPT, ERR_VERSION or ERR_NOMEM. Call outages_update() for every
 * unit afterwards. */
int outages_load(struct outages *o, struct slice key, struct slice value) MUST_USE;

#endif
