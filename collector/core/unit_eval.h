/**
 * @file
 * From checks to a unit: the table of FIGURES section 2 with 7.6, 7.11, 7.13, 7.18 and 7.20 as pure
 * functions of what the checks say at one instant. Anchors and overlays come after it.
 */
#ifndef CORE_UNIT_EVAL_H
#define CORE_UNIT_EVAL_H

#include "core/check_read.h"
#include "core/state.h"

/** What the checks of one voice (all own probes together, or one other probe) say of a unit. Start
 * with unit_voice_new(). */
struct unit_voice {
    bool spoken;            /**< there is one that has spoken */
    bool silent;            /**< one is silent */
    bool unheard;           /**< one is unheard */
    bool awaiting;          /**< one awaits its backlog */
    bool required;          /**< a required one has spoken */
    bool required_evidence; /**< a required one has evidence */
    bool required_weak;     /**< a required one is silent or cannot tell */
    bool optional_evidence; /**< an optional one has evidence */
    uint8_t required_worst; /**< worst verdict of required evidence */
    uint8_t optional_worst; /**< worst verdict of optional evidence */
    enum cause cause;       /**< of the failed required ones; CAUSE_NONE */
};

/** A state with its cause, or none at all. */
struct unit_word {
    bool speaks;           /**< false: the voice says nothing of the unit */
    enum unit_state state; /**< up, degraded or down */
    enum cause cause;      /**< of down, else CAUSE_NONE */
    bool told;             /**< an operator's word alone, measured by nobody */
};

/** The cause that counts of two, in the order power, transport, then the list's (FIGURES 7.13). */
enum cause unit_cause(enum cause a, enum cause b);
/** A voice to which no check was added. */
struct unit_voice unit_voice_new(void);
/** Adds what a check of this role and cause says; absent ones and role info change nothing. */
void unit_voice_add(struct unit_voice *voice, enum role role, enum cause cause,
                    const struct check_saying *saying);
/** The voice's word (reading 13). */
struct unit_word unit_voice_word(const struct unit_voice *voice);
/** The word of several others: the best counts (FIGURES 7.13); of equal ones what was measured is
 * not merely told. */
struct unit_word unit_best_word(struct unit_word a, struct unit_word b);
/** True if gasp and dependence have a say: L has spoken once, does not speak now, and not only
 * because we did not listen; and no other probe speaks. */
bool unit_asks_parents(const struct unit_voice *own, const struct unit_word *word,
                       const struct unit_word *others);
/** State and cause by the table; @p out is the cause of a gasp or dependence, CAUSE_NONE if neither
 * holds. Fills beneath, beneath_cause, state, cause, provenance and awaiting. */
struct unit_view unit_by_table(const struct unit_voice *own, const struct unit_word *word,
                               const struct unit_word *others, enum cause out);

#endif
