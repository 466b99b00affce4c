/**
 * @file
 * `ioc-probe status`, `work` and `accept`: ask the running service through its socket and print
 * what it says.
 */
#ifndef SHELL_STATUS_COMMAND_H
#define SHELL_STATUS_COMMAND_H

#include "shell/status_text.h"
#include "shell/work.h"

#include <stdio.h>

/** Exit code if the service cannot be asked. */
#define STATUS_COMMAND_UNKNOWN 3

/**
 * Asks at @p path for @p request, or how it is if that is NULL, and prints to @p out. Returns the
 * exit code: 0 all is well, 1 something is degraded, waits or is held, 2 a check failed or the disk
 * refuses, 3 it cannot be told - also if nobody answers within 5 s. Blocks.
 */
int status_command_run(const char *path, enum status_language language,
                       const struct work_request *request, FILE *out);
/** Asks for the acceptance record of the site: 0 everything passed, 2 not, 3 as above, also where
 * nobody is named in @p by. Blocks. */
int status_command_accept(const char *path, enum status_language language, const char *by,
                          const char *position, FILE *out);

#endif
