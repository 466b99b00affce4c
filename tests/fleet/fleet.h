/**
 * @file
 * A run of the fleet: members over lines to one broker, faults by script and by hand, truths beside
 * it.
 *
 * It wires the parts and keeps the clock; what a probe does is member.h's. It ends after its
 * minutes or at SIGINT or SIGTERM: what is in the outboxes is given time to leave, then every
 * member says farewell.
 */
#ifndef FLEET_FLEET_H
#define FLEET_FLEET_H

#include "base/attr.h"

#include <stdbool.h>
#include <stdint.h>

/** What to run; texts are the caller's, NULL = none. */
struct fleet_options {
    const char *inventory;     /**< folder */
    const char *host;          /**< of the broker */
    int port;                  /**< of the broker */
    const char *user;          /**< at the broker */
    const char *password_file; /**< its password */
    uint64_t connections;      /**< shared by the members; 0 = one for each */
    const char *script;        /**< file of faults */
    const char *truth;         /**< folder for both truths */
    const char *control;       /**< path of the socket, or NULL for none */
    const char *except;        /**< a probe that is not simulated */
    uint64_t probes;           /**< at most so many; 0 = all */
    uint64_t seed;             /**< of everything random */
    int64_t interval_ms;       /**< of the checks */
    int64_t ttl_ms;            /**< of the checks */
    int64_t pack_ms;           /**< packs close this often */
    int64_t will_after_ms;     /**< the broker notices a lost line after this */
    int64_t past_ms;           /**< lived through before the start, unheard */
    bool past_only;            /**< ends when the centre has stored the past */
    bool units_only;           /**< one check for each unit and no other */
    uint64_t pack_readings;    /**< packs close at so many readings, too; 0 = never */
    int64_t run_ms;            /**< length of the run; 0 = until a signal */
};

/** Most members with a line each. */
#define FLEET_EACH_MAX 5000

/** Runs to its end. 0, or an error that was logged. */
int fleet_run(const struct fleet_options *options) MUST_USE;

#endif
