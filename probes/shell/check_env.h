/**
 * @file
 * The loop, resolver and HTTP client that checks work with, opened and closed together.
 */
#ifndef SHELL_CHECK_ENV_H
#define SHELL_CHECK_ENV_H

#include "checks/check.h"

/** Opens all on a new loop: 0, or an error with nothing left open. */
int check_env_open(struct check_env *ret_env) MUST_USE;
/** Closes all, running the loop until everything that is being closed is gone. */
void check_env_close(struct check_env *env);

#endif
