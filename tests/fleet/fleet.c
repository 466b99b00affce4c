#include "fleet.h"

#include "carrier.h"
#include "control.h"
#include "folder.h"
#include "member.h"
#include "past.h"
#include "timetable.h"

#include "base/err.h"
#include "base/iso.h"
#include "io/file.h"
#include "io/log.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TICK_MS = 20,
    MARK_MS = 1000,
    DRAIN_MS_MAX = 15000,
    PART_MS_MAX = 5000,
    PAST_PART_MS = 86400000,
    PAST_PACKS_MAX = 4000,
    SCRATCH_MAX = 1 << 20,
    SCRIPT_MAX = 1 << 20,
    OUTBOX_PACKS = 20000,
    SECRET_MAX = 128,
};

/* How far the end has come; a past that is all there is to tell is STORING from its start. */
enum phase { RUNNING, STORING, DRAINING, PARTING, CLOSING };

struct fleet {
    const struct fleet_options *options;
    struct loop *loop;
    struct inventory *inventory;
    struct plan plan;
    struct scene scene;
    struct timetable timetable;
    struct truth *truth;
    struct carrier *carrier;
    struct control *control;
    struct loop_timer *tick, *mark;
    struct loop_signal *interrupt, *term;
    struct member_shared shared;
    struct member *members; /* by index in the plan */
    size_t len;
    uint32_t *by_probe;     /* index of a member by probe number, INV_NONE = not ours */
    struct mono_ms started; /* the script's 0 */
    struct now lived;       /* the members have come so far, unheard, until they are heard */
    bool heard;
    struct mono_ms phase_until;
    enum phase phase;
    struct rng script_rng;
    int err;
};

static void fail(struct fleet *f, int err)
{
    if (!err || f->err)
        return;
    f->err = err;
    log_event(LOG_ERROR, "fleet.failed", "why=%s", err_text(err));
    loop_stop(f->loop);
}

/* --- faults --- */

static void look_at_touched(struct fleet *f, struct now now)
{
    for (size_t i = 0; i < f->scene.touched.len; i++) {
        uint32_t site = *(uint32_t *)vec_at(&f->scene.touched, i);
        truth_site(f->truth, &f->scene, site, now.wall);
        for (size_t k = 0; k < f->len; k++)
            if (plan_probe(&f->plan, k)->site == site)
                fail(f, member_look(&f->members[k], now));
    }
    scene_clear(&f->scene);
}

static int play(void *arg, struct now now)
{
    struct fleet *f = arg;
    const struct timetable_event *e;
    int64_t at_ms = mono_since(now.mono, f->started);
    while ((e = timetable_take(&f->timetable, at_ms)) != NULL) {
        log_event(LOG_INFO, e->begins ? "fault.begins" : "fault.ends", "action=%s site=%s",
                  fault_word(e->deed.action), names_text(&f->inventory->sites, e->deed.site));
        fail(f, scene_apply(&f->scene, &e->deed, e->begins, now.wall));
        look_at_touched(f, now);
    }
    return f->err;
}

/* A line of a person: at once. */
static void on_control(void *arg, struct slice line, struct buf *out)
{
    struct fleet *f = arg;
    struct now now = loop_now(f->loop);
    struct fault fault;
    char why[FAULT_WHY_MAX] = "nothing said";
    char when[ISO_TEXT_MAX];
    int err = f->phase == RUNNING ? fault_read(line, false, &fault, why) : ERR_CLOSED;
    fault.at_ms = mono_since(now.mono, f->started);
    if (!err)
        err = timetable_add(&f->timetable, &f->scene, &fault, &f->script_rng, why);
    if (err) {
        buf_printf(out, "error: %s\n", err == ERR_CLOSED ? "the fleet is ending" : why);
        return;
    }
    iso_write(now.wall, when);
    buf_printf(out, "ok: %s %s since %s\n", fault_word(fault.action), fault.target, when);
    (void)play(f, now); /* what fails has ended the fleet */
}

/* --- the carrier's events --- */

