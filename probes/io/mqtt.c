#include "io/mqtt.h"

#include "base/err.h"
#include "base/rng.h"
#include "io/entropy.h"
#include "io/mqtt_queue.h"

#include <assert.h>
#include <MQTTAsync.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PORT = 1883,
    PORT_TLS = 8883,
    KEEP_ALIVE_S = 20,
    CONNECT_TIMEOUT_MS = 10000,
    BACKOFF_MIN_MS = 1000,
    BACKOFF_MAX_MS = 60000,
    MAX_INFLIGHT = 64,
    QUEUE_BYTES = 4 * 1024 * 1024,
    STEADY_MS = 10000, /* a connection that lived this long ends the backoff */
    DISCONNECT_MS = 2000,
    CLOSE_GUARD_MS = 4000,
    SUBSCRIPTIONS_MAX = 16,
    FILTER_MAX = 256,
    EVENTS_PER_TURN = 1000,
    TEXTS = 7
};

enum state {
    STATE_WAITING,      /* until the timer */
    STATE_CONNECTING,   /* until CONNECTED or FAILED */
    STATE_UP,           /* until LOST or our disconnect */
    STATE_DISCONNECTING /* until DISCONNECTED */
};

struct publication {
    struct mqtt_event event; /* first, so that the one is the other */
    struct publication *next, **back;
    struct mqtt *mqtt;
    mqtt_done *done; /* NULL once told */
    void *arg;
};

struct mqtt {
    struct loop *loop;
    struct mqtt_options options; /* texts are those in texts[] */
    char *texts[TEXTS];
    struct mqtt_events events;
    MQTTAsync client;
    struct mqtt_queue queue;
    struct loop_timer *timer;
    struct rng rng;
    enum state state;
    int failures; /* since the last steady connection */
    struct mono_ms up_since;
    bool paused, closing;
    char why[160]; /* of our own disconnect */

    struct {
        char filter[FILTER_MAX];
        int qos;
    } subscriptions[SUBSCRIPTIONS_MAX];

    size_t subscribed;
    struct publication *publications;
    size_t inflight;
    loop_fn *closed;
    void *closed_arg;
};

/* ---- on paho's threads: tell the queue, call nothing of paho's ---- */

static int message_arrived(void *context, char *topic, int topic_len, MQTTAsync_message *got)
{
    struct mqtt *m = context;
    size_t len = topic_len > 0 ? (size_t)topic_len : strlen(topic);
    struct mqtt_message message = {.topic = {topic, len},
                                   .payload = {got->payload, (size_t)got->payloadlen},
                                   .qos = got->qos,
                                   .retained = got->retained != 0,
                                   .dup = got->dup != 0};
    if (m->events.raw)
        m->events.raw(m->events.arg, &message);
    else
        mqtt_queue_message(&m->queue, &message);
    MQTTAsync_freeMessage(&got);
    MQTTAsync_free(topic);
    return 1;
}

static void connection_lost(void *context, char *cause)
{
    struct mqtt *m = context;
    mqtt_queue_state(&m->queue, MQTT_LOST, 0, cause ? cause : "the connection broke");
}

static void connected(void *context, MQTTAsync_successData *data)
{
    struct mqtt *m = context;
    mqtt_queue_state(&m->queue, MQTT_CONNECTED, data ? data->alt.connect.sessionPresent : 0, "");
}

/* CONNACK return codes of MQTT 3.1.1 section 3.2.2.3, else what paho says. */
static const char *failure_text(const MQTTAsync_failureData *data)
{
    static const char *const refusals[] = {
        NULL,
        "the broker refuses: protocol version",
        "the broker refuses: client id",
        "the broker refuses: it is not available",
        "the broker refuses: user or password",
        "the broker refuses: not allowed",
    };
    if (data && data->code > 0 && data->code < (int)(sizeof refusals / sizeof *refusals))
        return refusals[data->code];
    return data && data->message ? data->message : "the broker cannot be reached";
}

static void connect_failed(void *context, MQTTAsync_failureData *data)
{
    struct mqtt *m = context;
    mqtt_queue_state(&m->queue, MQTT_FAILED, 0, failure_text(data));
}

