/**
 * @file
 * The connections of a load: one for all of its probes, or one for each with its own will, as real
 * probes have. It knows sockets and nothing of streams.
 */
#ifndef BENCH_LINES_H
#define BENCH_LINES_H

#include "mqtt_wire.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

/** Storage of the caller. */
struct lines {
    struct mqtt_wire *line; /**< len of them */
    struct pollfd *poll;    /**< one for each */
    uint32_t len;           /**< 1, or as many as probes */
};

/** Opens @p len connections to 127.0.0.1:@p port; with @p wills the one of probe @p from + n has
 * the will of probe @p from + n, of the life @p boot and its connection @p conn. Ends the program
 * on any error. */
void lines_open(struct lines *lines, uint32_t len, uint16_t port, uint32_t from, uint64_t boot,
                uint64_t conn, bool wills);
/** Closes all. */
void lines_close(struct lines *lines);
/** Who carries probe @p n. */
struct mqtt_wire *lines_of(const struct lines *lines, uint32_t n);
/** Sends and receives on all of them what it can, waiting at most @p wait_ms for any. O(len) */
void lines_turn(struct lines *lines, int wait_ms);
/** True once the broker has confirmed everything. O(len) */
bool lines_confirmed(const struct lines *lines);

#endif
