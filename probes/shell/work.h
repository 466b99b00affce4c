/**
 * @file
 * What people on site say by `ioc-probe work`: the words of the command line, and the line in which
 * they reach the running service through the socket of shell/status_server.h.
 *
 * Pure; saying it to the centre is the agent's (agent_work()).
 */
#ifndef SHELL_WORK_H
#define SHELL_WORK_H

#include "base/buf.h"
#include "wire/body.h"

/** What is asked. X(name, word) */
#define WORK_MAP(X)          \
    X(WORK_STATUS, "status") \
    X(WORK_START, "start")   \
    X(WORK_END, "end")

/** Makes one enumerator. */
#define WORK_ENUM(name, word) name,

/** See WORK_MAP. */
enum work_deed { WORK_MAP(WORK_ENUM) WORK_DEEDS };

#undef WORK_ENUM

/** One request. */
struct work_request {
    enum work_deed deed;              /**< what */
    int64_t ms;                       /**< WORK_START: for how long, up to BODY_WORK_MAX_MS */
    char reason[BODY_REASON_MAX + 1]; /**< WORK_START: why, not "" */
};

/** Longest line of work_write(), with its end. */
enum { WORK_LINE_MAX = BODY_REASON_MAX + 64 };

/** Reads "60m", "60min", "2h" or "90s": false if it is none, or longer than BODY_WORK_MAX_MS. */
bool work_duration(const char *text, int64_t *ret_ms);
/**
 * Reads the @p n operands of the command (none: status) and the option's @p reason (may be NULL).
 * NULL, or a sentence that says what is wrong.
 */
const char *work_operands(const char *const *operand, size_t n, const char *reason,
                          struct work_request *ret_request);
/** Appends what work_read() reads: "work start 3600000 why", without end of line. */
void work_write(const struct work_request *request, struct buf *out);
/** Reads it back; false if it is something else. */
bool work_read(const char *line, struct work_request *ret_request);

#endif
