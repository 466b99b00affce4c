#include "shell/http_guard.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

void http_guard_init(struct http_guard *guard, const char *const token[4])
{
    memset(guard, 0, sizeof *guard);
    guard->open = true;
    for (int role = HTTP_VIEWER; role <= HTTP_ADMIN; role++) {
        snprintf(guard->token[role], HTTP_TOKEN_MAX, "%s", token[role] ? token[role] : "");
        guard->open = guard->open && !guard->token[role][0];
    }
}

/* Compares all of both texts, so that the time taken tells nothing about where they differ. */
static bool equal_secret(const char *a, const char *b)
{
    size_t n = strlen(a);
    size_t m = strlen(b);
    unsigned char differ = n != m;
    for (size_t i = 0; i < n; i++)
        differ |= (unsigned char)(a[i] ^ b[m ? i % m : 0]);
    return !differ;
}

static enum http_role role_of(const struct http_guard *guard, const char *token)
{
    for (int role = HTTP_ADMIN; token && role > HTTP_NOBODY; role--)
        if (guard->token[role][0] && equal_secret(token, guard->token[role]))
            return (enum http_role)role;
    return HTTP_NOBODY;
}

static const char *bearer(const struct http_caller *caller)
{
    static const char scheme[] = "Bearer ";
    const char *header = caller->authorization;
    return header && strncmp(header, scheme, sizeof scheme - 1) == 0 ? header + sizeof scheme - 1
                                                                     : NULL;
}

enum http_role http_guard_role(const struct http_guard *guard, const struct http_caller *caller)
{
    if (guard->open)
        return HTTP_ADMIN;
    const char *token = bearer(caller);
    return role_of(guard, token ? token : caller->token);
}

/* True if a Host or the rest of an Origin names this machine, whatever the port. */
static bool names_us(const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t len = strlen(names[i]);
        if (strncasecmp(host, names[i], len) == 0 && (host[len] == '\0' || host[len] == ':'))
            return true;
    }
    return false;
}

static bool same_origin(const struct http_caller *caller)
{
    const char *origin = caller->origin;
    const char *rest = origin ? strstr(origin, "://") : NULL;
    return !origin || (rest && caller->host && strcasecmp(rest + 3, caller->host) == 0);
}

static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    return type && strncasecmp(type, json, sizeof json - 1) == 0;
}

static struct http_refusal refuse_open(const struct http_caller *c)
{
    if (!c->loopback || c->forwarded)
        return (struct http_refusal){403,
                                     "without tokens changes are taken from this machine only; "
                                     "set http.admin_token_file"};
    if (!c->host || !names_us(c->host) || !same_origin(c))
        return (struct http_refusal){403, "a change from a page of another site is not taken"};
    if (c->posts && !is_json(c->type))
        return (struct http_refusal){415, "a change takes Content-Type: application/json"};
    return (struct http_refusal){0};
}

struct http_refusal http_guard_change(const struct http_guard *guard,
                                      const struct http_caller *caller, enum http_role *ret_role)
{
    *ret_role = HTTP_ADMIN;
    if (guard->open)
        return refuse_open(caller);
    *ret_role = role_of(guard, bearer(caller));
    if (*ret_role == HTTP_NOBODY)
        return (struct http_refusal){401, "a change takes a token: Authorization: Bearer ..."};
    if (*ret_role < HTTP_OPERATOR)
        return (struct http_refusal){403, "this token may only read"};
    return (struct http_refusal){0};
}
