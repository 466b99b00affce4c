/**
 * @file
 * The status of a probe, contract v1: birth, will, farewell, last gasp, and the summary while packs
 * wait.
 *
 *     {"state":"online","boot":"00c0ffee00c0ffee","conn":3,"t":1790000000.123456,
 *      "version":"0.1.0","clock":"system","epoch":"0123456789abcdef","backlog":0,"dropped":0,
 *      "now":[["S1/icmp/core-1",0,1790000000.123456]],
 *      "work":{"work":1790000000.123,"until":1790003600.123,"reason":"new battery"}}
 *     {"state":"offline","boot":"00c0ffee00c0ffee","conn":3}
 *
 * `"unwritten":N` counts packs that the probe lost before they had a number, because its disk took
 * nothing: they stand in no equation of the ledger. `work` is the newest announcement of people on
 * site, as its own pack holds it to the microsecond (wire/body.h), while packs wait: whoever has
 * taken it here knows the pack again by its time, and takes none that is older. `state`, `boot` and
 * `conn` are always there; unknown members are ignored unless their name ends in `_`. What a status
 * means for the units is the collector's session module's.
 */
#ifndef WIRE_STATUS_H
#define WIRE_STATUS_H

#include "base/buf.h"
#include "base/slice.h"
#include "wire/body.h"
#include "wire/reason.h"
#include "wire/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Most results in a summary. */
#define STATUS_NOW_MAX 512
/** Longest version text. */
#define STATUS_VERSION_MAX 32

/** What the probe says of itself. X(name, value, word) */
#define STATUS_STATE_MAP(X)         \
    X(STATUS_ONLINE, 0, "online")   \
    X(STATUS_OFFLINE, 1, "offline") \
    X(STATUS_STOPPED, 2, "stopped") \
    X(STATUS_POWER_LOST, 3, "power_lost")

/** Where the probe's wall time comes from. X(name, value, word) */
#define STATUS_CLOCK_MAP(X)            \
    X(CLOCK_UNTRUSTED, 0, "untrusted") \
    X(CLOCK_SYSTEM, 1, "system")       \
    X(CLOCK_CENTRE, 2, "centre")

/** Row of an enum made from a map. */
#define STATUS_ENUM(name, value, word) name = value,

/** See STATUS_STATE_MAP. */
enum status_state { STATUS_STATE_MAP(STATUS_ENUM) };

/** See STATUS_CLOCK_MAP. */
enum status_clock { STATUS_CLOCK_MAP(STATUS_ENUM) };

#undef STATUS_ENUM

/** The last result of one check. */
struct status_result {
    struct slice site;    /**< site id */
    struct slice check;   /**< "<type>/<name>" */
    enum verdict verdict; /**< of that run */
    int64_t time_us;      /**< start of that run, absolute */
};

/** A status. A writer points now at an array of its own; free one that was read with status_done().
 */
struct status {
    enum status_state state;         /**< word `state` */
    uint64_t boot;                   /**< random per start, never 0; 16 hex digits */
    uint64_t conn;                   /**< rises per connection, from 1 */
    int64_t time_us;                 /**< when it was written, of power_lost when power was lost;
                                        0 = not said (a will, an untrusted clock) */
    struct slice version;            /**< of the program; empty = not said */
    enum status_clock clock;         /**< CLOCK_UNTRUSTED if not said */
    uint64_t epoch;                  /**< of the outbox, 0 = not said */
    uint64_t backlog;                /**< packs that wait for an ack */
    uint64_t dropped;                /**< packs that the outbox's bound dropped in this epoch */
    uint64_t unwritten;              /**< packs that never got a number, because the disk took
                                        nothing; of this outbox, all epochs */
    const struct status_result *now; /**< summary while packs wait */
    size_t n_now;                    /**< how many; 0..STATUS_NOW_MAX */
    struct body_work work;           /**< announced last, while packs wait; from_us 0 = not said */
    void *own;                       /**< memory behind the texts and now of one that was read */
};

/** Word of a state on the wire; "" if out of range. */
const char *status_word(int state);
/** Word of a clock on the wire; "" if out of range. */
const char *status_clock_word(int clock);
/**
 * Appends the status as JSON: what is 0 or empty is left out, but an online one always has clock,
 * backlog and dropped.
 */
void status_write(struct buf *out, const struct status *status);
/**
 * Reads a status. 0; ERR_SYNTAX, ERR_TYPE, ERR_RANGE, ERR_UNKNOWN, ERR_MISSING, ERR_FULL,
 * ERR_TOO_LONG with a sentence in @p ret_why; or ERR_NOMEM. From one thread at a time (cJSON).
 */
int status_read(struct slice bytes, struct status *ret_status, struct reason *ret_why) MUST_USE;
/** Frees what status_read() made. Accepts a zeroed status. */
void status_done(struct status *status);

#endif
