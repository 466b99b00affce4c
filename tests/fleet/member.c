#include "member_own.h"

#include "base/err.h"

#include <stdlib.h>

enum { OPEN_MAX = 65536 };

const struct plan_probe *member_plan(const struct member *m)
{
    return plan_probe(m->shared->plan, m->index);
}

const char *member_name(const struct member *m)
{
    return names_text(&m->shared->plan->inventory->probes, member_plan(m)->probe);
}

int64_t member_clock_ms(const struct member *m, struct now now)
{
    return now.wall.ms + m->shared->scene->sites[member_plan(m)->site].clock_ms;
}

static uint64_t random_id(struct member *m)
{
    uint64_t id = rng_next(&m->shared->rng);
    return id ? id : 1;
}

int member_init(struct member *m, struct member_shared *shared, uint32_t index, int64_t splay_ms,
                struct now now)
{
    *m =
        (struct member){.shared = shared, .index = index, .start_at = mono_add(now.mono, splay_ms)};
    box_init(&m->box, shared->outbox_packs);
    vec_init(&m->open, sizeof(struct member_result), OPEN_MAX);
    window_init(&m->window, random_id(m), 1, 0, &shared->rng);
    m->last = calloc(member_plan(m)->len, sizeof *m->last);
    int err = m->last ? member_forget_open(m, now) : ERR_NOMEM;
    if (err)
        member_done(m);
    return err;
}

void member_done(struct member *m)
{
    box_done(&m->box);
    vec_done(&m->open);
    pack_period_done(&m->period);
    free(m->last);
    m->last = NULL;
}

/* --- connection --- */

static bool cut(const struct member *m)
{
    return m->shared->scene->sites[member_plan(m)->site].cut > 0;
}

/* A will that still waits is sent now: a new connection of the same client makes the broker see
 * that the old one is gone. */
static void attach(struct member *m, struct now now)
{
    m->will.at = now.mono;
    m->conn++;
    m->attached = m->birth_due = true;
}

static void detach(struct member *m)
{
    window_disconnected(&m->window);
    m->attached = m->birth_due = m->summary_due = false;
}

static void leave_will(struct member *m, struct mono_ms at)
{
    if (m->attached)
        m->will = (struct member_parting){
            .due = true, .state = STATUS_OFFLINE, .boot = m->boot, .conn = m->conn, .at = at};
}

static void say_farewell(struct member *m, enum status_state state, int64_t time_ms)
{
    if (m->attached)
        m->farewell = (struct member_parting){.due = true,
                                              .state = state,
                                              .boot = m->boot,
                                              .conn = m->conn,
                                              .time_us = time_ms * 1000};
}

static void connection(struct member *m, struct now now)
{
    bool can = m->running && m->line_up && !cut(m);
    if (can && !m->attached) {
        attach(m, now);
    } else if (!can && m->attached) {
        if (m->line_up)
            leave_will(m, mono_add(now.mono, m->shared->will_after_ms));
        detach(m);
    }
}

void member_line(struct member *m, bool up, struct now now)
{
    m->line_up = up;
    connection(m, now);
}

/* --- life --- */

static int start(struct member *m, struct now now)
{
    m->running = true;
    m->boot = random_id(m);
    m->conn = 0;
    m->next_run = now.mono;
    int err = member_forget_open(m, now); /* its pack period begins here */
    if (!err)
        err = member_put_list(m, now);
    connection(m, now);
    return err;
}

/* The process ends: what was written stays, what was open is gone unless it could close it. */
static int stop(struct member *m, enum scene_life life, struct now now)
{
    int64_t clock_ms = member_clock_ms(m, now);
    int err = 0;
    if (life == LIFE_GASPED || life == LIFE_STOPPED)
        err = member_close_pack(m, now);
    if (!err && life == LIFE_GASPED)
        err = member_put_gasp(m, clock_ms);
    if (life == LIFE_GASPED)
        say_farewell(m, STATUS_POWER_LOST, clock_ms);
    if (life == LIFE_STOPPED)
        say_farewell(m, STATUS_STOPPED, clock_ms);
    else
        leave_will(m,
                   life == LIFE_KILLED ? now.mono : mono_add(now.mono, m->shared->will_after_ms));
    m->running = false;
    detach(m);
    return err ? err : member_forget_open(m, now);
}

