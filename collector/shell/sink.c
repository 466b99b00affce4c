#include "shell/sink.h"

#include "base/err.h"
#include "core/sending.h"
#include "shell/sink_flight.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often the counters of a VictoriaMetrics are read at least, and how soon after a failure. */
static const int64_t WATCH_MS = 15 * 1000, WATCH_AGAIN_MS = 2 * 1000;

enum { SECRET_MAX = 512 };

static void pump(struct sink *s);

/* ---- telling ---- */

static void refresh_status(struct sink *s)
{
    char text[SINK_TEXT_MAX];
    const struct sending_trouble *trouble = sending_trouble(s->sending);
    s->status.pending = sending_pending(s->sending);
    s->status.aside = trouble->aside;
    sink_text(s->conf, trouble, text);
    size_t len = strlen(text);
    if (s->read_err)
        snprintf(text + len, sizeof text - len, "%sa batch file cannot be read: %s",
                 len ? "; " : "", err_text(s->read_err));
    if (strcmp(text, s->status.text) == 0 && s->status.rows_lost == s->rows_told)
        return;
    memcpy(s->status.text, text, sizeof text);
    s->rows_told = s->status.rows_lost;
    s->events.changed(s->events.context, &s->status);
}

static void tell_settled(void *arg, const struct sink_settled *settled)
{
    struct sink *s = arg;
    s->events.settled(s->events.context, settled);
}

/* Batches that are through are told in order; those with dead letters once the lines are read. */
static void take_outcomes(struct sink *s)
{
    struct sending_outcome out;
    while (sending_outcome(s->sending, &out)) {
        struct sink_settled settled = {out.number, out.written, out.dead, out.expired, NULL, 0};
        if (out.n_dead_lines == 0)
            tell_settled(s, &settled);
        else
            sink_flight_letters(s, &out, tell_settled);
    }
}

/* ---- requests ---- */

static void after_step(struct sink *s)
{
    take_outcomes(s);
    pump(s);
}

static void indexed(struct sink_flight *f)
{
    struct sink *s = f->sink;
    enum sending_next next = SENDING_GOES_ON;
    if (f->err == 0) {
        struct sending_line *lines = f->lines;
        f->lines = NULL;
        if (sending_index(s->sending, f->request.slot, loop_now(s->loop).mono, lines, &next))
            sending_cancel(s->sending, f->request.slot, loop_now(s->loop).mono);
    } else {
        sink_flight_unreadable(f);
    }
    sink_flight_free(f);
    after_step(s);
}

static void answered(struct sink_flight *f, const struct sending_reply *reply)
{
    struct sink *s = f->sink;
    enum sending_next next = SENDING_GOES_ON;
    s->status.requests++;
    s->status.reached = reply->status >= 200 && reply->status < 300 && reply->body.len == 0;
    s->status.failed += !s->status.reached;
    int err = sending_reply(s->sending, f->request.slot, loop_now(s->loop).mono, reply, &next);
    if (err)
        sending_cancel(s->sending, f->request.slot, loop_now(s->loop).mono);
    if (!err && next == SENDING_INDEX && sink_flight_index(f, indexed) == 0)
        return;
    if (!err && next == SENDING_INDEX)
        sending_cancel(s->sending, f->request.slot, loop_now(s->loop).mono);
    sink_flight_free(f);
    after_step(s);
}

static void prepared(struct sink_flight *f)
{
    struct sink *s = f->sink;
    if (f->err == 0) {
        s->read_err = 0;
        f->err = sink_flight_post(f, answered);
    }
    if (f->err == 0)
        return;
    sink_flight_unreadable(f);
    sink_flight_free(f);
    after_step(s);
}

/* ---- VictoriaMetrics: has it lived on, and what did it drop without a word? ---- */

static void watched(struct sink *s, const struct sink_counters *counters)
{
    struct mono_ms now = loop_now(s->loop).mono;
    s->watch_due = mono_add(now, counters ? WATCH_MS : WATCH_AGAIN_MS);
    if (counters) {
        bool restarted = s->watched && counters->start_s != s->counters.start_s;
        s->status.restarts += restarted;
        if (s->watched && !restarted)
            s->status.rows_lost += (uint64_t)(counters->rows_lost - s->counters.rows_lost);
        else if (restarted)
            s->status.rows_lost += (uint64_t)counters->rows_lost;
        s->watched = true;
        s->counters = *counters;
        /* Without memory the batches wait for the next time. */
        int err = sending_server(s->sending, counters->start_s, s->watch_asked);
        (void)err;
    }
    after_step(s);
}

/* Who waits for the counters does not hurry a server that just failed to show them. */
static struct mono_ms watch_time(const struct sink *s)
{
    if (s->conf->kind != SINK_VICTORIA || s->watching)
        return (struct mono_ms){INT64_MAX};
    struct mono_ms due = sending_server_due(s->sending);
    if (!s->watched || s->watch_failed || s->watch_due.ms < due.ms)
        due = s->watch_due;
    return due;
}

static void watch(struct sink *s, struct mono_ms now)
{
    if (!mono_reached(now, watch_time(s)))
        return;
    s->watch_asked = now;
    if (sink_flight_watch(s, watched) != 0)
        s->watch_due = mono_add(now, WATCH_AGAIN_MS);
}

/* ---- the turn ---- */

