#include "shell/http_own.h"

#include "base/num.h"
#include "io/log.h"
#include "shell/page.h"

#include <stdio.h>
#include <string.h>

enum {
    RETRY_AFTER_S = 5, /* commits and connections come free within seconds, or not for long */
    STREAM_BLOCK = 16 << 10,
    REFUSAL_BYTES_MAX = 512,
    ANSWER_BYTES_MAX = 64 << 20,
    ALLOW_MAX = 64,
    POLICY_MAX = 256
};

void http_answer_init(struct http_answer *answer)
{
    *answer = (struct http_answer){
        .status = MHD_HTTP_OK, .type = "application/json", .cache = "no-store"};
    buf_init(&answer->body, ANSWER_BYTES_MAX);
}

void http_reply_resume(struct http_exchange *x, enum http_state state)
{
    x->state = state;
    MHD_resume_connection(x->connection);
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
    char policy[POLICY_MAX];
    snprintf(policy, sizeof policy,
             "default-src 'self'; script-src 'self' %s; style-src 'self' 'unsafe-inline'; "
             "img-src 'self' data:; frame-ancestors 'self'",
             PAGE_SCRIPT);
    add_header(response, "Content-Security-Policy", policy);
}

/* RFC 9110 section 10.2.1: a 405 says what the path does take. */
static void add_allow(struct MHD_Response *response, unsigned allow)
{
    static const char *const words[] = {
        [HTTP_GET] = "GET, HEAD", [HTTP_POST] = "POST", [HTTP_DELETE] = "DELETE"};
    char text[ALLOW_MAX] = "";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t at = strlen(text);
        if (allow & HTTP_BIT(i))
            snprintf(text + at, sizeof text - at, "%s%s", at ? ", " : "", words[i]);
    }
    add_header(response, MHD_HTTP_HEADER_ALLOW, text);
}

static void add_retry(struct MHD_Response *response, const struct http_answer *answer)
{
    char text[16];
    snprintf(text, sizeof text, "%u", answer->retry_s ? answer->retry_s : RETRY_AFTER_S);
    if (answer->status == MHD_HTTP_SERVICE_UNAVAILABLE ||
        answer->status == MHD_HTTP_TOO_MANY_REQUESTS)
        add_header(response, MHD_HTTP_HEADER_RETRY_AFTER, text);
}

static void add_headers(struct MHD_Response *response, const struct http_answer *answer)
{
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
    add_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, answer->encoding);
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, answer->cache);
    add_header(response, MHD_HTTP_HEADER_CONNECTION, answer->close ? "close" : NULL);
    add_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE,
               answer->status == MHD_HTTP_UNAUTHORIZED ? "Bearer" : NULL);
    add_retry(response, answer);
    if (answer->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        add_allow(response, answer->allow);
    add_security(response);
}

enum MHD_Result http_reply_send(struct http_exchange *x, struct http_answer *answer)
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
    add_headers(response, answer);
    enum MHD_Result result = MHD_queue_response(x->connection, (unsigned)answer->status, response);
    MHD_destroy_response(response);
    http_request_drop(x);
    x->state = HTTP_STATE_HEAD;
    x->since = loop_now(x->server->loop).mono;
    return result;
}

static enum MHD_Result refuse(struct http_exchange *x, int status, unsigned retry_s,
                              const char *why)
{
    struct http_answer answer;
    http_answer_init(&answer);
    answer.status = status;
    answer.close = true;
    answer.retry_s = retry_s;
    answer.body.max = REFUSAL_BYTES_MAX;
    buf_printf(&answer.body, "{\"error\":\"%s\"}\n", why);
    return http_reply_send(x, &answer);
}

enum MHD_Result http_reply_refuse(struct http_exchange *x, int status, const char *why)
{
    return refuse(x, status, 0, why);
}

enum MHD_Result http_reply_wait(struct http_exchange *x, unsigned seconds, const char *why)
{
    x->server->limited++;
    return refuse(x, MHD_HTTP_TOO_MANY_REQUESTS, seconds, why);
}

static ssize_t read_stream(void *arg, uint64_t pos, char *to, size_t max)
{
    (void)pos;
    struct http_exchange *x = arg;
    size_t len = http_events_read(x->events, &x->reader, to, max);
    if (len == HTTP_EVENTS_BEHIND)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (len == 0) {
        x->state = HTTP_STATE_PAUSED;
        MHD_suspend_connection(x->connection);
    }
    return (ssize_t)len;
}

/* Streams of the same address. */
static unsigned streams_of(const struct http_exchange *x)
{
    unsigned n = 0;
    for (const struct http_exchange *other = x->server->exchanges; other; other = other->next)
        n += (other->state == HTTP_STATE_STREAM || other->state == HTTP_STATE_PAUSED) &&
             strcmp(other->address, x->address) == 0;
    return n;
}

/* Streams last: they get half of the connections, so that there are always some for questions. */
enum MHD_Result http_reply_stream(struct http_exchange *x, const struct http_query *query)
{
    if (x->server->streams >= x->server->max_streams)
        return http_reply_refuse(x, MHD_HTTP_SERVICE_UNAVAILABLE,
                                 "too many event streams, come back later");
    if (x->server->max_streams_each && streams_of(x) >= x->server->max_streams_each)
        return http_reply_wait(x, RETRY_AFTER_S, "too many event streams from this address");
    uint64_t last_id = 0;
    const char *header = http_query_header(query, "Last-Event-ID");
    if (header && num_parse_u64(slice_of(header), &last_id) != 0)
        last_id = 0;
    x->events = x->role == HTTP_GUEST ? x->server->guest_events : x->server->events;
    x->reader = http_events_join(x->events, last_id);
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, x, NULL);
    if (!response)
        return MHD_NO;
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream");
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    add_header(response, "X-Accel-Buffering", "no");
    add_security(response);
    x->state = HTTP_STATE_STREAM;
    x->server->streams++;
    enum MHD_Result result = MHD_queue_response(x->connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}
