/**
 * @file
 * libcurl's multi interface on the loop: easy handles in, their results out. What they transfer is
 * the caller's affair (io/http_client.h; mail).
 *
 * A handle must not make libcurl resolve a name: Debian's would start a thread and wait for it when
 * the transfer is removed. Give it addresses: transfer_give_addresses().
 */
#ifndef IO_TRANSFER_H
#define IO_TRANSFER_H

#include "base/attr.h"
#include "io/dns.h"
#include "io/loop.h"

#include <curl/curl.h>

struct transfers;
struct transfer;

/** The end of a transfer, which is no longer among the transfers; from the loop. Must not close
 * them. */
typedef void transfer_done(struct transfer *transfer, CURLcode result);

/** One transfer; storage of the caller. */
struct transfer {
    CURL *easy;          /**< the caller's, set up; its CURLOPT_PRIVATE is taken */
    transfer_done *done; /**< called once, unless it is removed */
};

/** At most @p max_connections at once; more wait. 0, ERR_NOMEM or ERR_LIBRARY. */
int transfer_open(struct loop *loop, int max_connections,
                  struct transfers **ret_transfers) MUST_USE;
/** Every transfer must have ended or been removed. Accepts NULL. */
void transfer_close(struct transfers *transfers);
/** Starts @p transfer; done never comes from inside: 0 or ERR_LIBRARY. */
int transfer_add(struct transfers *transfers, struct transfer *transfer) MUST_USE;
/** Ends it without a call. */
void transfer_remove(struct transfers *transfers, struct transfer *transfer);
/** Host and port of @p url, for our own resolving, without the brackets of an IPv6 literal; false
 * if it has none, or one that does not fit. */
bool transfer_read_target(const char *url, char *ret_host, size_t max, int *ret_port);
/** Hands what @p host resolved to to the library, which then needs no resolver of its own: 0,
 * ERR_NOMEM or ERR_LIBRARY. *ret_list is the caller's to free after the transfer; it stays as it
 * was if the host is a literal. */
int transfer_give_addresses(const struct transfer *transfer, const char *host, int port,
                            const struct dns_address *addresses, size_t n,
                            struct curl_slist **ret_list) MUST_USE;

#endif
