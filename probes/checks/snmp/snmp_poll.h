/**
 * @file
 * What to ask an agent next, and which of its answers are values: the uptime, the single values,
 * then one column after another in bulk (RFC 3416 sections 4.2.1 and 4.2.3).
 *
 * Pure: a walk that an agent leads in circles, answers for what was not asked and tables without an
 * end all stop here. Bytes, repetitions and deadlines are snmp_link.h's.
 */
#ifndef SNMP_SNMP_POLL_H
#define SNMP_SNMP_POLL_H

#include "checks/snmp/snmp_profile.h"
#include "checks/snmp/snmp_value.h"

/** Most single values of one request. */
#define SNMP_POLL_GETS 16
/** Most rows taken of one column; a table that goes on is cut there, and said so. */
#define SNMP_POLL_COLUMN_MAX 20000

/** A request. */
struct snmp_request {
    bool bulk;                           /**< walk on behind oid[0], else get them all */
    uint32_t repetitions;                /**< of a bulk: at most so many values */
    size_t n;                            /**< of oid */
    struct snmp_oid oid[SNMP_POLL_GETS]; /**< what is asked */
};

/** A value of a row. */
struct snmp_found {
    const struct snmp_row *row; /**< NULL: sysUpTime */
    size_t place;               /**< of the row in the profile */
    struct snmp_oid index;      /**< behind its column; empty if the row is fixed */
    struct snmp_value value;    /**< as it came; may be ABSENT where the row is fixed */
};

/** Storage of the caller; members are read only. */
struct snmp_poll {
    const struct snmp_profile *profile; /**< what is read */
    uint32_t repetitions;               /**< of a bulk, halved when an agent says tooBig */
    size_t gets;                        /**< single values of one request, halved likewise */
    size_t row;                         /**< the first row not done in this pass */
    bool columns;                       /**< the pass of columns; before it that of single values */
    bool uptime;                        /**< sysUpTime was answered for */
    size_t asked[SNMP_POLL_GETS];       /**< rows of the request in hand; SIZE_MAX: sysUpTime */
    size_t n_asked;                     /**< of asked */
    size_t taken;                       /**< values of the answer in hand */
    struct snmp_oid last;               /**< where the column has got to */
    size_t column_len;                  /**< values of the column in hand */
    bool ended;                         /**< the column is done */
    size_t values;                      /**< values found */
    size_t odd;                         /**< not asked for, out of order, cut off, refused */
};

/** Begins with a profile that outlives the poll; @p repetitions at least 1. */
void snmp_poll_init(struct snmp_poll *poll, const struct snmp_profile *profile,
                    uint32_t repetitions);
/** The next request: false if all is done. */
bool snmp_poll_next(struct snmp_poll *poll, struct snmp_request *ret_request);
/** One variable of the answer, in its order: true if it is a value of a row. */
bool snmp_poll_take(struct snmp_poll *poll, const struct snmp_oid *oid,
                    const struct snmp_value *value, struct snmp_found *ret_found);
/** The answer is at its end. */
void snmp_poll_answered(struct snmp_poll *poll);
/** The agent refused the request with @p status (RFC 3416 section 3): it is asked for less if that
 * was too big, else what it was for is left out. */
void snmp_poll_refused(struct snmp_poll *poll, int status);

#endif
