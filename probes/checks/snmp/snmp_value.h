/**
 * @file
 * One value as an agent gave it, and the number it stands for.
 *
 * Pure. SNMP's types are fewer than what makers write into them: voltages as texts, floats as
 * opaque bytes. What the number means is its row's (snmp_meaning.h).
 */
#ifndef SNMP_SNMP_VALUE_H
#define SNMP_SNMP_VALUE_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/** What came. */
enum snmp_kind {
    SNMP_KIND_ABSENT,    /**< noSuchObject, noSuchInstance, NULL */
    SNMP_KIND_END,       /**< endOfMibView */
    SNMP_KIND_INTEGER,   /**< signed: INTEGER */
    SNMP_KIND_UNSIGNED,  /**< Gauge32, TimeTicks */
    SNMP_KIND_COUNTER32, /**< unsigned, wraps */
    SNMP_KIND_COUNTER64, /**< unsigned, wraps */
    SNMP_KIND_REAL,      /**< Opaque float or double */
    SNMP_KIND_TEXT,      /**< OCTET STRING */
    SNMP_KIND_OTHER,     /**< anything else: no number */
};

/** A value; the text is whoever gave it's. */
struct snmp_value {
    enum snmp_kind kind; /**< which member holds it */
    int64_t integer;     /**< of INTEGER */
    uint64_t count;      /**< of UNSIGNED and both counters */
    double real;         /**< of REAL */
    struct slice text;   /**< of TEXT: any bytes, any length */
};

/** Longest text that may be a number. */
#define SNMP_VALUE_DIGITS_MAX 24

/** The number @p value stands for: NaN if it is none. A text counts if a decimal number is all it
 * holds but for spaces before and behind. */
double snmp_value_number(const struct snmp_value *value);
/** True for what is there and counts, sums or names something: not ABSENT, END or OTHER. */
bool snmp_value_is_there(const struct snmp_value *value);

#endif
