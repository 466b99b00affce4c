/**
 * @file
 * The list of checks that the probe sends (wire/checklist.h), made from its configuration.
 */
#ifndef SHELL_CHECKLIST_OF_H
#define SHELL_CHECKLIST_OF_H

#include "shell/probe_config.h"
#include "wire/start.h"

/** Appends the list of all checks of @p config, valid from @p time_us, that says @p start: 0,
 * ERR_NOMEM or ERR_FULL (the buffer's maximum). */
int checklist_of_config(const struct probe_config *config, int64_t time_us, enum start start,
                        struct buf *out) MUST_USE;

#endif
