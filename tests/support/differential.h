/**
 * @file
 * The fast world held against the reference: where they differ, and how small a history still shows
 * it.
 */
#ifndef SUPPORT_DIFFERENTIAL_H
#define SUPPORT_DIFFERENTIAL_H

#include "reference.h"

#include "base/rng.h"

/** One difference. */
struct difference {
    size_t n; /**< events played when it showed */
    uint32_t unit;
    struct wall_ms t;
    struct unit_view fast, naive;
};

/** How a history is played. */
struct differential_play {
    struct rng rng;    /**< where the questions are drawn from */
    unsigned asked;    /**< percent of the advances after which the two are compared */
    unsigned samples;  /**< instants compared then; at the end ten times as many */
    bool thorough;     /**< at the end all instants are compared, for all units */
    size_t restart_at; /**< after so many events the world is saved and loaded anew; 0 = never */
    bool lags;         /**< advances do a little of what is due; all of it before a comparison */
};

/** Compares @p w and @p r, which know the same events of @p h, at every instant that matters, every
 * unit: true (with the first difference) if they differ. */
bool differential_compare(const struct history *h, const struct world *w, const struct reference *r,
                          struct difference *ret_difference);
/** Plays all of @p h into a new world and compares; true (with the first difference) if they
 * differ. An error of the world is a difference of unit INV_NONE. */
bool differential_run(const struct history *h, struct differential_play play,
                      struct difference *ret_difference);
/** Deletes events of @p h while its end still shows a difference of @p unit; the events that remain
 * matter. */
void differential_shrink(struct history *h, struct difference *difference);
/** Prints the difference and @p h as a script with the reference's expectation. */
void differential_print(const struct history *h, const struct difference *d, FILE *out);

#endif
