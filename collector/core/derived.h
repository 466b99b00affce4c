/**
 * @file
 * Which derived points (`ioc_*`) still have to be written: dirty ranges instead of a queue (DESIGN
 * 4.5).
 *
 * Things are unit, site, area and outage numbers. Each kind has a live mark: every instant of its
 * grid before the mark was handed out for every thing, or is owed to all (core/derived_owed.h). A
 * change behind the mark makes a range of that thing dirty, and it is handed out again. What the
 * points say is codec/derived_lines.h's; who asks takes spans, renders them from the present
 * timelines, sends them and settles.
 *
 * For a database that cannot overwrite (`once`) an instant is handed out a while after it, once,
 * and changes are not followed.
 */
#ifndef CORE_DERIVED_H
#define CORE_DERIVED_H

#include "base/attr.h"
#include "core/derived_grid.h"
#include "core/derived_outages.h"
#include "core/rows.h"

#include <stdbool.h>
#include <stddef.h>

/** Kinds of points; numbers stand in the store. X(name, number, grid, closed) A closed kind's
 * instant is the start of a period, handed out after its end. */
#define DERIVED_KIND_MAP(X)                     \
    X(DERIVED_UNIT, 0, DERIVED_MINUTE, false)   \
    X(DERIVED_SITE, 1, DERIVED_MINUTE, false)   \
    X(DERIVED_AREA, 2, DERIVED_MINUTE, false)   \
    X(DERIVED_AREA_HOUR, 3, DERIVED_HOUR, true) \
    X(DERIVED_AREA_DAY, 4, DERIVED_DAY, true)   \
    X(DERIVED_AREA_MONTH, 5, DERIVED_MONTH, true)

/** One enumerator of DERIVED_KIND_MAP(). */
#define DERIVED_ENUM(name, number, grid, closed) name = number,

/** DERIVED_OUTAGE has no grid: an outage is dirty or it is not. */
enum derived_kind { DERIVED_KIND_MAP(DERIVED_ENUM) DERIVED_GRIDS, DERIVED_OUTAGE = DERIVED_GRIDS };

#undef DERIVED_ENUM

/** Tunables. */
struct derived_options {
    bool once;       /**< the database cannot overwrite */
    int64_t late_ms; /**< once: how late evidence may come; instants wait this plus a minute */
    int64_t zone_ms; /**< local time ahead of UTC, whole minutes */
    uint32_t max;    /**< things of a kind, at most */
};

/** Instants of one thing to be rendered: grid instants g with from <= g < to. Of an outage both
 * are when it was born. */
struct derived_span {
    enum derived_kind kind; /**< of points */
    uint32_t thing;         /**< unit, site, area or outage number */
    uint32_t unit;          /**< of an outage: whose, or DERIVED_NO_UNIT */
    struct wall_ms from;    /**< an instant of the kind's grid */
    struct wall_ms to;      /**< an instant of the kind's grid */
};

struct derived;

/** Nothing is dirty, nothing is live. NULL without memory. */
struct derived *derived_new(const struct derived_options *options) MUST_USE;
/** Frees all. Accepts NULL. */
void derived_free(struct derived *d);
/** From now on there are @p n things of @p kind (not an outage); fewer than before is no change.
 * 0, ERR_FULL or ERR_NOMEM. */
int derived_grow(struct derived *d, enum derived_kind kind, uint32_t n) MUST_USE;
/** What is said of @p thing, no outage, changed for instants from @p from on. 0, ERR_FULL or
 * ERR_NOMEM. O(1) */
int derived_changed(struct derived *d, enum derived_kind kind, uint32_t thing,
                    struct wall_ms from) MUST_USE;
/** What is said of the outage changed. 0, ERR_FULL or ERR_NOMEM. O(log dirty ones). */
int derived_outage_changed(struct derived *d, const struct derived_outage *outage) MUST_USE;
/**
 * Hands out what to render at @p now: at most @p max spans with at most @p points instants
 * together, the present first. Returns how many; 0 also while the last ones are not settled.
 * O(spans), or O(things) when it looks for dirty ones.
 */
size_t derived_take(struct derived *d, struct wall_ms now, uint32_t points,
                    struct derived_span *ret_spans, size_t max);
/** From now on derived_take() hands out at most @p points corrected instants of areas at once: each
 * costs a look at every unit. UINT32_MAX at first. */
void derived_pace(struct derived *d, uint32_t points);
/** What derived_take() handed out is written, or has to be handed out again. 0 or ERR_NOMEM. */
int derived_settle(struct derived *d, bool written) MUST_USE;
/** The kind's next live instant; INT64_MIN before the first derived_take(). */
struct wall_ms derived_live(const struct derived *d, enum derived_kind kind);
/** Things with dirty ranges, outages included. */
size_t derived_dirty(const struct derived *d);
/** True if there is something to hand out at @p now, of the present or of the past. */
bool derived_waits(const struct derived *d, struct wall_ms now);

/** Hands the rows (ROW_DIRTY) that changed since the last call to @p sink. What was taken and not
 * settled counts as dirty. */
int derived_save(struct derived *d, const struct row_sink *sink) MUST_USE;
/** Takes back one row: 0, ERR_CORRUPT, ERR_VERSION, ERR_FULL or ERR_NOMEM. */
int derived_load(struct derived *d, struct slice key, struct slice value) MUST_USE;

#endif
