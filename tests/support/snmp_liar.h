/**
 * @file
 * An agent of SNMP v2c that does what agents should not, for tests of the snmp check: a child
 * process with a UDP socket that answers for 1.3.6.1.4.1.99999 only.
 */
#ifndef SUPPORT_SNMP_LIAR_H
#define SUPPORT_SNMP_LIAR_H

#include <stdint.h>
#include <sys/types.h>

/** What it does. */
enum snmp_liar_mode {
    SNMP_LIAR_HONEST,      /**< gets are 7; a walk has the rows 1 to 3, each 7 */
    SNMP_LIAR_OTHER_FIRST, /**< first an answer for another request, then the right one */
    SNMP_LIAR_OTHER_ONLY,  /**< answers for another request only */
    SNMP_LIAR_CIRCLES,     /**< a walk comes to row 1 again and again */
    SNMP_LIAR_BACKWARDS,   /**< row 5, then row 3 */
    SNMP_LIAR_ENDLESS,     /**< a walk has always one row more */
    SNMP_LIAR_ADDRESSES,   /**< every value is an IpAddress */
    SNMP_LIAR_LONG,        /**< rows and uptime are texts of 60,000 bytes */
    SNMP_LIAR_CUT,         /**< an answer cut off in its middle */
    SNMP_LIAR_TOO_BIG,     /**< tooBig unless at most 4 rows or values are asked for */
    SNMP_LIAR_ELSEWHERE,   /**< the answer has values that nobody asked for */
    SNMP_LIAR_MUTE,        /**< nothing at all */
};

/** A running one. */
struct snmp_liar {
    uint16_t port; /**< on 127.0.0.1 */
    pid_t pid;     /**< of the child */
};

/** Starts it; it listens when this returns. */
void snmp_liar_open(struct snmp_liar *liar, enum snmp_liar_mode mode);
/** Ends it. */
void snmp_liar_close(struct snmp_liar *liar);

#endif
