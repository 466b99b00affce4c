/**
 * @file
 * What the reply of a name server means for the dns check.
 *
 * Pure. Asking, and reading the reply's bytes, is io/dns.h's.
 */
#ifndef DNS_DNS_MACHINE_H
#define DNS_DNS_MACHINE_H

#include "base/field.h"
#include "io/dns.h"

/** What was found among the answers. */
struct dns_finding {
    size_t answers;    /**< records of the type asked for */
    int64_t ttl_s;     /**< the shortest time to live of them */
    const char *first; /**< text of the first of them, within the records; NULL if none */
    bool expected;     /**< one of them is expected, or none was named */
};

/** The words of the key `record`, NULL-terminated; dns_machine_type() takes an index. */
extern const char *const dns_machine_records[];

/** RFC 1035 type (RFC 3596 for AAAA) of an index into dns_machine_records. */
int dns_machine_type(int record);
/** What a response code says (RFC 1035 section 4.1.1), for people; never NULL. */
const char *dns_machine_rcode(int rcode);
/** True if two answers are the same: addresses as addresses, all else without regard to case or a
 * dot at the end. */
bool dns_machine_same(const char *answer, const char *expected);
/** Looks through @p records for type @p type and for one of @p expected. */
struct dns_finding dns_machine_find(const struct dns_records *records, int type,
                                    const struct field_texts *expected);

#endif
