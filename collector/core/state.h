/**
 * @file
 * What a unit can be at an instant, and the 16-bit code that timelines hold.
 */
#ifndef CORE_STATE_H
#define CORE_STATE_H

#include "wire/verdict.h"

#include <stdbool.h>
#include <stdint.h>

/** States in the order "worst first" for summaries (FIGURES 7.22). X(name, value, word) */
#define STATE_MAP(X)                       \
    X(STATE_DOWN, 0, "down")               \
    X(STATE_SILENT, 1, "silent")           \
    X(STATE_DEGRADED, 2, "degraded")       \
    X(STATE_UNOBSERVED, 3, "unobserved")   \
    X(STATE_MAINTENANCE, 4, "maintenance") \
    X(STATE_ASLEEP, 5, "asleep")           \
    X(STATE_UP, 6, "up")                   \
    X(STATE_PLANNED, 7, "planned")

/** Where a state comes from. X(name, value, word) */
#define PROVENANCE_MAP(X)                 \
    X(PROVENANCE_MEASURED, 0, "measured") \
    X(PROVENANCE_OPERATOR, 1, "operator") \
    X(PROVENANCE_DECLARED, 2, "declared")

/** An enumerator of the maps above. */
#define STATE_ENUM(name, value, word) name = value,

/** What a unit is. */
enum unit_state { STATE_MAP(STATE_ENUM) STATE_COUNT };

/** Whose word a state is. */
enum provenance { PROVENANCE_MAP(STATE_ENUM) };

#undef STATE_ENUM

/** A unit at an instant. */
struct unit_view {
    enum unit_state state; /**< what is shown: overlays applied */
    enum unit_state
        beneath; /**< what lies beneath the overlays; coverage follows it; never an overlay state */
    enum cause cause;         /**< of state; CAUSE_NONE for up, degraded, planned (FIGURES 7.22) */
    enum cause beneath_cause; /**< of beneath, by the same rule */
    enum provenance provenance; /**< of state */
    bool awaiting;              /**< in a gap that a status summary bounds: backlog is still to come
                                   (FIGURES 7.15) */
};

/** The code a timeline holds for @p view, and back. Equal views have equal codes. */
uint16_t state_pack(const struct unit_view *view);
struct unit_view state_unpack(uint16_t code); /**< see state_pack() */

/** What a state does to an outage of its unit (FIGURES 7.8). */
enum state_turn {
    STATE_TURN_NONE, /**< leaves things as they are */
    STATE_TURN_OUT,  /**< begins one, or is part of it */
    STATE_TURN_BACK  /**< ends it */
};

/** See above. */
enum state_turn state_turn(const struct unit_view *view);

const char *state_word(int state);           /**< word on API and in logs; "" if out of range */
const char *provenance_word(int provenance); /**< word on API and in logs; "" if out of range */

#endif
