/**
 * @file
 * The code of authenticated STAMP packets: HMAC-SHA-256 of their first 96 bytes, cut to 16
 * (RFC 8762 section 4.4), with a key that both sides share.
 */
#ifndef CHECKS_STAMP_KEY_H
#define CHECKS_STAMP_KEY_H

#include "checks/stamp_packet.h"

/** Longest key, with its NUL. */
#define STAMP_KEY_MAX 128

/** A key; zeroed: none, packets are not authenticated. */
struct stamp_key {
    size_t len;                /**< 0 = none */
    char bytes[STAMP_KEY_MAX]; /**< the key */
};

/** Reads the first line of @p file, "" = no key: 0, what file_read_secret() says, or ERR_RANGE
 * (shorter than 16 bytes). */
int stamp_key_read(const char *file, struct stamp_key *ret_key) MUST_USE;
/** Puts the code into a packet of STAMP_PACKET_SEALED bytes: 0 or ERR_LIBRARY. */
int stamp_key_seal(const struct stamp_key *key, unsigned char packet[STAMP_PACKET_SEALED]) MUST_USE;
/** True if the code of such a packet is right; in constant time. */
bool stamp_key_fits(const struct stamp_key *key, const unsigned char packet[STAMP_PACKET_SEALED]);

#endif
