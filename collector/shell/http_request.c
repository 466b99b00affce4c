#include "shell/http_own.h"

#include "base/num.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct http_promise {
    struct http_exchange *to; /* NULL: the client has gone */
};

const char *http_query_value(const struct http_query *query, const char *name)
{
    const struct http_exchange *x = query->own;
    return MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, name);
}

static const char *header_of(struct http_exchange *x, const char *name)
{
    return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

const char *http_query_header(const struct http_query *query, const char *name)
{
    return header_of(query->own, name);
}

struct http_promise *http_promise_new(const struct http_query *query)
{
    struct http_exchange *x = query->own;
    struct http_promise *promise = calloc(1, sizeof *promise);
    if (promise)
        promise->to = x;
    x->promise = promise;
    return promise;
}

void http_promise_drop(struct http_promise *promise)
{
    promise->to->promise = NULL;
    free(promise);
}

void http_promise_keep(struct http_promise *promise, struct http_answer *answer)
{
    struct http_exchange *x = promise->to;
    free(promise);
    if (!x) {
        buf_done(&answer->body);
        return;
    }
    x->promise = NULL;
    x->held = *answer;
    x->held_ready = true;
    http_reply_resume(x, HTTP_STATE_RESUMED);
    http_glue_run(x->server);
}

void http_request_drop(struct http_exchange *x)
{
    buf_done(&x->body);
    if (x->held_ready)
        buf_done(&x->held.body);
    x->held_ready = false;
    if (x->promise)
        x->promise->to = NULL;
    x->promise = NULL;
}

static enum http_method method_of(const char *word)
{
    static const struct {
        const char *word;
        enum http_method method;
    } methods[] = {{MHD_HTTP_METHOD_GET, HTTP_GET},
                   {MHD_HTTP_METHOD_HEAD, HTTP_GET},
                   {MHD_HTTP_METHOD_POST, HTTP_POST},
                   {MHD_HTTP_METHOD_DELETE, HTTP_DELETE}};

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(methods[i].word, word) == 0)
            return methods[i].method;
    return HTTP_OTHER;
}

static bool is_loopback(const struct sockaddr *address)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
    if (address->sa_family == AF_INET)
        return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

static const char *forwarded(struct http_exchange *x)
{
    static const char *const names[] = {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (header_of(x, names[i]))
            return names[i];
    return NULL;
}

static void write_address(const struct sockaddr *address, char text[HTTP_ADDRESS_MAX])
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
    const void *bytes =
        address->sa_family == AF_INET ? (const void *)&v4->sin_addr : (const void *)&v6->sin6_addr;
    if (!inet_ntop(address->sa_family, bytes, text, HTTP_ADDRESS_MAX))
        text[0] = '\0';
}

/* The last address of X-Forwarded-For is what our own proxy saw; all before it anybody may have
 * written. */
static void take_forwarded(struct http_exchange *x)
{
    const char *list = header_of(x, "X-Forwarded-For");
    const char *comma = list ? strrchr(list, ',') : NULL;
    const char *last = comma ? comma + 1 : list;
    unsigned char bytes[sizeof(struct in6_addr)];
    char text[HTTP_ADDRESS_MAX];
    if (!last)
        return;
    last += strspn(last, " \t");
    snprintf(text, sizeof text, "%.*s", (int)strcspn(last, " \t"), last);
    if (inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1)
        snprintf(x->address, sizeof x->address, "%s", text);
}

static struct http_caller caller_of(struct http_exchange *x, enum http_method method)
{
    const union MHD_ConnectionInfo *peer =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    x->address[0] = '\0';
    if (peer && peer->client_addr)
        write_address(peer->client_addr, x->address);
    if (x->server->behind_proxy && peer && peer->client_addr && is_loopback(peer->client_addr))
        take_forwarded(x);
    return (struct http_caller){
        .authorization = header_of(x, MHD_HTTP_HEADER_AUTHORIZATION),
        .token = MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, "token"),
        .host = header_of(x, MHD_HTTP_HEADER_HOST),
        .origin = header_of(x, "Origin"),
        .type = header_of(x, MHD_HTTP_HEADER_CONTENT_TYPE),
        .forwarded = forwarded(x),
        .loopback = peer && peer->client_addr && is_loopback(peer->client_addr),
        .posts = method == HTTP_POST};
}

