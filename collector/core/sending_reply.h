/**
 * @file
 * What a database's answer to a write means: one verdict from status, body and Retry-After.
 *
 * Stateless. The texts it knows are those of InfluxDB 1.x, 2.x and 3 and of VictoriaMetrics (FACTS
 * section 6); what it does not know never condemns a line, it keeps the batch and says so.
 */
#ifndef CORE_SENDING_REPLY_H
#define CORE_SENDING_REPLY_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/** Bytes of the server's words that are kept, with the NUL. */
#define SENDING_WORDS_MAX 400

/** What to make of an answer. */
enum sending_class {
    SENDING_OK,        /**< every line of the request is written */
    SENDING_LINES,     /**< the server blames lines of the request, the others may be written */
    SENDING_BEYOND,    /**< lines older than the retention were dropped, the others written */
    SENDING_TOO_LARGE, /**< 413: send less at once */
    SENDING_BUSY,      /**< 429, 503: later, obey Retry-After */
    SENDING_DOWN,      /**< other 5xx, 408, or no answer at all: later, with growing distance */
    SENDING_REFUSED,   /**< somebody has to change something: keep, back off, shout */
};

/** An answer as it came; the slices are the caller's. */
struct sending_reply {
    int status;             /**< HTTP status, 0 = no answer */
    struct slice body;      /**< of the answer, or the transport's words if there was none */
    int64_t retry_after_ms; /**< negative = none given */
};

/** What it means. */
struct sending_verdict {
    enum sending_class class;      /**< what to make of it */
    uint32_t dropped;              /**< SENDING_BEYOND: lines the server dropped, at least 1 */
    bool oldest;                   /**< SENDING_BEYOND: they are the oldest of the request */
    int64_t retry_after_ms;        /**< negative = none given */
    int status;                    /**< of the answer */
    char words[SENDING_WORDS_MAX]; /**< the server's own words, for people */
};

/** Judges @p reply. A 2xx with a body is refused: it is a page of some other server, not an answer
 * to a write. */
struct sending_verdict sending_reply_read(const struct sending_reply *reply);

#endif