static size_t lines_of(const struct fleet *f)
{
    uint64_t wanted = f->options->connections;
    return wanted && wanted < f->len ? (size_t)wanted : f->len;
}

static void on_line(void *arg, size_t line, bool up)
{
    struct fleet *f = arg;
    struct now now = loop_now(f->loop);
    size_t lines = lines_of(f);
    log_event(up ? LOG_INFO : LOG_WARNING, up ? "line.up" : "line.down", "line=%zu of=%zu", line,
              lines);
    for (size_t i = line; i < f->len; i += lines)
        member_line(&f->members[i], up, now);
}

static void on_ack(void *arg, struct slice who, const struct ack *ack)
{
    struct fleet *f = arg;
    uint32_t probe = names_find(&f->inventory->probes, who);
    if (probe != NAMES_NONE && f->by_probe[probe] != INV_NONE)
        fail(f, member_ack(&f->members[f->by_probe[probe]], ack, loop_now(f->loop)));
}

static void on_centre(void *arg, const struct centre_status *status, bool live)
{
    struct fleet *f = arg;
    struct mono_ms now = loop_now(f->loop).mono;
    for (size_t i = 0; i < f->len; i++) {
        window_centre_boot(&f->members[i].window, status->boot, live);
        window_spread(&f->members[i].window, (int64_t)status->spread_s * 1000, now);
    }
}

static const char *on_name(void *arg, size_t line)
{
    const struct fleet *f = arg;
    return names_text(&f->inventory->probes, plan_probe(&f->plan, line)->probe);
}

static void on_will(void *arg, size_t line, struct mqtt_will *will)
{
    struct fleet *f = arg;
    struct buf text;
    snprintf(will->topic, sizeof will->topic, "ioc/v1/%s/status", on_name(arg, line));
    buf_init(&text, sizeof will->payload);
    member_will(&f->members[line], &text);
    will->len = text.err ? 0 : text.len;
    memcpy(will->payload, text.data ? text.data : "", will->len);
    will->retained = true;
    buf_done(&text);
}

static int publish(void *arg, const struct member *m, const char *topic, struct slice payload,
                   bool retained)
{
    struct fleet *f = arg;
    return carrier_publish(f->carrier, m->index, topic, payload, retained);
}

/* --- the clock --- */

static bool anybody_waits(const struct fleet *f)
{
    for (size_t i = 0; i < f->len; i++)
        if (member_waits(&f->members[i]))
            return true;
    return false;
}

static void on_closed(void *arg)
{
    struct fleet *f = arg;
    f->carrier = NULL;
    loop_stop(f->loop);
}

static void enter(struct fleet *f, enum phase phase, int64_t at_most_ms)
{
    f->phase = phase;
    f->phase_until = mono_add(loop_now(f->loop).mono, at_most_ms);
}

static void close_packs(struct fleet *f, struct now now)
{
    truth_mark(f->truth, now.wall);
    for (size_t i = 0; i < f->len; i++)
        fail(f, member_finish(&f->members[i], now));
}

static void finish(struct fleet *f, struct now now)
{
    if (f->phase == STORING)
        fail(f, ERR_CLOSED); /* not all of the past is stored */
    if (f->phase != RUNNING) {
        loop_stop(f->loop); /* asked twice */
        return;
    }
    log_event(LOG_INFO, "fleet.ending", "do=\"wait: the outboxes empty first\"");
    close_packs(f, now);
    enter(f, DRAINING, DRAIN_MS_MAX);
}

/* Sites without a running probe keep theirs. */
static bool past_is_stored(const struct fleet *f)
{
    for (size_t i = 0; i < f->len; i++)
        if (f->members[i].running && window_backlog(&f->members[i].window) > 0)
            return false;
    return true;
}

static void close_lines(struct fleet *f)
{
    enter(f, CLOSING, 0);
    carrier_close(f->carrier, on_closed, f);
}

