/**
 * @file
 * How often an address may come with a wrong token: whoever tries tokens out is not listened to for
 * a while, right token or not.
 *
 * The same wrong token again is a page that was left open, not somebody who tries. Bounded: the
 * address that was wrong longest ago is forgotten. Pure: time is an argument.
 */
#ifndef SHELL_HTTP_LIMIT_H
#define SHELL_HTTP_LIMIT_H

#include "base/instant.h"

#include <stdbool.h>
#include <stdint.h>

/** Different wrong tokens of an address within HTTP_LIMIT_MS that are too many. */
#define HTTP_LIMIT_WRONG 20
/** See HTTP_LIMIT_WRONG; and how long it is not listened to from then on. */
#define HTTP_LIMIT_MS 60000
/** Addresses that are remembered. */
#define HTTP_LIMIT_ADDRESSES 128

/** One address. */
struct http_limit_entry {
    char address[46];     /**< as text; "" = free */
    struct mono_ms since; /**< of the first wrong one that counts */
    uint64_t last;        /**< which token was wrong last */
    unsigned wrong;       /**< so many since then */
};

/** Storage of the caller; zeroed = nobody was wrong. */
struct http_limit {
    struct http_limit_entry entry[HTTP_LIMIT_ADDRESSES]; /**< in no order */
};

/** True if @p address is not listened to at @p now. O(addresses) */
bool http_limit_reached(const struct http_limit *limit, const char *address, struct mono_ms now);
/** @p address came with the wrong token @p which, any number that stands for it. O(addresses) */
void http_limit_wrong(struct http_limit *limit, const char *address, uint64_t which,
                      struct mono_ms now);

#endif
