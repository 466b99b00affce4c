#include "shell/distress.h"

#include "base/err.h"
#include "checks/check_report.h"
#include "core/deadman_text.h"
#include "io/log.h"
#include "io/process.h"
#include "io/sms_modem.h"
#include "shell/status_reason.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The name of the ear that is no number. */
#define PROGRAM "program"

enum { TRY_MS = 60000, OUTPUT_MAX = 4096, SEEN_MAX = 256, WORDS_MAX = 18, WHY_MAX = 128 };

struct distress {
    struct distress_setup setup;
    struct probe_config_deadman config;
    struct deadman state;
    char reason[SEEN_MAX];       /* what the check saw last, for people */
    struct loop_timer *next;     /* somebody is to be told */
    struct loop_timer *deadline; /* of the program */
    struct loop_timer *patience; /* until what is under way is let go of */
    loop_fn *finished;           /* NULL: it goes on */
    void *finished_arg;
    struct sms_modem *modem; /* NULL = none */
    struct sms_send send;    /* under way */
    struct process *process; /* under way */
    bool busy;               /* ear is being told word */
    size_t ear;
    enum deadman_word word;
    char text[DEADMAN_TEXT_MAX]; /* in these words */
};

static const char *const WORDS[] = {[DEADMAN_NOTHING] = "",
                                    [DEADMAN_GONE] = "gone",
                                    [DEADMAN_STILL] = "still",
                                    [DEADMAN_BACK] = "back"};

/* ---- the words ---- */

static int zone_of(struct wall_ms t)
{
    time_t seconds = (time_t)(t.ms / 1000);
    struct tm local = {0};
    return localtime_r(&seconds, &local) ? (int)(local.tm_gmtoff / 60) : 0;
}

static void write_text(struct distress *d)
{
    const struct deadman *s = &d->state;
    struct mono_ms end = d->word == DEADMAN_BACK ? s->until.mono : loop_now(d->setup.loop).mono;
    bool timed =
        d->setup.trust->source != CLOCK_UNTRUSTED && s->since.wall.ms >= CLOCK_TRUST_FLOOR_MS;
    struct deadman_story story = {.word = d->word,
                                  .centre = d->config.centre,
                                  .probe = d->setup.probe,
                                  .reason = d->reason,
                                  .advice = d->config.text,
                                  .timed = timed,
                                  .since = s->since.wall,
                                  .until = s->until.wall,
                                  .lasted_ms = mono_since(end, s->since.mono),
                                  .zone_min = zone_of(s->since.wall)};
    deadman_text_write(&story, d->text);
}

/* ---- telling one ear ---- */

static void look(void *arg);

static const char *name_of(const struct distress *d)
{
    return d->state.ears[d->ear].name;
}

/* Looks on from the loop, not from here. @p why is NULL if the ear has heard it. */
static void tried(struct distress *d, const char *why)
{
    struct now now = loop_now(d->setup.loop);
    d->busy = false;
    loop_timer_stop(d->patience);
    if (why) {
        log_event(LOG_ERROR, "deadman.missed", "ear=%s word=%s why=%s", name_of(d), WORDS[d->word],
                  why);
        deadman_missed(&d->state, d->ear, now.mono);
    } else {
        log_event(LOG_NOTE, "deadman.told", "ear=%s word=%s text=%s", name_of(d), WORDS[d->word],
                  d->text);
        deadman_told(&d->state, d->ear, d->word, now);
        d->setup.changed(d->setup.arg);
    }
    loop_timer_after(d->next, 0);
}

static void finish(struct distress *d)
{
    loop_timer_stop(d->next);
    d->finished(d->finished_arg);
}

static void on_impatient(void *arg)
{
    struct distress *d = arg;
    log_event(LOG_WARNING, "deadman.unanswered", "ear=%s word=%s do=\"it is told again\"",
              name_of(d), WORDS[d->word]);
    finish(d);
}

static void on_sent(struct sms_send *send, const char *why)
{
    tried(send->arg, why);
}

static void end_program(struct distress *d, const char *why)
{
    loop_timer_stop(d->deadline);
    process_close(d->process);
    d->process = NULL;
    tried(d, why);
}

static void on_program(void *arg, const struct process_end *end)
{
    char why[WHY_MAX];
    if (end->overflow)
        snprintf(why, sizeof why, "it wrote too much and was ended");
    else if (end->signal)
        snprintf(why, sizeof why, "ended by signal %d", end->signal);
    else
        snprintf(why, sizeof why, "exit code %d", end->code);
    end_program(arg, end->overflow || end->signal || end->code ? why : NULL);
}

static void on_deadline(void *arg)
{
    end_program(arg, "it did not end in time and was ended");
}

static void tell_program(struct distress *d)
{
    const char *argv[WORDS_MAX] = {NULL};
    size_t len = d->config.program.len;
    for (size_t i = 0; i < len; i++)
        argv[i] = d->config.program.text[i];
    argv[len] = d->text;
    int err = process_open(d->setup.loop, argv, OUTPUT_MAX, on_program, d, &d->process);
    if (err)
        tried(d, err_text(err));
    else
        loop_timer_after(d->deadline, TRY_MS);
}

static void tell_number(struct distress *d)
{
    d->send = (struct sms_send){
        .number = name_of(d), .text = d->text, .timeout_ms = TRY_MS, .sent = on_sent, .arg = d};
    sms_modem_send(d->modem, &d->send);
}

