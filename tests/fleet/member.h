/**
 * @file
 * One simulated probe: it runs its checks against the scene, writes packs into its outbox, and
 * speaks the stream with the real wire code and the real window (core/window.h).
 *
 * It is what ioc-probe is, without sockets and checks of its own. How bytes reach the broker is the
 * caller's `publish`; whether the probe lives and reaches the centre it reads from the scene. Dead
 * probes leave a will: as the fleet's connections are shared, the member publishes what the broker
 * would have.
 */
#ifndef FLEET_MEMBER_H
#define FLEET_MEMBER_H

#include "box.h"
#include "scene.h"
#include "truth.h"

#include "core/pack_period.h"
#include "core/window.h"
#include "wire/status.h"

struct member;

/** What all members share. */
struct member_shared {
    const struct plan *plan;   /**< what they run */
    const struct scene *scene; /**< what they see */
    struct truth *truth;       /**< where evidence goes, or NULL */
    int64_t pack_ms;           /**< a pack closes this often */
    int64_t will_after_ms;     /**< the broker notices a lost line after this */
    size_t pack_readings;      /**< a pack closes at so many, too; 0 = never */
    size_t outbox_packs;       /**< bound of an outbox */
    bool no_summaries;         /**< packs that wait are no reason for a status */
    struct rng rng;            /**< of everything random */
    struct buf scratch;        /**< for encoding */
    uint64_t readings;         /**< written so far, all members */
    uint64_t published;        /**< packs handed to the broker */
    void *arg;                 /**< first argument of publish */
    /** Hands bytes to the broker with QoS 1: 0 or an error, after which the member tries again. */
    int (*publish)(void *arg, const struct member *m, const char *topic, struct slice payload,
                   bool retained);
};

/** A result that is not in a pack yet. */
struct member_result {
    int64_t time_ms; /**< by the probe's clock */
    uint32_t check;  /**< among the member's own */
    uint8_t verdict; /**< of that run */
    float value;     /**< the main metric */
};

/** The last result of a check; time_ms 0 before the first of this start. */
struct member_last {
    int64_t time_ms; /**< by the probe's clock */
    uint8_t verdict; /**< of that run */
};

/** A will or farewell that is to be published. */
struct member_parting {
    bool due;                /**< there is one */
    enum status_state state; /**< what it says */
    uint64_t boot;           /**< whose */
    uint64_t conn;           /**< and which connection's */
    int64_t time_us;         /**< of a gasp */
    struct mono_ms at;       /**< not before */
};

/** Storage of the caller; members may be read. */
struct member {
    struct member_shared *shared;   /**< the caller's */
    uint32_t index;                 /**< in the plan */
    bool running;                   /**< the process lives */
    bool line_up;                   /**< the fleet's connection to the broker is */
    bool attached;                  /**< the member has announced itself or is about to */
    bool birth_due;                 /**< a birth waits for room */
    bool summary_due;               /**< a status with the last results does */
    bool told_backlog;              /**< the newest status says that packs wait */
    uint64_t boot;                  /**< of this start */
    uint64_t conn;                  /**< of this connection */
    uint64_t dropped;               /**< by the outbox's bound */
    struct mono_ms start_at;        /**< the process does not start before this */
    struct mono_ms next_run;        /**< of the checks */
    struct mono_ms next_send;       /**< while the line is slow */
    struct window window;           /**< the stream */
    struct box box;                 /**< the outbox */
    struct pack_period period;      /**< of the open pack */
    struct vec open;                /**< struct member_result of the open pack */
    struct member_last *last;       /**< by check */
    struct member_parting will;     /**< what the broker would publish */
    struct member_parting farewell; /**< what the probe says at its end */
};

/** Member @p index of the plan, not running yet: member_tick() starts it @p splay_ms later. 0 or
 * ERR_NOMEM. */
int member_init(struct member *m, struct member_shared *shared, uint32_t index, int64_t splay_ms,
                struct now now) MUST_USE;
/** Frees all. Accepts a zeroed one. */
void member_done(struct member *m);
/** Looks at the scene again after its site was touched. 0 or ERR_NOMEM. */
int member_look(struct member *m, struct now now) MUST_USE;
/** The fleet's connection that carries this member came or went. */
void member_line(struct member *m, bool up, struct now now);
/** Runs the checks that are due and closes the pack that is; publishes nothing. 0 or ERR_NOMEM. */
int member_live(struct member *m, struct now now) MUST_USE;
/** Publishes what may leave now. Call often. */
void member_send(struct member *m, struct now now);
/** Both. Call often. 0 or ERR_NOMEM. */
int member_tick(struct member *m, struct now now) MUST_USE;
/** When member_live() has something to do;
 * MONO_NEVER_MS while its site keeps it down. */
struct mono_ms member_due(const struct member *m);
/** An answer of the centre. 0 or ERR_NOMEM. */
int member_ack(struct member *m, const struct ack *ack, struct now now) MUST_USE;
/** Closes the open pack and says farewell; what waits is still published by member_tick(). 0 or
 * ERR_NOMEM. */
int member_finish(struct member *m, struct now now) MUST_USE;
/** Says farewell. */
void member_part(struct member *m, struct now now);
/** True while packs or statuses wait that could still leave. */
bool member_waits(const struct member *m);
/** Fills in the will of the member's next connection, for lines that carry one member only. */
void member_will(const struct member *m, struct buf *out);

#endif
