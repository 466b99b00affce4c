#include "shell/http_own.h"

#include "base/err.h"
#include "io/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    RING_BYTES = 1 << 20,
    CONNECTION_MEMORY = 32 << 10,
    PER_ADDRESS_MAX = 256,
    IDLE_SECONDS = 60,
    SWEEP_MS = 1000,
};

static void link_exchange(struct http_server *s, struct http_exchange *x)
{
    x->next = s->exchanges;
    if (x->next)
        x->next->previous = x;
    s->exchanges = x;
}

static void unlink_exchange(struct http_server *s, struct http_exchange *x)
{
    if (x->previous)
        x->previous->next = x->next;
    else
        s->exchanges = x->next;
    if (x->next)
        x->next->previous = x->previous;
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **own,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http_server *s = arg;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        struct http_exchange *x = calloc(1, sizeof *x);
        if (x) {
            *x = (struct http_exchange){
                .server = s, .connection = connection, .since = loop_now(s->loop).mono};
            link_exchange(s, x);
        }
        *own = x;
        return;
    }
    struct http_exchange *x = *own;
    if (!x)
        return;
    s->streams -= x->state == HTTP_STATE_STREAM || x->state == HTTP_STATE_PAUSED;
    http_request_drop(x);
    unlink_exchange(s, x);
    free(x);
    *own = NULL;
}

/* libmicrohttpd never cuts a client that sends its request byte by byte; we do. */
static void on_sweep(void *arg)
{
    struct http_server *s = arg;
    struct mono_ms now = loop_now(s->loop).mono;
    for (struct http_exchange *x = s->exchanges; x; x = x->next) {
        if (x->state != HTTP_STATE_HEAD || mono_since(now, x->since) < s->head_deadline_ms)
            continue;
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        if (info)
            shutdown(info->connect_fd, SHUT_RDWR);
    }
}

PRINTF_LIKE(2, 0)

static void on_daemon_log(void *arg, const char *fmt, va_list args)
{
    (void)arg;
    char text[256];
    vsnprintf(text, sizeof text, fmt, args);
    text[strcspn(text, "\n")] = '\0';
    log_event(LOG_INFO, "http.library", "says=%s", text);
}

static int address_of(const struct http_options *o, struct sockaddr_storage *ret_address)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)ret_address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_address;
    const char *text = strcmp(o->address, "localhost") == 0 ? "127.0.0.1" : o->address;
    memset(ret_address, 0, sizeof *ret_address);
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(o->port);
        return 0;
    }
    if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(o->port);
        return 0;
    }
    return ERR_SYNTAX;
}

static int start_daemon(struct http_server *s, const struct http_options *o)
{
    struct sockaddr_storage address;
    int err = address_of(o, &address);
    if (err)
        return err;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, s->cert_pem},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, s->key_pem},
                                   {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    flags |= s->cert_pem ? MHD_USE_TLS : 0;
    flags |= address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0;
    errno = 0;
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, http_request_on, s, MHD_OPTION_EXTERNAL_LOGGER, on_daemon_log, NULL,
        MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
        MHD_OPTION_CONNECTION_LIMIT, o->max_connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)PER_ADDRESS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_ARRAY,
        s->cert_pem ? tls : none, MHD_OPTION_END);
    if (!s->daemon)
        return errno ? err_from_errno(errno) : ERR_LIBRARY;
    const union MHD_DaemonInfo *port = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
    s->port = port ? port->port : o->port;
    return 0;
}

static int start_sweep(struct http_server *s)
{
    int err = loop_timer_open(s->loop, on_sweep, s, &s->sweep);
    if (!err)
        loop_timer_every(s->sweep, SWEEP_MS, SWEEP_MS);
    return err;
}

int http_server_open(struct loop *loop, const struct http_options *options, http_handler *handler,
                     void *context, struct http_server **ret_server)
{
    struct http_server *s = calloc(1, sizeof *s);
    if (!s)
        return ERR_NOMEM;
    s->loop = loop;
    s->handler = handler;
    s->context = context;
    s->head_deadline_ms = options->head_deadline_ms;
    s->max_streams = options->max_connections / 2;
    s->max_body = options->max_body;
    s->open_below = options->open_below;
    s->rate.per_second = options->requests_per_second;
    s->rate.burst = options->burst;
    s->max_streams_each = options->max_streams_each;
    s->unlimited = options->unlimited;
    s->behind_proxy = options->behind_proxy;
    http_guard_init(&s->guard, options->token);
    s->events = http_events_new(RING_BYTES);
    s->guest_events = http_events_new(RING_BYTES);
    s->cert_pem = options->cert_pem ? strdup(options->cert_pem) : NULL;
    s->key_pem = options->key_pem ? strdup(options->key_pem) : NULL;
    int err = s->events && s->guest_events ? start_daemon(s, options) : ERR_NOMEM;
    if (!err)
        err = http_glue_open(s);
    if (!err)
        err = start_sweep(s);
    if (err) {
        http_server_close(s);
        return err;
    }
    *ret_server = s;
    return 0;
}

static bool is_suspended(const struct http_exchange *x)
{
    return x->state == HTTP_STATE_LATER || x->state == HTTP_STATE_COMMIT ||
           x->state == HTTP_STATE_PROMISED || x->state == HTTP_STATE_PAUSED;
}

void http_server_close(struct http_server *s)
{
    if (!s)
        return;
    for (struct http_exchange *x = s->exchanges; x; x = x->next)
        if (is_suspended(x))
            http_reply_resume(x, HTTP_STATE_RESUMED);
    http_glue_close(s);
    loop_timer_close(s->sweep);
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    http_events_free(s->events);
    http_events_free(s->guest_events);
    free(s->cert_pem);
    free(s->key_pem);
    free(s);
}

void http_server_tokens(struct http_server *server, const struct http_tokens *tokens)
{
    http_guard_name(&server->guard, tokens);
}

bool http_server_has_guests(const struct http_server *server)
{
    return http_guard_has_guests(&server->guard);
}

uint16_t http_server_port(const struct http_server *server)
{
    return server->port;
}

void http_server_retry(struct http_server *s)
{
    for (struct http_exchange *x = s->exchanges; x; x = x->next)
        if (x->state == HTTP_STATE_LATER || x->state == HTTP_STATE_COMMIT)
            http_reply_resume(x, HTTP_STATE_RESUMED);
    http_glue_run(s);
}

void http_server_ask_again(struct http_server *s)
{
    for (struct http_exchange *x = s->exchanges; x; x = x->next)
        if (x->state == HTTP_STATE_LATER)
            http_reply_resume(x, HTTP_STATE_RESUMED);
    http_glue_run(s);
}

void http_server_event(struct http_server *s, enum http_audience to, uint64_t id, const char *name,
                       struct slice data)
{
    if (to & HTTP_TO_OTHERS)
        http_events_put(s->events, id, name, data);
    if (to & HTTP_TO_GUESTS)
        http_events_put(s->guest_events, id, name, data);
    for (struct http_exchange *x = s->exchanges; x; x = x->next)
        if (x->state == HTTP_STATE_PAUSED)
            http_reply_resume(x, HTTP_STATE_STREAM);
    http_glue_run(s);
}

uint64_t http_server_limited(const struct http_server *server)
{
    return server->limited;
}

unsigned http_server_streams(const struct http_server *server)
{
    return server->streams;
}