static void disconnected(void *context, MQTTAsync_successData *data)
{
    (void)data;
    struct mqtt *m = context;
    mqtt_queue_state(&m->queue, MQTT_DISCONNECTED, 0, "");
}

static void disconnect_failed(void *context, MQTTAsync_failureData *data)
{
    (void)data;
    disconnected(context, NULL);
}

static void subscribe_failed(void *context, MQTTAsync_failureData *data)
{
    (void)data;
    struct mqtt *m = context;
    mqtt_queue_state(&m->queue, MQTT_REFUSED, 0, "the broker refuses a subscription");
}

static void published(void *context, MQTTAsync_successData *data)
{
    (void)data;
    struct publication *p = context;
    mqtt_queue_published(&p->mqtt->queue, &p->event, 0);
}

/* MQTT 3.1.1 has no way to refuse a publication: it only fails with its connection. */
static void publish_failed(void *context, MQTTAsync_failureData *data)
{
    (void)data;
    struct publication *p = context;
    mqtt_queue_published(&p->mqtt->queue, &p->event, ERR_CLOSED);
}

/* ---- on the loop ---- */

static int64_t backoff_ms(struct mqtt *m)
{
    int64_t wait = m->options.backoff_min_ms;
    for (int i = 1; i < m->failures && wait < m->options.backoff_max_ms; i++)
        wait *= 2;
    if (wait > m->options.backoff_max_ms)
        wait = m->options.backoff_max_ms;
    return wait - (int64_t)rng_below(&m->rng, (uint64_t)wait / 2 + 1);
}

/* Tells the owner that the connection is gone, and of everything that went with it. */
static void went_down(struct mqtt *m, const char *why)
{
    m->failures++;
    m->state = STATE_WAITING;
    for (struct publication *p = m->publications, *next; p; p = next) {
        next = p->next;
        mqtt_done *done = p->done;
        p->done = NULL;
        if (done)
            done(p->arg, ERR_CLOSED);
    }
    int64_t retry_ms = backoff_ms(m);
    if (!m->paused && !m->closing)
        loop_timer_after(m->timer, retry_ms);
    if (m->events.down && !m->closing)
        m->events.down(m->events.arg, why, m->paused ? -1 : retry_ms);
}

static void describe_tls(const struct mqtt *m, MQTTAsync_SSLOptions *tls)
{
    tls->trustStore = m->options.ca_file;
    tls->keyStore = m->options.cert_file;
    tls->privateKey = m->options.key_file;
    tls->enableServerCertAuth = 1;
    tls->verify = 1;
    tls->disableDefaultTrustStore = m->options.ca_file != NULL;
}

static int start_connect(struct mqtt *m, const struct mqtt_will *will)
{
    MQTTAsync_connectOptions c = MQTTAsync_connectOptions_initializer;
    MQTTAsync_willOptions w = MQTTAsync_willOptions_initializer;
    MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
    w.topicName = will->topic;
    w.payload.data = will->payload;
    w.payload.len = (int)will->len;
    w.qos = 1;
    w.retained = will->retained;
    describe_tls(m, &tls);
    c.keepAliveInterval = m->options.keep_alive_s;
    c.cleansession = !m->options.keep_session;
    c.maxInflight = (int)m->options.max_inflight;
    c.will = will->topic[0] ? &w : NULL;
    c.username = m->options.user;
    c.password = m->options.password;
    c.connectTimeout = (int)((m->options.connect_timeout_ms + 999) / 1000);
    c.ssl = m->options.tls ? &tls : NULL;
    c.MQTTVersion = MQTTVERSION_3_1_1;
    c.onSuccess = connected;
    c.onFailure = connect_failed;
    c.context = m;
    return MQTTAsync_connect(m->client, &c) == MQTTASYNC_SUCCESS ? 0 : ERR_LIBRARY;
}

static void try_to_connect(struct mqtt *m)
{
    struct mqtt_will will = {.len = 0};
    if (m->events.connecting)
        m->events.connecting(m->events.arg, &will);
    if (m->closing || m->paused || m->state != STATE_WAITING)
        return;
    m->state = STATE_CONNECTING;
    if (start_connect(m, &will) != 0)
        went_down(m, "the MQTT library refuses the connection's options");
}

