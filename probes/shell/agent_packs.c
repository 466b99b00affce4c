#include "shell/agent_own.h"

#include "base/err.h"
#include "checks/check_table.h"
#include "io/log.h"
#include "io/loop.h"
#include "shell/checklist_of.h"
#include "wire/body.h"

#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

enum { CLOCK_LOOK_MS = 1000, GASP_PATIENCE_MS = 1000 };

/* The kernel's word on whether something keeps the clock in step (adjtimex(2)). */
static bool kernel_synchronised(void)
{
    struct timex t;
    memset(&t, 0, sizeof t);
    int state = adjtimex(&t);
    return state >= 0 && state != TIME_ERROR && !(t.status & STA_UNSYNC);
}

/* Both clocks at this very moment: the loop's are as old as its turn, and not equally. */
static struct now clocks(void)
{
    struct timespec wall;
    struct now now = {.mono = {loop_stopwatch_us() / 1000}};
    clock_gettime(CLOCK_REALTIME, &wall);
    now.wall.ms = (int64_t)wall.tv_sec * 1000 + wall.tv_nsec / 1000000;
    return now;
}

void agent_clock_found(struct agent *a)
{
    if (a->monotonic_puts > 0 || window_backlog(&a->window) > 0)
        outbox_clock(a->outbox, a->trust.known[a->trust.len - 1]);
}

void agent_clock(struct agent *a)
{
    struct now now = clocks();
    if (a->clock_asked && mono_since(now.mono, a->clock_looked) < CLOCK_LOOK_MS)
        return;
    a->clock_asked = true;
    a->clock_looked = now.mono;
    bool synchronised = a->config.probe.trust_clock || kernel_synchronised();
    if (clock_trust_system(&a->trust, now, synchronised))
        agent_clock_found(a);
}

/* The time of @p t as packs carry it at present. */
static int64_t time_of(struct agent *a, struct mono_ms t, enum outbox_kind *ret_kind)
{
    struct wall_ms wall;
    agent_clock(a);
    *ret_kind = clock_trust_now(&a->trust, t, &wall) ? OUTBOX_TIMED : OUTBOX_MONOTONIC;
    return (*ret_kind == OUTBOX_TIMED ? wall.ms : OUTBOX_RECORD_MONO_ZERO_MS + t.ms) * 1000;
}

static void put(void *arg, enum outbox_kind kind, struct slice body, uint32_t readings)
{
    struct agent *a = arg;
    a->puts++;
    a->monotonic_puts += kind == OUTBOX_MONOTONIC;
    outbox_put(a->outbox, kind, body, readings);
}

static void arm(struct agent *a)
{
    loop_timer_at(a->pack_timer, pack_period_deadline(&a->packer->period));
}

void agent_packs_put(struct agent *a, enum outbox_kind kind, struct slice body, uint32_t readings)
{
    packer_close(a->packer, loop_now(a->loop).mono, true);
    put(a, kind, body, readings);
    arm(a);
}

void agent_packs_close(struct agent *a, bool force)
{
    bool closed = packer_close(a->packer, loop_now(a->loop).mono, force);
    bool lost = outbox_view(a->outbox).unwritten > a->told_unwritten;
    if (closed && (window_backlog(&a->window) > 0 || lost))
        agent_status_now(a); /* packs wait: what is so now has to overtake them */
    arm(a);
}

void agent_packs_timer(void *arg)
{
    agent_packs_close(arg, false);
}

static void put_list(struct agent *a, enum start said)
{
    struct buf out;
    enum outbox_kind kind;
    buf_init(&out, PACK_BYTES_MAX);
    int64_t time_us = time_of(a, loop_now(a->loop).mono, &kind);
    packer_close(a->packer, loop_now(a->loop).mono, true); /* what it holds is of the old list */
    int err = checklist_of_config(&a->config, time_us, said, &out);
    a->listed_from = a->window.high + 1;
    if (!err)
        put(a, kind, (struct slice){out.data, out.len}, 0);
    else
        log_event(LOG_ERROR, "agent.list", "why=%s", err_text(err));
    buf_done(&out);
}

void agent_packs_list(struct agent *a)
{
    put_list(a, START_UNSAID);
}

void agent_packs_free(struct agent *a)
{
    if (a->packer)
        packer_done(a->packer);
    free(a->packer);
    a->packer = NULL;
    results_done(&a->results);
}

