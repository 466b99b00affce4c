/**
 * @file
 * The topics of contract v1 (DESIGN section 3): what a topic says, and how one is written.
 *
 *     ioc/v1/<probe>/data/<epoch>/<low>/<seq>
 *     ioc/v1/<probe>/status | ack | config
 *     ioc/v1/<source>/plain
 *     ioc/v1/_centre/<id>/status | echo
 *
 * Identity and order stand in the topic, so a pack that cannot be read still has a number to
 * answer. What the numbers mean is the stream's; this is grammar only.
 */
#ifndef WIRE_TOPIC_H
#define WIRE_TOPIC_H

#include "base/buf.h"
#include "base/slice.h"
#include "wire/reason.h"

#include <stdbool.h>
#include <stdint.h>

/** Subscription of the collector to every stream. */
#define TOPIC_FILTER_DATA "ioc/v1/+/data/+/+/+"
/** Subscription of the collector to every status. */
#define TOPIC_FILTER_STATUS "ioc/v1/+/status"
/** Subscription of the collector to every plain publisher. */
#define TOPIC_FILTER_PLAIN "ioc/v1/+/plain"

/** Subscription of a probe to the state of every collector. */
#define TOPIC_FILTER_CENTRE "ioc/v1/_centre/+/status"

/** Longest name of a probe, source or centre. */
#define TOPIC_NAME_MAX 64
/** Longest topic of the contract, with its NUL. */
#define TOPIC_MAX 160
/** Highest sequence number: what every JSON reader holds exactly (RFC 8259 section 6), and far
 * from where upto + 1 would overflow. */
#define TOPIC_SEQ_MAX ((UINT64_C(1) << 53) - 1)

/** What a topic carries. */
enum topic_kind {
    TOPIC_DATA,          /**< one pack of a probe's stream */
    TOPIC_STATUS,        /**< who and how the probe is */
    TOPIC_ACK,           /**< what the centre has stored */
    TOPIC_CONFIG,        /**< configuration for the probe */
    TOPIC_PLAIN,         /**< SenML of anybody's publisher */
    TOPIC_CENTRE_STATUS, /**< retained state of a collector */
    TOPIC_CENTRE_ECHO,   /**< a collector's own marker */
};

/** A topic, taken apart. */
struct topic {
    enum topic_kind kind; /**< which of the forms */
    struct slice who;     /**< probe, source or centre id; into the text it was read from */
    uint64_t epoch;       /**< of TOPIC_DATA: never 0; else 0 */
    uint64_t low;         /**< of TOPIC_DATA: 1 .. TOPIC_SEQ_MAX; else 0 */
    uint64_t seq;         /**< of TOPIC_DATA: 1 .. TOPIC_SEQ_MAX; else 0. May be below low: that is
                             the stream's to refuse, since it can still be answered */
};

/**
 * True for a name a probe, plain source or centre may have: 1..64 letters of ASCII, digits
 * and any of ._-, the first a letter or digit. It is the name in the client certificate and the
 * MQTT client id.
 */
bool topic_name_ok(struct slice name);
/**
 * Takes @p text apart. Returns 0, ERR_UNKNOWN if it is none of the forms, ERR_SYNTAX or ERR_RANGE
 * if a name or number in it is wrong, with a sentence in @p ret_why.
 */
int topic_read(struct slice text, struct topic *ret_topic, struct reason *ret_why) MUST_USE;
/** Appends the topic to @p out (whose sticky error tells of a lack of room). The name must be
 * topic_name_ok(). */
void topic_write(struct buf *out, const struct topic *topic);

/** Reads the 16 lowercase hex digits of an epoch or boot, never 0: 0, ERR_SYNTAX or ERR_RANGE. */
int topic_read_hex(struct slice text, uint64_t *ret_value) MUST_USE;

#endif