static int send_subscribe(struct mqtt *m, size_t i)
{
    MQTTAsync_responseOptions r = MQTTAsync_responseOptions_initializer;
    r.onFailure = subscribe_failed;
    r.context = m;
    int rc =
        MQTTAsync_subscribe(m->client, m->subscriptions[i].filter, m->subscriptions[i].qos, &r);
    return rc == MQTTASYNC_SUCCESS ? 0 : ERR_LIBRARY;
}

static void start_disconnect(struct mqtt *m, const char *why)
{
    MQTTAsync_disconnectOptions d = MQTTAsync_disconnectOptions_initializer;
    d.timeout = DISCONNECT_MS;
    d.onSuccess = disconnected;
    d.onFailure = disconnect_failed;
    d.context = m;
    snprintf(m->why, sizeof m->why, "%s", why);
    m->state = STATE_DISCONNECTING;
    if (MQTTAsync_disconnect(m->client, &d) != MQTTASYNC_SUCCESS)
        disconnected(m, NULL);
}

static void came_up(struct mqtt *m, bool session)
{
    m->state = STATE_UP;
    m->up_since = loop_now(m->loop).mono;
    if (m->closing || m->paused) {
        start_disconnect(m, m->why);
        return;
    }
    int err = 0;
    for (size_t i = 0; i < m->subscribed && !err; i++)
        err = send_subscribe(m, i);
    if (err)
        mqtt_bounce(m, "subscribing failed");
    else if (m->events.up)
        m->events.up(m->events.arg, session);
}

static void lost(struct mqtt *m, const char *why)
{
    if (mono_since(loop_now(m->loop).mono, m->up_since) >= STEADY_MS)
        m->failures = 0;
    went_down(m, why);
}

static void forget(struct publication *p)
{
    *p->back = p->next;
    if (p->next)
        p->next->back = p->back;
    p->mqtt->inflight--;
    free(p);
}

static void publication_ended(struct publication *p, int err)
{
    mqtt_done *done = p->done;
    void *arg = p->arg;
    forget(p);
    if (done)
        done(arg, err);
}

/* The client is freed by its timer, never from under an event of its own. */
static void disconnect_done(struct mqtt *m)
{
    if (m->closing)
        loop_timer_after(m->timer, 0);
    else
        lost(m, m->why);
}

/* A state that no longer fits is history of an earlier connection. */
static void state_changed(struct mqtt *m, const struct mqtt_event *event)
{
    switch (event->kind) {
    case MQTT_CONNECTED:
        if (m->state == STATE_CONNECTING)
            came_up(m, event->value != 0);
        break;
    case MQTT_FAILED:
        if (m->state == STATE_CONNECTING && m->closing)
            loop_timer_after(m->timer, 0);
        else if (m->state == STATE_CONNECTING)
            went_down(m, event->why);
        break;
    case MQTT_LOST:
        if (m->state == STATE_UP)
            lost(m, event->why);
        else if (m->state == STATE_DISCONNECTING)
            disconnect_done(m);
        break;
    case MQTT_REFUSED:
        mqtt_bounce(m, event->why);
        break;
    default:
        if (m->state == STATE_DISCONNECTING)
            disconnect_done(m);
    }
}

static void message_came(struct mqtt *m, struct mqtt_received *received)
{
    if (m->events.message && !m->closing)
        m->events.message(m->events.arg, &received->message);
    free(received);
}

/* At most what waits now, so that a flood leaves the loop its turns. */
static void drain(void *arg)
{
    struct mqtt *m = arg;
    struct mqtt_event *event;
    for (int i = 0; i < EVENTS_PER_TURN; i++) {
        if (!(event = mqtt_queue_take(&m->queue)))
            return;
        if (event->kind == MQTT_MESSAGE) {
            message_came(m, (struct mqtt_received *)event);
        } else if (event->kind == MQTT_PUBLISHED) {
            publication_ended((struct publication *)event, event->value);
        } else {
            struct mqtt_event copy = *event;
            state_changed(m, &copy);
        }
    }
    loop_wake_send(m->queue.wake);
}

