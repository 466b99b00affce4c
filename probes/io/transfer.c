#include "io/transfer.h"

#include "base/err.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HOST_LEN_MAX = 256,
    RESOLVE_MAX = HOST_LEN_MAX + 16 + DNS_ADDRESSES_MAX * (INET6_ADDRSTRLEN + 3)
};

struct transfers {
    struct loop *loop;
    CURLM *multi;
    struct loop_timer *timer;
    struct watched *watched;
};

struct watched {
    struct watched *next, **back;
    struct transfers *transfers;
    struct loop_poll *poll;
    curl_socket_t fd;
};

static void tell_ended(struct transfers *t)
{
    const CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(t->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURL *easy = message->easy_handle;
        CURLcode result = message->data.result;
        char *private = NULL;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
        struct transfer *transfer = (struct transfer *)(void *)private;
        curl_multi_remove_handle(t->multi, easy);
        transfer->done(transfer, result);
    }
}

static void act(struct transfers *t, curl_socket_t fd, int events)
{
    int running;
    curl_multi_socket_action(t->multi, fd, events, &running);
    tell_ended(t);
}

static void socket_ready(void *arg, int events)
{
    const struct watched *w = arg;
    act(w->transfers, w->fd,
        (events & LOOP_READ ? CURL_CSELECT_IN : 0) | (events & LOOP_WRITE ? CURL_CSELECT_OUT : 0));
}

static void timed_out(void *arg)
{
    act(arg, CURL_SOCKET_TIMEOUT, 0);
}

/* Only sets the timer: libcurl may not be called from inside its callbacks. */
static int timer_wanted(CURLM *multi, long wait_ms, void *arg)
{
    (void)multi;
    struct transfers *t = arg;
    if (wait_ms < 0)
        loop_timer_stop(t->timer);
    else
        loop_timer_after(t->timer, wait_ms);
    return 0;
}

static void forget(struct watched *w)
{
    *w->back = w->next;
    if (w->next)
        w->next->back = w->back;
    loop_poll_close(w->poll);
    free(w);
}

static struct watched *watch(struct transfers *t, curl_socket_t fd)
{
    struct watched *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    *w = (struct watched){.next = t->watched, .back = &t->watched, .transfers = t, .fd = fd};
    if (loop_poll_open(t->loop, fd, socket_ready, w, &w->poll) != 0) {
        free(w);
        return NULL;
    }
    if (w->next)
        w->next->back = &w->next;
    t->watched = w;
    curl_multi_assign(t->multi, fd, w);
    return w;
}

static int socket_changed(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
    (void)easy;
    struct watched *w = socket_arg;
    if (what == CURL_POLL_REMOVE) {
        if (w)
            forget(w);
        return 0;
    }
    w = w ? w : watch(arg, fd);
    int events = (what & CURL_POLL_IN ? LOOP_READ : 0) | (what & CURL_POLL_OUT ? LOOP_WRITE : 0);
    return w && loop_poll_want(w->poll, events) == 0 ? 0 : -1;
}

static CURLcode init_result;

static void init_once(void)
{
    init_result = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static int init_multi(struct transfers *t, int max_connections)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_once);
    t->multi = init_result == CURLE_OK ? curl_multi_init() : NULL;
    if (!t->multi)
        return ERR_LIBRARY;
    curl_multi_setopt(t->multi, CURLMOPT_SOCKETFUNCTION, socket_changed);
    curl_multi_setopt(t->multi, CURLMOPT_SOCKETDATA, t);
    curl_multi_setopt(t->multi, CURLMOPT_TIMERFUNCTION, timer_wanted);
    curl_multi_setopt(t->multi, CURLMOPT_TIMERDATA, t);
    curl_multi_setopt(t->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)max_connections);
    return 0;
}

int transfer_open(struct loop *loop, int max_connections, struct transfers **ret_transfers)
{
    struct transfers *t = calloc(1, sizeof *t);
    if (!t)
        return ERR_NOMEM;
    t->loop = loop;
    int err = loop_timer_open(loop, timed_out, t, &t->timer);
    if (!err)
        err = init_multi(t, max_connections);
    if (err) {
        transfer_close(t);
        return err;
    }
    *ret_transfers = t;
    return 0;
}

void transfer_close(struct transfers *t)
{
    if (!t)
        return;
    if (t->multi)
        curl_multi_cleanup(t->multi);
    for (struct watched *w = t->watched, *next; w; w = next) {
        next = w->next;
        forget(w);
    }
    loop_timer_close(t->timer);
    free(t);
}

int transfer_add(struct transfers *t, struct transfer *transfer)
{
    if (curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, (char *)transfer) != CURLE_OK)
        return ERR_LIBRARY;
    return curl_multi_add_handle(t->multi, transfer->easy) == CURLM_OK ? 0 : ERR_LIBRARY;
}

void transfer_remove(struct transfers *t, struct transfer *transfer)
{
    curl_multi_remove_handle(t->multi, transfer->easy);
}

bool transfer_read_target(const char *url, char *ret_host, size_t max, int *ret_port)
{
    CURLU *parts = curl_url();
    char *host = NULL, *port = NULL;
    bool ok = parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
              curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
              curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK;
    if (ok) {
        size_t bracket = host[0] == '[';
        size_t len = strlen(host) - 2 * bracket;
        ok = len > 0 && len < max;
        snprintf(ret_host, max, "%.*s", (int)len, host + bracket);
        *ret_port = atoi(port);
    }
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(parts);
    return ok;
}

/* "host:port:address,address" */
static void list_addresses(const char *host, int port, const struct dns_address *addresses,
                           size_t n, char line[RESOLVE_MAX])
{
    size_t len = (size_t)snprintf(line, RESOLVE_MAX, "%s:%d:", host, port);
    for (size_t i = 0; i < n && len < RESOLVE_MAX; i++) {
        char text[INET6_ADDRSTRLEN] = "";
        bool v6 = addresses[i].sa.sa_family == AF_INET6;
        const void *bytes =
            v6 ? (const void *)&addresses[i].in6.sin6_addr : &addresses[i].in.sin_addr;
        inet_ntop(addresses[i].sa.sa_family, bytes, text, sizeof text);
        len += (size_t)snprintf(line + len, RESOLVE_MAX - len, v6 ? "%s[%s]" : "%s%s", i ? "," : "",
                                text);
    }
}

int transfer_give_addresses(const struct transfer *transfer, const char *host, int port,
                            const struct dns_address *addresses, size_t n,
                            struct curl_slist **ret_list)
{
    char line[RESOLVE_MAX];
    struct dns_address literal;
    if (dns_literal(host, 0, &literal) == 0)
        return 0;
    list_addresses(host, port, addresses, n, line);
    *ret_list = curl_slist_append(NULL, line);
    if (!*ret_list)
        return ERR_NOMEM;
    return curl_easy_setopt(transfer->easy, CURLOPT_RESOLVE, *ret_list) == CURLE_OK ? 0
                                                                                    : ERR_LIBRARY;
}
