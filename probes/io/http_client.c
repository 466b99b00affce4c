#include "io/http_client.h"

#include "base/buf.h"
#include "base/err.h"
#include "io/transfer.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    CONNECT_TIMEOUT_MS = 5000,
    TIMEOUT_MS = 30000,
    MAX_BODY = 64 * 1024,
    HOST_MAX = 256,
    HEADER_MAX = 4096
};

struct http_client {
    struct loop *loop;
    struct dns *dns;
    struct transfers *transfers;
    struct http_call *calls;
};

struct http_call {
    struct transfer transfer; /* first, so that the one is the other */
    struct http_call *next, **back;
    struct http_client *client;
    struct dns_request *resolving;
    bool running; /* among the transfers */
    char host[HOST_MAX];
    int port;
    int64_t start_us, resolved_us, connect_timeout_ms, timeout_ms;
    struct curl_slist *headers, *addresses;
    struct buf body;
    uint64_t body_bytes;
    char why[CURL_ERROR_SIZE];
    http_done *done;
    void *arg;
};

bool http_client_is_built_in(void)
{
    return true;
}

int http_client_open(struct loop *loop, struct dns *dns, int max_connections,
                     struct http_client **ret_client)
{
    struct http_client *client = calloc(1, sizeof *client);
    if (!client)
        return ERR_NOMEM;
    client->loop = loop;
    client->dns = dns;
    int err = transfer_open(loop, max_connections, &client->transfers);
    if (err) {
        free(client);
        return err;
    }
    *ret_client = client;
    return 0;
}

void http_client_close(struct http_client *client)
{
    if (!client)
        return;
    for (struct http_call *call = client->calls, *next; call; call = next) {
        next = call->next;
        http_cancel(call);
    }
    transfer_close(client->transfers);
    free(client);
}

static void unlink_call(struct http_call *call)
{
    if (!call->back)
        return;
    *call->back = call->next;
    if (call->next)
        call->next->back = call->back;
    call->back = NULL;
}

static void free_call(struct http_call *call)
{
    unlink_call(call);
    dns_cancel(call->resolving);
    if (call->running)
        transfer_remove(call->client->transfers, &call->transfer);
    if (call->transfer.easy)
        curl_easy_cleanup(call->transfer.easy);
    curl_slist_free_all(call->headers);
    curl_slist_free_all(call->addresses);
    buf_done(&call->body);
    free(call);
}

void http_cancel(struct http_call *call)
{
    if (call)
        free_call(call);
}

static int error_of(CURLcode result)
{
    switch (result) {
    case CURLE_OK:
        return 0;
    case CURLE_COULDNT_RESOLVE_HOST:
        return ERR_NOT_FOUND;
    case CURLE_OPERATION_TIMEDOUT:
        return ERR_TIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
        return ERR_DENIED;
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
        return ERR_CLOSED;
    case CURLE_OUT_OF_MEMORY:
        return ERR_NOMEM;
    default:
        return ERR_LIBRARY;
    }
}

/* The end of a phase, counted from the start of the call; libcurl knows nothing of the resolving.
 */
static int64_t phase(const struct http_call *call, CURLINFO info)
{
    curl_off_t us = 0;
    curl_easy_getinfo(call->transfer.easy, info, &us);
    return us > 0 ? us + call->resolved_us : 0;
}

static struct wall_ms certificate_expiry(CURL *easy)
{
    static const char KEY[] = "Expire date:";
    struct curl_certinfo *info = NULL;
    curl_easy_getinfo(easy, CURLINFO_CERTINFO, &info);
    const struct curl_slist *line = info && info->num_of_certs > 0 ? info->certinfo[0] : NULL;
    for (; line; line = line->next) {
        time_t expiry = strncmp(line->data, KEY, sizeof KEY - 1) == 0
                            ? curl_getdate(line->data + sizeof KEY - 1, NULL)
                            : -1;
        if (expiry > 0)
            return (struct wall_ms){(int64_t)expiry * 1000};
    }
    return (struct wall_ms){0};
}

static void describe_transfer(const struct http_call *call, struct http_response *r)
{
    CURL *easy = call->transfer.easy;
    long status = 0;
    curl_off_t retry_after_s = 0;
    const char *address = NULL;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &address);
    r->status = (int)status;
    r->retry_after_s = retry_after_s > 0 ? retry_after_s : -1;
    r->cert_expiry = certificate_expiry(easy);
    r->phases.connected_us = phase(call, CURLINFO_CONNECT_TIME_T);
    r->phases.tls_us = phase(call, CURLINFO_APPCONNECT_TIME_T);
    r->phases.first_byte_us = phase(call, CURLINFO_STARTTRANSFER_TIME_T);
    snprintf(r->address, sizeof r->address, "%s", address ? address : "");
}

/* Tells the caller and frees the call. */
static void finish(struct http_call *call, int err, const char *why)
{
    struct http_response r = {.err = err, .retry_after_s = -1};
    describe_transfer(call, &r);
    r.phases.resolved_us = call->resolved_us;
    r.phases.total_us = loop_stopwatch_us() - call->start_us;
    r.body = (struct slice){call->body.data ? call->body.data : "", call->body.len};
    r.body_bytes = call->body_bytes;
    if (err)
        snprintf(r.why, sizeof r.why, "%s", why);
    unlink_call(call);
    call->done(call->arg, &r);
    free_call(call);
}

static void transfer_ended(struct transfer *transfer, CURLcode result)
{
    struct http_call *call = (struct http_call *)transfer;
    call->running = false;
    finish(call, error_of(result), call->why[0] ? call->why : curl_easy_strerror(result));
}

