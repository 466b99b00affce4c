/**
 * @file
 * One fault of a script, as text: what happens to which site, for how long.
 *
 *     [AT] ACTION TARGET [NUMBER] [DURATION]
 *     0:45 down bts-22759-1/5g@a
 *     3:30 cut lk-ns-ba 4:00
 *     8:30 flap bts-22849-4 6 10s
 *     -3d down bts-22828-2
 *
 * An AT with a minus is before the start, in the past that the fleet lives through first. The same
 * line without AT is what an operator sends to a running fleet. This module knows the
 * words and their numbers; what an action does is scene.h's, and TARGET is looked up there too. A
 * target `?bts` (`?network`, ...) stands for a site of that kind chosen by the seed.
 */
#ifndef FLEET_FAULT_H
#define FLEET_FAULT_H

#include "base/attr.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/** Actions: X(name, word, number it takes or NULL, what it does) */
#define FAULT_MAP(X)                                                                              \
    X(FAULT_DOWN, "down", NULL, "the units fail; the probe goes on and says so")                  \
    X(FAULT_CUT, "cut", NULL, "no way to the centre: of a link all sites behind it")              \
    X(FAULT_MAINS, "mains", NULL, "mains fail: of a feeder all sites on it go on battery")        \
    X(FAULT_DARK, "dark", NULL, "no power at all, with a last gasp")                              \
    X(FAULT_DIE, "die", NULL, "no power at all, without a word")                                  \
    X(FAULT_KILL, "kill", NULL, "kill -9 of the probe; the site goes on")                         \
    X(FAULT_REBOOT, "reboot", NULL, "the probe stops cleanly and starts again (after 2s)")        \
    X(FAULT_FLAP, "flap", "times", "down and up again, this often, once per period")              \
    X(FAULT_SLOW, "slow", "milliseconds", "one message per this time, and a degraded round trip") \
    X(FAULT_CLOCK, "clock", "seconds", "the probe's clock is wrong by this much")                 \
    X(FAULT_DRIFT, "drift", "dBm", "received power moves to this within the duration")            \
    X(FAULT_MEND, "mend", NULL, "ends what is broken there, but for a drift")

/** One line of an enum from its map. */
#define FAULT_ENUM(name, word, number, about) name,

/** What happens. */
enum fault_action { FAULT_MAP(FAULT_ENUM) FAULT_ACTIONS };

#undef FAULT_ENUM

/** Longest target. */
#define FAULT_TARGET_MAX 128
/** "until the end" as a duration. */
#define FAULT_FOREVER_MS INT64_MAX

/** A fault. */
struct fault {
    int64_t at_ms;                 /**< after the start, negative before; 0 without AT */
    enum fault_action action;      /**< what */
    char target[FAULT_TARGET_MAX]; /**< SITE, SITE/UNIT, a site's code, or ?KIND */
    double number;                 /**< of actions that take one */
    int64_t duration_ms; /**< how long (of flap: one period); FAULT_FOREVER_MS if not given */
};

/** Longest complaint, with its NUL. */
#define FAULT_WHY_MAX 160

/** Word of @p action; static storage. */
const char *fault_word(enum fault_action action);
/** What @p action does, for the help; static storage. */
const char *fault_about(enum fault_action action);
/** Reads "30s", "500ms", "2min", "1h", "3d", or "m:ss" into milliseconds; false if it is none. */
bool fault_duration(struct slice text, int64_t *ret_ms);
/** Reads one line, @p timed if it begins with AT. 0, ERR_END for a blank line or comment (`#`),
 * else ERR_SYNTAX, ERR_UNKNOWN, ERR_MISSING or ERR_TOO_LONG with a sentence in @p ret_why. */
int fault_read(struct slice line, bool timed, struct fault *ret_fault,
               char ret_why[FAULT_WHY_MAX]) MUST_USE;

#endif
