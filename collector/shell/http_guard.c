#include "shell/http_guard.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

void http_guard_init(struct http_guard *guard, const char *const token[HTTP_ROLES])
{
    memset(guard, 0, sizeof *guard);
    guard->open = true;
    for (int role = HTTP_GUEST; role <= HTTP_ADMIN; role++) {
        struct http_token *shared = &guard->shared[role];
        if (!token[role] || !token[role][0])
            continue;
        guard->open = false;
        snprintf(shared->who, sizeof shared->who, "%s", http_role_word(role));
        if (digest_sha256(slice_of(token[role]), shared->hash) == 0)
            shared->role = (enum http_role)role;
    }
}

void http_guard_name(struct http_guard *guard, const struct http_tokens *named)
{
    guard->named = *named;
    guard->open = guard->open && named->len == 0;
}

/* Compares all of both, so that the time taken tells nothing about where they differ. */
static bool equal_hash(const unsigned char *a, const unsigned char *b)
{
    unsigned char differ = 0;
    for (size_t i = 0; i < DIGEST_BYTES; i++)
        differ |= (unsigned char)(a[i] ^ b[i]);
    return !differ;
}

/* The token that this is, NULL if it is none of ours. */
static const struct http_token *token_of(const struct http_guard *guard, const char *secret)
{
    unsigned char hash[DIGEST_BYTES];
    const struct http_token *found = NULL;
    if (!secret || !secret[0] || digest_sha256(slice_of(secret), hash) != 0)
        return NULL;
    for (size_t i = 0; i < guard->named.len; i++)
        if (equal_hash(hash, guard->named.item[i].hash))
            found = &guard->named.item[i];
    for (int role = HTTP_GUEST; role <= HTTP_ADMIN; role++)
        if (guard->shared[role].role && equal_hash(hash, guard->shared[role].hash))
            found = &guard->shared[role];
    return found;
}

static enum http_role role_of(const struct http_guard *guard, const char *secret)
{
    const struct http_token *token = token_of(guard, secret);
    return token ? token->role : HTTP_NOBODY;
}

static const char *bearer(const struct http_caller *caller)
{
    static const char scheme[] = "Bearer ";
    const char *header = caller->authorization;
    return header && strncmp(header, scheme, sizeof scheme - 1) == 0 ? header + sizeof scheme - 1
                                                                     : NULL;
}

static const char *given(const struct http_caller *caller)
{
    const char *token = bearer(caller);
    return token ? token : caller->token;
}

enum http_role http_guard_role(const struct http_guard *guard, const struct http_caller *caller)
{
    if (guard->open)
        return HTTP_ADMIN;
    return role_of(guard, given(caller));
}

const char *http_guard_who(const struct http_guard *guard, const struct http_caller *caller)
{
    if (guard->open)
        return "local";
    const struct http_token *token = token_of(guard, given(caller));
    return token ? token->who : "";
}

bool http_guard_has_guests(const struct http_guard *guard)
{
    for (size_t i = 0; i < guard->named.len; i++)
        if (guard->named.item[i].role == HTTP_GUEST)
            return true;
    return guard->shared[HTTP_GUEST].role == HTTP_GUEST;
}

bool http_guard_wrong(const struct http_guard *guard, const struct http_caller *caller,
                      uint64_t *ret_which)
{
    unsigned char hash[DIGEST_BYTES];
    const char *secret = given(caller);
    if (guard->open || !secret || !secret[0] || token_of(guard, secret) ||
        digest_sha256(slice_of(secret), hash) != 0)
        return false;
    memcpy(ret_which, hash, sizeof *ret_which);
    return true;
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
