/**
 * @file
 * The annals: what is kept of unit timelines when they are forgotten or overwritten, in one piece.
 * core/hours.h and core/revisions.h do the work; here they are tied to the world that tells them,
 * to the passing of time and to the store.
 */
#ifndef CORE_ANNALS_H
#define CORE_ANNALS_H

#include "core/excused_days.h"
#include "core/revisions.h"

/** Grace time until a figure is final, unless configured otherwise: 48 h. */
#define ANNALS_GRACE_MS INT64_C(172800000)

/** Members are read through their own functions. */
struct annals {
    struct world *world;         /**< whose */
    struct hours *hours;         /**< owned */
    struct revisions *revisions; /**< owned */
    struct excused_days excused; /**< owned */
};

/** Annals of @p w, which must outlive them and tells them from now on, unless others are told in
 * their stead, who pass it on: annals_changing(), annals_forgetting(). NULL without memory. */
struct annals *annals_new(struct world *w, const struct revisions_options *options) MUST_USE;
/** Frees them; the world must not be used after that but to free it. Accepts NULL. */
void annals_free(struct annals *a);
/** What world_watch.changing is told. */
int annals_changing(struct annals *a, uint32_t unit, struct wall_ms from,
                    struct wall_ms to) MUST_USE;
/** What world_watch.forgetting is told. */
int annals_forgetting(struct annals *a, uint32_t unit, struct wall_ms to) MUST_USE;
/** Time passes to @p now; call it before world_advance(). 0, ERR_FULL or ERR_NOMEM. */
int annals_advance(struct annals *a, struct wall_ms now) MUST_USE;
/** The world has reached its now, or has evaluated what came back: from now on it tells of changes
 * of the days that are final by then. Call it after world_advance() and world_loaded(). */
void annals_follow(struct annals *a);
/** Hands the rows that are new or changed since the last call to @p sink. */
int annals_save(struct annals *a, const struct row_sink *sink) MUST_USE;
/** Takes back one row: 0, ERR_CORRUPT, ERR_VERSION, ERR_UNKNOWN (a kind of others) or ERR_NOMEM. */
int annals_load(struct annals *a, uint8_t kind, struct slice key, struct slice value) MUST_USE;
/** All rows are back; call it before world_loaded(). */
void annals_loaded(struct annals *a);

#endif
