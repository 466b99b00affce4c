/**
 * @file
 * The sending side of the stream: which pack of the outbox to publish now, and when to go back
 * (DESIGN section 3, "The stream"). It exists so that go-back-N can be checked as a pure state
 * machine, without a network.
 *
 * A window opens with each quick answer, stays with a slow one and halves with a late one: when ten
 * thousand probes come back at once, what they have under way at first is one pack each and not
 * eight, so that who is live waits behind that much less at the broker; a centre that answers the
 * past at its own pace finds as many packs coming as it asked for.
 *
 * It holds numbers only. Packs live in the outbox, which has written pack `high` durably before
 * window_stored() and has raised `low` durably before window_dropped(); the answers of the centre
 * are read by wire/ack.h. It publishes nothing, it reads no clock, and the centre's time (which
 * an answer of any epoch carries) is core/clock_trust.h's.
 */
#ifndef CORE_WINDOW_H
#define CORE_WINDOW_H

#include "base/attr.h"
#include "base/instant.h"
#include "base/rng.h"
#include "wire/ack.h"

#include <stdbool.h>
#include <stdint.h>

/** The contract's figures (DESIGN section 3). */
enum {
    WINDOW_SIZE = 8,                /**< W: packs published and not yet acknowledged */
    WINDOW_FIRST = 1,               /**< of these, right after a connection */
    WINDOW_SLOW_MS = 2000,          /**< an answer that takes longer opens no window */
    WINDOW_LATE_MS = 10000,         /**< and one that takes so long halves it */
    WINDOW_TIMEOUT_MS = 60000,      /**< the first wait for an answer */
    WINDOW_TIMEOUT_MAX_MS = 900000, /**< the longest wait, after doubling */
    WINDOW_HOLD_MS = 60000,         /**< between two packs while the centre says hold */
};

/** Storage of the caller; members may be read, only window_* functions write them. */
struct window {
    uint64_t epoch;       /**< of the outbox; random, made with it */
    uint64_t low;         /**< lowest seq the outbox holds; high + 1 while it holds none */
    uint64_t high;        /**< highest seq ever written in this epoch; 0 before the first */
    uint64_t upto;        /**< highest seq the centre acknowledged to this process; 0 before that */
    uint64_t next;        /**< the seq to publish next */
    uint64_t sent;        /**< highest seq that this or an earlier process can have published */
    uint64_t centre_boot; /**< last boot seen in the centre's status; 0 before the first */

    bool connected;          /**< the broker connection is up */
    bool spread_due;         /**< nothing has left since the connection, or the centre's new boot */
    bool gap_answered;       /**< a gap ack was obeyed at this value of upto */
    int64_t timeout_ms;      /**< the present wait, without jitter */
    struct mono_ms deadline; /**< the wait ends here; MONO_NEVER_MS while nothing is on its way */

    struct mono_ms heard;      /**< the last answer that acknowledged something; 0 before it */
    struct mono_ms not_before; /**< no pack before this: see window_spread(); 0: at once */

    uint64_t size;  /**< packs that may be unacknowledged now: WINDOW_FIRST .. WINDOW_SIZE */
    uint64_t timed; /**< the pack whose answer is timed; 0 while none is */
    struct mono_ms timed_at; /**< when it was published */
    int64_t soonest_ms;      /**< the quickest answer of this process' life; 0 before the first */

    bool held;                 /**< the centre said hold and has not acknowledged since */
    struct mono_ms held_until; /**< no pack before this while held */
    char hold[REASON_MAX];     /**< the reason for the technician; "" unless held */

    uint64_t refused_count;   /**< packs the centre refused for good */
    uint64_t refused_seq;     /**< the last of them */
    char refused[REASON_MAX]; /**< why, in the centre's words */

    struct rng *rng; /**< jitter; the caller's */
};

/** What an answer asks of the outbox. */
enum window_news {
    WINDOW_NOTHING,  /**< nothing new */
    WINDOW_ADVANCED, /**< packs up to window.upto are stored at the centre: forget them */
    WINDOW_RENUMBER, /**< the centre knows more of this epoch than was ever sent from here (an
                        outbox restored or copied): number what is held anew under a new random
                        epoch, durably, then call window_renumber() */
};

/** A window over an outbox that holds low..high of @p epoch (low = high + 1 if it is empty),
 * disconnected. @p rng must outlive it. */
void window_init(struct window *w, uint64_t epoch, uint64_t low, uint64_t high, struct rng *rng);

/** Pack @p seq, which must be high + 1, is in the outbox, fsynced. */
void window_stored(struct window *w, uint64_t seq);
/** The outbox's bound dropped all below @p low; that is durable. The status with the new count of
 * dropped packs has to leave before the next pack does, or the centre books them as missing. */
void window_dropped(struct window *w, uint64_t low);
/** What the outbox holds is now 1..@p high of the new @p epoch; that is durable. */
void window_renumber(struct window *w, uint64_t epoch, uint64_t high);

/** The broker connection is up: goes back to the lowest pack not acknowledged. */
void window_connected(struct window *w);
/** The broker connection is gone: nothing is published, no deadline runs. */
void window_disconnected(struct window *w);
/** An answer came. It may be about anything, old, doubled or out of order; its `now` is not for
 * here. Refused packs are counted and the last is kept for the technician. */
enum window_news window_ack(struct window *w, const struct ack *ack, struct mono_ms now) MUST_USE;
/** The centre's status shows @p boot (not 0); @p live if it was published just now and is no copy
 * that the broker had kept. Goes back if the boot is another one than before, or the first, or the
 * centre has just connected, which is when it publishes: what was published before it was there,
 * to a broker that was killed and knew nothing of it, may have reached nobody. */
void window_centre_boot(struct window *w, uint64_t boot, bool live);
/** The centre asks probes that come back together to spread their first packs over @p spread_ms.
 * Call after window_centre_boot(): once per connection and boot of the centre, and before a pack
 * has left, it draws how long to wait: never longer than the centre has not answered, so that a
 * short cut costs a short wait. */
void window_spread(struct window *w, int64_t spread_ms, struct mono_ms now);

/** Goes back if the deadline has passed. Call when window_deadline() is reached. */
void window_tick(struct window *w, struct mono_ms now);
/** The seq to publish now, or 0 for none. Ask again after window_published(). */
uint64_t window_next(const struct window *w, struct mono_ms now);
/** The pack window_next() named was handed to the MQTT client. */
void window_published(struct window *w, struct mono_ms now);
/** The next instant at which window_tick() or window_next() may have something new to say without
 * any other event; MONO_NEVER_MS for none. */
struct mono_ms window_deadline(const struct window *w);

/** Packs written and neither acknowledged nor dropped: the status' `backlog`. */
uint64_t window_backlog(const struct window *w);

#endif
