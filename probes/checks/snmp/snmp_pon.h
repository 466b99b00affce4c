/**
 * @file
 * Which ports of an OLT are down, from the states of their terminals (ONTs) alone.
 *
 * A port is down when most of its terminals vanish together for want of light and have not said
 * that their power goes: a cut fibre. A power cut in the village takes them by dying gasps, a
 * customer's plug takes one; neither is the port's. One terminal is never an outage. Pure; bounded
 * memory, 12 bytes a terminal.
 */
#ifndef SNMP_SNMP_PON_H
#define SNMP_SNMP_PON_H

#include "base/instant.h"
#include "base/vec.h"
#include "checks/snmp/snmp_profile.h"

/** Most terminals of one OLT; more are counted as left out. */
#define SNMP_PON_ONTS_MAX 16384
/** Most ports of one OLT. */
#define SNMP_PON_PORTS_MAX 1024
/** Fewest terminals that can take their port with them. */
#define SNMP_PON_LEAST 2

/** One port. */
struct snmp_port {
    uint64_t key;    /**< of the numbers that name it */
    uint32_t number; /**< the last of them, for people */
    bool known;      /**< it was judged before */
    bool down;       /**< as judged */
    uint32_t base;   /**< of a port that is down: the terminals that served before */
    uint32_t onts;   /**< terminals */
    uint32_t online; /**< of them: serve */
    uint32_t los;    /**< of them: without light */
    uint32_t gasp;   /**< of them: without power */
    uint32_t recent; /**< serve, or vanished lately */
    uint32_t lost;   /**< vanished lately, without light */
    uint32_t gasped; /**< vanished lately, without power */
};

/** All of an OLT. */
struct snmp_pon_sum {
    uint32_t onts;   /**< terminals */
    uint32_t online; /**< of them: serve */
    uint32_t los;    /**< of them: without light */
    uint32_t gasp;   /**< of them: without power */
    uint32_t ports;  /**< ports with terminals */
    uint32_t down;   /**< of them: down */
};

/** Storage of the caller; read ports and left_out. */
struct snmp_pon {
    struct vec onts;     /**< terminals in the order of the walk */
    struct vec ports;    /**< struct snmp_port, in order of first appearance */
    size_t at;           /**< where the walk is in onts */
    size_t port;         /**< the port found last */
    int64_t together_ms; /**< what vanishes within this has vanished together */
    uint32_t left_out;   /**< terminals beyond the bounds, of this walk */
};

/** Nothing known; what vanishes within @p together_ms vanishes together. */
void snmp_pon_init(struct snmp_pon *pon, int64_t together_ms);
/** Frees all. Accepts a zeroed one. */
void snmp_pon_done(struct snmp_pon *pon);
/** A walk begins. */
void snmp_pon_begin(struct snmp_pon *pon);
/** The walk of states met a terminal: the first @p port_len numbers of @p index name its port. */
void snmp_pon_state(struct snmp_pon *pon, const struct snmp_oid *index, uint32_t port_len,
                    enum snmp_level level);
/** The walk of causes begins at the first terminal again. */
void snmp_pon_rewind(struct snmp_pon *pon);
/** The walk of causes met a terminal; it counts if the terminal does not serve. */
void snmp_pon_cause(struct snmp_pon *pon, const struct snmp_oid *index, uint32_t port_len,
                    enum snmp_level level);
/** The whole table was walked: judges every port. A walk that was cut off is simply begun anew. */
struct snmp_pon_sum snmp_pon_end(struct snmp_pon *pon, struct mono_ms now);

#endif
