#include "core/reception_own.h"

#include "base/err.h"
#include "wire/centre.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reception *reception_new(struct centre *centre, const char *id, uint64_t boot,
                                const struct reception_effects *effects)
{
    struct reception *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->centre = centre;
    r->effects = *effects;
    r->boot = boot;
    struct publishers_limits limits = centre->options.publishers;
    if (limits.load == 0)
        limits = publishers_limits_default();
    r->publishers = publishers_new(&limits);
    snprintf(r->id, sizeof r->id, "%s", id);
    vec_init(&r->entries, sizeof(struct check_entry), CHECKLIST_MAX);
    vec_init(&r->units, sizeof(uint32_t), (size_t)CHECKLIST_MAX * CHECKLIST_UNITS_MAX);
    if (pack_reader_init(&r->reader) == 0 && r->publishers)
        return r;
    reception_free(r);
    return NULL;
}

void reception_free(struct reception *r)
{
    if (!r)
        return;
    pack_reader_done(&r->reader);
    publishers_free(r->publishers);
    vec_done(&r->entries);
    vec_done(&r->units);
    free(r);
}

void reception_hold(struct reception *r, const char *reason)
{
    if (reason)
        reason_set(&r->hold, "%s", reason);
    else
        r->hold.text[0] = '\0';
}

/* The log is read later than it is written: the clock may have been set meanwhile, the receive time
 * was not. */
const char *reception_held(const struct reception *r, const struct reception_message *m)
{
    if (r->hold.text[0])
        return r->hold.text;
    return m->received.ms < RECEPTION_CLOCK_FLOOR_MS ? "the centre's clock was not set" : NULL;
}

int reception_refuse(struct reception *r, const struct reception_message *m, const char *why)
{
    r->centre->ledger.refused++;
    if (!publishers_may_leave(r->publishers, r->who, m->received)) {
        r->centre->ledger.letters_unkept++;
        return 0;
    }
    return r->effects.dead(r->effects.context, m, why);
}

/* Our own marker closes a stretch of listening; while packs are held we do not listen (DESIGN 4.4).
 */
static int take_echo(struct reception *r, const struct reception_message *m,
                     const struct topic *topic)
{
    struct centre *c = r->centre;
    struct centre_echo echo;
    c->ledger.control++;
    if (!slice_is(topic->who, r->id) || m->retained)
        return 0;
    int err = centre_read_echo(m->payload, &echo, NULL);
    if (err)
        return err == ERR_NOMEM ? err : 0;
    if (echo.boot != r->boot)
        return 0;
    if (reception_held(r, m)) {
        marker_break(&c->marker);
        return 0;
    }
    struct wall_ms from;
    if (!marker_heard(&c->marker, echo.number, m->received, &from))
        return 0;
    return world_listened(c->world, from, m->received);
}

static int take_connection(struct reception *r, const struct reception_message *m)
{
    r->centre->ledger.control++;
    marker_break(&r->centre->marker);
    return world_connected(r->centre->world, m->received);
}

static int take_other(struct reception *r, const struct reception_message *m,
                      const struct topic *topic)
{
    (void)m;
    (void)topic;
    r->centre->ledger.control++;
    return 0;
}

/* Whose message it is, for its share of everything. */
static uint32_t publisher_of(struct reception *r, struct slice name)
{
    uint32_t probe = names_find(&r->centre->inventory->probes, name);
    return probe == NAMES_NONE ? publishers_stranger(r->publishers, name) : publishers_probe(probe);
}

/* A message that is not read, because its publisher has had its share. It is counted as what it
 * would have been at best: a pack held back, a status, a plain message at a bound. */
static int take_unread(struct reception *r, const struct topic *topic)
{
    struct ledger *l = &r->centre->ledger;
    struct reception_answer a = {.probe = topic->who,
                                 .hold = "this probe sends more than one probe may"};
    l->over_share++;
    if (topic->kind == TOPIC_PLAIN)
        l->plain_bounded++;
    else if (topic->kind != TOPIC_DATA)
        l->control++;
    if (topic->kind != TOPIC_DATA)
        return 0;
    l->ignored++;
    return r->effects.answer(r->effects.context, &a);
}

/* Our own markers are not a publisher's; acks and the like are not read anyway. */
static bool has_share(struct reception *r, const struct reception_message *m,
                      const struct topic *topic)
{
    bool reads =
        topic->kind == TOPIC_DATA || topic->kind == TOPIC_STATUS || topic->kind == TOPIC_PLAIN;
    bool dear = topic->kind == TOPIC_DATA && !body_is_readings(m->payload);
    return !reads || publishers_may_load(r->publishers, r->who, m->payload.len, dear, m->received);
}

int reception_take(struct reception *r, const struct reception_message *m)
{
    static int (*const take[])(struct reception *, const struct reception_message *,
                               const struct topic *) = {
        [TOPIC_DATA] = reception_data,   [TOPIC_STATUS] = reception_status,
        [TOPIC_PLAIN] = reception_plain, [TOPIC_ACK] = take_other,
        [TOPIC_CONFIG] = take_other,     [TOPIC_CENTRE_STATUS] = take_other,
        [TOPIC_CENTRE_ECHO] = take_echo,
    };
    r->centre->ledger.taken++;
    if (m->topic.len == 0)
        return take_connection(r, m);
    struct topic topic;
    struct reason why;
    r->who = publishers_stranger(r->publishers, (struct slice){"", 0}); /* nobody in particular */
    if (topic_read(m->topic, &topic, &why) != 0)
        return reception_refuse(r, m, why.text);
    r->who = publisher_of(r, topic.who);
    return has_share(r, m, &topic) ? take[topic.kind](r, m, &topic) : take_unread(r, &topic);
}
