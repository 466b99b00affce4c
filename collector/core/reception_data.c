#include "core/reception_own.h"

#include "base/err.h"
#include "wire/seconds.h"

static int answer(struct reception *r, const struct reception_pack *p,
                  const struct stream_decision *d)
{
    struct reception_answer a = {.probe = p->topic.who,
                                 .number = p->probe + 1,
                                 .late = p->late,
                                 .epoch = p->topic.epoch,
                                 .upto = d->upto,
                                 .gap = d->gap};
    return r->effects.answer(r->effects.context, &a);
}

static int hold(struct reception *r, struct slice probe, const char *why)
{
    struct reception_answer a = {.probe = probe, .hold = why};
    r->centre->ledger.ignored++;
    return r->effects.answer(r->effects.context, &a);
}

static int settle(struct reception *r, const struct reception_pack *p, enum stream_fate fate)
{
    struct stream_decision d;
    int err = stream_settle(r->centre->stream, &p->offer, fate, &d);
    return err ? err : answer(r, p, &d);
}

/* Refused for good: the pack has its place in the stream, the probe is told, people find it among
 * the dead letters. */
static int refuse(struct reception *r, const struct reception_pack *p, const char *why)
{
    struct stream_decision d;
    int err = stream_settle(r->centre->stream, &p->offer, STREAM_FATE_REFUSED, &d);
    if (!err)
        err = reception_refuse(r, p->message, why);
    struct reception_answer a = {.probe = p->topic.who,
                                 .epoch = p->topic.epoch,
                                 .upto = d.upto,
                                 .refused_seq = p->topic.seq,
                                 .refused = why};
    return err ? err : r->effects.answer(r->effects.context, &a);
}

static int take_readings(struct reception *r, struct reception_pack *p)
{
    struct reason why;
    int err =
        pack_reader_read(&r->reader, p->message->payload, PACK_STREAM, p->message->received, &why);
    const char *held = err == ERR_RANGE ? reception_readings_ahead(r, p) : NULL;
    if (held)
        return hold(r, p->topic.who, held);
    if (err)
        return err == ERR_NOMEM ? err : refuse(r, p, why.text);
    held = reception_readings_early(r, p);
    if (held)
        return hold(r, p->topic.who, held);
    if (reception_sites_known(r, &why) != 0)
        return hold(r, p->topic.who, why.text);
    if (reception_bounded(r, p->message, &why) != 0)
        return refuse(r, p, why.text);
    err = reception_evidence(r, p->probe, p->message->received);
    if (!err)
        err = reception_measured(r, p->topic.who, p->probe, p->message->received);
    if (!err)
        err = reception_supply(r, p->probe, p->message->received);
    if (!err)
        err = reception_accept(r, p->probe, p->message->received);
    if (!err)
        err = r->effects.readings(r->effects.context, p->topic.who, r->reader.readings,
                                  r->reader.len);
    if (err)
        return err;
    p->late = reception_readings_late(r, p->message);
    r->centre->ledger.stored++;
    r->centre->ledger.readings_stored += r->reader.len;
    return settle(r, p, STREAM_STORED);
}

static int take_untimed(struct reception *r, const struct reception_pack *p)
{
    r->centre->ledger.untimed++;
    return settle(r, p, STREAM_FATE_UNTIMED);
}

static int stored_without_readings(struct reception *r, const struct reception_pack *p, int err)
{
    if (err)
        return err;
    r->centre->ledger.stored++;
    return settle(r, p, STREAM_STORED);
}

/* A list, and with it what the probe knows of the gap before its start (READINGS 21). */
static int take_list(struct reception *r, const struct reception_pack *p,
                     const struct checklist *list, struct reason *ret_why)
{
    struct wall_ms began = seconds_to_wall(list->time_us);
    int err = reception_list(r, p->probe, list, ret_why);
    if (err || list->start == START_UNSAID)
        return err;
    if (began.ms > p->message->received.ms)
        began = p->message->received;
    err = session_start(r->centre->session, p->probe, list->start, began);
    if (!err && start_was_away(list->start))
        err = world_away(r->centre->world, p->probe, (struct wall_ms){began.ms - 1});
    return err;
}

