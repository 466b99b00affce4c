#include "checks/icmp/icmp_socket.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Datagram first: it needs no privilege and hears its own answers only. EACCES there means that
 * ping_group_range does not name our group; a raw socket may still be allowed. */
static int open_either(bool v4, bool *ret_raw)
{
    int family = v4 ? AF_INET : AF_INET6;
    int protocol = v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
    *ret_raw = false;
    int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    if (fd >= 0 || errno != EACCES)
        return fd;
    *ret_raw = true;
    return socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}

/* A raw socket is woken for echo replies only; refusals come by the error queue all the same. */
static int filter(int fd, bool v4)
{
    if (v4) {
        struct icmp_filter only = {.data = ~(1U << ICMP_ECHOREPLY)};
        return setsockopt(fd, SOL_RAW, ICMP_FILTER, &only, sizeof only);
    }
    struct icmp6_filter only;
    ICMP6_FILTER_SETBLOCKALL(&only);
    ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &only);
    return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &only, sizeof only);
}

static int prepare(const struct icmp_socket *s, const struct dns_address *address)
{
    int on = 1;
    bool v4 = s->family == ICMP_FAMILY_V4;
    if (s->raw && filter(s->fd, v4) != 0)
        return errno;
    if (setsockopt(s->fd, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_RECVERR : IPV6_RECVERR, &on,
                   sizeof on) != 0 ||
        setsockopt(s->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0)
        return errno;
    if (connect(s->fd, &address->sa, address->len) == 0)
        return 0;
    return errno == EACCES ? EADDRNOTAVAIL : errno; /* a broadcast address, not a permission */
}

int icmp_socket_open(const struct dns_address *address, struct icmp_socket *ret_socket)
{
    bool v4 = address->sa.sa_family == AF_INET;
    struct icmp_socket s = {.family = v4 ? ICMP_FAMILY_V4 : ICMP_FAMILY_V6};
    s.fd = open_either(v4, &s.raw);
    if (s.fd < 0)
        return errno;
    int error = prepare(&s, address);
    if (error) {
        icmp_socket_close(&s);
        return error;
    }
    *ret_socket = s;
    return 0;
}

void icmp_socket_close(struct icmp_socket *s)
{
    close(s->fd);
    s->fd = -1;
}

/* An error that an earlier echo met is returned once, instead of sending: only the second is this
 * one's own. */
int icmp_socket_send(struct icmp_socket *s, const unsigned char *bytes, size_t len)
{
    if (send(s->fd, bytes, len, 0) >= 0)
        return 0;
    return send(s->fd, bytes, len, 0) < 0 ? errno : 0;
}

/* The kernel stamps in wall time; its distance from now is the same on any clock. A step of the
 * wall clock in between gives nonsense, hence the bounds. */
static int64_t held_us(const struct timespec *stamp)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return 0;
    int64_t us =
        (int64_t)(now.tv_sec - stamp->tv_sec) * 1000000 + (now.tv_nsec - stamp->tv_nsec) / 1000;
    return us >= 0 && us < 1000000 ? us : 0;
}

static void read_control(struct msghdr *msg, struct icmp_arrival *arrival)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec stamp;
            memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
            arrival->late_us = held_us(&stamp);
        } else if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
                   (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR)) {
            struct sock_extended_err error;
            memcpy(&error, CMSG_DATA(c), sizeof error);
            arrival->error = (int)error.ee_errno;
        }
    }
}

static bool receive(int fd, int flags, struct icmp_arrival *arrival)
{
    char control[512];
    struct iovec bytes = {arrival->bytes, sizeof arrival->bytes};
    struct msghdr msg = {.msg_iov = &bytes,
                         .msg_iovlen = 1,
                         .msg_control = control,
                         .msg_controllen = sizeof control};
    ssize_t len = recvmsg(fd, &msg, flags | MSG_DONTWAIT);
    if (len < 0)
        return false;
    arrival->len = (size_t)len;
    arrival->late_us = 0;
    arrival->error = 0;
    read_control(&msg, arrival);
    return true;
}

bool icmp_socket_next(struct icmp_socket *s, struct icmp_arrival *ret_arrival)
{
    if (receive(s->fd, 0, ret_arrival))
        return true;
    /* An error of the socket hides what waits behind it, once; what it was stands in its queue. */
    if (errno != EAGAIN && receive(s->fd, 0, ret_arrival))
        return true;
    return false;
}

bool icmp_socket_next_error(struct icmp_socket *s, struct icmp_arrival *ret_arrival)
{
    if (!receive(s->fd, MSG_ERRQUEUE, ret_arrival))
        return false;
    if (ret_arrival->error == 0)
        ret_arrival->error = EHOSTUNREACH;
    return true;
}
