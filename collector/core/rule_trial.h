/**
 * @file
 * Tries rules on a story: who would have been paged, when, for what. A made-up clock, the real
 * centre and the real pager.
 *
 * A story is lines `at TIME WHAT ...`, in order of time ("90s", "5min", "2h" after the start);
 * `#` begins a comment:
 *
 *     at 60s down SITE|UNIT|area AREA ...     its checks fail
 *     at 5min up SITE|UNIT|area AREA ...      they are well again
 *     at 60s silent SITE ...|area AREA        its probe is gone without a word
 *     at 26h backlog SITE down|up 2h 26h      the probe is back with results of that time
 *     at 3min deaf                            the centre hears nobody (broker away)
 *     at 4min hearing                         it does again
 *     at 3min ack NUMBER                      somebody takes SC<NUMBER> over
 *     at 3min expect NUMBER 2h                somebody says that it is over in 2 h
 *     at 9min maintenance SITE 1h             it is in maintenance for so long
 *     at 0s absent SITE ...                   its probe never comes
 *     at 60s metric SITE TYPE/NAME/METRIC 7   it reports this number from now on
 *     at 30min end
 *
 * Every site with a probe, and every one that only others' probes may speak for, has one check for
 * each unit, each 10 s with a ttl of 30 s; all are well at the start. It reads no file.
 */
#ifndef CORE_RULE_TRIAL_H
#define CORE_RULE_TRIAL_H

#include "core/pager.h"

/** Plays @p script to @p centre, fresh, and @p pager of it from @p start on; appends a line per
 * page, `TIME TARGET TRANSITION SEVERITY RULE: SMS`, to @p out. @p file is the script's name in
 * mistakes, which go to @p out instead with ERR_SYNTAX. 0, ERR_SYNTAX or ERR_NOMEM. O(seconds of
 * the story + results). */
int rule_trial_run(struct centre *centre, struct pager *pager, struct wall_ms start,
                   const char *file, struct slice script, struct buf *out) MUST_USE;

#endif
