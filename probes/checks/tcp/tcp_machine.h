/**
 * @file
 * One TCP conversation as a state machine: connected, something said, something expected.
 *
 * Pure: time and bytes come in, bytes and a judgement go out; sockets are tcp_check.c's. All times
 * are microseconds of one monotonic clock.
 */
#ifndef TCP_TCP_MACHINE_H
#define TCP_TCP_MACHINE_H

#include "base/attr.h"
#include "checks/match.h"

/** Most bytes looked through for the expected text. */
#define TCP_MACHINE_READ_MAX 65536

/** Where the conversation is. */
enum tcp_phase {
    TCP_CONNECTING, /**< no connection yet */
    TCP_TALKING,    /**< connected, not all said or heard */
    TCP_SATISFIED,  /**< all said, and the expected text came */
    TCP_CLOSED,     /**< the peer closed before the text came */
    TCP_FLOODED,    /**< TCP_MACHINE_READ_MAX bytes came, the text was not among them */
};

/** Storage of the caller; only tcp_machine_* functions write it. */
struct tcp_machine {
    enum tcp_phase phase;  /**< see above */
    struct slice unsent;   /**< what remains to be said; the caller's bytes */
    struct match expected; /**< search for the expected text */
    size_t received;       /**< bytes heard */
    int64_t started_us;    /**< when connecting began */
    int64_t connected_us;  /**< when it had succeeded */
    int64_t satisfied_us;  /**< when all was said and heard */
};

/** A conversation that begins to connect at @p now_us. Both texts may be empty, stay the caller's
 * and must outlive it. */
void tcp_machine_init(struct tcp_machine *m, struct slice say, struct slice expect, int64_t now_us);
/** The connection stands. */
void tcp_machine_connected(struct tcp_machine *m, int64_t now_us);
/** The first @p len of the unsent bytes were taken by the socket. */
void tcp_machine_sent(struct tcp_machine *m, size_t len, int64_t now_us);
/** The peer said @p len bytes. */
void tcp_machine_received(struct tcp_machine *m, const char *bytes, size_t len, int64_t now_us);
/** The peer has closed, or reset the connection. */
void tcp_machine_closed(struct tcp_machine *m);
/** True while the conversation goes on. */
bool tcp_machine_talking(const struct tcp_machine *m);

/** Reads the escapes `\r \n \t \\ \xHH` of a configured @p text into @p ret_bytes (at least
 * text.len bytes); returns 0, or ERR_SYNTAX for any other escape. */
int tcp_machine_unescape(struct slice text, char *ret_bytes, size_t *ret_len) MUST_USE;

#endif
