#include "shell/answers.h"

#include "base/err.h"
#include "wire/topic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STREAMS_MAX = 65536, REFUSED_MAX = 65536, STREAM_TEXT_MAX = TOPIC_NAME_MAX + 8 };

/* The newest answer of one stream. */
struct answers_item {
    char probe[TOPIC_NAME_MAX + 1];
    uint64_t epoch;
    uint64_t upto;
    uint32_t number; /* 1 + the probe's in the inventory, 0 = not said */
    uint32_t packs;  /* acknowledged since the last publication, if all are late */
    bool late;       /* all are */
    bool gap;
    struct reason hold;
    uint32_t first; /* of its refusals, counted from 1; 0 = none */
    uint32_t last;
};

/* One pack refused for good. */
struct answers_refused {
    uint32_t next; /* of the same stream, counted from 1; 0 = it is the last */
    uint64_t seq;
    struct reason why;
};

void answers_init(struct answers *a)
{
    names_init(&a->streams, STREAMS_MAX);
    vec_init(&a->items, sizeof(struct answers_item), STREAMS_MAX);
    vec_init(&a->refused, sizeof(struct answers_refused), REFUSED_MAX);
}

void answers_done(struct answers *a)
{
    names_done(&a->streams);
    vec_done(&a->items);
    vec_done(&a->refused);
}

/* A stream's name in the table: the probe and the bytes of its epoch. */
static int stream_of(struct answers *a, const struct reception_answer *answer, uint32_t *ret_stream)
{
    char text[STREAM_TEXT_MAX];
    size_t len = answer->probe.len;
    if (len > TOPIC_NAME_MAX)
        return ERR_TOO_LONG;
    memcpy(text, answer->probe.at, len);
    memcpy(text + len, &answer->epoch, sizeof answer->epoch);
    return names_add(&a->streams, (struct slice){text, len + sizeof answer->epoch}, ret_stream);
}

static int item_of(struct answers *a, const struct reception_answer *answer,
                   struct answers_item **ret_item, uint32_t *ret_stream)
{
    int err = stream_of(a, answer, ret_stream);
    if (err)
        return err;
    if (*ret_stream < a->items.len) {
        *ret_item = vec_at(&a->items, *ret_stream);
        return 0;
    }
    struct answers_item *item = vec_push(&a->items);
    if (!item)
        return ERR_NOMEM;
    memcpy(item->probe, answer->probe.at, answer->probe.len);
    item->probe[answer->probe.len] = '\0';
    item->epoch = answer->epoch;
    item->late = true;
    *ret_item = item;
    return 0;
}

static int add_refused(struct answers *a, struct answers_item *item,
                       const struct reception_answer *answer)
{
    struct answers_refused *refused = vec_push(&a->refused);
    if (!refused)
        return ERR_NOMEM;
    *refused = (struct answers_refused){.seq = answer->refused_seq};
    reason_set(&refused->why, "%s", answer->refused);
    uint32_t number = (uint32_t)a->refused.len;
    if (item->last)
        ((struct answers_refused *)vec_at(&a->refused, item->last - 1))->next = number;
    else
        item->first = number;
    item->last = number;
    return 0;
}

int answers_add(struct answers *a, const struct reception_answer *answer)
{
    struct answers_item *item;
    uint32_t stream;
    int err = item_of(a, answer, &item, &stream);
    if (err)
        return err;
    item->number = answer->number;
    item->packs++;
    item->late = item->late && answer->late;
    if (answer->upto >= item->upto)
        item->gap = answer->gap;
    if (answer->upto > item->upto)
        item->upto = answer->upto;
    item->hold.text[0] = '\0';
    if (answer->hold)
        reason_set(&item->hold, "%s", answer->hold);
    return answer->refused_seq ? add_refused(a, item, answer) : 0;
}

bool answers_full(const struct answers *a)
{
    return a->streams.len >= STREAMS_MAX / 2 || a->refused.len >= REFUSED_MAX / 2;
}

/* The refusals of one stream, as many as one ack takes; the dead letters tell of all. */
static size_t refused_of(const struct answers *a, const struct answers_item *item,
                         struct ack_refused list[ACK_REFUSED_MAX])
{
    size_t n = 0;
    for (uint32_t number = item->first; number && n < ACK_REFUSED_MAX;) {
        const struct answers_refused *r = vec_at(&a->refused, number - 1);
        list[n++] = (struct ack_refused){r->seq, slice_of(r->why.text)};
        number = r->next;
    }
    return n;
}

static void send_ack(const char *probe, const struct ack *ack, struct buf *out, answers_send *send,
                     void *context)
{
    char topic[TOPIC_MAX];
    snprintf(topic, sizeof topic, "ioc/v1/%s/ack", probe);
    buf_clear(out);
    ack_write(out, ack);
    if (!out->err)
        send(context, topic, (struct slice){out->data, out->len});
}

static void publish_one(const struct answers *a, const struct answers_item *item,
                        struct wall_ms now, struct buf *out, answers_send *send, void *context)
{
    struct ack_refused list[ACK_REFUSED_MAX];
    struct ack ack = {.epoch = item->epoch,
                      .upto = item->upto,
                      .now_us = now.ms * 1000,
                      .gap = item->gap,
                      .hold = slice_of(item->hold.text),
                      .refused = list,
                      .n_refused = refused_of(a, item, list)};
    send_ack(item->probe, &ack, out, send, context);
}

/* Does the ack wait, or one that says as much? Whatever tells more than an ack of the past goes at
 * once, and takes the place of what waited. */
static int await(struct ack_queue *waiting, const struct answers_item *item, bool *ret_waits)
{
    uint32_t probe = item->number - 1;
    bool plain = item->number && !item->gap && !item->hold.text[0] && !item->first;
    *ret_waits = plain && item->late;
    if (*ret_waits)
        return ack_queue_add(waiting,
                             &(struct ack_waiting){probe, item->packs, item->epoch, item->upto});
    *ret_waits = plain && ack_queue_covers(waiting, probe, item->epoch, item->upto);
    if (item->number && !*ret_waits)
        ack_queue_forget(waiting, probe);
    return 0;
}

int answers_publish(struct answers *a, struct ack_queue *waiting, struct wall_ms now,
                    answers_send *send, void *context)
{
    struct buf out;
    int err = 0;
    buf_init(&out, 64 << 10);
    for (uint32_t i = 0; !err && i < a->items.len; i++) {
        const struct answers_item *item = vec_at(&a->items, i);
        bool waits = false;
        err = await(waiting, item, &waits);
        if (!err && !waits)
            publish_one(a, item, now, &out, send, context);
    }
    err = err ? err : out.err;
    buf_done(&out);
    answers_done(a);
    answers_init(a);
    return err;
}

int answers_release(struct ack_queue *waiting, uint64_t packs, const struct names *probes,
                    struct wall_ms now, answers_send *send, void *context)
{
    struct buf out;
    struct ack_waiting next;
    uint64_t sent = 0;
    buf_init(&out, 64 << 10);
    while ((sent == 0 || sent < packs) && ack_queue_take(waiting, &next)) {
        struct ack ack = {.epoch = next.epoch, .upto = next.upto, .now_us = now.ms * 1000};
        send_ack(names_text(probes, next.probe), &ack, &out, send, context);
        sent += next.packs;
    }
    int err = out.err;
    buf_done(&out);
    return err;
}
