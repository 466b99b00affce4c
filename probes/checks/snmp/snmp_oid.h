/**
 * @file
 * Object identifiers of SNMP: dotted text to numbers and back, compared and taken apart.
 *
 * Pure. What they name stands in profiles (snmp_profile.h); no MIB is ever loaded.
 */
#ifndef SNMP_SNMP_OID_H
#define SNMP_SNMP_OID_H

#include "base/attr.h"
#include "base/slice.h"

#include <stdint.h>

/** Most numbers of an identifier here; longer ones of an agent are cut off as unknown. */
#define SNMP_OID_MAX 40
/** Longest text of one, with its NUL. */
#define SNMP_OID_TEXT_MAX 440

/** An identifier, or the index behind one. Zeroed: empty. */
struct snmp_oid {
    uint32_t len;              /**< numbers in use */
    uint32_t id[SNMP_OID_MAX]; /**< the numbers */
};

/** Reads "1.3.6.1", with or without a dot before it: 0, ERR_SYNTAX, ERR_RANGE or ERR_TOO_LONG. */
int snmp_oid_read(struct slice text, struct snmp_oid *ret_oid) MUST_USE;
/** Writes the dotted text, without a dot before it; empty for none. */
void snmp_oid_write(const struct snmp_oid *oid, char ret_text[SNMP_OID_TEXT_MAX]);
/** Below, equal or above 0 in the order in which an agent walks (RFC 3416 section 4.2.2). */
int snmp_oid_order(const struct snmp_oid *a, const struct snmp_oid *b);
/** True if @p oid stands below @p root; @p ret_index is what follows, perhaps nothing. */
bool snmp_oid_below(const struct snmp_oid *root, const struct snmp_oid *oid,
                    struct snmp_oid *ret_index);
/** @p root with @p index behind it: 0 or ERR_TOO_LONG. */
int snmp_oid_join(const struct snmp_oid *root, const struct snmp_oid *index,
                  struct snmp_oid *ret_oid) MUST_USE;
/** A number for the first @p len numbers (at most all) of @p oid, to find it again by. */
uint64_t snmp_oid_hash(const struct snmp_oid *oid, uint32_t len);

#endif
