/**
 * @file
 * What one value of a row means: a number in the row's unit, a verdict and words for it.
 *
 * Pure. One value at a time; what many amount to together is snmp_look.h's.
 */
#ifndef SNMP_SNMP_MEANING_H
#define SNMP_SNMP_MEANING_H

#include "checks/snmp/snmp_profile.h"
#include "checks/snmp/snmp_value.h"

/** The limit that a number reached. */
struct snmp_limit {
    enum verdict verdict; /**< ok: none */
    bool below;           /**< it is at or below the limit, not above */
    double limit;         /**< which */
};

/** The number in the row's unit: NaN if the value is none, invalid or not plausible. @p factor is
 * of ENTITY-SENSOR, else 1. */
double snmp_meaning_number(const struct snmp_row *row, const struct snmp_value *value,
                           double factor);
/** The number @p plain in the row's unit by scale, offset and plausibility only. */
double snmp_meaning_scaled(const struct snmp_row *row, double plain);
/** How a number stands to the row's limits. */
struct snmp_limit snmp_meaning_judge(const struct snmp_row *row, double number);
/** The state of a raw value; NULL if the row does not have it or the value is none. */
const struct snmp_state *snmp_meaning_state(const struct snmp_row *row,
                                            const struct snmp_value *value);
/** The verdict of a level; terminals' levels are ok. */
enum verdict snmp_meaning_verdict(enum snmp_level level);
/** The factor of RFC 3433's scale (9 = 1, 10 = 1000, ...) and precision (digits behind the point);
 * 1 for what is out of their range. */
double snmp_meaning_factor(int64_t scale, int64_t precision);

#endif
