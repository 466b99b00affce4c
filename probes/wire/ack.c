#include "wire/ack.h"

#include "base/err.h"
#include "wire/json.h"
#include "wire/seconds.h"
#include "wire/topic.h"
#include "wire/tree.h"

/* Members come in a fixed order; the first has no comma before it. */
static void put_key(struct buf *out, size_t start, const char *key)
{
    buf_char(out, out->len == start ? '{' : ',');
    json_put_text(out, slice_of(key));
    buf_char(out, ':');
}

static void put_reason(struct buf *out, struct slice text)
{
    json_put_text(out, (struct slice){text.at, text.len < ACK_TEXT_MAX ? text.len : ACK_TEXT_MAX});
}

static void put_refused(struct buf *out, const struct ack *ack)
{
    buf_char(out, '[');
    for (size_t i = 0; i < ack->n_refused; i++) {
        buf_str(out, i ? ",[" : "[");
        buf_u64(out, ack->refused[i].seq);
        buf_char(out, ',');
        put_reason(out, ack->refused[i].reason);
        buf_char(out, ']');
    }
    buf_char(out, ']');
}

void ack_write(struct buf *out, const struct ack *ack)
{
    size_t start = out->len;
    if (ack->epoch) {
        put_key(out, start, "epoch");
        buf_printf(out, "\"%016llx\",\"upto\":%llu", (unsigned long long)ack->epoch,
                   (unsigned long long)ack->upto);
    }
    if (ack->now_us) {
        put_key(out, start, "now");
        seconds_write(out, ack->now_us);
    }
    if (ack->gap) {
        put_key(out, start, "gap");
        buf_str(out, "true");
    }
    if (ack->hold.len) {
        put_key(out, start, "hold");
        put_reason(out, ack->hold);
    }
    if (ack->n_refused) {
        put_key(out, start, "refused");
        put_refused(out, ack);
    }
    buf_str(out, out->len == start ? "{}" : "}");
}

static void read_refused(struct tree *t, struct ack *ack)
{
    const struct cJSON *list = tree_find(t->root, "refused");
    ack->n_refused = tree_length(t, list, ACK_REFUSED_MAX);
    struct ack_refused *refused = tree_alloc(t, ack->n_refused, sizeof *refused);
    const struct cJSON *item = tree_first(list);
    for (size_t i = 0; i < ack->n_refused && !t->err; i++, item = tree_next(item)) {
        if (tree_length(t, item, 2) != 2)
            tree_fail(t, ERR_TYPE, "wrong type of", "refused");
        const struct cJSON *seq = tree_first(item);
        refused[i].seq = tree_count(t, seq, TOPIC_SEQ_MAX);
        refused[i].reason = tree_text(t, tree_next(seq), ACK_TEXT_MAX);
    }
    ack->refused = refused;
}

int ack_read(struct slice bytes, struct ack *ret_ack, struct reason *ret_why)
{
    struct tree *t;
    int err = tree_new(bytes, &t, ret_why);
    if (err)
        return err;
    struct ack ack = {.own = t};
    ack.epoch = tree_hex(t, tree_find(t->root, "epoch"));
    ack.upto = tree_count(t, tree_find(t->root, "upto"), TOPIC_SEQ_MAX);
    if (tree_find(t->root, "epoch") || tree_find(t->root, "upto")) {
        tree_need(t, t->root, "epoch");
        tree_need(t, t->root, "upto");
    }
    ack.now_us = tree_time(t, tree_find(t->root, "now"));
    ack.gap = tree_bool(t, tree_find(t->root, "gap"));
    ack.hold = tree_text(t, tree_find(t->root, "hold"), ACK_TEXT_MAX);
    read_refused(t, &ack);
    err = tree_error(t, ret_why);
    if (err)
        tree_free(t);
    else
        *ret_ack = ack;
    return err;
}

void ack_done(struct ack *ack)
{
    tree_free(ack->own);
    *ack = (struct ack){0};
}
