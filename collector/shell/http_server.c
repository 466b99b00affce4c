#include "shell/http_server.h"

#include "base/err.h"
#include "base/num.h"
#include "io/log.h"
#include "shell/http_events.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    ANSWER_BYTES_MAX = 64 << 20,
    RING_BYTES = 1 << 20,
    CONNECTION_MEMORY = 32 << 10,
    PER_ADDRESS_MAX = 256,
    IDLE_SECONDS = 60,
    STREAM_BLOCK = 16 << 10,
    SWEEP_MS = 1000,
};

enum exchange_state {
    EXCHANGE_HEAD,
    EXCHANGE_LATER,
    EXCHANGE_RESUMED,
    EXCHANGE_STREAM,
    EXCHANGE_PAUSED
};

/* One connection from accept to close; requests on it follow each other. */
struct exchange {
    struct http_server *server;
    struct MHD_Connection *connection;
    struct exchange *next;
    struct exchange *previous;
    enum exchange_state state;
    struct mono_ms since; /* connected, or the last request answered */
    struct http_events_reader reader;
};

struct http_server {
    struct loop *loop;
    struct MHD_Daemon *daemon;
    struct loop_poll *poll;
    struct loop_timer *timer; /* libmicrohttpd's own timeouts */
    struct loop_timer *sweep; /* deadlines of heads */
    uv_idle_t *idle;          /* runs while libmicrohttpd wants to be called at once */
    struct http_events *events;
    struct exchange *exchanges;
    http_handler *handler;
    void *context;
    char token[4][128];
    char *cert_pem; /* NULL = no TLS */
    char *key_pem;
    bool open_to_all;
    int64_t head_deadline_ms;
    unsigned streams;
    unsigned max_streams;
    uint16_t port;
};

static void schedule(struct http_server *s);

static void run(struct http_server *s)
{
    MHD_run(s->daemon);
    schedule(s);
}

static void on_poll(void *arg, int events)
{
    (void)events;
    run(arg);
}

static void on_timer(void *arg)
{
    run(arg);
}

static void on_idle(uv_idle_t *idle)
{
    run(idle->data);
}

/* A timer of 0 ms set again from its own callback would starve the loop; an idle handle does not.
 */
static void schedule(struct http_server *s)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms = 0;
    bool wanted = MHD_get_timeout(s->daemon, &timeout_ms) == MHD_YES;
    uv_idle_stop(s->idle);
    loop_timer_stop(s->timer);
    if (wanted && timeout_ms == 0)
        uv_idle_start(s->idle, on_idle);
    else if (wanted)
        loop_timer_after(s->timer, (int64_t)timeout_ms);
}

const char *http_query_value(const struct http_query *query, const char *name)
{
    return MHD_lookup_connection_value(query->own, MHD_GET_ARGUMENT_KIND, name);
}

const char *http_query_header(const struct http_query *query, const char *name)
{
    return MHD_lookup_connection_value(query->own, MHD_HEADER_KIND, name);
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

static enum http_role role_of(const struct http_server *s, const struct http_query *query)
{
    static const char scheme[] = "Bearer ";
    if (s->open_to_all)
        return HTTP_ADMIN;
    const char *header = http_query_header(query, MHD_HTTP_HEADER_AUTHORIZATION);
    const char *token = header && strncmp(header, scheme, sizeof scheme - 1) == 0
                            ? header + sizeof scheme - 1
                            : http_query_value(query, "token");
    for (int role = HTTP_ADMIN; token && role > HTTP_NOBODY; role--)
        if (s->token[role][0] && equal_secret(token, s->token[role]))
            return (enum http_role)role;
    return HTTP_NOBODY;
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value && MHD_add_response_header(response, name, value) != MHD_YES)
        log_event(LOG_ERROR, "http.header_failed", "name=%s", name);
}

static void add_security(struct MHD_Response *response)
{
    add_header(response, "X-Content-Type-Options", "nosniff");
    add_header(response, "X-Frame-Options", "SAMEORIGIN");
    add_header(response, "Referrer-Policy", "no-referrer");
    add_header(response, "Content-Security-Policy",
               "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
               "frame-ancestors 'self'");
}