static void take_over(struct agent *a, const struct probe_config *config, struct packer *packer,
                      struct results results)
{
    if (a->packer)
        packer_close(a->packer, loop_now(a->loop).mono, true);
    agent_packs_free(a);
    a->packer = packer;
    a->results = results;
    a->config = *config;
    a->gasp_check = a->config.checks.len;
    if (a->config.probe.last_gasp[0])
        a->gasp_check = probe_config_find(&a->config, a->config.probe.last_gasp);
    put_list(a, a->said_start ? START_UNSAID : a->start);
    a->said_start = true;
    arm(a);
}

int agent_packs_begin(struct agent *a, const struct probe_config *config)
{
    struct results results = {0};
    struct packer *packer = calloc(1, sizeof *packer);
    int err = packer ? results_init(&results, config->checks.len) : ERR_NOMEM;
    if (!err)
        err = packer_init(packer, config->checks.len, config->probe.pack_period_ms,
                          loop_now(a->loop).mono, put, a);
    if (!err) {
        take_over(a, config, packer, results);
        return 0;
    }
    results_done(&results);
    free(packer);
    return err;
}

void agent_packs_gasp(struct agent *a)
{
    enum outbox_kind kind;
    struct buf out;
    int64_t time_us = time_of(a, loop_now(a->loop).mono, &kind);
    packer_close(a->packer, loop_now(a->loop).mono, true);
    buf_init(&out, PACK_BYTES_MAX);
    body_write_power_lost(&out, time_us);
    put(a, kind, (struct slice){out.data, out.len}, 0);
    buf_done(&out);
    a->gasp_us = kind == OUTBOX_TIMED ? time_us : 0;
    a->gasp_put = a->puts;
    loop_timer_after(a->gasp_timer, GASP_PATIENCE_MS);
    arm(a);
}

void agent_packs_work(struct agent *a, int64_t ms, const char *reason)
{
    enum outbox_kind kind;
    struct buf out;
    struct body_work work = {.reason = slice_of(reason)};
    work.from_us = time_of(a, loop_now(a->loop).mono, &kind);
    if (kind == a->work_kind && work.from_us <= a->work_from_us)
        work.from_us = a->work_from_us + 1000; /* the centre tells old from new by it */
    work.until_us = work.from_us + ms * 1000;
    a->work_from_us = work.from_us;
    a->work_kind = kind;
    a->work_ms = ms;
    packer_close(a->packer, loop_now(a->loop).mono, true);
    buf_init(&out, PACK_BYTES_MAX);
    body_write_work(&out, &work);
    put(a, kind, (struct slice){out.data, out.len}, 0);
    buf_done(&out);
    if (window_backlog(&a->window) > 0)
        agent_status_now(a); /* packs wait, and nobody is to be paged meanwhile */
    arm(a);
}

/* The check that watches the mains speaks for all that hangs on them. */
static void judge_power(struct agent *a, enum verdict verdict)
{
    if (verdict == VERDICT_FAILED) {
        agent_power_lost(a);
    } else if (verdict == VERDICT_OK && a->gasping) {
        a->gasping = false;
        outbox_gasped(a->outbox, false);
        log_event(LOG_NOTE, "power.back", "check=%s", a->config.probe.last_gasp);
        mqtt_bounce(a->mqtt, "power is back"); /* a gasp ends with a new connection's birth */
    }
}

void agent_packs_report(struct agent *a, size_t index, struct now started,
                        const struct check_report *report)
{
    const struct conf_item *item = &a->config.checks.items[index];
    const struct check_type *type = check_table_find(slice_of(item->kind->word));
    struct packer_entry entry = {
        .index = index, .type = type, .common = item->object, .report = report};
    entry.time_us = time_of(a, started.mono, &entry.kind);
    bool news = results_add(&a->results, index, type, started.mono, report);
    a->results.result[index].time_us = entry.kind == OUTBOX_TIMED ? entry.time_us : 0;
    if (news)
        log_event(report->verdict == VERDICT_OK ? LOG_INFO : LOG_NOTE, "check.verdict",
                  "check=%s/%s verdict=%s why=%s values=%s", type->name, entry.common->name,
                  verdict_word((int)report->verdict), report->reason,
                  a->results.result[index].values);
    if (packer_add(a->packer, &entry, loop_now(a->loop).mono) != 0)
        log_event(LOG_ERROR, "agent.memory", "check=%s/%s", type->name, entry.common->name);
    if (index == a->gasp_check)
        judge_power(a, report->verdict);
    agent_packs_close(a, false);
}
