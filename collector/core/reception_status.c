#include "core/reception_own.h"

#include "base/err.h"
#include "wire/seconds.h"

/* How far a probe's clock may be ahead of ours for what it announces to be taken ahead. */
enum { WORK_AHEAD_MS = 60000 };

/* Results that wait in the probe's backlog, told ahead of it (FIGURES 7.15). Unknown sites say
 * nothing. */
static int take_summary(struct reception *r, uint32_t probe, const struct status *s,
                        struct wall_ms received)
{
    int err = 0;
    for (size_t i = 0; !err && i < s->n_now; i++) {
        uint32_t site = names_find(&r->centre->inventory->sites, s->now[i].site);
        enum world_fate fate;
        if (site != NAMES_NONE)
            err = world_summary(r->centre->world, probe, site, s->now[i].check,
                                seconds_to_wall(s->now[i].time_us), s->now[i].verdict, received,
                                &fate);
    }
    return err;
}

int reception_work(struct reception *r, uint32_t probe, const struct body_work *work,
                   struct wall_ms received)
{
    bool news = false;
    int err = session_work(r->centre->session, probe, work->from_us, received, &news);
    if (err || !news || !r->effects.work)
        return err;
    return r->effects.work(r->effects.context, probe, work);
}

/* Announced at the site, and its pack waits behind others. What is ahead of us waits with it. */
static int take_announced(struct reception *r, uint32_t probe, const struct status *s,
                          struct wall_ms received)
{
    if (s->work.from_us == 0 || s->work.from_us > (received.ms + WORK_AHEAD_MS) * 1000)
        return 0;
    return reception_work(r, probe, &s->work, received);
}

/* A birth is answered with our time and what we have of its stream, so that it can set its clock
 * and go back at once. */
static int answer_birth(struct reception *r, uint32_t probe, struct slice name,
                        const struct status *s)
{
    struct reception_answer a = {.probe = name, .epoch = s->epoch};
    size_t n = 0;
    const struct stream_mark *mark = stream_marks(r->centre->stream, probe, &n);
    for (size_t i = 0; i < n; i++)
        if (mark[i].epoch == s->epoch)
            a.upto = mark[i].upto;
    return r->effects.answer(r->effects.context, &a);
}

static int take_news(struct reception *r, uint32_t probe, struct slice name, const struct status *s,
                     const struct session_news *news, struct wall_ms received)
{
    struct world *w = r->centre->world;
    int err = 0;
    if (news->heard)
        err = world_heard(w, probe, received);
    if (!err && news->gasp)
        err = world_gasp(w, probe, seconds_to_wall(s->time_us));
    if (!err && news->will)
        err = world_will(w, probe, received);
    if (!err && news->heard)
        err = take_summary(r, probe, s, received);
    if (!err && news->heard)
        err = take_announced(r, probe, s, received);
    if (!err && news->birth && news->heard)
        err = answer_birth(r, probe, name, s);
    if (news->conflict)
        r->effects.conflict(r->effects.context, name);
    return err;
}

int reception_status(struct reception *r, const struct reception_message *m,
                     const struct topic *topic)
{
    struct centre *c = r->centre;
    uint32_t probe = names_find(&c->inventory->probes, topic->who);
    if (m->payload.len == 0 || probe == NAMES_NONE ||
        !inventory_probe(c->inventory, probe, m->received)) {
        c->ledger.control++;
        return 0;
    }
    struct status status = {0};
    struct reason why;
    int err = status_read(m->payload, &status, &why);
    if (err)
        return err == ERR_NOMEM ? err : reception_refuse(r, m, why.text);
    c->ledger.control++;
    struct session_news news = {0};
    err = session_status(c->session, probe, &status, m->retained, m->received, &news);
    if (!err && news.heard && status.time_us != 0)
        session_clock(c->session, probe, seconds_to_wall(status.time_us), m->received);
    if (!err)
        err = take_news(r, probe, topic->who, &status, &news, m->received);
    status_done(&status);
    return err;
}
