/**
 * @file
 * Who may do what: from a request's headers to a role, and why a change is refused before its body
 * is read.
 *
 * A change must not be possible from a foreign page in somebody's browser (CSRF). With tokens it
 * takes one in a header, which no foreign page can send unasked; a token in the address is good for
 * reading only. Without tokens everybody who reaches us is an admin, so a change is taken from this
 * machine alone, not through a proxy, and only in a form that a browser asks us about first (JSON)
 * under a name that is ours (against DNS that changes its mind). It knows no sockets.
 */
#ifndef SHELL_HTTP_GUARD_H
#define SHELL_HTTP_GUARD_H

#include "shell/http_server.h"

/** Longest token, with its NUL. */
#define HTTP_TOKEN_MAX 128

/** Longest name of a token, with its NUL. */
#define HTTP_WHO_MAX 65

/** The tokens in force. */
struct http_guard {
    char token[4][HTTP_TOKEN_MAX]; /**< by enum http_role; "" = none */
    bool open;                     /**< there is none at all */
};

/** What a request says of its sender; NULL = nothing. */
struct http_caller {
    const char *authorization; /**< header Authorization */
    const char *token;         /**< parameter token */
    const char *host;          /**< header Host */
    const char *origin;        /**< header Origin */
    const char *type;          /**< header Content-Type */
    const char *forwarded;     /**< any header that a proxy adds */
    bool loopback;             /**< it comes from this machine */
    bool posts;                /**< it brings a body */
};

/** A refusal; status 0 = none. */
struct http_refusal {
    int status;      /**< 401, 403 or 415 */
    const char *why; /**< for people, static */
};

/** Takes the tokens (NULL or "" = no such token). */
void http_guard_init(struct http_guard *guard, const char *const token[4]);
/** What the caller may read. */
enum http_role http_guard_role(const struct http_guard *guard, const struct http_caller *caller);
/** Whether the caller may change anything at all, and as whom. Refuses everybody below operator. */
struct http_refusal http_guard_change(const struct http_guard *guard,
                                      const struct http_caller *caller, enum http_role *ret_role);

#endif
