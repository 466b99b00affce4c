/**
 * @file
 * The collector as a whole: opens every part in order, connects them, and closes them in order.
 * What each part does stands in its own module; here is only who calls whom.
 */
#ifndef SHELL_APP_H
#define SHELL_APP_H

#include "shell/config.h"

/**
 * Runs the collector until it is told to stop (SIGTERM, SIGINT). @p config_file is read again at
 * SIGHUP. Returns 0 after a clean stop, or an error that was logged.
 */
int app_run(const char *config_file, const struct config *config) MUST_USE;
/** Reads what `--check-config` can check beyond the file: the inventory it names. Mistakes go to @p
 * out. 0, or an error if there are any. */
int app_check(const struct config *config, struct buf *out) MUST_USE;
/** Reads the inventory and the file of @p rules, plays the story in the file @p script to them and
 * appends who would have been paged, or every mistake, to @p out. 0 or an error. */
int app_try_rules(const struct config *config, const char *rules, const char *script,
                  struct buf *out) MUST_USE;

#endif
