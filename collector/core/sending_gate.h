/**
 * @file
 * Whether the database is to be asked at all just now: back-off with jitter, Retry-After, and what
 * to tell people while it is closed. One gate per server; everything that writes there shares it.
 */
#ifndef CORE_SENDING_GATE_H
#define CORE_SENDING_GATE_H

#include "base/instant.h"
#include "base/rng.h"
#include "core/sending_reply.h"

/** What hinders; for readiness texts and logs. */
struct sending_trouble {
    enum sending_class class;            /**< of the last failed answer; SENDING_OK = none */
    int status;                          /**< HTTP status, 0 = no answer */
    uint32_t failures;                   /**< in a row */
    uint32_t aside;                      /**< batches set aside */
    char words[SENDING_WORDS_MAX];       /**< the server's or the transport's */
    char aside_words[SENDING_WORDS_MAX]; /**< why the last batch was set aside */
};

/** Storage of the caller; fields may be read. */
struct sending_gate {
    struct rng rng;                 /**< of the jitter */
    int64_t min_ms;                 /**< first distance */
    int64_t max_ms;                 /**< longest distance */
    uint64_t passes;                /**< answers that showed a working server */
    struct mono_ms closed_until;    /**< INT64_MIN while open */
    struct sending_trouble trouble; /**< class SENDING_OK while open */
};

/** An open gate. */
void sending_gate_init(struct sending_gate *gate, int64_t min_ms, int64_t max_ms, uint64_t seed);
/** True unless closed at @p now. */
bool sending_gate_open(const struct sending_gate *gate, struct mono_ms now);
/** The server answered as one that works. */
void sending_gate_pass(struct sending_gate *gate, struct mono_ms now);
/** The server failed or asks for time: closes the gate, for longer each time. Failures that arrive
 * while it is closed (requests were in flight) do not lengthen it, but for their Retry-After. */
void sending_gate_fail(struct sending_gate *gate, struct mono_ms now,
                       const struct sending_verdict *verdict);
/** Closes it for the shortest distance, without a word: nothing was asked. */
void sending_gate_pause(struct sending_gate *gate, struct mono_ms now);
/** A random duration between half of @p ms and @p ms. */
int64_t sending_gate_jitter(struct sending_gate *gate, int64_t ms);

#endif
