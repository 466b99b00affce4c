/**
 * @file
 * What a probe's status messages mean: who speaks (boot and connection), whether its will counts,
 * whether two probes share one name (DESIGN section 3, "Status"; FIGURES 7.5, 7.14).
 *
 * It decides only; wills that held and gasps become evidence in core/world.h. Results that a status
 * summary carries are the caller's. All times are receive times from the intake log, and "now" is
 * that of the last marker processed, so that a will's hold never ends before the packs that were
 * on their way have been read.
 */
#ifndef CORE_SESSION_H
#define CORE_SESSION_H

#include "core/probe_clock.h"
#include "core/rows.h"

#include "base/attr.h"
#include "base/instant.h"
#include "base/slice.h"
#include "wire/start.h"
#include "wire/status.h"

#include <stdbool.h>
#include <stdint.h>

/** Default of `will_hold`. */
#define SESSION_WILL_HOLD_MS 15000

/** What follows from a status message at once. */
struct session_news {
    bool heard; /**< it proves the probe spoke: neither a will nor a retained copy (FIGURES 7.19) */
    bool birth; /**< a boot or connection not known before */
    bool will;  /**< a clean stop: acts as a will received now */
    bool gasp;  /**< a last gasp, at the status' own time_us */
    bool conflict; /**< births alternate between two boots: identity_conflict */
};

/** A probe as its statuses show it. */
struct session_view {
    bool known;                  /**< anything was heard that counted */
    enum status_state state;     /**< of the newest message that counted */
    uint64_t boot;               /**< of the newest birth; 0 before the first */
    uint64_t conn;               /**< of the newest birth */
    uint64_t other_boot;         /**< the boot before it, if any */
    uint64_t other_conn;         /**< its last connection */
    uint64_t epoch;              /**< of its outbox; 0 if unknown */
    uint64_t dropped;            /**< in that epoch */
    uint64_t backlog;            /**< packs that waited at the newest status */
    uint64_t unwritten;          /**< packs lost before they had a number, as it says */
    enum status_clock clock;     /**< as the newest status says */
    bool parted;                 /**< a will, stop or gasp of boot and conn was received already */
    bool holding;                /**< a will is being held */
    struct wall_ms since;        /**< receipt of the newest message that counted */
    struct wall_ms will_receipt; /**< of the will being held */
    struct wall_ms conflict_at;  /**< the last alternation of births; INT64_MIN if none */
    enum start start;            /**< how the life before its newest start ended */
    struct wall_ms started;      /**< that start; INT64_MIN if none was told */
    int64_t worked_us;           /**< its newest announcement of work on site; 0 if none */
    struct probe_clock offset;   /**< of its clock; not kept across a restart */
};

struct session;

/** Sessions of no probe yet; NULL without memory. @p will_hold_ms as configured. */
struct session *session_new(int64_t will_hold_ms) MUST_USE;
/** Frees all. Accepts NULL. */
void session_free(struct session *s);

/** A status message of @p probe, received at @p received; @p retained if it is a copy the broker
 * had kept, which informs and starts nothing. 0 or ERR_NOMEM. */
int session_status(struct session *s, uint32_t probe, const struct status *status, bool retained,
                   struct wall_ms received, struct session_news *ret_news) MUST_USE;
/** The stream of @p probe says that its program began at @p t, and how its life before ended. 0 or
 * ERR_NOMEM. */
int session_start(struct session *s, uint32_t probe, enum start start, struct wall_ms t) MUST_USE;
/**
 * @p probe announces work on site as of @p from_us, received at @p received: @p ret_news if it is
 * newer than all that it announced before, by whichever way it came. What was ahead of its own
 * receipt was a wrong clock and makes nothing old. 0 or ERR_NOMEM.
 */
int session_work(struct session *s, uint32_t probe, int64_t from_us, struct wall_ms received,
                 bool *ret_news) MUST_USE;
/** A message of @p probe with the newest time @p said, no retained copy, was received at @p
 * received: it shows something of its clock. */
void session_clock(struct session *s, uint32_t probe, struct wall_ms said, struct wall_ms received);
/** A pack of @p probe came (not a retained copy): a will being held is void. 0 or ERR_NOMEM. */
int session_pack(struct session *s, uint32_t probe) MUST_USE;

/**
 * The next will whose hold ended at or before @p now with neither a birth nor a pack, each once:
 * true, with its probe and the receipt that dates it. Call until false. Amortised O(1).
 */
bool session_next_will(struct session *s, struct wall_ms now, uint32_t *ret_probe,
                       struct wall_ms *ret_receipt) MUST_USE;
/** When the next hold ends, if nothing comes; WALL_NEVER_MS for none. */
struct wall_ms session_deadline(const struct session *s);

/** What is known of @p probe; `known` is false if nothing is. Valid until the next
 * call that changes the sessions. */
const struct session_view *session_view(const struct session *s, uint32_t probe);
/** For struct stream_offer: packs dropped by the bound in @p epoch, as far as the probe said. */
uint64_t session_dropped(const struct session *s, uint32_t probe, uint64_t epoch);

/** Hands the rows of the probes that changed since the last call to @p sink: 0 or the sink's
 * error, with the rest still to be saved. */
int session_save(struct session *s, const struct row_sink *sink) MUST_USE;
/** Takes back one ROW_SESSION that session_save() gave: 0, ERR_CORRUPT, ERR_VERSION or ERR_NOMEM.
 */
int session_load(struct session *s, struct slice key, struct slice value) MUST_USE;

#endif
