/**
 * @file
 * When each check runs: every check once right after start, then on a grid of its own interval,
 * splayed so that a thousand probes that lost power together do not measure together. The checks of
 * one probe begin in steps of 5 s that they share: waking a small machine costs more than a check
 * does. What ten checks send at once is a kilobyte, 1 ms of a link of 10 Mbit/s, by which the last
 * of them may measure too much.
 *
 * A check never overlaps itself, and runs that come too late are skipped, not piled up. It starts
 * nothing and stops nothing: timeouts within a run are the check's own.
 */
#ifndef CORE_SCHEDULE_H
#define CORE_SCHEDULE_H

#include "base/attr.h"
#include "base/instant.h"
#include "base/rng.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One check. */
struct schedule_entry {
    int64_t interval_ms; /**< above 0 */
    struct mono_ms due;  /**< the next run, unless one is under way */
    struct mono_ms grid; /**< any point of its grid */
    bool running;        /**< a run is under way */
    uint64_t skipped;    /**< points of the grid that passed without a run */
};

/** Storage of the caller; zeroed = no checks. Entries may be read. */
struct schedule {
    struct schedule_entry *entries; /**< by number of the check */
    struct mono_ms first_step;      /**< where this probe's steps begin */
    size_t len;                     /**< checks */
};

/** "no check". */
#define SCHEDULE_NONE SIZE_MAX

/** A schedule of @p len checks with the given intervals, every one due at @p now; the later runs
 * are splayed by @p rng. Returns 0 or ERR_NOMEM. */
int schedule_init(struct schedule *s, const int64_t *interval_ms, size_t len, struct mono_ms now,
                  struct rng *rng) MUST_USE;
/** Frees all. Accepts a zeroed schedule. */
void schedule_done(struct schedule *s);

/** The check whose run is due the longest, SCHEDULE_NONE if none is; it counts as running from now
 * on. Call until none. O(checks). */
size_t schedule_take(struct schedule *s, struct mono_ms now) MUST_USE;
/** The run of @p check is over: its next is the first point of its grid after @p now. */
void schedule_finished(struct schedule *s, size_t check, struct mono_ms now);
/** From now on @p check runs every @p interval_ms; its next run is at most that far away. */
void schedule_change(struct schedule *s, size_t check, int64_t interval_ms, struct mono_ms now,
                     struct rng *rng);
/** The next instant at which schedule_take() has a check; MONO_NEVER_MS if all are running.
 * O(checks). */
struct mono_ms schedule_deadline(const struct schedule *s);

#endif
