#include "io/mqtt_queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int mqtt_queue_open(struct mqtt_queue *q, struct loop *loop, size_t max_bytes, loop_fn *fn,
                    void *arg)
{
    int err = loop_wake_open(loop, fn, arg, &q->wake);
    if (err)
        return err;
    pthread_mutex_init(&q->lock, NULL);
    q->last = &q->first;
    q->max_bytes = max_bytes;
    return 0;
}

/* With the lock held. */
static void add(struct mqtt_queue *q, struct mqtt_event *event)
{
    event->next = NULL;
    event->waiting = true;
    *q->last = event;
    q->last = &event->next;
}

static void unlock_and_wake(struct mqtt_queue *q)
{
    pthread_mutex_unlock(&q->lock);
    loop_wake_send(q->wake);
}

void mqtt_queue_state(struct mqtt_queue *q, enum mqtt_kind kind, int value, const char *why)
{
    pthread_mutex_lock(&q->lock);
    struct mqtt_event *event = &q->states[kind];
    if (!event->waiting) {
        event->kind = kind;
        event->value = value;
        snprintf(event->why, sizeof event->why, "%s", why);
        q->counters.connects += kind == MQTT_CONNECTED;
        add(q, event);
    }
    unlock_and_wake(q);
}

void mqtt_queue_published(struct mqtt_queue *q, struct mqtt_event *event, int err)
{
    pthread_mutex_lock(&q->lock);
    event->kind = MQTT_PUBLISHED;
    event->value = err;
    q->counters.published += err == 0;
    add(q, event);
    unlock_and_wake(q);
}

static struct mqtt_received *copy_of(const struct mqtt_message *message)
{
    size_t bytes = message->topic.len + message->payload.len;
    struct mqtt_received *copy = malloc(sizeof *copy + bytes + 1);
    if (!copy)
        return NULL;
    char *at = (char *)(copy + 1);
    *copy = (struct mqtt_received){.message = *message, .bytes = bytes};
    copy->event.kind = MQTT_MESSAGE;
    memcpy(at, message->topic.at, message->topic.len);
    if (message->payload.len > 0)
        memcpy(at + message->topic.len, message->payload.at, message->payload.len);
    copy->message.topic.at = at;
    copy->message.payload.at = at + message->topic.len;
    return copy;
}

void mqtt_queue_message(struct mqtt_queue *q, const struct mqtt_message *message)
{
    struct mqtt_received *copy = copy_of(message);
    pthread_mutex_lock(&q->lock);
    q->counters.received++;
    bool fits = copy && q->bytes + copy->bytes <= q->max_bytes;
    if (fits) {
        q->bytes += copy->bytes;
        add(q, &copy->event);
    } else {
        q->counters.dropped++;
    }
    unlock_and_wake(q);
    if (!fits)
        free(copy);
}

struct mqtt_event *mqtt_queue_take(struct mqtt_queue *q)
{
    pthread_mutex_lock(&q->lock);
    struct mqtt_event *event = q->first;
    if (event) {
        q->first = event->next;
        if (!q->first)
            q->last = &q->first;
        event->waiting = false;
        if (event->kind == MQTT_MESSAGE)
            q->bytes -= ((struct mqtt_received *)event)->bytes;
    }
    pthread_mutex_unlock(&q->lock);
    return event;
}

void mqtt_queue_close(struct mqtt_queue *q)
{
    struct mqtt_event *event;
    while ((event = mqtt_queue_take(q)))
        if (event->kind == MQTT_MESSAGE)
            free(event);
    loop_wake_close(q->wake);
    pthread_mutex_destroy(&q->lock);
}
