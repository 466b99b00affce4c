/**
 * @file
 * The small vocabularies of the contract: verdicts, roles and causes, with the words they have on
 * the wire.
 *
 * Numbers and words are part of contract v1 (DESIGN section 3, FIGURES sections 2 and 7); they
 * never change.
 */
#ifndef WIRE_VERDICT_H
#define WIRE_VERDICT_H

#include "base/attr.h"
#include "base/slice.h"

/** A check's own judgement of one run. Worst-of order for equal times is 2, 1, 0, 3 (FIGURES 7.2).
 * X(name, value, word) */
#define VERDICT_MAP(X)                 \
    X(VERDICT_OK, 0, "ok")             \
    X(VERDICT_DEGRADED, 1, "degraded") \
    X(VERDICT_FAILED, 2, "failed") X(VERDICT_UNKNOWN, 3, "unknown")

/** What a check is for the units it names. X(name, value, word) */
#define ROLE_MAP(X) \
    X(ROLE_REQUIRED, 0, "required") X(ROLE_OPTIONAL, 1, "optional") X(ROLE_INFO, 2, "info")

/** Why a unit is not up: the only list (FIGURES section 2); the order decides between equals.
 * X(name, value, word) */
#define CAUSE_MAP(X)                           \
    X(CAUSE_FAULT, 0, "fault")                 \
    X(CAUSE_POWER, 1, "power")                 \
    X(CAUSE_TRANSPORT, 2, "transport")         \
    X(CAUSE_MANUAL, 3, "manual")               \
    X(CAUSE_ENERGY_SAVING, 4, "energy_saving") \
    X(CAUSE_PROBE, 5, "probe")                 \
    X(CAUSE_THIRD_PARTY, 6, "third_party")     \
    X(CAUSE_UNKNOWN, 7, "unknown")

/** Row of an enum made from a map. */
#define WORD_ENUM(name, value, word) name = value,

/** See VERDICT_MAP. */
enum verdict { VERDICT_MAP(WORD_ENUM) };

/** See ROLE_MAP. */
enum role { ROLE_MAP(WORD_ENUM) };

/** See CAUSE_MAP. */
enum cause { CAUSE_MAP(WORD_ENUM) CAUSE_NONE };

#undef WORD_ENUM

/** Words for people and the wire; static storage; "" for CAUSE_NONE and anything out of range. */
const char *verdict_word(int verdict);
const char *role_word(int role);   /**< see verdict_word() */
const char *cause_word(int cause); /**< see verdict_word() */

/** The number of a word: 0, or ERR_UNKNOWN. */
int role_read(struct slice word, enum role *ret_role) MUST_USE;
int cause_read(struct slice word, enum cause *ret_cause) MUST_USE; /**< see role_read() */

/** The worse of two verdicts of one check at one time, in the order 2, 1, 0, 3 (FIGURES 7.2). */
enum verdict verdict_worse(enum verdict a, enum verdict b);

#endif