/* One phase after the other, each until nothing waits or its time is over. */
static void end_step(struct fleet *f, struct now now)
{
    if (anybody_waits(f) && !mono_reached(now.mono, f->phase_until))
        return;
    if (f->phase == DRAINING) {
        for (size_t i = 0; i < f->len; i++)
            member_part(&f->members[i], now);
        enter(f, PARTING, PART_MS_MAX);
    } else if (f->phase == PARTING) {
        close_lines(f);
    }
}

static uint64_t total_backlog(const struct fleet *f)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < f->len; i++)
        sum += window_backlog(&f->members[i].window);
    return sum;
}

static void on_mark(void *arg)
{
    struct fleet *f = arg;
    struct now now = loop_now(f->loop);
    char when[ISO_TEXT_MAX];
    if (f->phase == RUNNING)
        truth_mark(f->truth, now.wall);
    iso_write(f->lived.wall, when);
    if (f->phase == STORING)
        log_event(LOG_INFO, "past.stored", "until=%s packs=%llu waiting=%llu", when,
                  (unsigned long long)f->shared.published, (unsigned long long)total_backlog(f));
    else if (mono_since(now.mono, f->started) / MARK_MS % 10 == 0)
        log_event(LOG_INFO, "fleet.runs",
                  "probes=%zu lines=%zu packs=%llu readings=%llu waiting=%llu", f->len,
                  f->carrier ? carrier_up(f->carrier) : 0, (unsigned long long)f->shared.published,
                  (unsigned long long)f->shared.readings, (unsigned long long)total_backlog(f));
}

static void on_signal(void *arg)
{
    struct fleet *f = arg;
    finish(f, loop_now(f->loop));
}

/* --- start --- */

/* The script's 0 is now; the members' lives begin as long before as they have a past. */
static int open_times(struct fleet *f)
{
    struct now now = loop_now(f->loop);
    int64_t past_ms = f->options->past_ms;
    f->started = now.mono;
    f->lived = (struct now){{now.wall.ms - past_ms}, mono_add(now.mono, -past_ms)};
    f->phase = f->options->past_only ? STORING : RUNNING;
    return 0;
}

static int open_plan(struct fleet *f)
{
    const struct fleet_options *o = f->options;
    struct plan_times times = {o->interval_ms, o->interval_ms / 5 ? o->interval_ms / 5 : 1,
                               o->ttl_ms};
    struct plan_filter filter = {o->except, o->probes, o->units_only};
    struct buf complaints;
    struct now now = loop_now(f->loop);
    buf_init(&complaints, SCRIPT_MAX);
    int err = folder_read(o->inventory, now.wall, &complaints, &f->inventory);
    if (complaints.len)
        fprintf(stderr, "%s", complaints.data);
    buf_done(&complaints);
    if (!err)
        err = plan_init(&f->plan, f->inventory, now.wall, &times, &filter);
    if (!err)
        err = scene_init(&f->scene, &f->plan);
    return err;
}

static int open_script(struct fleet *f)
{
    struct buf text;
    char why[FAULT_WHY_MAX] = "";
    if (!f->options->script)
        return 0;
    buf_init(&text, SCRIPT_MAX);
    int err = file_read(f->options->script, &text);
    if (!err)
        err = timetable_read(&f->timetable, &f->scene, (struct slice){text.data, text.len},
                             &f->script_rng, why);
    if (err)
        log_event(LOG_ERROR, "script.wrong", "file=%s problem=%s", f->options->script,
                  why[0] ? why : err_text(err));
    buf_done(&text);
    return err;
}

static int open_truth(struct fleet *f)
{
    struct wall_ms began = f->lived.wall;
    if (!f->options->truth)
        return 0;
    int err = truth_open(f->options->truth, &f->plan, began, &f->truth);
    for (uint32_t site = 0; !err && site < f->inventory->sites.len; site++)
        truth_site(f->truth, &f->scene, site, began);
    return err;
}

