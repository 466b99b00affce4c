/* What a member says of itself: birth, summary while packs wait, farewell, and its will. */
#include "member_own.h"

#include "wire/topic.h"

#include <stdlib.h>

static int publish(struct member *m, const struct status *status)
{
    char topic[TOPIC_MAX];
    struct buf *out = &m->shared->scratch;
    struct buf text;
    struct topic t = {.kind = TOPIC_STATUS, .who = slice_of(member_name(m))};
    buf_init(&text, TOPIC_MAX);
    topic_write(&text, &t);
    int err = text.err;
    if (!err)
        memcpy(topic, text.data, text.len + 1);
    buf_done(&text);
    buf_clear(out);
    status_write(out, status);
    if (!err)
        err = out->err;
    return err ? err
               : m->shared->publish(m->shared->arg, m, topic, (struct slice){out->data, out->len},
                                    true);
}

/* The last results, while packs wait; returns how many. */
static size_t summary(const struct member *m, struct status_result *out)
{
    const struct plan *plan = m->shared->plan;
    const struct plan_probe *p = member_plan(m);
    size_t n = 0;
    if (window_backlog(&m->window) < 2)
        return 0;
    for (uint32_t i = 0; i < p->len; i++) {
        const struct plan_check *check = plan_check(plan, p->first + i);
        if (m->last[i].time_ms == 0)
            continue;
        out[n++] = (struct status_result){
            .site = slice_of(names_text(&plan->inventory->sites, check->site)),
            .check = slice_of(check->name),
            .verdict = (enum verdict)m->last[i].verdict,
            .time_us = m->last[i].time_ms * 1000};
    }
    return n;
}

static int publish_online(struct member *m, struct now now)
{
    struct status_result *results = calloc(member_plan(m)->len, sizeof *results);
    if (!results)
        return 0; /* the next pack period tries again */
    struct status s = {.state = STATUS_ONLINE,
                       .boot = m->boot,
                       .conn = m->conn,
                       .time_us = member_clock_ms(m, now) * 1000,
                       .version = slice_of("fleet-" IOC_VERSION),
                       .clock = CLOCK_SYSTEM,
                       .epoch = m->window.epoch,
                       .backlog = window_backlog(&m->window),
                       .dropped = m->dropped,
                       .now = results,
                       .n_now = summary(m, results)};
    int err = publish(m, &s);
    if (!err)
        m->told_backlog = s.backlog > 0;
    free(results);
    return err;
}

static void publish_parting(struct member *m, struct member_parting *p, struct now now)
{
    if (!p->due || !m->line_up || !mono_reached(now.mono, p->at))
        return;
    struct status s = {.state = p->state, .boot = p->boot, .conn = p->conn, .time_us = p->time_us};
    p->due = publish(m, &s) != 0;
}

void member_statuses(struct member *m, struct now now)
{
    publish_parting(m, &m->farewell, now);
    publish_parting(m, &m->will, now);
    if (!m->attached || m->farewell.due || (m->will.due && mono_reached(now.mono, m->will.at)))
        return;
    if (m->birth_due) {
        if (publish_online(m, now) != 0)
            return;
        m->birth_due = m->summary_due = false;
        window_connected(&m->window);
    }
    if (m->summary_due)
        m->summary_due = publish_online(m, now) != 0;
}

void member_will(const struct member *m, struct buf *out)
{
    struct status s = {.state = STATUS_OFFLINE, .boot = m->boot, .conn = m->conn + 1};
    status_write(out, &s);
}
