/**
 * @file
 * The unix socket that `ioc-probe status`, `work` and `accept` ask: one line in ("en" or "vi", then
 * perhaps what is asked), a report out.
 *
 * The reply's first line is the exit code for the one who asks; the rest is text for people. A slow
 * or silent client is cut off; at most a few are served at once.
 */
#ifndef SHELL_STATUS_SERVER_H
#define SHELL_STATUS_SERVER_H

#include "base/buf.h"
#include "io/loop.h"
#include "shell/status_text.h"

/** Longest reply. */
#define STATUS_SERVER_REPLY_MAX (256 * 1024)

/** Appends the whole reply to @p out; @p ask is what stands behind the language, "" for a report.
 * False: the reply is true only once something is on disk, and is held until
 * status_server_release(); whoever waits for too long is told that it is not. */
typedef bool status_server_fn(void *arg, enum status_language language, const char *ask,
                              struct buf *out);

struct status_server;

/** Listens at @p path, which only this user and its group may ask, replacing what a former process
 * left there: 0, ERR_NOMEM, ERR_TOO_LONG, ERR_DENIED, ERR_EXISTS (no socket is in the way) or
 * ERR_IO. */
int status_server_open(struct loop *loop, const char *path, status_server_fn *fn, void *arg,
                       struct status_server **ret_server) MUST_USE;
/** What is held may go. Accepts NULL. */
void status_server_release(struct status_server *server);
/** Cuts every client off and removes the socket. Accepts NULL. */
void status_server_close(struct status_server *server);

#endif