static int take_body(struct reception *r, struct reception_pack *p, const struct body *body)
{
    struct reason why;
    int err = 0;
    switch (body->kind) {
    case BODY_CHECKLIST:
        err = take_list(r, p, &body->list, &why);
        if (err == ERR_NOT_FOUND)
            return hold(r, p->topic.who, why.text);
        if (err == ERR_FULL)
            return refuse(r, p, "more checks than this centre takes of one probe");
        return stored_without_readings(r, p, err);
    case BODY_POWER_LOST:
        return stored_without_readings(
            r, p,
            world_gasp(r->centre->world, p->probe, (struct wall_ms){body->power_lost_us / 1000}));
    case BODY_UNTIMED:
        return take_untimed(r, p);
    case BODY_WORK:
        return stored_without_readings(
            r, p, reception_work(r, p->probe, &body->work, p->message->received));
    case BODY_READINGS:
        break;
    }
    return take_readings(r, p);
}

/* The next pack of the stream: now it is worth reading. */
static int accept(struct reception *r, struct reception_pack *p)
{
    const char *held = reception_held(r, p->message);
    if (held)
        return hold(r, p->topic.who, held);
    if (body_is_readings(p->message->payload))
        return take_readings(r, p);
    struct body body = {0};
    struct reason why;
    int err = body_read(p->message->payload, p->message->received, &body, &why);
    held = err == ERR_RANGE ? reception_body_ahead(r, p) : NULL;
    if (held)
        return hold(r, p->topic.who, held);
    if (err)
        return err == ERR_NOMEM ? err : refuse(r, p, why.text);
    held = reception_body_early(r, p, &body);
    err = held ? hold(r, p->topic.who, held) : take_body(r, p, &body);
    body_done(&body);
    return err;
}

/* It has no place in the stream, so the mark stays where it is. */
static int refuse_numbers(struct reception *r, const struct reception_pack *p,
                          const struct stream_decision *d)
{
    static const char why[] =
        "the numbers of its topic are impossible: low above seq, or a jump beyond any outbox";
    struct reception_answer a = {.probe = p->topic.who,
                                 .epoch = p->topic.epoch,
                                 .upto = d->upto,
                                 .refused_seq = p->topic.seq,
                                 .refused = why};
    int err = reception_refuse(r, p->message, why);
    return err ? err : r->effects.answer(r->effects.context, &a);
}

static int judge(struct reception *r, struct reception_pack *p)
{
    struct centre *c = r->centre;
    struct stream_decision d = stream_judge(c->stream, &p->offer);
    switch (d.verdict) {
    case STREAM_ACCEPT:
        if (d.missing == 0 || !p->message->after_damage)
            return accept(r, p);
        c->ledger.ignored++; /* the packs before it, or why there are none, come again */
        return 0;
    case STREAM_DUPLICATE:
        c->ledger.duplicate++;
        return answer(r, p, &d);
    case STREAM_AHEAD:
        c->ledger.ignored++;
        return settle(r, p, STREAM_STORED); /* it moves no mark; its number shows what is open */
    case STREAM_REFUSED:
        break;
    }
    return refuse_numbers(r, p, &d);
}

int reception_data(struct reception *r, const struct reception_message *m,
                   const struct topic *topic)
{
    struct centre *c = r->centre;
    struct reception_pack p = {.message = m, .topic = *topic};
    p.probe = names_find(&c->inventory->probes, topic->who);
    if (p.probe == NAMES_NONE || !inventory_probe(c->inventory, p.probe, m->received)) {
        struct reason why;
        reason_set(&why, "probe %.*s is not in the inventory", (int)topic->who.len, topic->who.at);
        return hold(r, topic->who, why.text);
    }
    int err = session_pack(c->session, p.probe);
    if (!err && !m->retained)
        err = world_heard(c->world, p.probe, m->received);
    if (err)
        return err;
    p.offer = (struct stream_offer){.probe = p.probe,
                                    .epoch = topic->epoch,
                                    .low = topic->low,
                                    .seq = topic->seq,
                                    .dropped = session_dropped(c->session, p.probe, topic->epoch),
                                    .at = m->received};
    return judge(r, &p);
}
