/**
 * @file
 * What a collector says of itself, contract v1: its retained state, whose new boot makes probes go
 * back, and the marker it sends to itself to know that it listens (DESIGN 4.6).
 *
 *     ioc/v1/_centre/<id>/status  {"state":"online","boot":"00c0ffee00c0ffee","spread":240,
 *                                  "version":"0.1.0"}
 *     ioc/v1/_centre/<id>/echo    {"id":"c1","boot":"00c0ffee00c0ffee","number":42}
 */
#ifndef WIRE_CENTRE_H
#define WIRE_CENTRE_H

#include "base/buf.h"
#include "base/slice.h"
#include "wire/reason.h"
#include "wire/topic.h"

#include <stdbool.h>
#include <stdint.h>

/** Longest time over which first packs are spread. */
#define CENTRE_SPREAD_S_MAX 3600

/** State of a collector. */
struct centre_status {
    bool online;       /**< false: its will or its farewell */
    uint64_t boot;     /**< random per start, never 0 */
    uint32_t spread_s; /**< probes that come back together spread their first packs over this, in
                          seconds, at most CENTRE_SPREAD_S_MAX; 0 (left out): a few come at once */
};

/** A marker. */
struct centre_echo {
    char id[TOPIC_NAME_MAX + 1]; /**< of the collector, NUL-terminated */
    uint64_t boot;               /**< of the collector that sent it */
    uint64_t number;             /**< rises by one, from 1 */
};

/** Appends the state as JSON with the program's @p version (empty: left out). */
void centre_write_status(struct buf *out, const struct centre_status *status, struct slice version);
/** Reads a state: 0, an error of the sender with a sentence in @p ret_why, or ERR_NOMEM. From one
 * thread at a time (cJSON). */
int centre_read_status(struct slice bytes, struct centre_status *ret_status,
                       struct reason *ret_why) MUST_USE;
/** Appends the marker as JSON. */
void centre_write_echo(struct buf *out, const struct centre_echo *echo);
/** Reads a marker, as centre_read_status(). */
int centre_read_echo(struct slice bytes, struct centre_echo *ret_echo,
                     struct reason *ret_why) MUST_USE;

#endif