static enum MHD_Result send_answer(struct exchange *x, struct http_answer *answer)
{
    if (answer->body.err) {
        answer->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
        buf_clear(&answer->body);
    }
    static char nothing[] = "";
    char *data = answer->body.data;
    size_t len = answer->body.len;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        len, data ? data : nothing, data ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!response) {
        buf_done(&answer->body);
        return MHD_NO;
    }
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
    add_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, answer->encoding);
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, answer->cache);
    add_header(response, MHD_HTTP_HEADER_CONNECTION, answer->close ? "close" : NULL);
    add_header(response, MHD_HTTP_HEADER_ALLOW,
               answer->status == MHD_HTTP_METHOD_NOT_ALLOWED ? "GET, HEAD" : NULL);
    add_security(response);
    enum MHD_Result result = MHD_queue_response(x->connection, (unsigned)answer->status, response);
    MHD_destroy_response(response);
    x->state = EXCHANGE_HEAD;
    x->since = loop_now(x->server->loop).mono;
    return result;
}

static ssize_t read_stream(void *arg, uint64_t pos, char *to, size_t max)
{
    (void)pos;
    struct exchange *x = arg;
    size_t len = http_events_read(x->server->events, &x->reader, to, max);
    if (len == HTTP_EVENTS_BEHIND)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (len == 0) {
        x->state = EXCHANGE_PAUSED;
        MHD_suspend_connection(x->connection);
    }
    return (ssize_t)len;
}

static enum MHD_Result refuse(struct exchange *x, int status, const char *why)
{
    struct http_answer answer = {.status = status, .type = "application/json", .cache = "no-store"};
    buf_init(&answer.body, 512);
    buf_printf(&answer.body, "{\"error\":\"%s\"}\n", why);
    answer.close = true;
    return send_answer(x, &answer);
}

/* Streams last: they get half of the connections, so that there are always some for questions. */
static enum MHD_Result begin_stream(struct exchange *x, const struct http_query *query)
{
    if (x->server->streams >= x->server->max_streams)
        return refuse(x, MHD_HTTP_SERVICE_UNAVAILABLE, "too many event streams, come back later");
    uint64_t last_id = 0;
    const char *header = http_query_header(query, "Last-Event-ID");
    if (header && num_parse_u64(slice_of(header), &last_id) != 0)
        last_id = 0;
    x->reader = http_events_join(x->server->events, last_id);
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, x, NULL);
    if (!response)
        return MHD_NO;
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream");
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    add_header(response, "X-Accel-Buffering", "no");
    add_security(response);
    x->state = EXCHANGE_STREAM;
    x->server->streams++;
    enum MHD_Result result = MHD_queue_response(x->connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **own)
{
    struct http_server *s = arg;
    (void)version;
    (void)upload;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct exchange *x = info ? info->socket_context : NULL;
    if (!x)
        return MHD_NO;
    if (!*own) { /* only the head is there: wait for the rest of the request */
        *own = x;
        return MHD_YES;
    }
    if (*upload_size) {
        *upload_size = 0;
        return MHD_YES;
    }
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return refuse(x, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD");
    struct http_query query = {.method = method, .path = url, .own = connection};
    query.role = role_of(s, &query);
    struct http_answer answer = {
        .status = MHD_HTTP_OK, .type = "application/json", .cache = "no-store"};
    buf_init(&answer.body, ANSWER_BYTES_MAX);
    enum http_turn turn = s->handler(s->context, &query, &answer);
    if (turn == HTTP_ANSWERED)
        return send_answer(x, &answer);
    buf_done(&answer.body);
    if (turn == HTTP_EVENTS)
        return begin_stream(x, &query);
    x->state = EXCHANGE_LATER;
    MHD_suspend_connection(connection);
    return MHD_YES;
}

static void link_exchange(struct http_server *s, struct exchange *x)
{
    x->next = s->exchanges;
    if (x->next)
        x->next->previous = x;
    s->exchanges = x;
}

static void unlink_exchange(struct http_server *s, struct exchange *x)
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
        struct exchange *x = calloc(1, sizeof *x);
        if (x) {
            *x = (struct exchange){
                .server = s, .connection = connection, .since = loop_now(s->loop).mono};
            link_exchange(s, x);
        }
        *own = x;
        return;
    }
    struct exchange *x = *own;
    if (!x)
        return;
    s->streams -= x->state == EXCHANGE_STREAM || x->state == EXCHANGE_PAUSED;
    unlink_exchange(s, x);
    free(x);
    *own = NULL;
}

