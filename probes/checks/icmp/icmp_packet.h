/**
 * @file
 * ICMP and ICMPv6 echo messages, to bytes and back (RFC 792, RFC 4443 section 4).
 *
 * Pure: no socket, no clock. It knows one payload only, that of the icmp check: a token that tells
 * our echoes from everybody else's, because a raw socket hears all of the machine's ICMP and a
 * datagram socket has its identifier overwritten by the kernel.
 */
#ifndef ICMP_ICMP_PACKET_H
#define ICMP_ICMP_PACKET_H

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes of the ICMP header that every echo has. */
#define ICMP_PACKET_HEADER 8
/** Smallest payload: the token. */
#define ICMP_PACKET_PAYLOAD_MIN 8
/** Largest payload the check sends. */
#define ICMP_PACKET_PAYLOAD_MAX 1400
/** Largest whole message. */
#define ICMP_PACKET_MAX (ICMP_PACKET_HEADER + ICMP_PACKET_PAYLOAD_MAX)

/** Which protocol's numbers and checksum apply. */
enum icmp_family {
    ICMP_FAMILY_V4, /**< RFC 792 */
    ICMP_FAMILY_V6, /**< RFC 4443 */
};

/** One echo request to be written. */
struct icmp_echo {
    enum icmp_family family; /**< protocol */
    uint16_t id;             /**< identifier; the kernel overwrites it on datagram sockets */
    uint16_t seq;            /**< sequence number */
    uint64_t token;          /**< first 8 bytes of the payload */
    size_t payload;          /**< payload bytes, ICMP_PACKET_PAYLOAD_MIN .. _MAX */
};

/** What a received message is. */
enum icmp_kind {
    ICMP_KIND_ECHO_REQUEST, /**< somebody asks; on loopback we hear our own */
    ICMP_KIND_ECHO_REPLY,   /**< an answer, perhaps to us */
    ICMP_KIND_OTHER,        /**< anything else */
};

/** A message that was read. */
struct icmp_message {
    enum icmp_kind kind; /**< see above */
    uint16_t id;         /**< identifier, of echoes */
    uint16_t seq;        /**< sequence number, of echoes */
    bool has_token;      /**< the payload is long enough to hold a token */
    uint64_t token;      /**< first 8 bytes of the payload, 0 without has_token */
};

/** Writes an echo request to @p out and returns its length. The ICMPv6 checksum stays 0: the kernel
 * fills it in, because it needs the addresses (RFC 3542 section 3.1). */
size_t icmp_packet_write(const struct icmp_echo *echo, unsigned char out[ICMP_PACKET_MAX]);

/**
 * Reads a message as a socket delivers it: a raw IPv4 socket puts the IP header first
 * (@p ip_header), all others do not. Returns 0, ERR_SYNTAX if it is too short, ERR_CORRUPT if an
 * IPv4 checksum is wrong.
 */
int icmp_packet_read(enum icmp_family family, bool ip_header, const unsigned char *bytes,
                     size_t len, struct icmp_message *ret_message) MUST_USE;

/** Reads what an error queue returns: the head of a request of ours, perhaps cut after its header,
 * without a checksum that could be verified. Returns 0 or ERR_SYNTAX. */
int icmp_packet_read_own(const unsigned char *bytes, size_t len,
                         struct icmp_message *ret_message) MUST_USE;

/** The Internet checksum of @p len bytes (RFC 1071); 0 over a message whose checksum is right. */
uint16_t icmp_packet_checksum(const unsigned char *bytes, size_t len);

#endif
