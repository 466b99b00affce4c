/**
 * @file
 * What of net-snmp has to be said once for the whole program, and its algorithms.
 *
 * No MIB is loaded, no configuration of the machine read, nothing written to its disk, nothing
 * logged. The library keeps its users in one list of the program: one thread only, the loop's.
 */
#ifndef SNMP_SNMP_LIBRARY_H
#define SNMP_SNMP_LIBRARY_H

#include "base/attr.h"
#include "base/slice.h"

/** Makes the library ready. Idempotent. */
void snmp_library_init(void);
/** The library's number of the authentication called @p word (sha256); 0 if it has none. */
int snmp_library_auth(const char *word);
/** The library's number of AES-128. */
int snmp_library_privacy(void);
/** The key made of a password by the hash of @p auth (RFC 3414 section A.2), at most 64 bytes: 0 or
 * ERR_LIBRARY. */
int snmp_library_key(int auth, struct slice password, unsigned char ret_key[64],
                     size_t *ret_len) MUST_USE;

#endif
