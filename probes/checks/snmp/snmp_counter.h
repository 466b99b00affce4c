/**
 * @file
 * From two looks at a counter to its rate: wraps, restarts and breaks told apart.
 *
 * Pure. A counter that went backwards has wrapped (32 bits) or begun anew; which of both nobody can
 * see, so a rate is only told while the agent and the counter are known to have run on
 * (RFC 2578 section 7.1.6, RFC 2863 section 3.1.5).
 */
#ifndef SNMP_SNMP_COUNTER_H
#define SNMP_SNMP_COUNTER_H

#include "base/instant.h"
#include "checks/snmp/snmp_value.h"

/** One counter between looks; zeroed: never seen. */
struct snmp_counter {
    bool known;         /**< value and at are set */
    bool wide;          /**< it had 64 bits */
    uint64_t value;     /**< as last seen */
    uint64_t broken_at; /**< its ifCounterDiscontinuityTime as last seen, 0 = none */
    struct mono_ms at;  /**< when */
};

/**
 * Units a second since the look before; NaN at the first look, after a break (@p broken_at
 * differs), if it is no counter or of another width, if a 64-bit one went backwards, and if no time
 * passed.
 * @p restarted: the agent began anew since. A 32-bit counter that went backwards has wrapped once;
 * one that wraps more than once between looks cannot be told and needs a shorter interval.
 */
double snmp_counter_look(struct snmp_counter *counter, const struct snmp_value *value,
                         uint64_t broken_at, bool restarted, struct mono_ms now);

/** When an agent was last asked how long it has been up. */
struct snmp_uptime {
    bool known;        /**< ticks and at are set */
    uint32_t ticks;    /**< sysUpTime in 0.01 s; begins anew after 497 days */
    struct mono_ms at; /**< when */
};

/** True if the agent began anew since the look before: its clock does not stand where it must, and
 * not because its 32 bits ran over. */
bool snmp_uptime_look(struct snmp_uptime *uptime, uint32_t ticks, struct mono_ms now);

#endif
