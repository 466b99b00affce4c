/**
 * @file
 * The fleet's connections to the broker: a few that many members share, or one for each.
 *
 * Connection `line` carries the members whose index modulo the number of lines is it. With a line
 * for each member, the line's client id and will are the member's. It knows topics of answers, not
 * what they mean.
 */
#ifndef FLEET_CARRIER_H
#define FLEET_CARRIER_H

#include "io/mqtt.h"
#include "wire/ack.h"
#include "wire/centre.h"

/** How to connect; texts are copied. */
struct carrier_options {
    const char *host;     /**< name or address */
    int port;             /**< of the broker */
    const char *user;     /**< or NULL */
    const char *password; /**< or NULL */
    size_t lines;         /**< connections, at least 1 */
    bool each;            /**< a line belongs to one member */
};

/** What the carrier calls, from the loop, with arg. */
struct carrier_events {
    void *arg; /**< first argument of each */
    /** Connection @p line came or went. */
    void (*line)(void *arg, size_t line, bool up);
    /** An answer for probe @p who; valid during the call. */
    void (*ack)(void *arg, struct slice who, const struct ack *ack);
    /** A collector is there with this boot; @p live: it has just connected. */
    void (*centre)(void *arg, const struct centre_status *status, bool live);
    /** With a line for each member: the probe's name, as client id. */
    const char *(*name)(void *arg, size_t line);
    /** With a line for each member: the will of the next connection. */
    void (*will)(void *arg, size_t line, struct mqtt_will *will);
};

struct carrier;

/** Begins to connect. 0, ERR_NOMEM or an error of mqtt_open(). */
int carrier_open(struct loop *loop, const struct carrier_options *options,
                 const struct carrier_events *events, struct carrier **ret_carrier) MUST_USE;
/** Ends all connections, then calls @p closed. Accepts NULL (and calls at once). */
void carrier_close(struct carrier *c, loop_fn *closed, void *arg);
/** Publishes for member @p index with QoS 1: 0 or an error of mqtt_publish(). */
int carrier_publish(struct carrier *c, size_t index, const char *topic, struct slice payload,
                    bool retained) MUST_USE;
/** Lines that are up. */
size_t carrier_up(const struct carrier *c);

#endif