static char **text_slot(struct mqtt *m, size_t i, const char *text, int *err)
{
    m->texts[i] = text ? strdup(text) : NULL;
    if (text && !m->texts[i])
        *err = ERR_NOMEM;
    return &m->texts[i];
}

static int copy_options(struct mqtt *m, const struct mqtt_options *options)
{
    struct mqtt_options *o = &m->options;
    int err = 0;
    *o = *options;
    o->host = *text_slot(m, 0, options->host, &err);
    o->ca_file = *text_slot(m, 1, options->ca_file, &err);
    o->cert_file = *text_slot(m, 2, options->cert_file, &err);
    o->key_file = *text_slot(m, 3, options->key_file, &err);
    o->user = *text_slot(m, 4, options->user, &err);
    o->password = *text_slot(m, 5, options->password, &err);
    o->client_id = *text_slot(m, 6, options->client_id, &err);
    o->port = o->port ? o->port : o->tls ? PORT_TLS : PORT;
    o->keep_alive_s = o->keep_alive_s ? o->keep_alive_s : KEEP_ALIVE_S;
    o->connect_timeout_ms = o->connect_timeout_ms ? o->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    o->backoff_min_ms = o->backoff_min_ms ? o->backoff_min_ms : BACKOFF_MIN_MS;
    o->backoff_max_ms = o->backoff_max_ms ? o->backoff_max_ms : BACKOFF_MAX_MS;
    o->max_inflight = o->max_inflight ? o->max_inflight : MAX_INFLIGHT;
    o->queue_bytes = o->queue_bytes ? o->queue_bytes : QUEUE_BYTES;
    return err ? err : o->host && o->client_id ? 0 : ERR_MISSING;
}

static int create_client(struct mqtt *m)
{
    MQTTAsync_createOptions c = MQTTAsync_createOptions_initializer;
    char uri[320];
    MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_ERROR); /* else each of its calls goes into a table */
    c.MQTTVersion = MQTTVERSION_3_1_1;
    c.maxBufferedMessages = (int)m->options.max_inflight; /* paho counts while connected, too */
    bool v6 = strchr(m->options.host, ':') != NULL;
    snprintf(uri, sizeof uri, "%s://%s%s%s:%d", m->options.tls ? "ssl" : "tcp", v6 ? "[" : "",
             m->options.host, v6 ? "]" : "", m->options.port);
    if (MQTTAsync_createWithOptions(&m->client, uri, m->options.client_id,
                                    MQTTCLIENT_PERSISTENCE_NONE, NULL, &c) != MQTTASYNC_SUCCESS) {
        m->client = NULL;
        return ERR_LIBRARY;
    }
    int rc = MQTTAsync_setCallbacks(m->client, m, connection_lost, message_arrived, NULL);
    return rc == MQTTASYNC_SUCCESS ? 0 : ERR_LIBRARY;
}

/* Frees what there is of a client; paho's threads know nothing of it any more once it is destroyed.
 */
static void free_client(struct mqtt *m)
{
    if (m->client)
        MQTTAsync_destroy(&m->client);
    m->client = NULL;
    if (m->queue.wake)
        mqtt_queue_close(&m->queue); /* before the publications that wait in it */
    while (m->publications)
        publication_ended(m->publications, ERR_CLOSED);
    loop_timer_close(m->timer);
    for (size_t i = 0; i < TEXTS; i++)
        free(m->texts[i]);
    free(m);
}

static void finish_close(struct mqtt *m)
{
    loop_fn *closed = m->closed;
    void *arg = m->closed_arg;
    free_client(m);
    if (closed)
        closed(arg);
}

static void timer_fired(void *arg)
{
    struct mqtt *m = arg;
    if (m->closing)
        finish_close(m);
    else
        try_to_connect(m);
}

int mqtt_open(struct loop *loop, const struct mqtt_options *options,
              const struct mqtt_events *events, struct mqtt **ret_mqtt)
{
    struct mqtt *m = calloc(1, sizeof *m);
    if (!m)
        return ERR_NOMEM;
    m->loop = loop;
    m->events = *events;
    m->rng = (struct rng){entropy_u64()};
    int err = copy_options(m, options);
    if (!err)
        err = mqtt_queue_open(&m->queue, loop, m->options.queue_bytes, drain, m);
    if (!err)
        err = loop_timer_open(loop, timer_fired, m, &m->timer);
    if (!err)
        err = create_client(m);
    if (err) {
        free_client(m);
        return err;
    }
    loop_timer_after(m->timer, 0);
    *ret_mqtt = m;
    return 0;
}

