/**
 * @file
 * A socket for echoes to one address: a datagram one where the system allows it
 * (net.ipv4.ping_group_range), else a raw one (CAP_NET_RAW).
 *
 * It moves bytes; what they mean is icmp_machine.h's.
 */
#ifndef ICMP_ICMP_SOCKET_H
#define ICMP_ICMP_SOCKET_H

#include "checks/icmp/icmp_packet.h"
#include "io/dns.h"

/** Storage of the caller. */
struct icmp_socket {
    int fd;                  /**< non-blocking, connected */
    enum icmp_family family; /**< of the address */
    bool raw;                /**< hears all of the machine's ICMP; IPv4 headers come along */
};

/** A received or returned message. */
struct icmp_arrival {
    unsigned char bytes[ICMP_PACKET_MAX + 60]; /**< as the socket gave them */
    size_t len;                                /**< bytes in use */
    int64_t late_us;                           /**< how long the kernel had held it already */
    int error;                                 /**< of an error queue: errno value, else 0 */
};

/** Opens and connects a socket to @p address: 0, or the positive errno value of what failed: EPERM
 * or EACCES from here mean that neither kind of socket is permitted. */
int icmp_socket_open(const struct dns_address *address, struct icmp_socket *ret_socket) MUST_USE;
/** Closes it. */
void icmp_socket_close(struct icmp_socket *s);
/** Sends a message: 0 or a positive errno value. */
int icmp_socket_send(struct icmp_socket *s, const unsigned char *bytes, size_t len) MUST_USE;
/** The next message that arrived: false if there is none. An error of the socket is no message. */
bool icmp_socket_next(struct icmp_socket *s, struct icmp_arrival *ret_arrival);
/** The next error that an echo met: false if there is none. */
bool icmp_socket_next_error(struct icmp_socket *s, struct icmp_arrival *ret_arrival);

#endif