static void look(void *arg)
{
    struct distress *d = arg;
    if (d->busy)
        return;
    if (d->finished) {
        finish(d);
        return;
    }
    struct mono_ms at = deadman_next(&d->state, &d->ear, &d->word);
    if (!mono_reached(loop_now(d->setup.loop).mono, at)) {
        loop_timer_stop(d->next);
        if (at.ms != MONO_NEVER_MS)
            loop_timer_at(d->next, at);
        return;
    }
    d->busy = true;
    write_text(d);
    if (d->ear < d->config.numbers.len)
        tell_number(d);
    else
        tell_program(d);
}

/* ---- what the check says ---- */

static void note_reason(struct distress *d, const char *reason)
{
    struct buf text;
    buf_init(&text, SEEN_MAX - 1);
    status_reason(&text, STATUS_VIETNAMESE, reason);
    snprintf(d->reason, sizeof d->reason, "%s", text.data && !text.err ? text.data : reason);
    buf_done(&text);
}

/* Times as they are best known; the system's where nobody vouches for any. */
static struct now time_of(const struct distress *d, struct now t)
{
    struct wall_ms wall;
    if (clock_trust_now(d->setup.trust, t.mono, &wall))
        t.wall = wall;
    return t;
}

void distress_see(struct distress *d, struct now started, const struct check_report *report)
{
    bool alive = report->verdict == VERDICT_OK || report->verdict == VERDICT_DEGRADED;
    if (!alive)
        note_reason(d, report->reason);
    if (deadman_see(&d->state, time_of(d, started), alive)) {
        log_event(LOG_WARNING, alive ? "deadman.back" : "deadman.gone", "check=%s why=%s",
                  d->config.check, report->reason);
        d->setup.changed(d->setup.arg);
    }
    if (!d->finished)
        look(d);
}

void distress_keep(const struct distress *d, struct buf *out)
{
    if (d)
        deadman_keep(&d->state, out);
}

static size_t count_told(const struct deadman *s)
{
    size_t told = 0;
    for (size_t i = 0; i < s->len; i++)
        told += s->ears[i].told;
    return told;
}

void distress_report(const struct distress *d, enum status_language language, struct buf *out)
{
    const struct deadman *s = &d->state;
    struct mono_ms since = s->gone ? s->since.mono : s->failing_since.mono;
    if (!s->seen) {
        buf_printf(out, "%s\n", status_text(language, TEXT_NOT_YET));
    } else if (!s->failing && !s->gone) {
        buf_printf(out, "%s: %s\n", d->config.check, status_text(language, TEXT_DEADMAN_ALIVE));
    } else {
        buf_printf(out, "%s: %s ", d->config.check, status_text(language, TEXT_DEADMAN_GONE));
        status_text_duration(out, mono_since(loop_now(d->setup.loop).mono, since));
        buf_printf(out, ", %zu / %zu %s\n", count_told(s), s->len,
                   status_text(language, TEXT_DEADMAN_TOLD));
    }
}

/* ---- its life ---- */

static void fill_state(struct distress *d)
{
    struct deadman_rules rules = {.after_ms = d->config.after_ms,
                                  .pause_ms = d->config.pause_ms,
                                  .repeat_ms = d->config.repeat_ms};
    deadman_init(&d->state, &rules);
    for (size_t i = 0; i < d->config.numbers.len; i++)
        deadman_add(&d->state, d->config.numbers.text[i]);
    if (d->config.program.len > 0)
        deadman_add(&d->state, PROGRAM);
    struct now now = loop_now(d->setup.loop);
    int err = d->setup.kept.len ? deadman_recall(&d->state, d->setup.kept, now) : 0;
    if (err)
        log_event(LOG_WARNING, "memory.forgotten", "deadman=1 why=%s", err_text(err));
}

static int open_ways(struct distress *d)
{
    int err = loop_timer_open(d->setup.loop, look, d, &d->next);
    if (!err)
        err = loop_timer_open(d->setup.loop, on_deadline, d, &d->deadline);
    if (!err)
        err = loop_timer_open(d->setup.loop, on_impatient, d, &d->patience);
    if (err || !d->config.modem[0])
        return err;
    struct sms_modem_setup modem = {
        .loop = d->setup.loop, .device = d->config.modem, .baud = d->config.baud};
    return sms_modem_open(&modem, &d->modem);
}

int distress_open(const struct distress_setup *setup, struct distress **ret_distress)
{
    struct distress *d = calloc(1, sizeof *d);
    if (!d)
        return ERR_NOMEM;
    d->setup = *setup;
    d->config = *setup->config;
    d->setup.config = &d->config;
    int err = open_ways(d);
    if (err) {
        distress_close(d);
        return err;
    }
    fill_state(d);
    d->setup.kept = (struct slice){0};
    *ret_distress = d;
    return 0;
}

void distress_finish(struct distress *d, loop_fn *finished, void *arg)
{
    if (!d || !d->busy) {
        finished(arg);
        return;
    }
    d->finished = finished;
    d->finished_arg = arg;
    loop_timer_after(d->patience, DISTRESS_FINISH_MS);
}

void distress_close(struct distress *d)
{
    if (!d)
        return;
    process_close(d->process);
    sms_modem_close(d->modem);
    loop_timer_close(d->next);
    loop_timer_close(d->deadline);
    loop_timer_close(d->patience);
    free(d);
}
