/**
 * @file
 * `ioc-probe snmp HOST PROFILE [KEY=VALUE ...]`: one look at an agent, here and now, with every
 * value, its unit and its verdict. For whoever writes a profile or meets an unknown device; nothing
 * is stored or sent, and no configuration is read.
 */
#ifndef SHELL_SNMP_COMMAND_H
#define SHELL_SNMP_COMMAND_H

#include "io/cli.h"
#include "shell/status_text.h"

#include <stdio.h>

/** Looks as the operands of @p given say (keys are those of the check `snmp` and of every check)
 * and prints to @p out, mistakes to @p complaints. Returns the exit code: ok 0, degraded 1, failed
 * 2, unknown 3, 64 if the operands are wrong. */
int snmp_command_run(const struct cli_given *given, enum status_language language, FILE *out,
                     FILE *complaints);

#endif
