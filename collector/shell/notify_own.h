/**
 * @file
 * What the files of the notifier share; nobody else includes it.
 */
#ifndef SHELL_NOTIFY_OWN_H
#define SHELL_NOTIFY_OWN_H

#include "shell/notify.h"

enum { NOTIFY_SECRET_MAX = 256, NOTIFY_BODY_MAX = 16384, NOTIFY_HEADER_MAX = 160 };

/** One page on its way. On the heap, because a worker may hold it beyond its owner. */
struct notify_flight {
    struct notify *owner;           /**< NULL once it is closed or the target changed */
    struct notify_conf conf;        /**< of the target */
    char secret[NOTIFY_SECRET_MAX]; /**< "" = none */
    char token[NOTIFY_SECRET_MAX];  /**< "" = none */
    char centre[64];                /**< id of this collector */
    size_t target;                  /**< its number */
    struct page page;               /**< a copy */
    struct buf body;                /**< what is sent */
    struct http_call *call;         /**< by HTTP, NULL otherwise */
    struct page_outcome outcome;    /**< of a worker */
    char words[PAGE_ANSWER_MAX];    /**< of outcome */
};

/** Starts a flight: 0, or an error with a sentence in flight->words. */
typedef int notify_start(struct notify_flight *flight);

notify_start notify_webhook;      /**< kind webhook */
notify_start notify_alertmanager; /**< kind alertmanager */
/** Runs on the worker and fills in the outcome. */
void notify_program(struct notify_flight *flight);
void notify_smstools(struct notify_flight *flight); /**< see notify_program() */

/** Sends the body by POST to @p url with @p header (NULL = none). 0 or an error. */
int notify_post(struct notify_flight *flight, const char *url, const char *header);
/** The client of the flight's owner. */
struct http_client *notify_client(const struct notify_flight *flight);
/** The flight has ended; it is gone after that. */
void notify_landed(struct notify_flight *flight, const struct page_outcome *outcome);

/** Appends the page as JSON: "webhook" and programs. */
void notify_write_json(const struct notify_flight *flight, struct buf *out);
/** Appends it as a list of one alert of Alertmanager's API v2. */
void notify_write_alert(const struct notify_flight *flight, struct buf *out);

#endif
