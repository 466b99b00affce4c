/**
 * @file
 * A UDP socket that tells when a packet came and went on both clocks, and with which hop limit.
 *
 * It moves bytes; what they mean is stamp_packet.h's.
 */
#ifndef CHECKS_STAMP_SOCKET_H
#define CHECKS_STAMP_SOCKET_H

#include "checks/stamp_packet.h"
#include "io/dns.h"

/** Both clocks at one moment. */
struct stamp_moment {
    int64_t mono_us; /**< loop_stopwatch_us() */
    int64_t wall_us; /**< UTC since 1970 */
};

/** A packet that came. */
struct stamp_arrival {
    unsigned char bytes[STAMP_PACKET_MAX]; /**< len bytes */
    size_t len;                            /**< of the packet, at most as many as there is room */
    struct stamp_moment at;                /**< when the kernel took it */
    uint8_t ttl;                           /**< as it came, 255 if not known */
    struct dns_address peer;               /**< whose it is */
    unsigned char way[64];                 /**< which of our addresses it came to, for the answer */
    size_t way_len;                        /**< of way; 0 = not known */
};

/** Both clocks now. */
struct stamp_moment stamp_socket_now(void);
/** True if the kernel holds its clock right (adjtimex(2)). */
bool stamp_socket_clock_held(void);
/** A socket connected to @p address: 0 or a positive errno value. */
int stamp_socket_connect(const struct dns_address *address, int *ret_fd) MUST_USE;
/** A socket bound to @p address: 0 or a positive errno value. */
int stamp_socket_bind(const struct dns_address *address, int *ret_fd) MUST_USE;
/** The next packet: false if there is none. Errors of the socket are passed over. */
bool stamp_socket_next(int fd, struct stamp_arrival *ret_arrival);
/** Sends @p len bytes on a connected socket: 0 or a positive errno value. */
int stamp_socket_send(int fd, const unsigned char *bytes, size_t len) MUST_USE;
/** Sends @p len bytes back to where @p arrival came from, by the address it came to. What cannot be
 * sent is lost, as on the way. */
void stamp_socket_answer(int fd, const struct stamp_arrival *arrival, const unsigned char *bytes,
                         size_t len);

#endif