static int open_members(struct fleet *f)
{
    size_t probes = f->inventory->probes.len;
    f->shared = (struct member_shared){.plan = &f->plan,
                                       .scene = &f->scene,
                                       .truth = f->truth,
                                       .pack_ms = f->options->pack_ms,
                                       .will_after_ms = f->options->will_after_ms,
                                       .pack_readings = f->options->pack_readings,
                                       .outbox_packs = OUTBOX_PACKS,
                                       .no_summaries = f->options->past_only,
                                       .rng = {f->options->seed},
                                       .arg = f,
                                       .publish = publish};
    buf_init(&f->shared.scratch, SCRATCH_MAX);
    f->members = calloc(f->plan.probes.len + 1, sizeof *f->members);
    f->by_probe = malloc((probes + 1) * sizeof *f->by_probe);
    if (!f->members || !f->by_probe)
        return ERR_NOMEM;
    for (size_t i = 0; i < probes; i++)
        f->by_probe[i] = INV_NONE;
    for (size_t i = 0; i < f->plan.probes.len; i++) {
        int64_t splay_ms = (int64_t)rng_below(&f->shared.rng, (uint64_t)f->options->interval_ms);
        int err = member_init(&f->members[i], &f->shared, (uint32_t)i, splay_ms, f->lived);
        if (err)
            return err;
        f->by_probe[plan_probe(&f->plan, i)->probe] = (uint32_t)i;
        f->len++;
    }
    return 0;
}

static int open_carrier(struct fleet *f)
{
    char password[SECRET_MAX] = "";
    const struct fleet_options *o = f->options;
    if (f->len == 0 || (o->connections == 0 && f->len > FLEET_EACH_MAX)) {
        log_event(LOG_ERROR, "fleet.size",
                  "probes=%zu do=\"1 to %d with a connection each; share "
                  "--connections for more\"",
                  f->len, FLEET_EACH_MAX);
        return ERR_RANGE;
    }
    int err = o->password_file ? file_read_secret(o->password_file, password, sizeof password) : 0;
    if (err) {
        log_event(LOG_ERROR, "fleet.password", "file=%s why=%s", o->password_file, err_text(err));
        return err;
    }
    struct carrier_options options = {.host = o->host,
                                      .port = o->port,
                                      .user = o->user,
                                      .password = o->password_file ? password : NULL,
                                      .lines = lines_of(f),
                                      .each = o->connections == 0};
    struct carrier_events events = {f, on_line, on_ack, on_centre, on_name, on_will};
    return carrier_open(f->loop, &options, &events, &f->carrier);
}

static int open_control(struct fleet *f)
{
    if (!f->options->control)
        return 0;
    int err = control_open(f->loop, f->options->control, on_control, f, &f->control);
    if (err)
        log_event(LOG_ERROR, "control.failed", "socket=%s why=%s do=\"choose another --control\"",
                  f->options->control, err_text(err));
    return err;
}

/* Living through a past takes its own time: that is lived through as well, until nothing is left
 * to speak of, and only then does the fleet connect. */
static void catch_up(struct fleet *f, struct now now)
{
    struct past past = {f->members, f->len, &f->timetable, f->started, f, play};
    int64_t behind_ms = mono_since(now.mono, f->lived.mono);
    fail(f, past_live(&past, f->lived, behind_ms));
    f->lived = now;
    if (f->err || behind_ms > f->options->interval_ms)
        return;
    f->heard = true;
    log_event(LOG_INFO, "fleet.heard", "packs=%llu readings=%llu",
              (unsigned long long)total_backlog(f), (unsigned long long)f->shared.readings);
    fail(f, open_carrier(f));
}

/* A past that is all there is to tell is lived through a day at a time while it is stored, so that
 * weeks of it need no memory. */
