/**
 * @file
 * The audit log for people: a page of it for the API, and the whole chain checked for the command
 * line.
 *
 * It only reads, through connections of its own; rows are written by the store in the commit of
 * what they tell of, and what ties them together is audit.h's.
 */
#ifndef SHELL_AUDIT_LOG_H
#define SHELL_AUDIT_LOG_H

#include "io/loop.h"
#include "shell/http_server.h"
#include "shell/store.h"

/** Storage of the caller, which outlives every answer: until the loop is closed. */
struct audit_log {
    struct loop *loop; /**< ours */
    const char *path;  /**< of the store */
};

/** Over the store at @p path, which outlives it. */
void audit_log_init(struct audit_log *log, struct loop *loop, const char *path);
/** Answers @p promise with the @p limit newest rows below number @p before (0 = all); 0 or
 * ERR_NOMEM, ERR_LIBRARY (the promise is the caller's then). */
int audit_log_list(struct audit_log *log, uint64_t before, uint64_t limit,
                   struct http_promise *promise) MUST_USE;

/** What a check of the chain found. */
struct audit_finding {
    uint64_t rows;          /**< that hold */
    uint64_t broken;        /**< number of the first row that does not, 0 = all do */
    const char *why;        /**< what is wrong with it, static; NULL = nothing */
    struct audit_head head; /**< the end as the store has it */
};

/** Checks every row of the store at @p path against the one before, and the end of the log: 0 with
 * what was found, or an error of reading. O(rows). */
int audit_log_verify(const char *path, struct audit_finding *ret_finding) MUST_USE;
/** `ioc-collector audit verify`: tells people what a check of the store in @p data_folder found. 0
 * if it holds, 1 otherwise. */
int audit_log_command(const char *data_folder);

#endif
