/**
 * @file
 * The least of MQTT 3.1.1 that a load needs, on one blocking-free socket: publishing with quality 1
 * for as little CPU as possible, so that the machine is left to what is measured.
 *
 * It trusts its broker and ends the program on any error: for benches only.
 */
#ifndef BENCH_MQTT_WIRE_H
#define BENCH_MQTT_WIRE_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdint.h>

/** Told of a message that came; slices live during the call. */
typedef void mqtt_wire_message(void *context, struct slice topic, struct slice payload);

/** A connection; storage of the caller. */
struct mqtt_wire {
    int fd;                        /**< the socket */
    struct buf out;                /**< not sent yet, from sent on */
    size_t sent;                   /**< bytes of out that are gone */
    struct buf in;                 /**< received, not whole yet */
    uint64_t published;            /**< messages put into out */
    uint64_t confirmed;            /**< of these, confirmed by the broker */
    uint16_t id;                   /**< of the last packet */
    mqtt_wire_message *on_message; /**< may be NULL */
    void *context;                 /**< its first argument */
};

/** What the broker says of a connection that is lost: quality 1, retained. */
struct mqtt_wire_will {
    struct slice topic;   /**< where */
    struct slice payload; /**< what */
};

/** Connects to 127.0.0.1:@p port as @p id with @p will (NULL: none) and waits for the broker's
 * word.
 */
void mqtt_wire_open(struct mqtt_wire *m, uint16_t port, const char *id,
                    const struct mqtt_wire_will *will);
/** Ends the connection. */
void mqtt_wire_close(struct mqtt_wire *m);
/** Subscribes with quality 0. */
void mqtt_wire_subscribe(struct mqtt_wire *m, const char *filter);
/** Puts one message of quality 1 into the buffer. */
void mqtt_wire_publish(struct mqtt_wire *m, struct slice topic, struct slice payload);
/** Sends and receives what it can, waiting at most @p wait_ms for either. */
void mqtt_wire_turn(struct mqtt_wire *m, int wait_ms);

#endif
