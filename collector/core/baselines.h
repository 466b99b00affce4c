/**
 * @file
 * What is usual for a series of numbers: a mean that forgets half in a given time, by the series'
 * name. What a rule about change compares a reading with.
 *
 * It knows how much it has learnt, so that nobody is told of a change from nothing. Whoever asks
 * decides what is learnt from: what is off the baseline should not become usual. Bounded; baselines
 * outlive restarts (ROW_BASELINE), written at most every 10 minutes each.
 */
#ifndef CORE_BASELINES_H
#define CORE_BASELINES_H

#include "base/names.h"
#include "core/dirty.h"
#include "core/rows.h"

#include "base/instant.h"

/** How many series at most. */
#define BASELINES_MAX 65536

/** One series. */
struct baseline {
    double mean;          /**< what is usual */
    uint64_t n;           /**< readings learnt from; 0 = nothing is known */
    struct wall_ms since; /**< the first of them */
    struct wall_ms last;  /**< the last */
    struct wall_ms saved; /**< when it was last given to be stored */
};

/** Storage of the caller. */
struct baselines {
    struct names names;   /**< of the series */
    struct vec all;       /**< struct baseline by number */
    struct dirty changed; /**< numbers to be stored */
};

/** None yet. Allocates nothing. */
void baselines_init(struct baselines *b);
/** Frees all. */
void baselines_done(struct baselines *b);
/** The baseline of @p series, made if there is none; NULL without memory or room. It lives until
 * the next one is made. */
struct baseline *baselines_of(struct baselines *b, struct slice series);
/** Learns reading @p value of @p t, which half_ms later counts half; readings not later than the
 * last are left out. 0 or ERR_NOMEM. */
int baselines_learn(struct baselines *b, struct baseline *line, double value, struct wall_ms t,
                    int64_t half_ms) MUST_USE;
/** Forgets what was learnt, as after work on it: 0 or ERR_NOMEM. */
int baselines_forget(struct baselines *b, struct baseline *line) MUST_USE;

/** Hands changed rows to @p sink: 0 or its error. */
int baselines_save(struct baselines *b, const struct row_sink *sink) MUST_USE;
/** Takes a row back: 0, ERR_CORRUPT, ERR_VERSION or ERR_NOMEM; what finds no room is left. */
int baselines_load(struct baselines *b, struct slice key, struct slice value) MUST_USE;

#endif
