/**
 * @file
 * What a check is pointed at: a host, or a host and a port, as people write them.
 *
 * Pure text: `10.0.0.1`, `core.example`, `10.0.0.1:53`, `[fd00::1]:53`, `fd00::1`. It judges
 * spelling only; addresses, also those of literals, come from io/dns.h.
 */
#ifndef CHECKS_TARGET_H
#define CHECKS_TARGET_H

#include "base/attr.h"
#include "base/field.h"

#include <stdint.h>

/** Longest host name (RFC 1035 section 2.3.4) with its NUL. */
#define TARGET_HOST_MAX 254

/** A host and perhaps a port. */
struct target {
    char host[TARGET_HOST_MAX]; /**< name or literal address, without brackets */
    uint16_t port;              /**< 0 if none was written */
};

/** The words of a key `family`, NULL-terminated; an index into them is what target_af() takes. */
extern const char *const target_families[];

/** AF_UNSPEC, AF_INET or AF_INET6 for an index into target_families. */
int target_af(int family);
/**
 * Reads `host`, `host:port`, `[v6]` or `[v6]:port`. A bare IPv6 address has no port. Returns 0,
 * ERR_SYNTAX (neither an address nor a host name), ERR_RANGE (port not 1 to 65535) or ERR_TOO_LONG.
 */
int target_read(struct slice text, struct target *ret_target) MUST_USE;
/** True if @p text is a host name as DNS has it: labels of at most 63 letters, digits, `-`, `_`,
 * and not a mistyped address. */
bool target_is_name(struct slice text);
/** For a type's verify: true if @p text is a host without port, or a sentence in @p ret_why. */
bool target_is_host(const char *text, char ret_why[FIELD_WHY_MAX]);
/** For a type's verify: true if @p text is a host with port, or a sentence in @p ret_why. */
bool target_is_host_port(const char *text, char ret_why[FIELD_WHY_MAX]);

#endif
