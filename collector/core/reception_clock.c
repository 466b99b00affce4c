/* What is ahead of us may be right: our own clock loses nobody's packs. */
#include "core/reception_own.h"

#include "base/err.h"
#include "wire/seconds.h"

/* With a receipt so far on, a pack is refused for anything but its time. */
#define FAR_MS (INT64_C(100) * 366 * 86400 * 1000)

static struct wall_ms newest_reading(const struct reception *r)
{
    int64_t newest_us = INT64_MIN;
    for (size_t i = 0; i < r->reader.len; i++)
        if (r->reader.readings[i].time_us > newest_us)
            newest_us = r->reader.readings[i].time_us;
    return seconds_to_wall(newest_us);
}

bool reception_readings_late(const struct reception *r, const struct reception_message *m)
{
    return r->reader.len > 0 &&
           m->received.ms - newest_reading(r).ms > r->centre->options.world.late_ms;
}

static void hear(struct reception *r, const struct reception_pack *p, struct wall_ms newest)
{
    if (!p->message->retained)
        session_clock(r->centre->session, p->probe, newest, p->message->received);
}

static const char *early(struct reception *r, const struct reception_pack *p, struct wall_ms newest)
{
    struct clock_gate *gate = &r->centre->clock;
    struct wall_ms received = p->message->received;
    hear(r, p, newest);
    const char *why =
        clock_gate_behind(gate, p->probe, world_now(r->centre->world), newest, received);
    if (!why)
        clock_gate_taken(gate, p->probe, newest, received);
    return why;
}

static const char *ahead(struct reception *r, const struct reception_pack *p, struct wall_ms newest)
{
    struct clock_gate *gate = &r->centre->clock;
    struct wall_ms received = p->message->received;
    hear(r, p, newest);
    const char *why =
        clock_gate_behind(gate, p->probe, world_now(r->centre->world), newest, received);
    return why ? why : clock_gate_outvoted(gate, p->probe, received);
}

const char *reception_readings_early(struct reception *r, const struct reception_pack *p)
{
    return r->reader.len ? early(r, p, newest_reading(r)) : NULL;
}

const char *reception_body_early(struct reception *r, const struct reception_pack *p,
                                 const struct body *body)
{
    bool timed = body->kind != BODY_READINGS && body->kind != BODY_UNTIMED;
    return timed ? early(r, p, seconds_to_wall(body_time_us(body))) : NULL;
}

const char *reception_readings_ahead(struct reception *r, const struct reception_pack *p)
{
    struct reason why;
    struct wall_ms far = {p->message->received.ms + FAR_MS};
    if (pack_reader_read(&r->reader, p->message->payload, PACK_STREAM, far, &why) != 0)
        return NULL;
    return ahead(r, p, newest_reading(r));
}

const char *reception_body_ahead(struct reception *r, const struct reception_pack *p)
{
    struct body body = {0};
    struct reason why;
    struct wall_ms far = {p->message->received.ms + FAR_MS};
    if (body_read(p->message->payload, far, &body, &why) != 0)
        return NULL;
    const char *held = ahead(r, p, seconds_to_wall(body_time_us(&body)));
    body_done(&body);
    return held;
}
