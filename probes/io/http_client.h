/**
 * @file
 * HTTP requests on the loop, by libcurl's multi interface: the sink's writes, the http check,
 * webhooks.
 *
 * Certificates are verified, redirects are not followed, environment proxies are not used. Names
 * are resolved by io/dns.h: Debian's libcurl would start a thread and wait for it when a request is
 * cancelled. Any answer of the server is a response, whatever its status; errors are for the rest.
 */
#ifndef IO_HTTP_CLIENT_H
#define IO_HTTP_CLIENT_H

#include "base/attr.h"
#include "base/instant.h"
#include "base/slice.h"
#include "io/dns.h"
#include "io/loop.h"

/** What to ask; everything is copied but the body. Fields NULL or 0 take the value in brackets. */
struct http_request {
    const char *method;         /**< [GET] */
    const char *url;            /**< http:// or https:// */
    const char *const *headers; /**< "Name: value", NULL-terminated [none] */
    struct slice body;          /**< stays the caller's until the response */
    const char *user;           /**< basic authentication [none] */
    const char *password;       /**< [empty] */
    const char *token;          /**< sent as "Authorization: Token ..." (InfluxDB 2) [none] */
    const char *bearer;         /**< sent as "Authorization: Bearer ..." [none] */
    const char *ca_file;        /**< PEM [the system's] */
    const char *cert_file;      /**< PEM of the client [none] */
    const char *key_file;       /**< [none] */
    int family;                 /**< AF_INET or AF_INET6 [any] */
    int64_t connect_timeout_ms; /**< until connected, name included [5 s] */
    int64_t timeout_ms;         /**< for all of it [30 s] */
    size_t max_body;            /**< of the response; the rest is counted, not kept [64 KiB] */
    bool fresh;                 /**< a new connection, not kept: for measuring */
};

/** Microseconds from the start to the end of each phase; 0 = it did not happen. */
struct http_phases {
    int64_t resolved_us;   /**< address known */
    int64_t connected_us;  /**< TCP */
    int64_t tls_us;        /**< TLS handshake */
    int64_t first_byte_us; /**< of the response */
    int64_t total_us;      /**< all of it */
};

/** What came; valid during the callback. */
struct http_response {
    int err; /**< 0, ERR_NOT_FOUND (name), ERR_CLOSED (refused, reset), ERR_TIMEOUT, ERR_DENIED
                (certificate), ERR_LIBRARY */
    char why[160];              /**< for people, if err */
    int status;                 /**< HTTP status, 0 if none */
    struct slice body;          /**< the first max_body bytes */
    uint64_t body_bytes;        /**< bytes of the whole body */
    int64_t retry_after_s;      /**< of the header Retry-After in seconds, -1 = none */
    struct wall_ms cert_expiry; /**< of the server's certificate; 0 = none seen */
    struct http_phases phases;  /**< how long it took */
    char address[48];           /**< of the server, "" if not connected */
};

typedef void http_done(void *arg, const struct http_response *response); /**< see http_send() */

struct http_client;
struct http_call;

/** False in a program that was built without libcurl (CMake: IOC_CHECK_HTTP=OFF): there no client
 * sends anything. */
bool http_client_is_built_in(void);
/** A client with at most @p max_connections at once (more requests wait): 0, ERR_NOMEM or
 * ERR_LIBRARY.
 * @p dns must outlive it. */
int http_client_open(struct loop *loop, struct dns *dns, int max_connections,
                     struct http_client **ret_client) MUST_USE;
/** Cancels every call and frees it. Accepts NULL. */
void http_client_close(struct http_client *client);
/** Starts the request @p q; @p done comes once, from the loop, never from inside this call: 0,
 * ERR_NOMEM, ERR_SYNTAX (the URL), or ERR_LIBRARY where no client is built in. */
int http_send(struct http_client *client, const struct http_request *q, http_done *done, void *arg,
              struct http_call **ret_call) MUST_USE;
/** The callback does not come, the body is the caller's again. Accepts NULL. */
void http_cancel(struct http_call *call);

#endif
