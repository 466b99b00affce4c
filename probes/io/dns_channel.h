/**
 * @file
 * A c-ares channel whose sockets and timeouts live on the loop. Internal to io/dns.h.
 */
#ifndef IO_DNS_CHANNEL_H
#define IO_DNS_CHANNEL_H

#include "base/attr.h"
#include "io/loop.h"

#include <ares.h>

struct dns_channel;

/** A channel that asks each server @p tries times for @p timeout_ms; @p servers (c-ares' list with
 * ports) NULL = the system's: 0, ERR_NOMEM or ERR_LIBRARY. */
int dns_channel_open(struct loop *loop, const char *servers, int timeout_ms, int tries,
                     struct dns_channel **ret_channel) MUST_USE;
/** Ends all questions (their callbacks get ARES_EDESTRUCTION) and frees it. Not from inside one of
 * its own callbacks. Accepts NULL. */
void dns_channel_close(struct dns_channel *channel);
/** c-ares' channel, to ask with. */
ares_channel dns_channel_ares(struct dns_channel *channel);
/** To be called after asking: sets the timer for what was asked. */
void dns_channel_asked(struct dns_channel *channel);

#endif
