/**
 * @file
 * An MQTT 3.1.1 client on the loop: paho's MQTTAsync underneath, its threads hidden.
 *
 * It connects, stays connected with jittered exponential backoff, subscribes again after each
 * connection, and hands messages and completions to the loop's thread. It does not keep messages
 * for later: while the broker is away mqtt_publish() refuses, and the caller's outbox is what
 * remembers. Names are resolved by paho on its own thread.
 */
#ifndef IO_MQTT_H
#define IO_MQTT_H

#include "base/attr.h"
#include "base/slice.h"
#include "io/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A message as received; the slices are valid during the callback only. */
struct mqtt_message {
    struct slice topic;   /**< without NUL */
    struct slice payload; /**< any bytes, perhaps none */
    int qos;              /**< 0 .. 2, as delivered */
    bool retained;        /**< a retained copy sent at subscription */
    bool dup;             /**< the broker sent it before */
};

/** The message the broker publishes when this client is lost. Empty topic: no will. */
struct mqtt_will {
    char topic[256];    /**< NUL-terminated */
    char payload[1024]; /**< len bytes */
    size_t len;         /**< of payload */
    bool retained;      /**< kept by the broker */
};

/** What the client calls, all with arg; any may be NULL. On the loop's thread, but for raw. */
struct mqtt_events {
    void *arg; /**< first argument of each */
    /** Before each attempt to connect: fill in the will of this connection. */
    void (*connecting)(void *arg, struct mqtt_will *will);
    /** Connected; subscriptions are on their way. @p session: the broker still had our session. */
    void (*up)(void *arg, bool session);
    /** Lost, or an attempt failed: @p why is for people; the next attempt follows after @p
     * retry_ms, -1 = while paused none does. */
    void (*down)(void *arg, const char *why, int64_t retry_ms);
    /** A message arrived. */
    void (*message)(void *arg, const struct mqtt_message *message);
    /**
     * If set, messages come here instead, on paho's thread, and QoS 1 is acknowledged to the broker
     * after it returns: store, and return soon (well below keep-alive). No mqtt_* call in here.
     * What cannot be stored must end the process: paho acknowledges whatever is returned. Goes on
     * being called after mqtt_close(), until that calls back.
     */
    void (*raw)(void *arg, const struct mqtt_message *message);
};

/** How to connect; texts are copied. Fields that are NULL or 0 take the value in brackets. */
struct mqtt_options {
    const char *host;      /**< name or address */
    int port;              /**< [1883, with TLS 8883] */
    bool tls;              /**< with verification of the server's certificate and name */
    const char *ca_file;   /**< PEM [the system's] */
    const char *cert_file; /**< PEM of this client [none] */
    const char *key_file;  /**< PEM of its key [none] */
    const char *user;      /**< [none] */
    const char *password;  /**< [none] */
    const char *client_id; /**< required; fixed, if the session is to be found again */
    bool keep_session;     /**< the broker queues for us while we are away (MQTT clean session 0) */
    int keep_alive_s;      /**< [20] */
    int64_t connect_timeout_ms; /**< [10 s] */
    int64_t backoff_min_ms;     /**< first wait after a failure [1 s], doubling up to */
    int64_t backoff_max_ms;     /**< [60 s]; each wait is drawn from its upper half */
    size_t max_inflight;        /**< publications without completion [64] */
    size_t
        queue_bytes; /**< received, not yet handed to the loop [4 MiB]; above, dropped and counted
                      */
};

/** Counters since opening. */
struct mqtt_counters {
    uint64_t received; /**< messages from the broker */
    uint64_t dropped; /**< of these, dropped because the loop did not keep up (never in raw mode) */
    uint64_t published; /**< publications completed, but for QoS 0 that nobody waited for */
    uint64_t connects;  /**< connections made */
};

struct mqtt;

/** How a publication ended: 0 (QoS 1: the broker has it), or ERR_CLOSED: the connection was lost
 * first, and nobody knows whether the broker has it. */
typedef void mqtt_done(void *arg, int err);

/** A client that begins to connect in the next turn: 0, ERR_NOMEM, ERR_MISSING or ERR_LIBRARY. */
int mqtt_open(struct loop *loop, const struct mqtt_options *options,
              const struct mqtt_events *events, struct mqtt **ret_mqtt) MUST_USE;
/**
 * Disconnects cleanly (no will), waiting at most 2 s for what is in flight, then calls @p closed
 * (may be NULL) from the loop and frees the client. No event comes after the call, but the
 * mqtt_done of what was in flight with ERR_CLOSED. Accepts NULL (and then calls nothing).
 */
void mqtt_close(struct mqtt *mqtt, loop_fn *closed, void *arg);
/** Subscribes now if connected, and after every connection; at most 16: 0, ERR_FULL or
 * ERR_TOO_LONG. */
int mqtt_subscribe(struct mqtt *mqtt, const char *filter, int qos) MUST_USE;
/**
 * Publishes; @p done (may be NULL) is called on the loop exactly once if and only if 0 is returned.
 * The payload is copied. QoS 0 without @p done costs least: it is sent and forgotten, neither
 * counted nor reported. ERR_CLOSED: not connected; ERR_FULL: max_inflight; ERR_LIBRARY.
 */
int mqtt_publish(struct mqtt *mqtt, const char *topic, struct slice payload, int qos, bool retained,
                 mqtt_done *done, void *arg) MUST_USE;
/** True between up and down. */
bool mqtt_is_up(const struct mqtt *mqtt);
/** Drops the connection and connects again after the usual wait: what is delivered meanwhile is
 * still acknowledged. */
void mqtt_bounce(struct mqtt *mqtt, const char *why);
/** Disconnects and stays so until mqtt_resume(); the broker keeps what it queues for a kept
 * session. */
void mqtt_pause(struct mqtt *mqtt, const char *why);
/** Connects again after mqtt_pause(). */
void mqtt_resume(struct mqtt *mqtt);
/** Counters since opening. */
struct mqtt_counters mqtt_count(struct mqtt *mqtt);

#endif