/* Keeps what the caller wants to see of the body, and counts the rest. */
static size_t body_came(char *bytes, size_t size, size_t n, void *arg)
{
    struct http_call *call = arg;
    size_t len = size * n;
    size_t room = call->body.max - call->body.len;
    buf_put(&call->body, bytes, len < room ? len : room);
    call->body_bytes += len;
    return call->body.err == ERR_NOMEM ? 0 : len;
}

static bool add_header(struct http_call *call, const char *name, const char *value)
{
    char line[HEADER_MAX];
    int len = snprintf(line, sizeof line, "%s%s", name, value);
    if (len < 0 || (size_t)len >= sizeof line || strpbrk(line, "\r\n"))
        return false;
    struct curl_slist *more = curl_slist_append(call->headers, line);
    if (more)
        call->headers = more;
    return more != NULL;
}

/* libcurl's own additions that nobody asked for are taken back by empty headers. */
static bool set_headers(struct http_call *call, const struct http_request *q)
{
    bool typed = false;
    bool ok = add_header(call, "Expect:", "");
    for (size_t i = 0; q->headers && q->headers[i] && ok; i++) {
        typed = typed || strncasecmp(q->headers[i], "content-type:", 13) == 0;
        ok = add_header(call, "", q->headers[i]);
    }
    if (ok && !typed)
        ok = add_header(call, "Content-Type:", "");
    if (ok && q->token)
        ok = add_header(call, "Authorization: Token ", q->token);
    if (ok && q->bearer)
        ok = add_header(call, "Authorization: Bearer ", q->bearer);
    curl_easy_setopt(call->transfer.easy, CURLOPT_HTTPHEADER, call->headers);
    return ok;
}

static void set_method(CURL *easy, const struct http_request *q)
{
    const char *method = q->method ? q->method : "GET";
    if (q->body.len > 0 || strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.len);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, q->body.len ? q->body.at : "");
    }
    if (strcmp(method, "HEAD") == 0)
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
}

static void set_trust(CURL *easy, const struct http_request *q)
{
    if (q->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, q->ca_file);
    if (q->cert_file)
        curl_easy_setopt(easy, CURLOPT_SSLCERT, q->cert_file);
    if (q->key_file)
        curl_easy_setopt(easy, CURLOPT_SSLKEY, q->key_file);
    curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
    if (!q->user)
        return;
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(easy, CURLOPT_USERNAME, q->user);
    curl_easy_setopt(easy, CURLOPT_PASSWORD, q->password ? q->password : "");
}

static void set_ways(struct http_call *call, const struct http_request *q)
{
    CURL *easy = call->transfer.easy;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "ioc-telemetry/" IOC_VERSION);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, (long)q->fresh);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, (long)q->fresh);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->why);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body_came);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
}

static long left_of(int64_t timeout_ms, int64_t spent_us)
{
    int64_t left = timeout_ms - spent_us / 1000;
    return left > 1 ? (long)left : 1;
}

static const char *resolve_text(int err)
{
    switch (err) {
    case ERR_NOT_FOUND:
        return "the name is not known";
    case ERR_TIMEOUT:
        return "the name was not resolved in time";
    default:
        return "the name servers do not answer";
    }
}

static void resolved(void *arg, int err, const struct dns_address *addresses, size_t n)
{
    struct http_call *call = arg;
    CURL *easy = call->transfer.easy;
    call->resolving = NULL;
    call->resolved_us = loop_stopwatch_us() - call->start_us;
    if (err) {
        finish(call, err, resolve_text(err));
        return;
    }
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     left_of(call->connect_timeout_ms, call->resolved_us));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, left_of(call->timeout_ms, call->resolved_us));
    if (transfer_give_addresses(&call->transfer, call->host, call->port, addresses, n,
                                &call->addresses) != 0 ||
        transfer_add(call->client->transfers, &call->transfer) != 0)
        finish(call, ERR_LIBRARY, "the HTTP library refuses the request");
    else
        call->running = true;
}

static int set_up(struct http_call *call, const struct http_request *q)
{
    CURL *easy = call->transfer.easy = curl_easy_init();
    if (!easy)
        return ERR_NOMEM;
    buf_init(&call->body, q->max_body ? q->max_body : MAX_BODY);
    call->connect_timeout_ms = q->connect_timeout_ms ? q->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    call->timeout_ms = q->timeout_ms ? q->timeout_ms : TIMEOUT_MS;
    call->start_us = loop_stopwatch_us();
    if (!transfer_read_target(q->url, call->host, sizeof call->host, &call->port))
        return ERR_SYNTAX;
    if (curl_easy_setopt(easy, CURLOPT_URL, q->url) != CURLE_OK)
        return ERR_NOMEM;
    set_ways(call, q);
    set_method(easy, q);
    set_trust(easy, q);
    return set_headers(call, q) ? 0 : ERR_SYNTAX;
}

int http_send(struct http_client *client, const struct http_request *q, http_done *done, void *arg,
              struct http_call **ret_call)
{
    struct http_call *call = calloc(1, sizeof *call);
    if (!call)
        return ERR_NOMEM;
    call->client = client;
    call->transfer.done = transfer_ended;
    call->done = done;
    call->arg = arg;
    int err = set_up(call, q);
    int64_t patience =
        call->connect_timeout_ms < call->timeout_ms ? call->connect_timeout_ms : call->timeout_ms;
    if (!err)
        err = dns_resolve(client->dns, call->host, call->port, q->family, patience, resolved, call,
                          &call->resolving);
    if (err) {
        free_call(call);
        return err;
    }
    call->next = client->calls;
    call->back = &client->calls;
    if (call->next)
        call->next->back = &call->next;
    client->calls = call;
    *ret_call = call;
    return 0;
}
