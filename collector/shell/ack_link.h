/**
 * @file
 * Links to acknowledge with: signed, with an end, for one page each, and used once.
 *
 * A link is `BASE/a/PAGE-EXPIRES-MAC`; whoever has it may acknowledge the outage of that page,
 * nothing else. The MAC is the first 128 bits of HMAC-SHA-256 with a key of this collector's own,
 * which lies in its data folder. That it was used stands in the page (core/page_box.h).
 */
#ifndef SHELL_ACK_LINK_H
#define SHELL_ACK_LINK_H

#include "base/attr.h"
#include "base/instant.h"

#include <stddef.h>

enum {
    ACK_LINK_KEY_BYTES = 32, /**< of the key */
    ACK_LINK_TOKEN_MAX = 96, /**< of PAGE-EXPIRES-MAC, with the NUL */
};

/** The key; storage of the caller. */
struct ack_link_key {
    unsigned char bytes[ACK_LINK_KEY_BYTES]; /**< random */
};

/** Reads the key of the data folder @p folder, or makes one: 0 or an error of the disk. */
int ack_link_open(const char *folder, struct ack_link_key *ret_key) MUST_USE;
/** Writes the link of page @p page, valid until @p expires, to @p to; "" if it does not fit in
 * @p max bytes. */
void ack_link_write(const struct ack_link_key *key, const char *base, uint64_t page,
                    struct wall_ms expires, char *to, size_t max);
/** The page that PAGE-EXPIRES-MAC is for: 0, ERR_DENIED (not ours), or ERR_TIMEOUT. */
int ack_link_read(const struct ack_link_key *key, const char *token, struct wall_ms now,
                  uint64_t *ret_page) MUST_USE;

#endif
