/**
 * @file
 * What several columns of one table say of one index: its class, its factor, its breaks.
 *
 * Columns are walked one after the other, so what a later one needs of an earlier one is kept here
 * for the length of a run. Pure; bounded memory.
 */
#ifndef SNMP_SNMP_JOIN_H
#define SNMP_SNMP_JOIN_H

#include "base/vec.h"
#include "checks/snmp/snmp_profile.h"
#include "checks/snmp/snmp_value.h"

/** Most indices kept; what is beyond has class -1, factor 1 and no breaks. */
#define SNMP_JOIN_MAX 8192

/** One index. */
struct snmp_joined {
    uint64_t key;       /**< of the index */
    int64_t class;      /**< row `class`, -1 = none came */
    uint64_t broken_at; /**< row `break`, 0 = none came */
    int16_t scale;      /**< row `scale` */
    int16_t precision;  /**< row `precision` */
};

/** Storage of the caller. */
struct snmp_join {
    struct vec items; /**< struct snmp_joined in the order of the first walk */
    size_t at;        /**< where the last one was found */
};

/** Nothing kept. */
void snmp_join_init(struct snmp_join *join);
/** Frees all. Accepts a zeroed one. */
void snmp_join_done(struct snmp_join *join);
/** Forgets all, keeps the memory. */
void snmp_join_clear(struct snmp_join *join);
/** Takes a value of a row that joins; others are passed over. Nearly O(1) in the order of a walk.
 */
void snmp_join_take(struct snmp_join *join, const struct snmp_row *row,
                    const struct snmp_oid *index, const struct snmp_value *value);
/** What is known of @p index; of an unknown one what is said above. */
struct snmp_joined snmp_join_of(struct snmp_join *join, const struct snmp_oid *index);

#endif
