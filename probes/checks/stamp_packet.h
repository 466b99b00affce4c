/**
 * @file
 * The packets of STAMP (RFC 8762, with the session identifier of RFC 8972) and of TWAMP Light's
 * test (RFC 5357 section 4.1.2), which are the same where they are not authenticated.
 *
 * Pure: bytes and numbers. The code of authenticated packets is put in and checked by stamp_key.h.
 */
#ifndef CHECKS_STAMP_PACKET_H
#define CHECKS_STAMP_PACKET_H

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes of a packet without authentication, both ways. */
#define STAMP_PACKET_OPEN 44
/** Bytes of an authenticated one, both ways. */
#define STAMP_PACKET_SEALED 112
/** Where the code of an authenticated one stands: it covers all before (RFC 8762 section 4.4). */
#define STAMP_PACKET_CODE_AT 96
/** Bytes of the code: HMAC-SHA-256 cut to half. */
#define STAMP_PACKET_CODE 16
/** Most bytes that are received and sent back: what fits into one frame. */
#define STAMP_PACKET_MAX 1472
/** Port of STAMP and TWAMP. */
#define STAMP_PACKET_PORT 862

/** A time as it stands in a packet. */
struct stamp_time {
    uint64_t bits;  /**< 32 bits of seconds, 32 of their fraction or of nanoseconds */
    uint16_t error; /**< error estimate: S, Z, scale, multiplier (RFC 4656 section 4.1.2) */
};

/** What a sender says. */
struct stamp_request {
    uint32_t seq;           /**< from 0 */
    struct stamp_time sent; /**< when it left the sender */
    uint16_t session;       /**< session identifier, 0 = none */
};

/** What a reflector answers. */
struct stamp_reply {
    uint32_t seq;              /**< the reflector's own count, or the sender's */
    struct stamp_time sent;    /**< when it left the reflector */
    uint16_t session;          /**< session identifier, 0 = none */
    uint64_t received;         /**< when the request came, in the form of sent */
    struct stamp_request from; /**< the request; its session is not repeated */
    uint8_t ttl;               /**< of the request as it came, 255 if not known */
};

/** @p wall_us (UTC, since 1970) as a packet has it, the clock being held right (@p synced) or not.
 */
struct stamp_time stamp_packet_time(int64_t wall_us, bool synced);
/** The bits of a packet's time as UTC since 1970 in microseconds; @p error says of which form they
 * are. Right from 1970 to 2104 (NTP's second era begins in 2036). */
int64_t stamp_packet_wall_us(uint64_t bits, uint16_t error);
/** True if the clock that gave the time says that it is held right. */
bool stamp_packet_synced(uint16_t error);

/** Writes a request, zeros where the code goes; returns its length. */
size_t stamp_packet_write_request(const struct stamp_request *request, bool sealed,
                                  unsigned char out[STAMP_PACKET_SEALED]);
/** Reads a request; one without authentication may be as short as TWAMP's 14 bytes. 0 or ERR_END
 * (too short). */
int stamp_packet_read_request(const unsigned char *bytes, size_t len, bool sealed,
                              struct stamp_request *ret_request) MUST_USE;
/** Writes a reply, zeros where the code goes; returns its length. */
size_t stamp_packet_write_reply(const struct stamp_reply *reply, bool sealed,
                                unsigned char out[STAMP_PACKET_SEALED]);
/** Reads a reply; one without authentication may be as short as TWAMP's 41 bytes. 0 or ERR_END. */
int stamp_packet_read_reply(const unsigned char *bytes, size_t len, bool sealed,
                            struct stamp_reply *ret_reply) MUST_USE;

#endif
