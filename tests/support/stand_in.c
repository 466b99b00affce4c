#include "stand_in.h"

#include "unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int bound(int type, uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(*port)};
    socklen_t len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static int listening(uint16_t *port)
{
    int fd = bound(SOCK_STREAM, port);
    assert_int_equal(listen(fd, 64), 0);
    return fd;
}

/* A bound socket that does not listen refuses TCP; one connected elsewhere refuses UDP. */
static void hold_ports(struct stand_in *s)
{
    s->held[0] = bound(SOCK_STREAM, &s->refusing);
    s->held[1] = bound(SOCK_DGRAM, &s->refusing);
    struct sockaddr_in away = {.sin_family = AF_INET, .sin_port = htons(1)};
    away.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    assert_int_equal(connect(s->held[1], (struct sockaddr *)&away, sizeof away), 0);
    s->held[2] = listening(&s->swallowing);
    s->held[3] = bound(SOCK_DGRAM, &s->swallowing);
}

static void say(int fd, const char *text)
{
    ssize_t sent = write(fd, text, strlen(text));
    (void)sent; /* the peer may have hung up, which is its right */
}

static void serve_web(int fd, const char *request)
{
    if (strstr(request, " /slow "))
        return;
    bool missing = strstr(request, " /missing ") != NULL;
    bool head = strncmp(request, "HEAD ", 5) == 0;
    char response[256];
    snprintf(response, sizeof response,
             "HTTP/1.1 %s\r\nContent-Length: 11\r\nConnection: close\r\n\r\n%s",
             missing ? "404 Not Found" : "200 OK", head ? "" : "all is well");
    say(fd, response);
    shutdown(fd, SHUT_WR);
}

/* Turns the question in @p q into its reply (RFC 1035 section 4); returns its length, 0 for none.
 */
static size_t reply_to(unsigned char *q, size_t len)
{
    static const unsigned char www[] = "\3www\4test";
    static const unsigned char a[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7};
    static const unsigned char aaaa[] = {0xc0, 12, 0, 28, 0, 1, 0, 0, 0, 60, 0, 16, 0xfd, 0,
                                         0,    0,  0, 0,  0, 0, 0, 0, 0, 0,  0, 0,  0,    7};
    size_t name = len > 12 ? strnlen((const char *)q + 12, len - 12) + 1 : 0;
    if (name == 0 || 12 + name + 4 > len || memcmp(q + 13, "silent", 6) == 0)
        return 0;
    size_t end = 12 + name + 4;
    int type = q[12 + name + 1];
    bool known = name == sizeof www && memcmp(q + 12, www, name) == 0;
    const unsigned char *record = type == 28 ? aaaa : a;
    size_t record_len = !known || (type != 1 && type != 28) ? 0
                        : type == 28                        ? sizeof aaaa
                                                            : sizeof a;
    q[2] = 0x85; /* a reply, authoritative, recursion desired */
    q[3] = known ? 0x80 : 0x83;
    memset(q + 6, 0, 6);
    q[7] = record_len > 0;
    memcpy(q + end, record, record_len);
    return end + record_len;
}

static void serve_names(int fd)
{
    unsigned char bytes[1024];
    struct sockaddr_storage from;
    socklen_t from_len = sizeof from;
    ssize_t len = recvfrom(fd, bytes, 512, 0, (struct sockaddr *)&from, &from_len);
    size_t reply = len > 0 ? reply_to(bytes, (size_t)len) : 0;
    if (reply > 0)
        (void)sendto(fd, bytes, reply, 0, (struct sockaddr *)&from, from_len);
}

/* Accepts on @p listener into a free slot; a greeting tells the talker's connections. */
static void serve_accept(int listener, bool talks, struct pollfd *slots, bool *talk, size_t n)
{
    int fd = accept(listener, NULL, NULL);
    for (size_t i = 0; i < n && fd >= 0; i++) {
        if (slots[i].fd >= 0)
            continue;
        slots[i] = (struct pollfd){.fd = fd, .events = POLLIN};
        talk[i] = talks;
        if (talks)
            say(fd, "220 ready\r\n");
        return;
    }
    if (fd >= 0)
        close(fd);
}

static void serve_one(struct pollfd *slot, bool talks)
{
    char bytes[2048];
    ssize_t len = read(slot->fd, bytes, sizeof bytes - 1);
    if (len <= 0) {
        close(slot->fd);
        slot->fd = -1;
        return;
    }
    bytes[len] = 0;
    if (talks)
        say(slot->fd, bytes);
    else
        serve_web(slot->fd, bytes);
}

_Noreturn static void serve(int talker, int web, int names)
{
    enum { FIXED = 3, SLOTS = 64 };

    struct pollfd fds[FIXED + SLOTS] = {{talker, POLLIN, 0}, {web, POLLIN, 0}, {names, POLLIN, 0}};
    bool talk[SLOTS] = {false};
    for (int i = FIXED; i < FIXED + SLOTS; i++)
        fds[i].fd = -1;
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        poll(fds, FIXED + SLOTS, -1);
        for (int i = FIXED; i < FIXED + SLOTS; i++) {
            if (fds[i].fd >= 0 && fds[i].revents)
                serve_one(&fds[i], talk[i - FIXED]);
        }
        for (int i = 0; i < 2; i++) {
            if (fds[i].revents)
                serve_accept(fds[i].fd, i == 0, fds + FIXED, talk, SLOTS);
        }
        if (fds[2].revents)
            serve_names(names);
    }
}

void stand_in_open(struct stand_in *s)
{
    memset(s, 0, sizeof *s);
    int talker = listening(&s->talker);
    int web = listening(&s->web);
    int names = bound(SOCK_DGRAM, &s->names);
    hold_ports(s);
    s->child = fork();
    assert_true(s->child >= 0);
    if (s->child == 0)
        serve(talker, web, names);
    close(talker);
    close(web);
    close(names);
}

void stand_in_close(struct stand_in *s)
{
    kill(s->child, SIGKILL);
    waitpid(s->child, NULL, 0);
    for (size_t i = 0; i < sizeof s->held / sizeof *s->held; i++)
        close(s->held[i]);
}

void stand_in_answer_echoes(bool answer)
{
    static const char *const files[] = {"/proc/sys/net/ipv4/icmp_echo_ignore_all",
                                        "/proc/sys/net/ipv6/icmp/echo_ignore_all"};

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        int fd = open(files[i], O_WRONLY | O_CLOEXEC);
        assert_true(fd >= 0);
        assert_int_equal(write(fd, answer ? "0" : "1", 1), 1);
        close(fd);
    }
}
