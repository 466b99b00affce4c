/**
 * @file
 * Seeded random histories, small in time (a few seconds, intervals of tens of milliseconds) so that
 * each has many of the definitions' corners: several probes per site, lists that change, gaps,
 * gasps, wills, backlog, unlistened time, reloads.
 */
#ifndef SUPPORT_HISTORY_RANDOM_H
#define SUPPORT_HISTORY_RANDOM_H

#include "history.h"

#include "base/rng.h"

/** Makes the history of @p seed in @p h (uninitialised storage, to be freed with history_done()).
 * The same seed makes the same history. */
void history_random(struct history *h, uint64_t seed);
/** Adds the tables of a random inventory to @p h: always the same things, with other dates and
 * ties. Instants in it lie in [0, @p span_ms) after HISTORY_ZERO_MS. */
void history_random_tables(struct history *h, struct rng *rng, int64_t span_ms);
/** Moves the events of @p h into another order of arrival in which each probe's events and the
 * centre's keep theirs. */
void history_shuffle(struct history *h, uint64_t seed);

#endif
