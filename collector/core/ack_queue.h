/**
 * @file
 * Acks of packs of the past that wait for their turn. An ack lets its probe send more; when a
 * district comes back with a day each, its packs would fill the one queue that the broker has for
 * us, and what is live would wait behind them. So live packs are answered at once, and those of the
 * past as fast as leaves room (core/pace.h), first come, first served: no probe gets ahead.
 *
 * At most one per probe, the newest, whatever the network does: 40 bytes for each that ever waited.
 * It sends nothing and knows no clock. What waits when the process ends is lost, like any ack: the
 * probe asks again.
 */
#ifndef CORE_ACK_QUEUE_H
#define CORE_ACK_QUEUE_H

#include "base/attr.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** An ack that waits. */
struct ack_waiting {
    uint32_t probe; /**< inventory number */
    uint32_t packs; /**< that it acknowledges: as many may follow */
    uint64_t epoch; /**< of the stream */
    uint64_t upto;  /**< everything up to here is stored */
};

/** Storage of the caller. */
struct ack_queue {
    struct vec entries; /**< what waits, by probe */
    struct vec order;   /**< uint32_t: probes, the first from `head` on */
    size_t head;        /**< of order */
    size_t waiting;     /**< acks that wait */
};

/** An empty queue. Allocates nothing. */
void ack_queue_init(struct ack_queue *q);
/** Frees all. */
void ack_queue_done(struct ack_queue *q);
/** Adds an ack, or brings the one that waits for the probe up to date in its place. 0 or
 * ERR_NOMEM, with the queue as before. Amortised O(1). */
int ack_queue_add(struct ack_queue *q, const struct ack_waiting *ack) MUST_USE;
/** True if an ack waits that says as much as @p upto of @p epoch: the probe asked again meanwhile.
 */
bool ack_queue_covers(const struct ack_queue *q, uint32_t probe, uint64_t epoch, uint64_t upto);
/** The probe is being answered otherwise: its ack does not wait any more. */
void ack_queue_forget(struct ack_queue *q, uint32_t probe);
/** Takes the first one out: false if none waits. Amortised O(1) */
bool ack_queue_take(struct ack_queue *q, struct ack_waiting *ret_ack);

#endif
