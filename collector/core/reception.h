/**
 * @file
 * Reception: what becomes of one message from the broker. It reads it by the contract, lets stream
 * and session judge it, turns it into evidence, and says through callbacks what to store, what to
 * answer and what to lay aside (DESIGN section 3).
 *
 * All decisions about messages are here; nothing here writes, sends or reads a clock. Answers may
 * leave only after the change set is committed that holds what the call caused.
 */
#ifndef CORE_RECEPTION_H
#define CORE_RECEPTION_H

#include "core/centre.h"
#include "wire/body.h"
#include "wire/pack_reader.h"
#include "wire/reason.h"

/** Before this instant (2025-01-01) no clock of ours can have been right: what was received then
 * cannot be placed in time. */
#define RECEPTION_CLOCK_FLOOR_MS INT64_C(1735689600000)

/** A message as it stands in the intake log. */
struct reception_message {
    struct slice topic;      /**< empty: a connection to the broker began at received */
    struct slice payload;    /**< any bytes */
    struct wall_ms received; /**< receive time in the log */
    bool retained;           /**< a copy the broker had kept */
    bool after_damage;       /**< messages before it are lost from the log: what only they explain
                                is not to be taken for missing */
};

/** What to tell a probe after the commit. */
struct reception_answer {
    struct slice probe;   /**< its name, valid during the callback */
    uint32_t number;      /**< 1 + its number in the inventory, 0 = not said */
    bool late;            /**< its pack is of the past: others may be answered first */
    uint64_t epoch;       /**< 0 = says nothing of a stream */
    uint64_t upto;        /**< everything up to here has its place */
    bool gap;             /**< go back */
    const char *hold;     /**< why nothing was stored, NULL = no hold */
    uint64_t refused_seq; /**< the pack refused for good, 0 = none */
    const char *refused;  /**< and why */
};

/** Where the effects go. A non-zero return is passed on: the process cannot go on. */
struct reception_effects {
    void *context; /**< first argument of each */
    /** Readings to be forwarded to the database; slices live during the call. */
    int (*readings)(void *context, struct slice source, const struct reading *readings, size_t n);
    /** A message refused for good. */
    int (*dead)(void *context, const struct reception_message *message, const char *reason);
    /** An answer to be sent after the commit. */
    int (*answer)(void *context, const struct reception_answer *answer);
    /** Two probes share one name: tell people. */
    void (*conflict)(void *context, struct slice probe);
    /** People work at the site of @p probe, or have ended; NULL: nobody asks. */
    int (*work)(void *context, uint32_t probe, const struct body_work *work);
};

struct reception;

/**
 * Reception into @p centre, which must outlive it, for the collector @p id whose markers of this
 * start carry @p boot. NULL without memory.
 */
struct reception *reception_new(struct centre *centre, const char *id, uint64_t boot,
                                const struct reception_effects *effects) MUST_USE;
/** Frees it. Accepts NULL. */
void reception_free(struct reception *r);
/**
 * From now on packs that would be stored are answered with hold @p reason (plain messages are
 * refused and counted), until it is called with NULL. The text is copied.
 */
void reception_hold(struct reception *r, const char *reason);
/** Takes one message. 0; ERR_NOMEM or what an effect returned. Whatever the message holds is never
 * an error. */
int reception_take(struct reception *r, const struct reception_message *message) MUST_USE;
/**
 * Takes a message that was refused for good once more, behind its stream: what it holds goes to the
 * database, and into timelines only where it is later than what they have. Nothing is answered. 0,
 * and the ledger moves it from refused to stored; ERR_DENIED with a sentence if it is refused still
 * (nothing changed); ERR_NOMEM or what an effect returned.
 */
int reception_requeue(struct reception *r, const struct reception_message *message,
                      struct wall_ms now, struct reason *ret_why) MUST_USE;

#endif
