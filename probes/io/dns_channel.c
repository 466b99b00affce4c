#include "io/dns_channel.h"

#include "base/err.h"

#include <stdlib.h>
#include <sys/time.h>

struct watched {
    struct watched *next;
    struct dns_channel *channel;
    struct loop_poll *poll;
    ares_socket_t fd;
};

struct dns_channel {
    struct loop *loop;
    ares_channel ares;
    struct loop_timer *timer;
    struct watched *watched;
};

void dns_channel_asked(struct dns_channel *channel)
{
    struct timeval wait;
    if (!ares_timeout(channel->ares, NULL, &wait))
        loop_timer_stop(channel->timer);
    else
        loop_timer_after(channel->timer, wait.tv_sec * 1000 + wait.tv_usec / 1000 + 1);
}

static void process(struct dns_channel *channel, ares_socket_t readable, ares_socket_t writable)
{
    ares_process_fd(channel->ares, readable, writable);
    dns_channel_asked(channel);
}

static void timed_out(void *arg)
{
    process(arg, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

static void socket_ready(void *arg, int events)
{
    const struct watched *w = arg;
    process(w->channel, events & LOOP_READ ? w->fd : ARES_SOCKET_BAD,
            events & LOOP_WRITE ? w->fd : ARES_SOCKET_BAD);
}

static void forget(struct watched **at)
{
    struct watched *w = *at;
    *at = w->next;
    loop_poll_close(w->poll);
    free(w);
}

static struct watched *watch(struct dns_channel *channel, ares_socket_t fd)
{
    struct watched *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    *w = (struct watched){.next = channel->watched, .channel = channel, .fd = fd};
    if (loop_poll_open(channel->loop, fd, socket_ready, w, &w->poll) != 0) {
        free(w);
        return NULL;
    }
    channel->watched = w;
    return w;
}

/* A socket that cannot be watched leaves its question to the timeout. */
static void socket_changed(void *arg, ares_socket_t fd, int readable, int writable)
{
    struct dns_channel *channel = arg;
    struct watched **at = &channel->watched;
    while (*at && (*at)->fd != fd)
        at = &(*at)->next;
    bool wanted = readable || writable;
    if (!wanted && *at)
        forget(at);
    if (!wanted)
        return;
    struct watched *w = *at ? *at : watch(channel, fd);
    if (w && loop_poll_want(w->poll, (readable ? LOOP_READ : 0) | (writable ? LOOP_WRITE : 0)) != 0)
        loop_timer_after(channel->timer, 0);
}

/* All that c-ares would else look up in /etc/resolv.conf and /etc/nsswitch.conf, for every question
 * to a server of its own. */
enum {
    NOTHING_OF_THE_SYSTEM = ARES_OPT_FLAGS | ARES_OPT_SERVERS | ARES_OPT_DOMAINS | ARES_OPT_NDOTS |
                            ARES_OPT_SORTLIST | ARES_OPT_LOOKUPS
};

static int init_ares(struct dns_channel *channel, const char *servers, int timeout_ms, int tries)
{
    char lookups[] = "b";
    struct ares_options options = {.flags =
                                       servers ? ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH : 0,
                                   .timeout = timeout_ms,
                                   .tries = tries,
                                   .ndots = 1,
                                   .lookups = lookups,
                                   .sock_state_cb = socket_changed,
                                   .sock_state_cb_data = channel};
    int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB |
               (servers ? NOTHING_OF_THE_SYSTEM : 0);
    if (ares_init_options(&channel->ares, &options, mask) != ARES_SUCCESS)
        return ERR_LIBRARY;
    if (servers && ares_set_servers_ports_csv(channel->ares, servers) != ARES_SUCCESS)
        return ERR_LIBRARY;
    return 0;
}

int dns_channel_open(struct loop *loop, const char *servers, int timeout_ms, int tries,
                     struct dns_channel **ret_channel)
{
    struct dns_channel *channel = calloc(1, sizeof *channel);
    if (!channel)
        return ERR_NOMEM;
    channel->loop = loop;
    int err = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS ? 0 : ERR_LIBRARY;
    if (!err)
        err = loop_timer_open(loop, timed_out, channel, &channel->timer);
    if (!err)
        err = init_ares(channel, servers, timeout_ms, tries);
    if (err) {
        dns_channel_close(channel);
        return err;
    }
    *ret_channel = channel;
    return 0;
}

void dns_channel_close(struct dns_channel *channel)
{
    if (!channel)
        return;
    if (channel->ares)
        ares_destroy(channel->ares);
    while (channel->watched)
        forget(&channel->watched);
    loop_timer_close(channel->timer);
    ares_library_cleanup();
    free(channel);
}

ares_channel dns_channel_ares(struct dns_channel *channel)
{
    return channel->ares;
}
