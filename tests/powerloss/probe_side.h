/**
 * @file
 * The probe's machine: the real outbox with the real window over it, and a way to the centre that
 * is a function call. Packs are numbered by the test; each holds two readings.
 */
#ifndef POWERLOSS_PROBE_SIDE_H
#define POWERLOSS_PROBE_SIDE_H

#include "base/rng.h"
#include "base/vec.h"
#include "core/window.h"
#include "shell/outbox.h"

/** Name of the probe in the sample inventory. */
#define PROBE_SIDE_NAME "p1"
/** Time of pack 0; pack n is n seconds later. */
#define PROBE_SIDE_EPOCH_S 1790000000

/** Storage of the caller. */
struct probe_side {
    char folder[256];      /**< of its outbox */
    struct loop *loop;     /**< its own */
    struct outbox *outbox; /**< the real one */
    struct window window;  /**< the real one */
    struct rng rng;        /**< of the window */
    struct vec unstored;   /**< uint64_t numbers put and not told as stored, in order */
    bool connected;        /**< packs may be sent */
    bool owes_birth;       /**< packs were dropped, and the centre has not been told */
    bool renumbered;       /**< the outbox told so */
    bool closed;           /**< the outbox is gone */
    bool clock_kept;       /**< the outbox told that a clock is kept */
};

/** Opens the outbox below @p root as the probe does at its start. */
void probe_side_open(struct probe_side *p, const char *root);
/** Closes it, everything written. */
void probe_side_close(struct probe_side *p);
/** Hands pack @p id to the outbox and waits until it is stored. */
void probe_side_put(struct probe_side *p, uint64_t id);
/** Hands packs @p from to @p to over at once and waits until all are stored. */
void probe_side_put_many(struct probe_side *p, uint64_t from, uint64_t to);
/** Hands over the list of checks that the packs belong to, and waits until it is stored. */
void probe_side_put_list(struct probe_side *p);
/** Hands over a pack that no centre takes, and waits until it is stored. */
void probe_side_put_garbage(struct probe_side *p);
/** Keeps a clock, and waits until it is kept. */
void probe_side_keep_clock(struct probe_side *p);
/** Numbers anew under @p epoch, and waits until that is durable. */
void probe_side_renumber(struct probe_side *p, uint64_t epoch);
/** Tells @p centre who and how the probe is, with what the outbox had to give up. */
void probe_side_birth(struct probe_side *p,
                      void (*send)(void *centre, const char *topic, struct slice payload),
                      void *centre);
/** Sends what the window allows to @p centre; false if nothing. */
bool probe_side_send(struct probe_side *p,
                     void (*send)(void *centre, const char *topic, struct slice payload),
                     void *centre);
/** An answer of the centre came; waits until the outbox has done what follows from it. */
void probe_side_answer(struct probe_side *p, struct slice payload);

#endif
