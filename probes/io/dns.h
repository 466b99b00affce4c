/**
 * @file
 * Names to addresses on the loop, by c-ares; and raw questions to any name server.
 *
 * Never uv_getaddrinfo(): its pool has four threads, and one dead name server stops them all.
 * Answers are not cached. Every request ends by its callback exactly once, unless it is cancelled.
 */
#ifndef IO_DNS_H
#define IO_DNS_H

#include "base/attr.h"
#include "base/slice.h"
#include "io/loop.h"

#include <netinet/in.h>
#include <sys/socket.h>

/** Most addresses of one answer. */
#define DNS_ADDRESSES_MAX 8

/** An IPv4 or IPv6 address with port. */
struct dns_address {
    union {
        struct sockaddr sa;      /**< family: any */
        struct sockaddr_in in;   /**< AF_INET */
        struct sockaddr_in6 in6; /**< AF_INET6 */
    };                           /**< as the socket calls take it */

    socklen_t len; /**< bytes used of it */
};

struct dns;
struct dns_request;

/** @p n addresses (0 on error), in the order to try them. @p err: 0, ERR_NOT_FOUND (no such name or
 * no address), ERR_TIMEOUT, ERR_LIBRARY (name servers refuse or cannot be reached). */
typedef void dns_resolved(void *arg, int err, const struct dns_address *addresses, size_t n);

/** A reply of a name server, or why there is none. */
struct dns_reply {
    int err;   /**< 0: a reply came; ERR_TIMEOUT, ERR_CLOSED (refused), ERR_SYNTAX (not DNS) */
    int rcode; /**< of the reply (RFC 1035 section 4.1.1): 0 no error, 3 no such name */
    struct slice bytes; /**< the whole reply; valid during the callback */
    int64_t elapsed_us; /**< from the question to the reply */
};

typedef void dns_replied(void *arg, const struct dns_reply *reply); /**< see dns_query() */

/** A resolver with the system's servers and hosts file: 0, ERR_NOMEM or ERR_LIBRARY. */
int dns_open(struct loop *loop, struct dns **ret_dns) MUST_USE;
/** Cancels what is under way and frees it. Accepts NULL. */
void dns_close(struct dns *dns);

/**
 * Addresses of @p host (a literal answers too) with @p port, of @p family AF_INET, AF_INET6 or
 * AF_UNSPEC, within @p timeout_ms. The callback always comes from the loop, never from inside this
 * call. 0, ERR_NOMEM; ERR_TOO_LONG if the name is.
 */
int dns_resolve(struct dns *dns, const char *host, int port, int family, int64_t timeout_ms,
                dns_resolved *fn, void *arg, struct dns_request **ret_request) MUST_USE;
/** Asks the server @p server:@p port for @p name, class IN, RFC 1035 type @p type, over UDP (TCP if
 * truncated), once, recursion desired. As dns_resolve(). */
int dns_query(struct dns *dns, const struct dns_address *server, const char *name, int type,
              int64_t timeout_ms, dns_replied *fn, void *arg,
              struct dns_request **ret_request) MUST_USE;
/** The callback does not come. Not for a request whose callback came. Accepts NULL. */
void dns_cancel(struct dns_request *request);

/** Reads an IPv4 or IPv6 literal: 0 or ERR_SYNTAX. */
int dns_literal(const char *text, int port, struct dns_address *ret_address) MUST_USE;

/** Most records and longest text that dns_records() gives. */
enum { DNS_RECORDS_MAX = 16, DNS_RECORD_TEXT = 256 };

/** The answer section as texts: A and AAAA as addresses, CNAME, NS, PTR as names, MX as "10 name",
 * TXT joined; other types are left out. */
struct dns_records {
    size_t len; /**< records */

    struct {
        int type;                   /**< RFC 1035 type */
        uint32_t ttl_s;             /**< time to live */
        char text[DNS_RECORD_TEXT]; /**< NUL-terminated */
    } record[DNS_RECORDS_MAX];      /**< in the order of the reply */
};

/** Reads the answers of a reply: 0 or ERR_SYNTAX. */
int dns_records(struct slice reply, struct dns_records *ret_records) MUST_USE;

#endif
