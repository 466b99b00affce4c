/**
 * @file
 * `ioc-collector deadletter ...`: the dead letters on a terminal, over the HTTP of the collector
 * that runs.
 *
 * It asks, prints and ends; what may be done decides the collector.
 */
#ifndef SHELL_LETTERS_COMMAND_H
#define SHELL_LETTERS_COMMAND_H

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>

/** What to do and whom to ask. */
struct letters_command {
    const char *verb;           /**< list, show, requeue or purge */
    const char *const *numbers; /**< of letters, as given */
    size_t len;                 /**< how many */
    bool all;                   /**< every letter that the reason selects */
    const char *reason;         /**< only those whose reason contains it; "" = any */
    bool json;                  /**< print what the API answers */
    const char *url;            /**< of the collector, "http://127.0.0.1:8080" */
    const char *token_file;     /**< with the token, "" = none */
    const char *ca_file;        /**< certificates to trust, "" = the system's */
};

/** Exit codes. */
enum { LETTERS_DONE = 0, LETTERS_REFUSED = 1, LETTERS_USAGE = 64, LETTERS_AWAY = 69 };

/** Does it; says on stdout what was, on stderr what was refused. Returns one of the exit codes. */
int letters_command_run(const struct letters_command *command) MUST_USE;

#endif
