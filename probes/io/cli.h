/**
 * @file
 * The command line by table: the rows that parse are the rows that `--help` prints.
 *
 * Long options only (`--name VALUE` and `--name=VALUE`), then an optional command, then operands;
 * `--` ends options. `--help` and `--version` are rows like others, so that they appear in the
 * help.
 */
#ifndef IO_CLI_H
#define IO_CLI_H

#include "base/attr.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/** Most options of a program, and most operands. */
enum { CLI_OPTIONS_MAX = 32, CLI_OPERANDS_MAX = 16 };

/** One option. */
struct cli_option {
    const char *name;  /**< without the dashes */
    const char *value; /**< what it takes, for the help ("FILE"); NULL = it is a flag */
    const char *about; /**< one sentence */
};

/** One command. */
struct cli_command {
    const char *name;     /**< the word */
    const char *operands; /**< what follows, for the help ("CODE down|up"), or "" */
    const char *about;    /**< one sentence */
};

/** A program's command line; all tables const. */
struct cli {
    const char *program;                /**< its name */
    const char *about;                  /**< what it does, one sentence */
    const struct cli_option *options;   /**< rows */
    size_t options_len;                 /**< at most CLI_OPTIONS_MAX */
    const struct cli_command *commands; /**< rows, or NULL */
    size_t commands_len;                /**< rows */
    const char *operands; /**< what follows if there is no command, or NULL for nothing */
};

/** What was given; points into argv. */
struct cli_given {
    const char *value[CLI_OPTIONS_MAX]; /**< by row: the value, "" for a flag, NULL = not given */
    const struct cli_command *command;  /**< NULL = none */
    const char *operand[CLI_OPERANDS_MAX]; /**< operands */
    size_t operands;                       /**< how many */
};

/** Reads the command line; argv[argc] is NULL, as main() has it: 0, or ERR_SYNTAX / ERR_UNKNOWN /
 * ERR_FULL / ERR_EXISTS with a sentence (with the nearest known name) in @p complaint. */
int cli_read(const struct cli *cli, int argc, char *const argv[], struct cli_given *ret_given,
             struct buf *complaint) MUST_USE;
/** Value of the option @p name (a row of the table): "" for a flag, NULL if not given. */
const char *cli_value(const struct cli *cli, const struct cli_given *given, const char *name);
/** Appends the text of `--help`, at most 80 columns wide where words allow. */
void cli_help(const struct cli *cli, struct buf *out);
/** Appends the same as troff, from its first line (TH) on: NAME, SYNOPSIS, OPTIONS, COMMANDS. */
void cli_manual(const struct cli *cli, struct buf *out);

#endif
