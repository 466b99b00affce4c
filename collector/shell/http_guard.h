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

#include "shell/http_tokens.h"

/** The tokens in force. */
struct http_guard {
    struct http_token
        shared[HTTP_ROLES];   /**< by enum http_role; of nobody by name; role 0 = none */
    struct http_tokens named; /**< of people */
    bool open;                /**< there is none at all */
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

/** Takes the tokens that are shared (NULL or "" = no such token); there are no others. */
void http_guard_init(struct http_guard *guard, const char *const token[HTTP_ROLES]);
/** Takes people's tokens instead of those before. */
void http_guard_name(struct http_guard *guard, const struct http_tokens *named);
/** True if somebody may be a guest. */
bool http_guard_has_guests(const struct http_guard *guard);
/** Whose token the caller has, by its name (the word of its role where it is shared, "local" where
 * there are no tokens at all); "" if none is right. */
const char *http_guard_who(const struct http_guard *guard, const struct http_caller *caller);
/** True if the caller has a token and it is wrong; *ret_which stands for it. */
bool http_guard_wrong(const struct http_guard *guard, const struct http_caller *caller,
                      uint64_t *ret_which);
/** What the caller may read. */
enum http_role http_guard_role(const struct http_guard *guard, const struct http_caller *caller);
/** Whether the caller may change anything at all, and as whom. Refuses everybody below operator. */
struct http_refusal http_guard_change(const struct http_guard *guard,
                                      const struct http_caller *caller, enum http_role *ret_role);

#endif
