/**
 * @file
 * How many requests a client may make: a bucket each that fills at a steady rate, so that whoever
 * asks without end is told to wait while everybody else is served.
 *
 * Bounded: of too many clients those with the fullest buckets are forgotten, which begin as full
 * anyway. What makes a client is the caller's (http_rate_address() for addresses). Pure: time is an
 * argument.
 */
#ifndef SHELL_HTTP_RATE_H
#define SHELL_HTTP_RATE_H

#include "base/instant.h"

#include <stdbool.h>
#include <stdint.h>

/** Clients that are remembered: sets times ways, each client in one set. */
enum { HTTP_RATE_SETS = 512, HTTP_RATE_WAYS = 8 };

/** One client. */
struct http_rate_entry {
    uint64_t key;         /**< whose; 0 = free */
    struct mono_ms since; /**< when level was true */
    int64_t level;        /**< thousandths of requests left */
};

/** Storage of the caller; zero it, then set the limits. */
struct http_rate {
    int64_t per_second; /**< requests in the long run; 0 = no limit */
    int64_t burst;      /**< requests at once */
    struct http_rate_entry entry[HTTP_RATE_SETS][HTTP_RATE_WAYS]; /**< by key */
};

/** What stands for an address as text: all of an IPv4 one, the network (/64) of an IPv6 one; of
 * what is none, the text. Never 0. */
uint64_t http_rate_address(const char *text);
/** What stands for a token by its name. Never 0. */
uint64_t http_rate_token(const char *who);
/** Takes one request from the bucket of @p key: 0, or after how many seconds there is one. */
unsigned http_rate_take(struct http_rate *rate, uint64_t key, struct mono_ms now);

#endif
