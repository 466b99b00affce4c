/**
 * @file
 * The command line of `ioc-probe` as a table, and its manual page made from the same tables.
 */
#ifndef SHELL_PROBE_CLI_H
#define SHELL_PROBE_CLI_H

#include "base/buf.h"
#include "io/cli.h"

/** The table. Static storage. */
const struct cli *probe_cli(void);
/** Appends the whole manual page (troff). */
void probe_cli_manual(struct buf *out);

#endif
