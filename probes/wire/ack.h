/**
 * @file
 * The centre's answer to a probe, contract v1: what is stored, what is missing, what is refused.
 *
 *     {"epoch":"0123456789abcdef","upto":17,"now":1790000000.123456}
 *     {"epoch":"0123456789abcdef","upto":17,"now":1790000000.123456,"gap":true,
 *      "refused":[[17,"not JSON at byte 17"]]}
 *     {"hold":"site S9 is not in the inventory","now":1790000000.123456}
 *
 * `epoch` and `upto` come together or not at all; unknown members are ignored unless their name
 * ends in `_`. What the probe does about it is the stream's.
 */
#ifndef WIRE_ACK_H
#define WIRE_ACK_H

#include "base/buf.h"
#include "base/slice.h"
#include "wire/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Most refusals in one ack. */
#define ACK_REFUSED_MAX 64
/** Longest text of a hold or refusal in bytes; ack_write() cuts what is longer. */
#define ACK_TEXT_MAX 200

/** One pack that was refused for good, and why. */
struct ack_refused {
    uint64_t seq;        /**< number of the pack */
    struct slice reason; /**< a short sentence */
};

/** An ack. A writer points at texts and arrays of its own; free one that was read with ack_done().
 */
struct ack {
    uint64_t epoch;                    /**< 0 = says nothing of a stream */
    uint64_t upto;                     /**< every pack up to here is stored or refused */
    int64_t now_us;                    /**< the centre's clock, 0 = not said (untrusted) */
    bool gap;                          /**< a pack above upto + 1 came */
    struct slice hold;                 /**< why nothing is stored at present; empty = no hold */
    const struct ack_refused *refused; /**< refused packs among those up to upto */
    size_t n_refused;                  /**< how many; 0..ACK_REFUSED_MAX */
    void *own;                         /**< memory behind one that was read */
};

/** Appends the ack as JSON; what is not said is left out. */
void ack_write(struct buf *out, const struct ack *ack);
/**
 * Reads an ack. 0; ERR_SYNTAX, ERR_TYPE, ERR_RANGE, ERR_UNKNOWN, ERR_MISSING, ERR_FULL,
 * ERR_TOO_LONG with a sentence in @p ret_why; or ERR_NOMEM. From one thread at a time (cJSON).
 */
int ack_read(struct slice bytes, struct ack *ret_ack, struct reason *ret_why) MUST_USE;
/** Frees what ack_read() made. Accepts a zeroed ack. */
void ack_done(struct ack *ack);

#endif
