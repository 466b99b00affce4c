/**
 * @file
 * How the life of the probe's program before this one ended: the words of the contract.
 *
 * The list of checks that begins a life says one (wire/checklist.h), so that a silence which the
 * probe knows to be its own is not taken for a fault of the site. "The machine ran on" is the
 * kernel's word: the same boot. Which word it is decides core/last_life.h; what follows from it is
 * the collector's reading 21.
 */
#ifndef WIRE_START_H
#define WIRE_START_H

#include "base/attr.h"
#include "base/slice.h"

#include <stdbool.h>

/** The words. X(name, value, word) */
#define START_MAP(X)                                                                             \
    X(START_UNSAID, 0, "")           /* no list of a start */                                    \
    X(START_FIRST, 1, "first")       /* no life before is known */                               \
    X(START_STOPPED, 2, "stopped")   /* ended cleanly; the machine ran on */                     \
    X(START_KILLED, 3, "killed")     /* ended without a word; the machine ran on */              \
    X(START_SHUTDOWN, 4, "shutdown") /* ended cleanly; the machine has been started since */     \
    X(START_RESET, 5, "reset")       /* without a word, with its machine: power, reset, crash */ \
    X(START_POWER, 6, "power")       /* with its machine, after a last gasp */

/** Row of START_MAP as enumerator. */
#define START_ENUM(name, value, word) name = value,

/** See START_MAP. */
enum start { START_MAP(START_ENUM) };

#undef START_ENUM

/** Word of a start on the wire; "" if unsaid or out of range. */
const char *start_word(int start);
/** The number of a word: 0, or ERR_UNKNOWN. */
int start_read(struct slice word, enum start *ret_start) MUST_USE;
/** True if the machine ran on while the program did not: silence meanwhile was the program's. */
bool start_was_away(enum start start);

#endif
