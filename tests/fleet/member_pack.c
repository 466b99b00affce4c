/* From checks to packs in the outbox, and from there to the broker. */
#include "member_own.h"

#include "base/err.h"
#include "wire/body.h"
#include "wire/pack_writer.h"
#include "wire/topic.h"

enum { RESULT_BYTES = 240 };

/* One metric of a result. */
struct metric {
    const char *name;
    const char *unit;
    double number;
};

/* --- the outbox --- */

static int put(struct member *m, struct slice bytes, size_t readings)
{
    uint64_t dropped;
    uint64_t seq = m->window.high + 1;
    int err = box_add(&m->box, bytes, &dropped);
    if (err)
        return err;
    truth_pack(m->shared->truth, member_plan(m)->probe, m->window.epoch, seq, readings);
    m->shared->readings += readings;
    window_stored(&m->window, seq);
    if (dropped) {
        m->dropped += dropped;
        m->summary_due = true; /* the new count has to leave before the next pack */
        window_dropped(&m->window, m->box.low);
        truth_dropped(m->shared->truth, member_plan(m)->probe, m->window.epoch, m->box.low);
    }
    return 0;
}

int member_put_list(struct member *m, struct now now)
{
    struct buf *out = &m->shared->scratch;
    buf_clear(out);
    int err = plan_list(m->shared->plan, m->index, member_clock_ms(m, now) * 1000, out);
    return err ? err : put(m, (struct slice){out->data, out->len}, 0);
}

int member_put_gasp(struct member *m, int64_t time_ms)
{
    struct buf *out = &m->shared->scratch;
    buf_clear(out);
    body_write_power_lost(out, time_ms * 1000);
    if (out->err)
        return out->err;
    truth_gasp(m->shared->truth, member_plan(m)->probe, time_ms);
    return put(m, (struct slice){out->data, out->len}, 0);
}

/* --- results --- */

static double vary(struct member *m, double middle, double width)
{
    double value = middle + width * (rng_unit(&m->shared->rng) - 0.5);
    return (double)(int64_t)(value * 100) / 100;
}

/* The main metric of a check as it would be measured now. */
static double measure(struct member *m, const struct plan_check *check, struct now now)
{
    const struct scene_site *at = &m->shared->scene->sites[check->site];
    switch (check->sense) {
    case SENSE_TRANSPORT:
        return vary(m, 12, 6) + (at->slow ? (double)at->slow_ms : 0);
    case SENSE_POWER:
        return vary(m, scene_battery_v(m->shared->scene, check->site, now.wall), 0.02);
    case SENSE_OPTICS:
        return vary(m, scene_level(m->shared->scene, check->site, now.wall), 0.2);
    case SENSE_MAINS:
        return vary(m, 22.4, 0.4);
    case SENSE_UNIT:
    case SENSE_VIEW:
        break;
    }
    return vary(m, 40, 20);
}

int member_run_checks(struct member *m, struct now now)
{
    const struct plan_probe *p = member_plan(m);
    int64_t time_ms = member_clock_ms(m, now);
    for (uint32_t i = 0; i < p->len; i++) {
        const struct plan_check *check = plan_check(m->shared->plan, p->first + i);
        enum verdict verdict = scene_verdict(m->shared->scene, check, now.wall);
        struct member_result *r = vec_push(&m->open);
        if (!r)
            return ERR_NOMEM;
        *r = (struct member_result){time_ms, i, (uint8_t)verdict, (float)measure(m, check, now)};
        m->last[i] = (struct member_last){time_ms, (uint8_t)verdict};
        pack_period_verdict(&m->period, i, verdict);
        pack_period_added(&m->period, RESULT_BYTES);
    }
    return 0;
}

/* What a result says beside its verdict. A failed round trip has no time. */
static size_t metrics_of(enum plan_sense sense, const struct member_result *r,
                         struct metric out[MEMBER_METRICS_MAX])
{
    static const struct {
        const char *name, *unit;
        const char *second;
    } rows[] = {
        [SENSE_TRANSPORT] = {"rtt", "ms", "loss"},  [SENSE_UNIT] = {"load", "%", "alarms"},
        [SENSE_POWER] = {"voltage", "V", "mains"},  [SENSE_OPTICS] = {"rx_power", "dBm", "errors"},
        [SENSE_MAINS] = {"voltage", "kV", "trips"}, [SENSE_VIEW] = {"rtt", "ms", "loss"},
    };

