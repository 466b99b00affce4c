/**
 * @file
 * A TCP connection for a run of a check: the name looked up, its addresses tried in turn.
 *
 * It stands in the check's state and lives within one run. What is said over the connection, and
 * what its absence means, is the check's.
 */
#ifndef CHECKS_DIAL_H
#define CHECKS_DIAL_H

#include "checks/check.h"
#include "io/dns.h"

/** Called once, from the loop: @p error is 0 with the connection in dial->fd, an errno value of the
 * last address tried, or -1 if the name gave no address, and then @p err is of dns_resolve(). */
typedef void dial_fn(void *arg, int error, int err);

/** One connection; zeroed before the first use. Members are read only. */
struct dial {
    struct check *check;                             /**< whose */
    dial_fn *fn;                                     /**< whom to tell */
    void *arg;                                       /**< with this */
    struct dns_request *request;                     /**< NULL once answered */
    struct dns_address addresses[DNS_ADDRESSES_MAX]; /**< of the name */
    size_t n;                                        /**< addresses */
    size_t next;                                     /**< the address to try next */
    bool open;                                       /**< fd and perhaps poll are in use */
    int fd;                                          /**< the socket, non-blocking */
    struct loop_poll *poll;                          /**< watches it while connecting */
    int64_t started_us;                              /**< when the attempt in work began */
};

/** Begins; @p fn comes later, never from within this call. 0 or what dns_resolve() returns. */
int dial_start(struct dial *dial, struct check *check, const char *host, uint16_t port, int family,
               dial_fn *fn, void *arg) MUST_USE;
/** True for errors that say nothing about the target: this machine has no such protocol or no
 * resources. */
bool dial_is_own(int error);
/** Ends the run of @p check because its dial gave @p error and @p err. */
void dial_failed(struct check *check, const char *host, int error, int err);
/** Closes what is open and forgets all. Idempotent. */
void dial_end(struct dial *dial);

#endif
