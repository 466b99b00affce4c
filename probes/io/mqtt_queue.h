/**
 * @file
 * What paho's threads have to tell the loop: a locked list of events, of which received messages
 * are bounded by their bytes. Internal to io/mqtt.h.
 */
#ifndef IO_MQTT_QUEUE_H
#define IO_MQTT_QUEUE_H

#include "base/attr.h"
#include "io/loop.h"
#include "io/mqtt.h"

#include <pthread.h>

/** Kinds of events. */
enum mqtt_kind {
    MQTT_CONNECTED,    /**< the broker accepted us */
    MQTT_FAILED,       /**< an attempt to connect failed */
    MQTT_LOST,         /**< the connection broke */
    MQTT_REFUSED,      /**< a subscription was refused */
    MQTT_DISCONNECTED, /**< our own disconnect is done */
    MQTT_PUBLISHED,    /**< a publication ended */
    MQTT_MESSAGE       /**< a message was received */
};

/** Kinds that tell of the connection, each of which waits at most once. */
enum { MQTT_STATES = MQTT_DISCONNECTED + 1 };

/** One event; part of what it tells of, so that telling never needs memory. */
struct mqtt_event {
    struct mqtt_event *next; /**< the queue's */
    enum mqtt_kind kind;     /**< what */
    bool waiting;            /**< in the queue */
    int value;               /**< session present, or error of a publication */
    char why[160];           /**< for people, of FAILED, LOST, REFUSED */
};

/** A received message in the queue; topic and payload follow it in memory. */
struct mqtt_received {
    struct mqtt_event event;     /**< first, so that the one is the other */
    struct mqtt_message message; /**< slices into this allocation */
    size_t bytes;                /**< of topic and payload */
};

/** The queue; storage of the client. */
struct mqtt_queue {
    pthread_mutex_t lock;                  /**< of all below */
    struct mqtt_event *first;              /**< in order of arrival */
    struct mqtt_event **last;              /**< where the next one is hung */
    struct mqtt_event states[MQTT_STATES]; /**< events of the connection, by kind */
    size_t bytes;                          /**< of waiting messages */
    size_t max_bytes;                      /**< never more of them */
    struct mqtt_counters counters;         /**< see io/mqtt.h */
    struct loop_wake *wake;                /**< the loop's end */
};

/** An empty queue of at most @p max_bytes of messages, which wakes @p fn: 0 or an error. */
int mqtt_queue_open(struct mqtt_queue *q, struct loop *loop, size_t max_bytes, loop_fn *fn,
                    void *arg) MUST_USE;
/** Frees what waits. Publications are not the queue's. */
void mqtt_queue_close(struct mqtt_queue *q);
/** Any thread: adds the event of a state; one of its kind that waits already is enough. */
void mqtt_queue_state(struct mqtt_queue *q, enum mqtt_kind kind, int value, const char *why);
/** Any thread: adds the event of a publication, whose owner it stays. */
void mqtt_queue_published(struct mqtt_queue *q, struct mqtt_event *event, int err);
/** Any thread: adds a copy of @p message, or counts it as dropped. */
void mqtt_queue_message(struct mqtt_queue *q, const struct mqtt_message *message);
/** The first event, taken out, or NULL. A state's event must be copied before the next one. */
struct mqtt_event *mqtt_queue_take(struct mqtt_queue *q);

#endif