    bool failed = r->verdict == VERDICT_FAILED;
    bool mains = sense == SENSE_POWER && r->verdict == VERDICT_OK;
    size_t n = 0;
    if (!failed)
        out[n++] = (struct metric){rows[sense].name, rows[sense].unit, (double)r->value};
    out[n++] = (struct metric){rows[sense].second, "", failed || mains ? 1 : 0};
    if (sense == SENSE_POWER && !failed && !mains)
        out[n++] = (struct metric){"minutes_left", "min", scene_battery_minutes((double)r->value)};
    out[n++] = (struct metric){"state", "", r->verdict};
    return n;
}

static int add_result(struct member *m, struct pack_writer *w, const struct member_result *r)
{
    const struct plan *plan = m->shared->plan;
    const struct plan_check *check = plan_check(plan, member_plan(m)->first + r->check);
    struct metric metrics[MEMBER_METRICS_MAX];
    size_t n = metrics_of(check->sense, r, metrics);
    for (size_t i = 0; i < n; i++) {
        struct reading reading = {
            .site = slice_of(names_text(&plan->inventory->sites, check->site)),
            .check = slice_of(check->name),
            .metric = slice_of(metrics[i].name),
            .unit = slice_of(metrics[i].unit),
            .time_us = r->time_ms * 1000,
            .kind = READING_NUMBER,
            .number =
                (double)(int64_t)(metrics[i].number * 100 + (metrics[i].number < 0 ? -0.5 : 0.5)) /
                100};
        int err = pack_writer_add(w, &reading);
        if (err)
            return err;
    }
    return 0;
}

/* Encodes results from @p from on, as many as one pack holds; returns the first one left out. */
static int encode(struct member *m, size_t from, size_t *ret_to, size_t *ret_readings)
{
    struct pack_writer w;
    size_t at = from;
    int err = 0;
    buf_clear(&m->shared->scratch);
    pack_writer_begin(&w, &m->shared->scratch);
    while (!err && at < m->open.len) {
        struct pack_writer before = w;
        size_t len = m->shared->scratch.len;
        err = add_result(m, &w, vec_at(&m->open, at));
        if (!err) {
            at++;
        } else if (err == ERR_FULL && at > from) { /* a result stays whole */
            w = before;
            buf_cut(&m->shared->scratch, len);
            break;
        }
    }
    if (err && err != ERR_FULL)
        return err;
    *ret_to = at;
    *ret_readings = w.count;
    return pack_writer_end(&w);
}

int member_close_pack(struct member *m, struct now now)
{
    const struct plan_probe *p = member_plan(m);
    size_t at = 0;
    int err = 0;
    if (window_backlog(&m->window) > 1 && !m->shared->no_summaries)
        m->summary_due = true;
    while (!err && at < m->open.len) {
        size_t to = at;
        size_t readings = 0;
        err = encode(m, at, &to, &readings);
        if (!err)
            err = put(m, (struct slice){m->shared->scratch.data, m->shared->scratch.len}, readings);
        for (; !err && at < to; at++) {
            const struct member_result *r = vec_at(&m->open, at);
            truth_result(m->shared->truth, p->first + r->check, r->time_ms,
                         (enum verdict)r->verdict);
        }
    }
    m->open.len = 0;
    pack_period_next(&m->period, now.mono);
    return err;
}

int member_forget_open(struct member *m, struct now now)
{
    m->open.len = 0;
    memset(m->last, 0, member_plan(m)->len * sizeof *m->last);
    pack_period_done(&m->period);
    return pack_period_init(&m->period, member_plan(m)->len, m->shared->pack_ms, now.mono);
}

/* --- to the broker --- */

static int publish_pack(struct member *m, uint64_t seq)
{
    char text[TOPIC_MAX];
    struct buf topic;
    struct topic t = {.kind = TOPIC_DATA,
                      .who = slice_of(member_name(m)),
                      .epoch = m->window.epoch,
                      .low = m->window.low,
                      .seq = seq};
    buf_init(&topic, TOPIC_MAX);
    topic_write(&topic, &t);
    int err = topic.err;
    if (!err) {
        memcpy(text, topic.data, topic.len + 1);
        err = m->shared->publish(m->shared->arg, m, text, box_at(&m->box, seq), false);
    }
    buf_done(&topic);
    return err;
}

void member_pump(struct member *m, struct now now)
{
    const struct scene_site *at = &m->shared->scene->sites[member_plan(m)->site];
    uint64_t seq;
    if (!m->attached || m->birth_due || m->summary_due)
        return;
    window_tick(&m->window, now.mono);
    while ((seq = window_next(&m->window, now.mono)) != 0) {
        if (at->slow && !mono_reached(now.mono, m->next_send))
            return;
        if (publish_pack(m, seq))
            return;
        m->next_send = mono_add(now.mono, at->slow_ms);
        m->shared->published++;
        window_published(&m->window, now.mono);
    }
}
