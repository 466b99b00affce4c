/**
 * @file
 * Final figures never change silently: when evidence changes a local day of a unit whose grace time
 * has passed, this module keeps what the day's figure was, and records one revision per episode
 * (FIGURES section 3).
 *
 * A day is final `grace` after its end. Before its timeline changes, the day as recorded is taken
 * down; until the episode ends the recorded figure goes on to be shown. An episode ends at the
 * first full hour by which no change came for REVISIONS_REST_MS, or by which it is an hour old, and
 * at local midnight, when further periods become final: so at most once an hour. Days that then
 * differ become rows (ROW_REVISION) with the sums before and after. Months, quarters, years and
 * areas need no rows of their own: core/period.h puts them together from the days of their units as
 * they were known at any instant.
 */
#ifndef CORE_REVISIONS_H
#define CORE_REVISIONS_H

#include "core/hours.h"

/** An episode has ended when nothing changed for so long. */
#define REVISIONS_REST_MS INT64_C(300000)

/** Why a final figure changed. X(name, value, word) */
#define REVISION_REASON_MAP(X)                    \
    X(REVISION_LATE_EVIDENCE, 0, "late_evidence") \
    X(REVISION_INVENTORY, 1, "inventory")

/** An enumerator of the map above. */
#define REVISION_ENUM(name, value, word) name = value,

/** Why a final figure changed. */
enum revision_reason { REVISION_REASON_MAP(REVISION_ENUM) REVISION_REASONS };

#undef REVISION_ENUM

/** One day of one unit, changed after it was final. */
struct revision {
    uint32_t unit;               /**< whose */
    int64_t day;                 /**< local day, see calendar_day() */
    struct wall_ms at;           /**< when it was recorded: a full local hour */
    enum revision_reason reason; /**< why */
    struct tally before;         /**< what had been recorded */
    struct tally after;          /**< what was recorded then */
};

/** What can be tuned. */
struct revisions_options {
    int64_t zone_ms;  /**< local time ahead of UTC */
    int64_t grace_ms; /**< from the end of a period until its figure is final */
};

struct revisions;

/** No day is final, none is changing. @p h and @p w must outlive it. NULL without memory. */
struct revisions *revisions_new(const struct revisions_options *options, const struct hours *h,
                                const struct world *w) MUST_USE;
/** Frees all. Accepts NULL. */
void revisions_free(struct revisions *r);

/** Time passes to @p now, which the world has not reached yet: records the episodes that ended. 0,
 * ERR_FULL or ERR_NOMEM. O(days that are changing), at full hours only. */
int revisions_advance(struct revisions *r, struct wall_ms now) MUST_USE;
/** The world has reached @p now, or had before a restart: days that are final by then change only
 * in episodes from now on. */
void revisions_follow(struct revisions *r, struct wall_ms now);
/** Days that end by this instant are final: changes before it have to be told. INT64_MIN before the
 * first revisions_follow(). */
struct wall_ms revisions_final(const struct revisions *r);
/** What changes from now on changes for @p reason. */
void revisions_because(struct revisions *r, enum revision_reason reason);
/** Final days of @p unit are about to change in [@p from, @p to), not beyond revisions_final(). 0
 * or ERR_NOMEM. */
int revisions_changing(struct revisions *r, uint32_t unit, struct wall_ms from,
                       struct wall_ms to) MUST_USE;
/** Hours of @p unit before @p to are about to be settled: days that are changing and end by then
 * are taken down as they have become. 0 or ERR_NOMEM. */
int revisions_forgetting(struct revisions *r, uint32_t unit, struct wall_ms to) MUST_USE;

/** Local day @p day of @p unit as its timeline and settled hours say now. O(spans in it) */
struct tally revisions_present(const struct revisions *r, uint32_t unit, int64_t day);
/** The figure recorded of a final day that is changing: true, or false if it is not changing. */
bool revisions_recorded(const struct revisions *r, uint32_t unit, int64_t day,
                        struct tally *ret_tally);
/** Days of @p unit that are changing, rising; *ret_len of them, valid until the next change. */
const int64_t *revisions_days(const struct revisions *r, uint32_t unit, size_t *ret_len);
/** Units with days that are changing, in no order; *ret_len of them. */
const uint32_t *revisions_units(const struct revisions *r, size_t *ret_len);
/** Word of a reason on the API; "" if out of range. */
const char *revisions_reason_word(int reason);

/** Hands the rows (ROW_EPISODE, ROW_REVISION) that are new or changed since the last call to @p
 * sink. */
int revisions_save(struct revisions *r, const struct row_sink *sink) MUST_USE;
/** Takes back one row of ROW_EPISODE: 0, ERR_CORRUPT, ERR_VERSION or ERR_NOMEM. */
int revisions_load(struct revisions *r, struct slice key, struct slice value) MUST_USE;
/** Reads one row of ROW_REVISION: 0, ERR_CORRUPT or ERR_VERSION. */
int revisions_read(struct slice key, struct slice value, int64_t zone_ms,
                   struct revision *ret_revision) MUST_USE;

#endif
