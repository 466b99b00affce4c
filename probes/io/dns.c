#include "io/dns.h"

#include "base/err.h"
#include "io/dns_channel.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 255, SERVER_TIMEOUT_MS = 2000, SERVER_TRIES = 2, RCODE_MASK = 15 };

struct dns {
    struct loop *loop;
    struct dns_channel *channel;
    struct dns_request *requests;
};

/* Its caller and c-ares both hold a request; it is freed when both have let go. Results are handed
 * over by its timer, so that nothing of the caller's ever runs inside c-ares. */
struct dns_request {
    struct dns_request *next, **back;
    struct loop_timer *timer;    /* the deadline, then the hand-over; NULL once told */
    struct dns_channel *channel; /* of a question to a server of its own */
    bool asked;                  /* c-ares still holds it */
    bool answered;
    int64_t asked_us;
    int port;
    dns_resolved *resolved;
    dns_replied *replied;
    void *arg;
    int err;
    size_t len;
    struct dns_address addresses[DNS_ADDRESSES_MAX];
    struct dns_reply reply;
    char *bytes;
};

int dns_literal(const char *text, int port, struct dns_address *ret_address)
{
    struct dns_address a = {.len = 0};
    if (inet_pton(AF_INET, text, &a.in.sin_addr) == 1) {
        a.in.sin_family = AF_INET;
        a.in.sin_port = htons((uint16_t)port);
        a.len = sizeof a.in;
    } else if (inet_pton(AF_INET6, text, &a.in6.sin6_addr) == 1) {
        a.in6.sin6_family = AF_INET6;
        a.in6.sin6_port = htons((uint16_t)port);
        a.len = sizeof a.in6;
    } else {
        return ERR_SYNTAX;
    }
    *ret_address = a;
    return 0;
}

int dns_open(struct loop *loop, struct dns **ret_dns)
{
    struct dns *dns = calloc(1, sizeof *dns);
    if (!dns)
        return ERR_NOMEM;
    dns->loop = loop;
    int err = dns_channel_open(loop, NULL, SERVER_TIMEOUT_MS, SERVER_TRIES, &dns->channel);
    if (err) {
        free(dns);
        return err;
    }
    *ret_dns = dns;
    return 0;
}

static void free_if_let_go(struct dns_request *r)
{
    if (r->timer || r->asked)
        return;
    *r->back = r->next;
    if (r->next)
        r->next->back = r->back;
    free(r->bytes);
    free(r);
}

/* The caller lets go. A channel of its own goes at once, and with it c-ares' hold. */
static void let_go(struct dns_request *r)
{
    loop_timer_close(r->timer);
    r->timer = NULL;
    struct dns_channel *own = r->channel;
    r->channel = NULL;
    if (own) {
        r->asked = false; /* its callback must not free it twice */
        dns_channel_close(own);
    }
    free_if_let_go(r);
}

void dns_cancel(struct dns_request *r)
{
    if (r)
        let_go(r);
}

void dns_close(struct dns *dns)
{
    if (!dns)
        return;
    for (struct dns_request *r = dns->requests, *next; r; r = next) {
        next = r->next;
        if (r->timer)
            let_go(r);
    }
    dns_channel_close(dns->channel);
    free(dns);
}

/* Hands over what came, or that nothing did. */
static void tell(void *arg)
{
    struct dns_request *r = arg;
    loop_timer_close(r->timer);
    r->timer = NULL;
    bool held = r->asked;
    r->asked = true; /* keeps it while its caller looks at it */
    if (r->resolved) {
        r->resolved(r->arg, r->answered ? r->err : ERR_TIMEOUT, r->addresses,
                    r->answered ? r->len : 0);
    } else {
        if (!r->answered)
            r->reply.err = ERR_TIMEOUT;
        r->replied(r->arg, &r->reply);
    }
    r->asked = held;
    let_go(r);
}

static struct dns_request *new_request(struct dns *dns, void *arg, int64_t timeout_ms)
{
    struct dns_request *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    if (loop_timer_open(dns->loop, tell, r, &r->timer) != 0) {
        free(r);
        return NULL;
    }
    loop_timer_after(r->timer, timeout_ms);
    r->arg = arg;
    r->asked_us = loop_stopwatch_us();
    r->next = dns->requests;
    r->back = &dns->requests;
    if (r->next)
        r->next->back = &r->next;
    dns->requests = r;
    return r;
}

/* c-ares lets go: hands over soon, unless the caller is gone. */
static void answered(struct dns_request *r)
{
    r->asked = false;
    r->answered = true;
    if (r->timer)
        loop_timer_soon(r->timer);
    else
        free_if_let_go(r);
}

