/**
 * @file
 * The file of rules: whom the collector pages of what, read from YAML with every mistake told at
 * once.
 *
 * Read at start and again at SIGHUP; what it means is core/rules.h's and shell/notify_conf.h's.
 */
#ifndef SHELL_RULES_FILE_H
#define SHELL_RULES_FILE_H

#include "core/inventory.h"
#include "io/conf.h"
#include "shell/notify_conf.h"

/** As read. Large: keep it on the heap. */
struct rules_file {
    struct rules rules;                          /**< for the pager */
    struct notify_conf target[RULE_TARGETS_MAX]; /**< by number of rules.target */
    char heartbeat_url[256];                     /**< asked now and then, "" = none */
    int64_t heartbeat_ms;                        /**< how often */
    char rota[256];                              /**< file of who is on duty, "" = none */
    char dial_code[8];                           /**< of the country */
    char replies[256];                           /**< folder of SMS that came, "" = none */
    char link_url[256];                          /**< begins links to acknowledge with, "" = none */
    int64_t link_ms;                             /**< how long they can be used */
};

/**
 * Reads @p file into @p ret_file; areas and operators have to be in @p inv, unless that is NULL.
 * Every mistake goes to @p errors (initialised here). 0, ERR_SYNTAX, or an error of reading.
 */
int rules_file_read(const char *file, const struct inventory *inv, struct rules_file *ret_file,
                    struct conf_errors *errors) MUST_USE;
/** The same from @p text; @p file is only a name. */
int rules_file_read_text(const char *file, struct slice text, const struct inventory *inv,
                         struct rules_file *ret_file, struct conf_errors *errors) MUST_USE;
/** Appends all keys for people. */
void rules_file_help(struct buf *out);
/** Appends all keys as troff. */
void rules_file_manual(struct buf *out);

#endif
