/**
 * @file
 * `ioc-probe --once`: every check runs once, here and now, and a table says what came out; nothing
 * is stored or sent. For whoever installs a probe.
 */
#ifndef SHELL_ONCE_H
#define SHELL_ONCE_H

#include "shell/probe_config.h"
#include "shell/results.h"
#include "shell/status_text.h"

#include <stdio.h>

/** Runs the checks of @p config and prints to @p out. Returns the exit code: the verdict of the
 * worst in the order failed 2, degraded 1, unknown 3, ok 0; 3 if it could not be done at all. */
int once_run(const struct probe_config *config, enum status_language language, FILE *out);

/** Appends the table of @p results, one line per check of @p config. Pure. */
void once_table(const struct probe_config *config, const struct results *results,
                enum status_language language, struct buf *out);

#endif
