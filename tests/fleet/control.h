/**
 * @file
 * The local socket through which a person breaks things in a running fleet: one line in, one line
 * back.
 *
 * Only this user can open it. It does not know what a line means.
 */
#ifndef FLEET_CONTROL_H
#define FLEET_CONTROL_H

#include "base/buf.h"
#include "base/slice.h"
#include "io/loop.h"

/** Longest line either way, with its NUL. */
#define CONTROL_LINE_MAX 512

/** Answers @p line in one line appended to @p out. */
typedef void control_fn(void *arg, struct slice line, struct buf *out);

struct control;

/** Listens at @p path; a socket nobody listens at any more is replaced. 0, ERR_BUSY (another fleet
 * does), ERR_TOO_LONG, ERR_NOMEM or ERR_LIBRARY. */
int control_open(struct loop *loop, const char *path, control_fn *fn, void *arg,
                 struct control **ret_control) MUST_USE;
/** Ends it and removes the socket. Accepts NULL. */
void control_close(struct control *c);
/** Sends @p line to the fleet at @p path and waits at most 5 s for its answer. 0, ERR_NOT_FOUND (no
 * fleet listens), ERR_TOO_LONG, ERR_TIMEOUT or ERR_IO. */
int control_ask(const char *path, const char *line, char ret_answer[CONTROL_LINE_MAX]) MUST_USE;

#endif
