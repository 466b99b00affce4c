/**
 * @file
 * One client of a server that runs on the test's own loop: raw bytes in, raw bytes out, so that a
 * test can be as slow, as long and as wrong as it likes.
 */
#ifndef SUPPORT_HTTP_CALLER_H
#define SUPPORT_HTTP_CALLER_H

#include "io/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One connection. Storage of the caller. */
struct http_caller_line {
    struct loop *loop;   /**< the server's */
    int fd;              /**< connected */
    char got[256 << 10]; /**< answers so far, NUL-terminated */
    size_t len;          /**< bytes of them */
    bool ended;          /**< the server closed it */
};

/** Connects to 127.0.0.1:@p port; fails the test if that cannot be. */
void http_caller_open(struct http_caller_line *line, struct loop *loop, uint16_t port);
/** Closes it. */
void http_caller_close(struct http_caller_line *line);
/** Sends @p text as it is. */
void http_caller_send(struct http_caller_line *line, const char *text);
/** Reads what is there; for conditions of UNTIL(). Returns @p line. */
struct http_caller_line *http_caller_look(struct http_caller_line *line);
/** Turns the loop until one whole answer is there, and returns it: status line, headers, body. It
 * is taken off the line. */
const char *http_caller_answer(struct http_caller_line *line);
/** Status of an answer. */
int http_caller_status(const char *answer);
/** A request on a connection of its own, to its answer; @p more are header lines, each with its end
 * ("" = none). */
const char *http_caller_ask(struct loop *loop, uint16_t port, const char *method, const char *path,
                            const char *more, const char *body);

#endif