static int error_of(int status)
{
    switch (status) {
    case ARES_SUCCESS:
        return 0;
    case ARES_ENOTFOUND:
    case ARES_ENODATA:
    case ARES_EBADNAME:
        return ERR_NOT_FOUND;
    case ARES_ETIMEOUT:
        return ERR_TIMEOUT;
    case ARES_ECONNREFUSED:
        return ERR_CLOSED;
    case ARES_EBADRESP:
        return ERR_SYNTAX;
    default:
        return ERR_LIBRARY;
    }
}

static void keep_address(struct dns_request *r, const struct ares_addrinfo_node *node)
{
    struct dns_address *a = &r->addresses[r->len];
    if (node->ai_addrlen > sizeof a->in6)
        return;
    memcpy(&a->sa, node->ai_addr, node->ai_addrlen);
    a->len = node->ai_addrlen;
    a->in.sin_port = htons((uint16_t)r->port); /* at the same place in both families */
    r->len++;
}

static void addresses_came(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
    (void)timeouts;
    struct dns_request *r = arg;
    const struct ares_addrinfo_node *node = info ? info->nodes : NULL;
    for (; node && r->len < DNS_ADDRESSES_MAX; node = node->ai_next)
        keep_address(r, node);
    if (info)
        ares_freeaddrinfo(info);
    r->err = r->len > 0 ? 0 : status == ARES_SUCCESS ? ERR_NOT_FOUND : error_of(status);
    answered(r);
}

int dns_resolve(struct dns *dns, const char *host, int port, int family, int64_t timeout_ms,
                dns_resolved *fn, void *arg, struct dns_request **ret_request)
{
    if (strlen(host) > NAME_MAX_BYTES)
        return ERR_TOO_LONG;
    struct dns_request *r = new_request(dns, arg, timeout_ms);
    if (!r)
        return ERR_NOMEM;
    r->resolved = fn;
    r->port = port;
    *ret_request = r;
    if (dns_literal(host, port, &r->addresses[0]) == 0) {
        bool fits = family == AF_UNSPEC || r->addresses[0].sa.sa_family == family;
        r->len = fits;
        r->err = fits ? 0 : ERR_NOT_FOUND;
        answered(r);
        return 0;
    }
    struct ares_addrinfo_hints hints = {.ai_family = family, .ai_socktype = SOCK_STREAM};
    r->asked = true;
    ares_getaddrinfo(dns_channel_ares(dns->channel), host, NULL, &hints, addresses_came, r);
    dns_channel_asked(dns->channel);
    return 0;
}

static void reply_came(void *arg, int status, int timeouts, unsigned char *bytes, int len)
{
    (void)timeouts;
    struct dns_request *r = arg;
    if (!r->asked)
        return;
    r->reply.elapsed_us = loop_stopwatch_us() - r->asked_us;
    r->bytes = bytes && len >= NS_HFIXEDSZ ? malloc((size_t)len) : NULL;
    if (r->bytes) {
        memcpy(r->bytes, bytes, (size_t)len);
        r->reply.bytes = (struct slice){r->bytes, (size_t)len};
        r->reply.rcode = bytes[3] & RCODE_MASK;
    } else {
        r->reply.err = status == ARES_SUCCESS ? ERR_SYNTAX : error_of(status);
    }
    answered(r);
}

static int print_server(const struct dns_address *server, char *to, size_t size)
{
    char text[INET6_ADDRSTRLEN];
    bool v6 = server->sa.sa_family == AF_INET6;
    const void *bytes = v6 ? (const void *)&server->in6.sin6_addr : &server->in.sin_addr;
    if (!inet_ntop(server->sa.sa_family, bytes, text, sizeof text))
        return ERR_SYNTAX;
    snprintf(to, size, v6 ? "[%s]:%d" : "%s:%d", text, ntohs(server->in.sin_port));
    return 0;
}

int dns_query(struct dns *dns, const struct dns_address *server, const char *name, int type,
              int64_t timeout_ms, dns_replied *fn, void *arg, struct dns_request **ret_request)
{
    char servers[INET6_ADDRSTRLEN + 16];
    if (strlen(name) > NAME_MAX_BYTES)
        return ERR_TOO_LONG;
    int err = print_server(server, servers, sizeof servers);
    if (err)
        return err;
    struct dns_request *r = new_request(dns, arg, timeout_ms);
    if (!r)
        return ERR_NOMEM;
    r->replied = fn;
    err = dns_channel_open(dns->loop, servers, (int)timeout_ms + 1000, 1, &r->channel);
    if (err) {
        let_go(r);
        return err;
    }
    *ret_request = r;
    r->asked = true;
    ares_query(dns_channel_ares(r->channel), name, ns_c_in, type, reply_came, r);
    dns_channel_asked(r->channel);
    return 0;
}