void mqtt_close(struct mqtt *m, loop_fn *closed, void *arg)
{
    if (!m)
        return;
    m->closing = true;
    m->closed = closed;
    m->closed_arg = arg;
    bool idle = m->state == STATE_WAITING;
    loop_timer_after(m->timer, idle ? 0 : CLOSE_GUARD_MS);
    if (m->state == STATE_UP)
        start_disconnect(m, "closed");
}

int mqtt_subscribe(struct mqtt *m, const char *filter, int qos)
{
    size_t len = strlen(filter);
    if (m->subscribed == SUBSCRIPTIONS_MAX)
        return ERR_FULL;
    if (len >= FILTER_MAX)
        return ERR_TOO_LONG;
    memcpy(m->subscriptions[m->subscribed].filter, filter, len + 1);
    m->subscriptions[m->subscribed].qos = qos;
    m->subscribed++;
    if (m->state == STATE_UP && send_subscribe(m, m->subscribed - 1) != 0)
        mqtt_bounce(m, "subscribing failed");
    return 0;
}

static struct publication *new_publication(struct mqtt *m, mqtt_done *done, void *arg)
{
    struct publication *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    *p = (struct publication){.mqtt = m, .done = done, .arg = arg};
    p->next = m->publications;
    p->back = &m->publications;
    if (p->next)
        p->next->back = &p->next;
    m->publications = p;
    m->inflight++;
    return p;
}

static int send_code(int rc)
{
    switch (rc) {
    case MQTTASYNC_SUCCESS:
        return 0;
    case MQTTASYNC_DISCONNECTED:
        return ERR_CLOSED;
    case MQTTASYNC_MAX_BUFFERED_MESSAGES:
        return ERR_FULL;
    default:
        return ERR_LIBRARY;
    }
}

/* Of what nobody waits for nobody is told: at thousands a second paho's reports cost more than the
 * messages. Paho's own bound of what waits in it holds for them. */
int mqtt_publish(struct mqtt *m, const char *topic, struct slice payload, int qos, bool retained,
                 mqtt_done *done, void *arg)
{
    bool watched = qos > 0 || done;
    if (!mqtt_is_up(m))
        return ERR_CLOSED;
    if (watched && m->inflight >= m->options.max_inflight)
        return ERR_FULL;
    struct publication *p = watched ? new_publication(m, done, arg) : NULL;
    if (watched && !p)
        return ERR_NOMEM;
    MQTTAsync_responseOptions r = MQTTAsync_responseOptions_initializer;
    r.onSuccess = published;
    r.onFailure = publish_failed;
    r.context = p;
    int err = send_code(MQTTAsync_send(m->client, topic, (int)payload.len, payload.at, qos,
                                       retained, watched ? &r : NULL));
    if (err && p)
        forget(p);
    return err;
}

bool mqtt_is_up(const struct mqtt *m)
{
    return m->state == STATE_UP && !m->closing;
}

void mqtt_bounce(struct mqtt *m, const char *why)
{
    if (mqtt_is_up(m))
        start_disconnect(m, why);
}

void mqtt_pause(struct mqtt *m, const char *why)
{
    if (m->paused || m->closing)
        return;
    m->paused = true;
    loop_timer_stop(m->timer);
    snprintf(m->why, sizeof m->why, "%s", why);
    mqtt_bounce(m, why);
}

void mqtt_resume(struct mqtt *m)
{
    if (!m->paused || m->closing)
        return;
    m->paused = false;
    if (m->state == STATE_WAITING)
        loop_timer_after(m->timer, 0);
}

struct mqtt_counters mqtt_count(struct mqtt *m)
{
    pthread_mutex_lock(&m->queue.lock);
    struct mqtt_counters counters = m->queue.counters;
    pthread_mutex_unlock(&m->queue.lock);
    return counters;
}
