#include "carrier.h"

#include "base/err.h"
#include "wire/centre.h"
#include "wire/topic.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { INFLIGHT = 2000, INFLIGHT_EACH = 32, QUEUE_BYTES = 64 << 20, BACKOFF_MAX_MS = 5000 };

/* One connection. */
struct line {
    struct carrier *carrier;
    struct mqtt *mqtt;
    bool up;
};

struct carrier {
    struct carrier_events events;
    bool each;
    size_t len;
    size_t open; /* lines not closed yet */
    loop_fn *closed;
    void *closed_arg;
    struct line lines[];
};

static size_t number(const struct line *line)
{
    return (size_t)(line - line->carrier->lines);
}

static void on_connecting(void *arg, struct mqtt_will *will)
{
    struct line *line = arg;
    struct carrier *c = line->carrier;
    if (c->each)
        c->events.will(c->events.arg, number(line), will);
}

static void on_up(void *arg, bool session)
{
    struct line *line = arg;
    (void)session;
    line->up = true;
    line->carrier->events.line(line->carrier->events.arg, number(line), true);
}

static void on_down(void *arg, const char *why, int64_t retry_ms)
{
    struct line *line = arg;
    (void)why;
    (void)retry_ms;
    bool was = line->up;
    line->up = false;
    if (was)
        line->carrier->events.line(line->carrier->events.arg, number(line), false);
}

static void on_ack(struct carrier *c, struct slice who, struct slice payload)
{
    struct ack ack = {0};
    struct reason why;
    if (ack_read(payload, &ack, &why) == 0)
        c->events.ack(c->events.arg, who, &ack);
    ack_done(&ack);
}

static void on_centre(struct carrier *c, struct slice payload, bool live)
{
    struct centre_status status;
    struct reason why;
    if (centre_read_status(payload, &status, &why) == 0 && status.online)
        c->events.centre(c->events.arg, &status, live);
}

static void on_message(void *arg, const struct mqtt_message *message)
{
    struct line *line = arg;
    struct topic topic;
    struct reason why;
    if (topic_read(message->topic, &topic, &why) != 0)
        return;
    if (topic.kind == TOPIC_ACK)
        on_ack(line->carrier, topic.who, message->payload);
    else if (topic.kind == TOPIC_CENTRE_STATUS)
        on_centre(line->carrier, message->payload, !message->retained);
}

/* Shared lines: the first one hears for all. Own lines: each hears its own, the first one the
 * centre too. */
static int subscribe(struct carrier *c, size_t i)
{
    char filter[TOPIC_MAX];
    int err = 0;
    if (c->each)
        snprintf(filter, sizeof filter, "ioc/v1/%s/ack", c->events.name(c->events.arg, i));
    else
        snprintf(filter, sizeof filter, "ioc/v1/+/ack");
    if (c->each || i == 0)
        err = mqtt_subscribe(c->lines[i].mqtt, filter, 1);
    if (!err && i == 0)
        err = mqtt_subscribe(c->lines[i].mqtt, "ioc/v1/_centre/+/status", 1);
    return err;
}

static int open_line(struct carrier *c, struct loop *loop, const struct carrier_options *o,
                     size_t i)
{
    char id[TOPIC_MAX];
    struct line *line = &c->lines[i];
    struct mqtt_events events = {.arg = line,
                                 .connecting = on_connecting,
                                 .up = on_up,
                                 .down = on_down,
                                 .message = on_message};
    snprintf(id, sizeof id, "ioc-fleet-%ld-%zu", (long)getpid(), i);
    struct mqtt_options options = {.host = o->host,
                                   .port = o->port,
                                   .user = o->user,
                                   .password = o->password,
                                   .client_id = c->each ? c->events.name(c->events.arg, i) : id,
                                   .backoff_max_ms = BACKOFF_MAX_MS,
                                   .max_inflight = c->each ? INFLIGHT_EACH : INFLIGHT,
                                   .queue_bytes = c->each ? 0 : QUEUE_BYTES};
    line->carrier = c;
    int err = mqtt_open(loop, &options, &events, &line->mqtt);
    if (err)
        return err;
    c->open++;
    return subscribe(c, i);
}

int carrier_open(struct loop *loop, const struct carrier_options *options,
                 const struct carrier_events *events, struct carrier **ret_carrier)
{
    struct carrier *c = calloc(1, sizeof *c + options->lines * sizeof *c->lines);
    if (!c)
        return ERR_NOMEM;
    c->events = *events;
    c->each = options->each;
    c->len = options->lines;
    int err = 0;
    for (size_t i = 0; !err && i < c->len; i++)
        err = open_line(c, loop, options, i);
    *ret_carrier = c; /* half open too: the caller closes it */
    return err;
}

static void finish(struct carrier *c)
{
    if (c->closed)
        c->closed(c->closed_arg);
    free(c);
}

static void on_closed(void *arg)
{
    struct carrier *c = arg;
    if (--c->open == 0)
        finish(c);
}

void carrier_close(struct carrier *c, loop_fn *closed, void *arg)
{
    if (!c) {
        if (closed)
            closed(arg);
        return;
    }
    c->closed = closed;
    c->closed_arg = arg;
    if (c->open == 0) {
        finish(c);
        return;
    }
    for (size_t i = 0; i < c->len; i++)
        if (c->lines[i].mqtt)
            mqtt_close(c->lines[i].mqtt, on_closed, c);
}

int carrier_publish(struct carrier *c, size_t index, const char *topic, struct slice payload,
                    bool retained)
{
    return mqtt_publish(c->lines[index % c->len].mqtt, topic, payload, 1, retained, NULL, NULL);
}

size_t carrier_up(const struct carrier *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->len; i++)
        n += c->lines[i].up;
    return n;
}
