/**
 * @file
 * What the site's own probes and what its operator say of one unit now, each by itself: for lists
 * of where they disagree. Which of them counts is the world's timeline.
 */
#ifndef CORE_WORLD_WORDS_H
#define CORE_WORLD_WORDS_H

#include "core/unit_eval.h"
#include "core/world.h"

/** Two words on one unit. */
struct world_words {
    struct unit_word own;  /**< of all own probes together */
    struct unit_word told; /**< of the operator's feeds, the best */
    int64_t own_since;     /**< since when the newest of our checks says what it says */
    int64_t told_since;    /**< the same of the operator's */
    int64_t told_at;       /**< of the operator's newest word; INT64_MIN = there is none */
};

/** The words on @p unit as of world_now(): 0 or ERR_NOMEM. O(checks of the unit). */
int world_words(const struct world *w, uint32_t unit, struct world_words *ret_words) MUST_USE;
/**
 * True if both speak, one says down and the other does not, and the operator's word is newer than
 * what we saw change: who could not know yet does not disagree.
 */
bool world_words_differ(const struct world_words *words);

#endif
