/**
 * @file
 * The probe as a service: the agent with its signals and its status socket, until it is told to
 * stop. SIGTERM and SIGINT stop it cleanly, SIGHUP reads the configuration again, SIGPWR is the
 * last gasp.
 */
#ifndef SHELL_SERVICE_H
#define SHELL_SERVICE_H

#include "shell/probe_config.h"

/** Runs with the configuration @p config, read from @p file and the service's from now on. Returns
 * the exit code: 0 after a clean stop, 1 if it could not start. */
int service_run(const char *file, struct probe_config *config);

#endif
