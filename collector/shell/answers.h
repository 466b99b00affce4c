/**
 * @file
 * Answers to probes that wait for their commit: at most one per probe and epoch, the newest, with
 * every refusal that belongs to it.
 *
 * It collects while messages are taken and is published as a whole once the change set is
 * committed. It is bounded by what one change set can cause.
 */
#ifndef SHELL_ANSWERS_H
#define SHELL_ANSWERS_H

#include "base/instant.h"
#include "base/names.h"
#include "base/vec.h"
#include "core/ack_queue.h"
#include "core/reception.h"
#include "wire/ack.h"

/** Storage of the caller. */
struct answers {
    struct names streams; /**< probe and bytes of the epoch */
    struct vec items;     /**< struct answers_item by stream */
    struct vec refused;   /**< struct answers_refused of all */
};

/** Sends one ack. */
typedef void answers_send(void *context, const char *topic, struct slice payload);

/** An empty collection. */
void answers_init(struct answers *a);
/** Frees all. */
void answers_done(struct answers *a);
/** Takes one: 0 or ERR_NOMEM, ERR_FULL. */
int answers_add(struct answers *a, const struct reception_answer *answer) MUST_USE;
/** True if it holds as much as one change set should. */
bool answers_full(const struct answers *a);
/** Sends all with the centre's time @p now (0 = not trusted: left out) and empties the collection;
 * acks of packs of the past go to @p waiting instead, those of others there are forgotten: 0 or
 * ERR_NOMEM. */
int answers_publish(struct answers *a, struct ack_queue *waiting, struct wall_ms now,
                    answers_send *send, void *context) MUST_USE;
/** Sends those of @p waiting that acknowledge @p packs packs together, but one at least; @p probes
 * are the names of the inventory. As above. */
int answers_release(struct ack_queue *waiting, uint64_t packs, const struct names *probes,
                    struct wall_ms now, answers_send *send, void *context) MUST_USE;

#endif
