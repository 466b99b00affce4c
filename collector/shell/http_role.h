/**
 * @file
 * What callers of the HTTP interface may do, in words: one list for tokens, audit log and the API's
 * own description.
 *
 * Who has which role is http_guard.h's, what it opens is the routes'.
 */
#ifndef SHELL_HTTP_ROLE_H
#define SHELL_HTTP_ROLE_H

#include "base/slice.h"

/** What a caller may do; each includes those before it. A guest sees figures, and no site.
 * X(name, word) */
#define HTTP_ROLE_MAP(X)         \
    X(HTTP_NOBODY, "nobody")     \
    X(HTTP_GUEST, "guest")       \
    X(HTTP_VIEWER, "viewer")     \
    X(HTTP_OPERATOR, "operator") \
    X(HTTP_ADMIN, "admin")

/** Makes one enumerator. */
#define HTTP_ROLE_ENUM(name, word) name,

/** See HTTP_ROLE_MAP. */
enum http_role { HTTP_ROLE_MAP(HTTP_ROLE_ENUM) HTTP_ROLES };

#undef HTTP_ROLE_ENUM

/** Word of @p role; "" if out of range. */
const char *http_role_word(int role);
/** The role called @p word, HTTP_NOBODY if none is. */
enum http_role http_role_of(struct slice word);

#endif