int member_look(struct member *m, struct now now)
{
    enum scene_life life = scene_life(m->shared->scene, member_plan(m)->site);
    int err = 0;
    if (m->running && life != LIFE_RUNS)
        err = stop(m, life, now);
    if (m->running)
        connection(m, now);
    return err;
}

static bool lives(const struct member *m)
{
    return scene_life(m->shared->scene, member_plan(m)->site) == LIFE_RUNS;
}

static int wake_up(struct member *m, struct now now)
{
    return lives(m) && mono_reached(now.mono, m->start_at) ? start(m, now) : 0;
}

static int run_due(struct member *m, struct now now)
{
    int64_t interval_ms = m->shared->plan->times.interval_ms;
    if (!mono_reached(now.mono, m->next_run))
        return 0;
    int64_t late_ms = mono_since(now.mono, m->next_run);
    m->next_run = mono_add(m->next_run, (late_ms / interval_ms + 1) * interval_ms);
    return member_run_checks(m, now);
}

/* One more round of checks would make more readings than a pack may have. */
static bool pack_is_full(const struct member *m)
{
    size_t results = m->open.len + member_plan(m)->len;
    size_t most = m->shared->pack_readings;
    return most && m->open.len && results * MEMBER_METRICS_MAX > most;
}

struct mono_ms member_due(const struct member *m)
{
    if (!m->running)
        return lives(m) ? m->start_at : (struct mono_ms){MONO_NEVER_MS};
    struct mono_ms closes = pack_period_deadline(&m->period);
    return m->open.len && closes.ms < m->next_run.ms ? closes : m->next_run;
}

int member_live(struct member *m, struct now now)
{
    int err = m->running ? 0 : wake_up(m, now);
    if (!err && m->running)
        err = run_due(m, now);
    if (!err && m->running && (pack_period_closes(&m->period, now.mono) || pack_is_full(m)))
        err = member_close_pack(m, now);
    return err;
}

void member_send(struct member *m, struct now now)
{
    member_statuses(m, now);
    member_pump(m, now);
}

int member_tick(struct member *m, struct now now)
{
    int err = member_live(m, now);
    member_send(m, now);
    return err;
}

/* --- the centre's answers --- */

/* The centre knows more of this epoch than was sent from here: everything held gets new numbers. */
static void renumber(struct member *m)
{
    window_renumber(&m->window, random_id(m), m->box.packs.len);
    m->box.low = 1;
    m->dropped = 0;
}

int member_ack(struct member *m, const struct ack *ack, struct now now)
{
    if (!m->attached)
        return 0;
    enum window_news news = window_ack(&m->window, ack, now.mono);
    if (news == WINDOW_ADVANCED) {
        box_forget(&m->box, m->window.upto);
        truth_ack(m->shared->truth, member_plan(m)->probe, m->window.epoch, m->window.upto);
    }
    if (news == WINDOW_RENUMBER)
        renumber(m);
    bool lost = m->dropped > 0 && ack->epoch == m->window.epoch && ack->upto + 1 < m->window.low;
    int err = lost ? member_put_list(m, now) : 0;
    if (m->told_backlog && window_backlog(&m->window) == 0 && !m->shared->no_summaries)
        m->summary_due = true; /* as a real probe says that all of it is gone */
    member_pump(m, now);       /* what waits follows at once */
    return err;
}

/* --- the end of the run --- */

int member_finish(struct member *m, struct now now)
{
    m->start_at = (struct mono_ms){MONO_NEVER_MS};
    m->next_run = (struct mono_ms){MONO_NEVER_MS};
    return m->running ? member_close_pack(m, now) : 0;
}

void member_part(struct member *m, struct now now)
{
    if (!m->running)
        return;
    say_farewell(m, STATUS_STOPPED, member_clock_ms(m, now));
    m->running = false;
    detach(m);
}

bool member_waits(const struct member *m)
{
    if (m->farewell.due && m->line_up)
        return true;
    return m->attached && !m->window.held &&
           (m->birth_due || m->summary_due || window_backlog(&m->window) > 0);
}
