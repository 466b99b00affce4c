#include "stamp_relay.h"

#include "unit.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <netinet/in.h>

enum { PACKETS_MAX = 1024, BYTES_MAX = 1500, FROM_SEQ = 24, FROM_SENT = 28 };

struct parcel {
    bool used, back;
    int64_t due_ms;
    uint64_t came; /* how many came before */
    size_t len;
    unsigned char bytes[BYTES_MAX];
};

struct state {
    struct stamp_way way;
    int near, far; /* sockets of sender and reflector */
    struct sockaddr_in sender;
    uint64_t came;
    struct parcel parcel[PACKETS_MAX];
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void keep(struct state *s, bool back, int delay_ms, const unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < PACKETS_MAX; i++) {
        struct parcel *parcel = &s->parcel[i];
        if (parcel->used)
            continue;
        *parcel = (struct parcel){.used = true, .back = back, .len = len, .came = s->came++};
        parcel->due_ms = now_ms() + delay_ms;
        memcpy(parcel->bytes, bytes, len);
        return;
    }
}

static int digit_at(const unsigned char *bytes, size_t at)
{
    uint32_t number = (uint32_t)bytes[at] << 24 | (uint32_t)bytes[at + 1] << 16 |
                      (uint32_t)bytes[at + 2] << 8 | bytes[at + 3];
    return (int)(number % 10);
}

static void take_there(struct state *s)
{
    unsigned char bytes[BYTES_MAX];
    socklen_t size = sizeof s->sender;
    ssize_t len = recvfrom(s->near, bytes, sizeof bytes, 0, (struct sockaddr *)&s->sender, &size);
    if (len < 4 || digit_at(bytes, 0) == s->way.lost)
        return;
    int late_ms = digit_at(bytes, 0) == s->way.late ? s->way.late_ms : 0;
    keep(s, false, s->way.there_ms + late_ms, bytes, (size_t)len);
    if (s->way.both && digit_at(bytes, 0) == s->way.doubled_there)
        keep(s, false, s->way.there_ms + late_ms, bytes, (size_t)len);
}

static void take_back(struct state *s)
{
    unsigned char bytes[BYTES_MAX];
    ssize_t len = recv(s->far, bytes, sizeof bytes, 0);
    if (len < FROM_SENT + 8 || (s->way.both && digit_at(bytes, FROM_SEQ) == s->way.lost_back))
        return;
    if (s->way.spoilt)
        bytes[len - 1] ^= 0xff;
    keep(s, true, s->way.back_ms, bytes, (size_t)len);
    if (digit_at(bytes, FROM_SEQ) == s->way.doubled)
        keep(s, true, s->way.back_ms, bytes, (size_t)len);
    bytes[FROM_SENT + 7] ^= 1;
    if (s->way.forged)
        keep(s, true, s->way.back_ms, bytes, (size_t)len);
}

/* The one that is due first; of those of one moment the one that came first. */
static struct parcel *first_due(struct state *s)
{
    struct parcel *first = NULL;
    for (size_t i = 0; i < PACKETS_MAX; i++) {
        struct parcel *parcel = &s->parcel[i];
        if (parcel->used && (!first || parcel->due_ms < first->due_ms ||
                             (parcel->due_ms == first->due_ms && parcel->came < first->came)))
            first = parcel;
    }
    return first;
}

/* Milliseconds until the next one is due, -1 if none waits. */
static int deliver(struct state *s)
{
    struct parcel *parcel;
    while ((parcel = first_due(s)) && parcel->due_ms <= now_ms()) {
        ssize_t sent = parcel->back ? sendto(s->near, parcel->bytes, parcel->len, 0,
                                             (const struct sockaddr *)&s->sender, sizeof s->sender)
                                    : send(s->far, parcel->bytes, parcel->len, 0);
        (void)sent;
        parcel->used = false;
    }
    int64_t wait = parcel ? parcel->due_ms - now_ms() : -1;
    return parcel && wait < 0 ? 0 : (int)wait;
}

static void live(struct state *s)
{
    for (;;) {
        struct pollfd fds[] = {{.fd = s->near, .events = POLLIN}, {.fd = s->far, .events = POLLIN}};
        (void)poll(fds, 2, deliver(s));
        if (fds[0].revents)
            take_there(s);
        if (fds[1].revents)
            take_back(s);
    }
}

void stamp_relay_open(struct stamp_relay *relay, const struct stamp_way *way)
{
    static struct state state;
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in to = own;
    socklen_t size = sizeof own;
    memset(&state, 0, sizeof state);
    state.way = *way;
    state.near = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    state.far = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    to.sin_port = htons(way->to);
    assert_int_equal(bind(state.near, (const struct sockaddr *)&own, size), 0);
    assert_int_equal(connect(state.far, (const struct sockaddr *)&to, size), 0);
    assert_int_equal(getsockname(state.near, (struct sockaddr *)&own, &size), 0);
    relay->port = ntohs(own.sin_port);
    relay->pid = fork();
    assert_true(relay->pid >= 0);
    if (relay->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        live(&state);
    }
    close(state.near);
    close(state.far);
}

void stamp_relay_close(struct stamp_relay *relay)
{
    kill(relay->pid, SIGKILL);
    waitpid(relay->pid, NULL, 0);
}
