#include "core/reception_own.h"

#include "base/err.h"

/* Reads it as of its kind; a pack's times are absolute, so that one that was ahead of its time may
 * have come of age, a plain message's may be relative to its receipt. */
static int read_again(struct reception *r, const struct reception_message *m,
                      const struct topic *topic, struct wall_ms now, struct reason *ret_why)
{
    bool plain = topic->kind == TOPIC_PLAIN;
    if (!plain && topic->kind != TOPIC_DATA) {
        reason_set(ret_why, "it speaks of its moment only; purge it");
        return ERR_DENIED;
    }
    if (!plain && !body_is_readings(m->payload)) {
        reason_set(ret_why, "only readings can be queued again; its probe repeats the rest");
        return ERR_DENIED;
    }
    int err = pack_reader_read(&r->reader, m->payload, plain ? PACK_PLAIN : PACK_STREAM,
                               plain ? m->received : now, ret_why);
    if (!err)
        err = reception_sites_known(r, ret_why);
    return err && err != ERR_NOMEM ? ERR_DENIED : err;
}

/* Its place in the stream, if it had one: a message with impossible numbers never had. */
static int move_mark(struct reception *r, uint32_t probe, const struct topic *topic)
{
    if (topic->kind != TOPIC_DATA || topic->low > topic->seq)
        return 0;
    int err = stream_requeue(r->centre->stream, probe, topic->epoch);
    return err == ERR_NOT_FOUND ? 0 : err;
}

int reception_requeue(struct reception *r, const struct reception_message *m, struct wall_ms now,
                      struct reason *ret_why)
{
    struct centre *c = r->centre;
    struct topic topic;
    if (r->hold.text[0]) {
        *ret_why = r->hold;
        return ERR_DENIED;
    }
    if (topic_read(m->topic, &topic, ret_why) != 0)
        return ERR_DENIED;
    uint32_t probe = names_find(&c->inventory->probes, topic.who);
    if (topic.kind == TOPIC_DATA && probe == NAMES_NONE) {
        reason_set(ret_why, "probe %.*s is not in the inventory", (int)topic.who.len, topic.who.at);
        return ERR_DENIED;
    }
    int err = read_again(r, m, &topic, now, ret_why);
    if (!err && topic.kind == TOPIC_DATA)
        err = reception_evidence(r, probe, now);
    if (!err)
        err = move_mark(r, probe, &topic);
    if (!err)
        err = r->effects.readings(r->effects.context, topic.who, r->reader.readings, r->reader.len);
    if (err)
        return err;
    c->ledger.requeued++;
    c->ledger.stored++;
    c->ledger.readings_stored += r->reader.len;
    return 0;
}