static void store_past(struct fleet *f, struct now now)
{
    struct past past = {f->members, f->len, &f->timetable, f->started, f, play};
    int64_t left_ms = mono_since(f->started, f->lived.mono);
    int64_t part_ms = left_ms < PAST_PART_MS ? left_ms : PAST_PART_MS;
    if (!f->carrier)
        fail(f, open_carrier(f));
    if (left_ms > 0 && total_backlog(f) < PAST_PACKS_MAX) {
        fail(f, past_live(&past, f->lived, part_ms));
        f->lived.wall.ms += part_ms;
        f->lived.mono = mono_add(f->lived.mono, part_ms);
        if (part_ms == left_ms)
            close_packs(f, f->lived);
    }
    for (size_t i = 0; i < f->len; i++)
        member_send(&f->members[i], now);
    if (!f->err && mono_reached(f->lived.mono, f->started) && past_is_stored(f))
        close_lines(f); /* without a farewell: who runs next goes on where this ends */
}

static void on_tick(void *arg)
{
    struct fleet *f = arg;
    struct now now = loop_now(f->loop);
    int64_t run_ms = f->options->run_ms;
    if (f->phase == CLOSING)
        return;
    if (f->phase == STORING) {
        store_past(f, now);
        return;
    }
    if (!f->heard) {
        catch_up(f, now);
        return;
    }
    if (f->phase == RUNNING)
        (void)play(f, now);
    for (size_t i = 0; i < f->len && !f->err; i++)
        fail(f, member_tick(&f->members[i], now));
    if (f->phase != RUNNING)
        end_step(f, now);
    else if (run_ms && mono_since(now.mono, f->started) >= run_ms)
        finish(f, now);
}

static int open_clock(struct fleet *f)
{
    int err = loop_timer_open(f->loop, on_tick, f, &f->tick);
    if (!err)
        err = loop_timer_open(f->loop, on_mark, f, &f->mark);
    if (!err)
        err = loop_signal_open(f->loop, SIGINT, on_signal, f, &f->interrupt);
    if (!err)
        err = loop_signal_open(f->loop, SIGTERM, on_signal, f, &f->term);
    if (err)
        return err;
    loop_timer_every(f->tick, TICK_MS, TICK_MS);
    loop_timer_every(f->mark, MARK_MS, MARK_MS);
    return 0;
}

static int open_all(struct fleet *f)
{
    int (*const steps[])(struct fleet *) = {open_times,   open_plan,    open_script, open_truth,
                                            open_members, open_control, open_clock};
    int err = loop_open(&f->loop);
    for (size_t i = 0; !err && i < sizeof steps / sizeof *steps; i++)
        err = steps[i](f);
    return err;
}

static void close_all(struct fleet *f)
{
    control_close(f->control);
    loop_timer_close(f->tick);
    loop_timer_close(f->mark);
    loop_signal_close(f->interrupt);
    loop_signal_close(f->term);
    carrier_close(f->carrier, NULL, NULL);
    if (f->loop)
        loop_close(f->loop);
    for (size_t i = 0; i < f->len; i++)
        member_done(&f->members[i]);
    free(f->members);
    free(f->by_probe);
    buf_done(&f->shared.scratch);
    timetable_done(&f->timetable);
    scene_done(&f->scene);
    plan_done(&f->plan);
    inventory_free(f->inventory);
}

int fleet_run(const struct fleet_options *options)
{
    struct fleet *f = calloc(1, sizeof *f);
    if (!f)
        return ERR_NOMEM;
    f->options = options;
    f->script_rng.state = options->seed ^ UINT64_C(0x5c819);
    timetable_init(&f->timetable);
    int err = open_all(f);
    if (!err) {
        log_event(LOG_INFO, "fleet.starts", "probes=%zu lines=%zu broker=%s port=%d seed=%llu",
                  f->len, lines_of(f), options->host, options->port,
                  (unsigned long long)options->seed);
        loop_run(f->loop);
        log_event(LOG_INFO, "fleet.ended", "packs=%llu readings=%llu waiting=%llu",
                  (unsigned long long)f->shared.published, (unsigned long long)f->shared.readings,
                  (unsigned long long)total_backlog(f));
        err = f->err;
    } else {
        log_event(LOG_ERROR, "fleet.not_started", "why=%s", err_text(err));
    }
    close_all(f);
    int written = truth_close(f->truth);
    free(f);
    return err ? err : written;
}
