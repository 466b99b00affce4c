/**
 * @file
 * The HTTP server: libmicrohttpd on our loop, requests in, answers and event streams out.
 *
 * It knows connections, tokens and deadlines; what a path means is its handler's. Everything
 * happens on the loop's thread. Slow and hostile clients are cut: bounded connections, bounded
 * memory each, a deadline for the whole request, streams in at most half of the connections. Who
 * may ask for a change says http_guard.h, before its body is read.
 */
#ifndef SHELL_HTTP_SERVER_H
#define SHELL_HTTP_SERVER_H

#include "base/buf.h"
#include "base/slice.h"
#include "io/loop.h"
#include "shell/http_role.h"

#include <stdbool.h>
#include <stdint.h>

/** What a request wants; HEAD is a GET, all that we have no use for is HTTP_OTHER. */
enum http_method { HTTP_GET, HTTP_POST, HTTP_DELETE, HTTP_OTHER };

/** The bit of a method in http_answer.allow. */
#define HTTP_BIT(method) (1U << (unsigned)(method))

/** A request, valid during the handler's call. */
struct http_query {
    enum http_method method; /**< what it wants */
    const char *path;        /**< decoded, without the query */
    struct slice body;       /**< of a change, whole; empty otherwise */
    enum http_role
        role;        /**< by its token; without tokens in the configuration everybody is an admin */
    const char *who; /**< name of its token; "" = none */
    const char *address; /**< where it comes from, as text */
    void *own;           /**< for http_query_value() and http_promise_new() */
};

/** Value of parameter @p name, decoded, or NULL. Lives as long as the query. */
const char *http_query_value(const struct http_query *query, const char *name);
/** Value of header @p name or NULL. Lives as long as the query. */
const char *http_query_header(const struct http_query *query, const char *name);

/** An answer, filled in by the handler. */
struct http_answer {
    int status;           /**< 200 at first */
    const char *type;     /**< content type; static storage */
    const char *encoding; /**< content encoding or NULL; static storage */
    const char *cache;    /**< value of Cache-Control; "no-store" at first; static storage */
    unsigned allow;       /**< of a 405: HTTP_BIT of each method that the path has */
    bool close;           /**< end the connection after it */
    unsigned retry_s;     /**< header Retry-After of a 429 or 503; 0 = 5 s */
    struct buf body;      /**< bounded; the server sends and frees it */
};

/** What the handler made of a request. */
enum http_turn {
    HTTP_ANSWERED,  /**< the answer is filled in */
    HTTP_COMMITTED, /**< the answer is filled in, and leaves with the next http_server_retry(): a
                       change was recorded, and its commit comes first */
    HTTP_LATER,     /**< ask again after http_server_retry() or http_server_ask_again() */
    HTTP_PROMISED,  /**< http_promise_keep() brings the answer */
    HTTP_EVENTS,    /**< this connection becomes a stream of events */
};

/** Handles one request. */
typedef enum http_turn http_handler(void *context, const struct http_query *query,
                                    struct http_answer *answer);

/** An answer that is owed, because a worker is at it. */
struct http_promise;
/** Promises an answer to @p query; its handler returns HTTP_PROMISED then. NULL without memory. */
struct http_promise *http_promise_new(const struct http_query *query) MUST_USE;
/** Sends @p answer, begun with http_answer_init(), unless the client or the server has gone, and
 * frees both. On the loop. */
void http_promise_keep(struct http_promise *promise, struct http_answer *answer);
/** Takes a promise back, inside the handler's call that made it. */
void http_promise_drop(struct http_promise *promise);
/** An empty answer: 200, JSON, not to be stored. */
void http_answer_init(struct http_answer *answer);

/** How to serve; texts are copied or used during http_server_open() only. */
struct http_options {
    const char *address;           /**< to listen on */
    uint16_t port;                 /**< 0 = any free one */
    const char *cert_pem;          /**< certificate in PEM, NULL = no TLS */
    const char *key_pem;           /**< its key */
    const char *token[HTTP_ROLES]; /**< by enum http_role; NULL or "" = no such token */
    unsigned max_connections;      /**< at once */
    size_t max_body;               /**< bytes of a change; beyond: 413 */
    const char *open_below;      /**< changes of paths that begin so need no token: their address is
                                    the permission; NULL = none; static storage */
    int64_t requests_per_second; /**< of one client address, and of one token, in the long run; 0 =
                                    no limit */
    int64_t burst;               /**< of them at once */
    unsigned max_streams_each;   /**< streams of events of one client address */
    const char *unlimited;       /**< path that is never limited, or NULL; static storage */
    bool behind_proxy;           /**< a proxy on this machine says in X-Forwarded-For for whom it
                                    asks: the last address there is the client's */
    int64_t head_deadline_ms; /**< from connecting until the head is whole, and from then until the
                                 body is */
};

struct http_server;

/** Opens it and listens: 0, ERR_BUSY (the port is taken), ERR_DENIED, ERR_SYNTAX (the address),
 * ERR_NOMEM or ERR_LIBRARY. */
int http_server_open(struct loop *loop, const struct http_options *options, http_handler *handler,
                     void *context, struct http_server **ret_server) MUST_USE;
struct http_tokens;

/** From now on people's tokens are these, beside those that the options gave; copied. */
void http_server_tokens(struct http_server *server, const struct http_tokens *tokens);
/** Ends every connection and frees it; promises may be kept later, to nobody. Accepts NULL. */
void http_server_close(struct http_server *server);
/** Port it listens on. */
uint16_t http_server_port(const struct http_server *server);
/** A commit is done: sends every answer that waited for it, and asks the handler again for every
 * request that it wanted later. */
void http_server_retry(struct http_server *server);
/** Commits stand still: asks the handler again for every request that it wanted later, so that
 * nobody waits for a disk. Answers that wait for their own commit go on waiting. */
void http_server_ask_again(struct http_server *server);

/** To whom an event goes. */
enum http_audience { HTTP_TO_GUESTS = 1, HTTP_TO_OTHERS = 2, HTTP_TO_ALL = 3 };

/**
 * Sends an event to every stream of its audience. @p id rises by one per event, 0 for one without
 * (a heartbeat). Streams that are too slow for the last events are ended; their clients come back
 * and get `resync`.
 */
void http_server_event(struct http_server *server, enum http_audience to, uint64_t id,
                       const char *name, struct slice data);
/** True if somebody may come as a guest. */
bool http_server_has_guests(const struct http_server *server);
/** Requests that were told to wait, since the start. */
uint64_t http_server_limited(const struct http_server *server);
/** Streams open at present. */
unsigned http_server_streams(const struct http_server *server);

#endif