static bool announces_too_much(struct http_exchange *x)
{
    uint64_t bytes = 0;
    const char *length = header_of(x, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return length && (num_parse_u64(slice_of(length), &bytes) != 0 || bytes > x->server->max_body);
}

static enum MHD_Result refuse_size(struct http_exchange *x)
{
    return http_reply_refuse(x, MHD_HTTP_CONTENT_TOO_LARGE, "the body of this request is too long");
}

/* A proxy speaks for many: unless it tells for whom, how often they ask is its own affair. */
static bool for_many(const struct http_exchange *x, const struct http_caller *caller)
{
    return caller->loopback && caller->forwarded && !x->server->behind_proxy;
}

/* After how many seconds the client may ask again; 0 = now. Of a token all who have it share. */
static unsigned asks_too_often(struct http_exchange *x, const struct http_caller *caller,
                               const char *path)
{
    struct http_server *s = x->server;
    struct mono_ms now = loop_now(s->loop).mono;
    if (s->unlimited && strcmp(path, s->unlimited) == 0)
        return 0;
    unsigned wait_s =
        for_many(x, caller) ? 0 : http_rate_take(&s->rate, http_rate_address(x->address), now);
    if (wait_s || s->guard.open || !x->who[0])
        return wait_s;
    return http_rate_take(&s->rate, http_rate_token(x->who), now);
}

static bool tries_too_often(struct http_exchange *x, const struct http_caller *caller)
{
    struct http_server *s = x->server;
    struct mono_ms now = loop_now(s->loop).mono;
    uint64_t which = 0;
    if (for_many(x, caller) || (!caller->authorization && !caller->token))
        return false;
    if (http_limit_reached(&s->limit, x->address, now))
        return true;
    if (http_guard_wrong(&s->guard, caller, &which))
        http_limit_wrong(&s->limit, x->address, which, now);
    return false;
}

static enum MHD_Result refuse_tries(struct http_exchange *x)
{
    return http_reply_wait(x, HTTP_LIMIT_MS / 1000,
                           "too many wrong tokens from this address; wait a minute");
}

static bool is_open(const struct http_server *s, const char *path)
{
    return s->open_below && strncmp(path, s->open_below, strlen(s->open_below)) == 0;
}

/* The head is there. Whoever may not change anything is told so before we hold a byte of what he
 * sends. */
static enum MHD_Result begin(struct http_exchange *x, enum http_method method, const char *path)
{
    struct http_caller caller = caller_of(x, method);
    http_request_drop(x);
    buf_init(&x->body, x->server->max_body);
    x->since = loop_now(x->server->loop).mono;
    x->state = HTTP_STATE_HEAD;
    if (tries_too_often(x, &caller))
        return refuse_tries(x);
    snprintf(x->who, sizeof x->who, "%s", http_guard_who(&x->server->guard, &caller));
    unsigned wait_s = asks_too_often(x, &caller, path);
    if (wait_s)
        return http_reply_wait(x, wait_s, "too many requests; see Retry-After");
    if (method == HTTP_GET || method == HTTP_OTHER || is_open(x->server, path)) {
        x->role = http_guard_role(&x->server->guard, &caller);
        return MHD_YES;
    }
    struct http_refusal no = http_guard_change(&x->server->guard, &caller, &x->role);
    if (no.status)
        return http_reply_refuse(x, no.status, no.why);
    return announces_too_much(x) ? refuse_size(x) : MHD_YES;
}

static enum MHD_Result suspend(struct http_exchange *x, enum http_state state)
{
    x->state = state;
    MHD_suspend_connection(x->connection);
    return MHD_YES;
}

static enum MHD_Result ask_handler(struct http_exchange *x, const struct http_query *query)
{
    struct http_answer answer;
    http_answer_init(&answer);
    enum http_turn turn = x->server->handler(x->server->context, query, &answer);
    if (turn == HTTP_ANSWERED)
        return http_reply_send(x, &answer);
    if (turn == HTTP_COMMITTED) {
        x->held = answer;
        x->held_ready = true;
        return suspend(x, HTTP_STATE_COMMIT);
    }
    buf_done(&answer.body);
    if (turn == HTTP_EVENTS)
        return http_reply_stream(x, query);
    return suspend(x, turn == HTTP_PROMISED ? HTTP_STATE_PROMISED : HTTP_STATE_LATER);
}

static enum MHD_Result send_held(struct http_exchange *x)
{
    struct http_answer answer = x->held;
    x->held_ready = false;
    return http_reply_send(x, &answer);
}

enum MHD_Result http_request_on(void *arg, struct MHD_Connection *connection, const char *url,
                                const char *method, const char *version, const char *upload,
                                size_t *upload_size, void **own)
{
    (void)arg;
    (void)version;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct http_exchange *x = info ? info->socket_context : NULL;
    if (!x)
        return MHD_NO;
    if (!*own) { /* only the head is there: the rest of the request follows */
        *own = x;
        return begin(x, method_of(method), url);
    }
    if (*upload_size) { /* what nobody asked for is passed over, until the deadline at most */
        if (method_of(method) == HTTP_POST)
            buf_put(&x->body, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    if (x->held_ready)
        return send_held(x);
    if (x->body.err)
        return refuse_size(x);
    struct http_query query = {.method = method_of(method),
                               .path = url,
                               .body = {x->body.data, x->body.len},
                               .role = x->role,
                               .who = x->who,
                               .address = x->address,
                               .own = x};
    return ask_handler(x, &query);
}
