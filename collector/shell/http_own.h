/**
 * @file
 * What the files of the HTTP server share; nobody else includes it.
 */
#ifndef SHELL_HTTP_OWN_H
#define SHELL_HTTP_OWN_H

#include "shell/http_events.h"
#include "shell/http_guard.h"
#include "shell/http_limit.h"
#include "shell/http_rate.h"
#include "shell/http_server.h"

#include <microhttpd.h>

/** Longest address as text, with its NUL. */
#define HTTP_ADDRESS_MAX 46

/** Where a connection stands. */
enum http_state {
    HTTP_STATE_HEAD,     /**< between requests, or one is coming */
    HTTP_STATE_LATER,    /**< suspended: the handler is asked again after a commit */
    HTTP_STATE_COMMIT,   /**< suspended: the answer that is held leaves after a commit */
    HTTP_STATE_PROMISED, /**< suspended: somebody owes the answer */
    HTTP_STATE_RESUMED,  /**< libmicrohttpd is about to call us again */
    HTTP_STATE_STREAM,   /**< a stream of events */
    HTTP_STATE_PAUSED    /**< one that has nothing to send */
};

/** One connection from accept to close; requests on it follow each other. */
struct http_exchange {
    struct http_server *server;        /**< whose it is */
    struct MHD_Connection *connection; /**< libmicrohttpd's */
    struct http_exchange *next;        /**< in http_server.exchanges */
    struct http_exchange *previous;    /**< likewise */
    enum http_state state;             /**< where it stands */
    struct mono_ms since;           /**< connected, last head complete, or last request answered */
    struct buf body;                /**< of the request under way; bounded */
    enum http_role role;            /**< of the request under way */
    char who[HTTP_WHO_MAX];         /**< name of its token, "" = none */
    char address[HTTP_ADDRESS_MAX]; /**< where it comes from */
    struct http_answer held;        /**< to be sent at the next call, if held_ready */
    bool held_ready;                /**< see held */
    struct http_promise *promise;   /**< to it, or NULL */
    struct http_events *events;     /**< those that a stream reads */
    struct http_events_reader reader; /**< of a stream */
};

/** The server's insides. */
struct http_server {
    struct loop *loop;                /**< ours */
    struct MHD_Daemon *daemon;        /**< libmicrohttpd */
    struct loop_poll *poll;           /**< its epoll descriptor */
    struct loop_timer *timer;         /**< its own timeouts */
    struct loop_timer *sweep;         /**< deadlines of requests */
    uv_idle_t *idle;                  /**< runs while it wants to be called at once */
    struct http_events *events;       /**< of the streams of others than guests */
    struct http_events *guest_events; /**< of guests' streams */
    struct http_exchange *exchanges;  /**< every connection */
    http_handler *handler;            /**< who answers */
    void *context;                    /**< its argument */
    struct http_guard guard;          /**< who may */
    struct http_limit limit;          /**< who tried too often */
    struct http_rate rate;            /**< who asked too often */
    uint64_t limited;                 /**< requests that were told to wait */
    bool behind_proxy;                /**< http_options.behind_proxy */
    unsigned max_streams_each;        /**< of one client */
    const char *unlimited;            /**< http_options.unlimited */
    char *cert_pem;                   /**< NULL = no TLS */
    char *key_pem;                    /**< its key */
    size_t max_body;                  /**< of a change */
    const char *open_below;           /**< changes of such paths need no token; NULL = none */
    int64_t head_deadline_ms;         /**< http_options.head_deadline_ms */
    unsigned streams;                 /**< open */
    unsigned max_streams;             /**< at once */
    uint16_t port;                    /**< listening */
};

/** Lets libmicrohttpd work, and sees to it that it is called again when it wants. */
void http_glue_run(struct http_server *s);
/** Puts a started daemon on the loop: 0, ERR_NOMEM or ERR_LIBRARY. */
int http_glue_open(struct http_server *s);
/** Takes it off. */
void http_glue_close(struct http_server *s);

/** Calls libmicrohttpd back for a suspended connection, which is @p state then. */
void http_reply_resume(struct http_exchange *x, enum http_state state);
/** Sends @p answer and frees it. */
enum MHD_Result http_reply_send(struct http_exchange *x, struct http_answer *answer);
/** Answers @p status with @p why and ends the connection. */
enum MHD_Result http_reply_refuse(struct http_exchange *x, int status, const char *why);
/** Answers 429: to come back after @p seconds. */
enum MHD_Result http_reply_wait(struct http_exchange *x, unsigned seconds, const char *why);
/** Turns the connection into a stream of events. */
enum MHD_Result http_reply_stream(struct http_exchange *x, const struct http_query *query);

/** libmicrohttpd's handler of requests; @p arg is the server. */
enum MHD_Result http_request_on(void *arg, struct MHD_Connection *connection, const char *url,
                                const char *method, const char *version, const char *upload,
                                size_t *upload_size, void **own);
/** Frees what a request holds. */
void http_request_drop(struct http_exchange *x);

#endif
