#include "checks/stamp_socket.h"

#include "io/loop.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include <netinet/in.h>

enum { TTL_MAX = 255, HELD_MAX_US = 1000000 };

struct stamp_moment stamp_socket_now(void)
{
    struct timespec wall = {0};
    clock_gettime(CLOCK_REALTIME, &wall);
    return (struct stamp_moment){loop_stopwatch_us(),
                                 (int64_t)wall.tv_sec * 1000000 + wall.tv_nsec / 1000};
}

bool stamp_socket_clock_held(void)
{
    struct timex clock = {0};
    int state = adjtimex(&clock);
    return state >= 0 && state != TIME_ERROR && !(clock.status & STA_UNSYNC);
}

/* ---- opening ---- */

/* Each is told where it can be; a socket works without any of them. */
static void ask_for_control(int fd, int family)
{
    static const struct {
        int family, level, name, value;
    } options[] = {
        {AF_UNSPEC, SOL_SOCKET, SO_TIMESTAMPNS, 1},
        {AF_INET, IPPROTO_IP, IP_TTL, TTL_MAX},
        {AF_INET, IPPROTO_IP, IP_RECVTTL, 1},
        {AF_INET, IPPROTO_IP, IP_PKTINFO, 1},
        {AF_INET6, IPPROTO_IPV6, IPV6_V6ONLY, 1},
        {AF_INET6, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1},
        {AF_INET6, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1},
        {AF_INET6, IPPROTO_IPV6, IPV6_UNICAST_HOPS, TTL_MAX},
    };

    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (options[i].family == AF_UNSPEC || options[i].family == family)
            (void)setsockopt(fd, options[i].level, options[i].name, &options[i].value,
                             sizeof options[i].value);
    }
}

static int open_socket(const struct dns_address *address, bool bound, int *ret_fd)
{
    int fd = socket(address->sa.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    ask_for_control(fd, address->sa.sa_family);
    int rc = bound ? bind(fd, &address->sa, address->len) : connect(fd, &address->sa, address->len);
    if (rc != 0) {
        int error = errno;
        close(fd);
        return error;
    }
    *ret_fd = fd;
    return 0;
}

int stamp_socket_connect(const struct dns_address *address, int *ret_fd)
{
    return open_socket(address, false, ret_fd);
}

int stamp_socket_bind(const struct dns_address *address, int *ret_fd)
{
    return open_socket(address, true, ret_fd);
}

/* ---- receiving ---- */

/* The kernel stamps in wall time; how long it held the packet is the same on any clock, unless the
 * wall clock was set in between. */
static void stamped(struct stamp_arrival *arrival, const unsigned char *data)
{
    struct timespec stamp;
    memcpy(&stamp, data, sizeof stamp);
    int64_t wall_us = (int64_t)stamp.tv_sec * 1000000 + stamp.tv_nsec / 1000;
    int64_t held_us = arrival->at.wall_us - wall_us;
    if (held_us < 0 || held_us > HELD_MAX_US)
        return;
    arrival->at.wall_us -= held_us;
    arrival->at.mono_us -= held_us;
}

static bool is_way(const struct cmsghdr *c)
{
    return (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) ||
           (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO);
}

static bool is_ttl(const struct cmsghdr *c)
{
    return (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL) ||
           (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT);
}

static void read_control(struct msghdr *msg, struct stamp_arrival *arrival)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
            stamped(arrival, CMSG_DATA(c));
        if (is_way(c) && c->cmsg_len <= sizeof arrival->way) {
            memcpy(arrival->way, c, c->cmsg_len);
            arrival->way_len = c->cmsg_len;
        }
        if (is_ttl(c)) {
            int ttl;
            memcpy(&ttl, CMSG_DATA(c), sizeof ttl);
            arrival->ttl = (uint8_t)ttl;
        }
    }
}

static bool receive(int fd, struct stamp_arrival *arrival)
{
    _Alignas(struct cmsghdr) char control[256];
    struct iovec bytes = {arrival->bytes, sizeof arrival->bytes};
    struct msghdr msg = {.msg_name = &arrival->peer.sa,
                         .msg_namelen = sizeof arrival->peer.in6,
                         .msg_iov = &bytes,
                         .msg_iovlen = 1,
                         .msg_control = control,
                         .msg_controllen = sizeof control};
    ssize_t len = recvmsg(fd, &msg, MSG_DONTWAIT);
    if (len < 0)
        return false;
    arrival->len = (size_t)len;
    arrival->peer.len = msg.msg_namelen;
    arrival->at = stamp_socket_now();
    arrival->ttl = TTL_MAX;
    arrival->way_len = 0;
    read_control(&msg, arrival);
    return true;
}

bool stamp_socket_next(int fd, struct stamp_arrival *ret_arrival)
{
    /* An error that an earlier packet met hides what waits behind it, once. */
    return receive(fd, ret_arrival) || (errno != EAGAIN && receive(fd, ret_arrival));
}

/* ---- sending ---- */

int stamp_socket_send(int fd, const unsigned char *bytes, size_t len)
{
    if (send(fd, bytes, len, 0) >= 0)
        return 0;
    return send(fd, bytes, len, 0) < 0 ? errno : 0; /* the first error may be an earlier packet's */
}

/* By the address it came to: a peer that is connected takes answers from no other. The interface is
 * the routes' choice. */
static void keep_way(struct cmsghdr *c)
{
    unsigned zero = 0;
    size_t at = c->cmsg_level == IPPROTO_IP ? offsetof(struct in_pktinfo, ipi_ifindex)
                                            : offsetof(struct in6_pktinfo, ipi6_ifindex);
    memcpy(CMSG_DATA(c) + at, &zero, sizeof zero);
}

void stamp_socket_answer(int fd, const struct stamp_arrival *arrival, const unsigned char *bytes,
                         size_t len)
{
    _Alignas(struct cmsghdr) unsigned char way[sizeof arrival->way];
    struct dns_address peer = arrival->peer;
    unsigned char copy[STAMP_PACKET_MAX];
    memcpy(copy, bytes, len);
    memcpy(way, arrival->way, sizeof way);
    struct iovec part = {copy, len};
    struct msghdr msg = {
        .msg_name = &peer.sa, .msg_namelen = peer.len, .msg_iov = &part, .msg_iovlen = 1};
    if (arrival->way_len > 0) {
        keep_way((struct cmsghdr *)way);
        msg.msg_control = way;
        msg.msg_controllen = arrival->way_len;
    }
    (void)sendmsg(fd, &msg, MSG_DONTWAIT);
}
