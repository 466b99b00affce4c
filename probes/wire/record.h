/**
 * @file
 * One SenML record as it is written: which labels it has, and their values, with the base members
 * that still hold from earlier records (RFC 8428 sections 4.1 to 4.3).
 *
 * Part of pack_reader, which resolves records into readings; nobody else needs it. It allocates
 * nothing: texts point into the message, or into a scratch of the caller if they had to be
 * unescaped.
 */
#ifndef WIRE_RECORD_H
#define WIRE_RECORD_H

#include "wire/json.h"
#include "wire/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The labels of RFC 8428 section 4.3, base members first. */
enum label {
    L_BN,      /**< base name */
    L_BT,      /**< base time */
    L_BU,      /**< base unit */
    L_BV,      /**< base value */
    L_BS,      /**< base sum */
    L_BVER,    /**< version */
    L_N,       /**< name */
    L_T,       /**< time */
    L_U,       /**< unit */
    L_V,       /**< number */
    L_VB,      /**< flag */
    L_VS,      /**< text */
    L_VD,      /**< binary data */
    L_S,       /**< sum */
    L_UT,      /**< update time */
    L_UNKNOWN, /**< none of them */
};

/** A record. Base members keep their last value; the others mean something only if seen. Times are
 * microseconds. */
struct record {
    unsigned seen;   /**< one bit per label of the present record */
    struct slice bn; /**< base name */
    struct slice bu; /**< base unit */
    struct slice n;  /**< name */
    struct slice u;  /**< unit */
    struct slice vs; /**< text */
    struct slice vd; /**< binary data, as written */
    int64_t bt;      /**< base time */
    int64_t t;       /**< time */
    double bv;       /**< base value */
    double bs;       /**< base sum */
    double bver;     /**< version */
    double v;        /**< number */
    double s;        /**< sum */
    double ut;       /**< update time */
    bool vb;         /**< flag */
};

/** Storage of the caller; zeroed but for json, scratch, scratch_max and why. */
struct record_reader {
    struct json json;     /**< where in the message */
    struct record record; /**< the one record_read() read last */
    size_t number;        /**< of that record, from 1 */
    char *scratch;        /**< room for texts that are no part of the message */
    size_t scratch_len;   /**< bytes of it in use */
    size_t scratch_max;   /**< bytes of it */
    struct reason *why;   /**< where refusals go */
};

/** Bit of @p label in record.seen. */
static inline unsigned record_bit(enum label label)
{
    return 1u << label;
}

/** Reads one record, braces included. 0, or an error with its reason set: ERR_SYNTAX, ERR_TYPE,
 * ERR_RANGE, ERR_UNKNOWN (a label ending in `_`), ERR_EXISTS (a label twice), ERR_FULL. */
int record_read(struct record_reader *r) MUST_USE;
/** Sets the reason "@p what in record N" and returns @p err. */
int record_refuse(const struct record_reader *r, int err, const char *what);
/** Refuses the value that comes next, whatever it is: for not being JSON, else as ERR_TYPE for
 * @p what. */
int record_refuse_shape(struct record_reader *r, const char *what);
/** Room for @p len bytes in the scratch, or NULL with the reason set. */
char *record_scratch(struct record_reader *r, size_t len);

#endif
