/**
 * @file
 * The checks of a configuration, run by the schedule: opens them, starts each when it is due, hands
 * every report on with the instant at which its run began.
 *
 * What a report means and where it goes is the caller's.
 */
#ifndef SHELL_WATCH_H
#define SHELL_WATCH_H

#include "base/instant.h"
#include "base/rng.h"
#include "checks/check.h"
#include "shell/probe_config.h"

/** Report of check @p index (of the configuration's list), whose run began at @p started; valid
 * during the call, from which the watch must not be closed. */
typedef void watch_fn(void *arg, size_t index, struct now started,
                      const struct check_report *report);

struct watch;

/** Opens every check of @p config (copied) and runs each at once, then by its interval: 0 or
 * ERR_NOMEM. */
int watch_open(const struct check_env *env, const struct probe_config *config, struct rng *rng,
               watch_fn *fn, void *arg, struct watch **ret_watch) MUST_USE;
/** Calls @p fn with each check. */
void watch_each(struct watch *w, void (*fn)(void *arg, struct check *check), void *arg);
/** Cancels what is running and frees all. Accepts NULL. */
void watch_close(struct watch *w);

#endif