/* libmicrohttpd never cuts a client that sends its head byte by byte; we do. */
static void on_sweep(void *arg)
{
    struct http_server *s = arg;
    struct mono_ms now = loop_now(s->loop).mono;
    for (struct exchange *x = s->exchanges; x; x = x->next) {
        if (x->state != EXCHANGE_HEAD || mono_since(now, x->since) < s->head_deadline_ms)
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
        flags, 0, NULL, NULL, on_request, s, MHD_OPTION_EXTERNAL_LOGGER, on_daemon_log, NULL,
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

static int start_glue(struct http_server *s)
{
    const union MHD_DaemonInfo *epoll = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (!epoll)
        return ERR_LIBRARY;
    s->idle = calloc(1, sizeof *s->idle);
    if (!s->idle)
        return ERR_NOMEM;
    uv_idle_init(loop_uv(s->loop), s->idle);
    s->idle->data = s;
    int err = loop_poll_open(s->loop, epoll->epoll_fd, on_poll, s, &s->poll);
    if (!err)
        err = loop_poll_want(s->poll, LOOP_READ);
    if (!err)
        err = loop_timer_open(s->loop, on_timer, s, &s->timer);
    if (!err)
        err = loop_timer_open(s->loop, on_sweep, s, &s->sweep);
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
    s->open_to_all = true;
    for (int role = HTTP_VIEWER; role <= HTTP_ADMIN; role++) {
        snprintf(s->token[role], sizeof s->token[role], "%s",
                 options->token[role] ? options->token[role] : "");
        s->open_to_all = s->open_to_all && !s->token[role][0];
    }
    s->events = http_events_new(RING_BYTES);
    s->cert_pem = options->cert_pem ? strdup(options->cert_pem) : NULL;
    s->key_pem = options->key_pem ? strdup(options->key_pem) : NULL;
    int err = s->events ? start_daemon(s, options) : ERR_NOMEM;
    if (!err)
        err = start_glue(s);
    if (err) {
        http_server_close(s);
        return err;
    }
    *ret_server = s;
    return 0;
}

static void resume(struct exchange *x, enum exchange_state state)
{
    x->state = state;
    MHD_resume_connection(x->connection);
}

static void free_idle(uv_handle_t *handle)
{
    free(handle);
}

void http_server_close(struct http_server *s)
{
    if (!s)
        return;
    for (struct exchange *x = s->exchanges; x; x = x->next)
        if (x->state == EXCHANGE_LATER || x->state == EXCHANGE_PAUSED)
            resume(x, EXCHANGE_RESUMED);
    loop_poll_close(s->poll);
    loop_timer_close(s->timer);
    loop_timer_close(s->sweep);
    if (s->idle)
        uv_close((uv_handle_t *)s->idle, free_idle);
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    http_events_free(s->events);
    free(s->cert_pem);
    free(s->key_pem);
    free(s);
}

uint16_t http_server_port(const struct http_server *server)
{
    return server->port;
}

void http_server_retry(struct http_server *s)
{
    for (struct exchange *x = s->exchanges; x; x = x->next)
        if (x->state == EXCHANGE_LATER)
            resume(x, EXCHANGE_RESUMED);
    run(s);
}

void http_server_event(struct http_server *s, uint64_t id, const char *name, struct slice data)
{
    http_events_put(s->events, id, name, data);
    for (struct exchange *x = s->exchanges; x; x = x->next)
        if (x->state == EXCHANGE_PAUSED)
            resume(x, EXCHANGE_STREAM);
    run(s);
}

unsigned http_server_streams(const struct http_server *server)
{
    return server->streams;
}