static void send_all(struct sink *s, struct mono_ms now)
{
    struct sending_request request;
    while (sending_request(s->sending, now, &request))
        if (sink_flight_start(s, &request, prepared) != 0) {
            sending_cancel(s->sending, request.slot, now);
            return;
        }
}

/* Sends what may be sent and sets the timer for the rest. */
static void pump(struct sink *s)
{
    struct mono_ms now = loop_now(s->loop).mono;
    watch(s, now);
    send_all(s, now);
    struct mono_ms wake = sending_wake(s->sending, now);
    struct mono_ms watching = watch_time(s);
    if (watching.ms < wake.ms)
        wake = watching;
    if (wake.ms == INT64_MAX)
        loop_timer_stop(s->timer);
    else
        loop_timer_at(s->timer, wake);
    refresh_status(s);
}

static void on_timer(void *arg)
{
    struct sink *s = arg;
    after_step(s);
}

static int read_secrets(struct sink *s, char ret_why[FIELD_WHY_MAX])
{
    const struct {
        const char *path;
        char *text;
    } files[] = {{s->conf->password_file, s->password}, {s->conf->token_file, s->token}};

    for (size_t i = 0; i < 2; i++) {
        int err = files[i].path[0] ? file_read_secret(files[i].path, files[i].text, SECRET_MAX) : 0;
        if (err) {
            snprintf(ret_why, FIELD_WHY_MAX, "%.100s: %s", files[i].path, err_text(err));
            return err;
        }
    }
    return 0;
}

static int make_sending(struct sink *s, const struct sink_setup *setup)
{
    struct sending_options options = sending_options_default();
    options.confirm = s->conf->kind == SINK_VICTORIA;
    options.in_flight = (uint32_t)s->conf->requests;
    if (setup->confirm_ms > 0)
        options.confirm_ms = setup->confirm_ms;
    s->sending = sending_new(&options, setup->seed);
    return s->sending ? 0 : ERR_NOMEM;
}

int sink_open(const struct sink_setup *setup, struct sink **ret_sink, char ret_why[FIELD_WHY_MAX])
{
    snprintf(ret_why, FIELD_WHY_MAX, "%s", err_text(ERR_NOMEM));
    struct sink *s = calloc(1, sizeof *s);
    if (!s)
        return ERR_NOMEM;
    s->loop = setup->loop;
    s->http = setup->http;
    s->conf = setup->conf;
    s->folder = setup->folder;
    s->events = setup->events;
    s->holders = 1;
    buf_init(&s->url, 4096);
    sink_conf_write_url(s->conf, &s->url);
    int err = s->url.err;
    if (!err)
        err = make_sending(s, setup);
    if (!err)
        err = loop_timer_open(s->loop, on_timer, s, &s->timer);
    if (!err)
        err = read_secrets(s, ret_why);
    if (err) {
        sink_close(s);
        return err;
    }
    if (s->conf->kind == SINK_VICTORIA)
        loop_timer_after(s->timer, 0);
    *ret_sink = s;
    return 0;
}

void sink_close(struct sink *s)
{
    if (!s)
        return;
    s->closed = true;
    loop_timer_close(s->timer);
    sink_flight_cancel_all(s);
    sink_release(s);
}

void sink_release(struct sink *s)
{
    if (--s->holders > 0)
        return;
    sending_free(s->sending);
    buf_done(&s->url);
    explicit_bzero(s->password, sizeof s->password);
    explicit_bzero(s->token, sizeof s->token);
    free(s);
}

int sink_add(struct sink *s, uint64_t number, uint32_t lines, uint32_t readings)
{
    int err = sending_add(s->sending, number, lines, readings);
    if (!err)
        loop_timer_after(s->timer, 0);
    s->status.pending = sending_pending(s->sending);
    return err;
}

const struct sink_status *sink_status(const struct sink *s)
{
    return &s->status;
}

/* ---- lines without a batch ---- */

bool sink_can_put(const struct sink *s)
{
    return !s->putting && !s->closed && sending_open(s->sending, loop_now(s->loop).mono);
}

static int put_result(enum sending_class class)
{
    switch (class) {
    case SENDING_OK:
    case SENDING_BEYOND:
        return 0;
    case SENDING_LINES:
        return ERR_SYNTAX;
    case SENDING_TOO_LARGE:
        return ERR_TOO_LONG;
    default:
        return ERR_CLOSED;
    }
}

static void put_answered(struct sink_flight *f, const struct sending_reply *reply)
{
    struct sink *s = f->sink;
    struct sending_verdict verdict = sending_reply_read(reply);
    s->status.requests++;
    s->status.failed += verdict.class != SENDING_OK;
    s->putting = false;
    sending_heard(s->sending, loop_now(s->loop).mono, &verdict);
    f->put_done(f->put_arg, put_result(verdict.class));
    sink_flight_free(f);
    after_step(s);
}

static void put_prepared(struct sink_flight *f)
{
    struct sink *s = f->sink;
    if (f->err == 0)
        f->err = sink_flight_post(f, put_answered);
    if (f->err == 0)
        return;
    s->putting = false;
    f->put_done(f->put_arg, f->err);
    sink_flight_free(f);
}

int sink_put(struct sink *s, struct slice plain, sink_put_done *done, void *arg)
{
    if (!sink_can_put(s))
        return ERR_BUSY;
    int err = sink_flight_put(s, plain, put_prepared, done, arg);
    s->putting = err == 0;
    return err;
}
