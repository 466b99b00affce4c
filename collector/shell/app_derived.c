#include "shell/app_own.h"

#include "base/err.h"
#include "base/num.h"
#include "codec/derived_render.h"
#include "core/pace.h"
#include "io/log.h"

enum {
    SPANS_MAX = 1024,
    POINTS_MAX = 5000,
    TEXT_BYTES_MAX = 24 << 20,
    PACE_MIN = 8,
    PACE_MAX = 1024,
    SLOW_MS = 100, /* rendering must not hold up the loop for longer */
    FAST_MS = 25,
    REST = 4, /* times as long as rendering took, others have the loop */
    REST_MS_MIN = 10,
};

/* Corrections of areas cost as much as there are units: as many at once as leave the loop its time.
 */
static void choose_pace(struct app *app, int64_t took_ms)
{
    if (took_ms > SLOW_MS && app->derived_pace > PACE_MIN)
        app->derived_pace /= 2;
    if (took_ms < FAST_MS && app->derived_pace < PACE_MAX)
        app->derived_pace *= 2;
}

/* Half of what was too much for the server, or for a proxy before it; more again once that goes
 * through. */
static void choose_points(struct app *app, int err)
{
    uint32_t points = app->derived_points;
    if (err == ERR_TOO_LONG && points == 1)
        log_event(LOG_WARNING, "derived.too_large",
                  "url=%s lines=%u do=\"let the database take larger requests\"",
                  app->config.sink.url, (unsigned)app->derived_lines);
    if (err == ERR_TOO_LONG)
        app->derived_points = (app->derived_lines < points ? app->derived_lines : points) / 2;
    else if (!err && points < POINTS_MAX)
        app->derived_points = points * 2 < POINTS_MAX ? points * 2 : POINTS_MAX;
    if (app->derived_points == 0)
        app->derived_points = 1;
}

/* Days of corrections, and a minute of a nation, would take as many seconds as they have pieces:
 * the next one soon, unless live readings wait. */
static void go_on(struct app *app)
{
    struct now now = loop_now(app->loop);
    bool idle = marker_lag_ms(&app->lag, now.mono) <= PACE_LAG_MS;
    if (app->deriver && idle && derived_waits(app->centre->derived, now.wall))
        loop_timer_after(app->deriver, num_max(REST_MS_MIN, REST * app->derived_took_ms));
}

/* Written, or to be handed out again; either is state, so it goes with the next commit. */
static void on_put(void *arg, int err)
{
    struct app *app = arg;
    choose_points(app, err);
    if (err == ERR_SYNTAX)
        log_event(LOG_ERROR, "derived.refused",
                  "url=%s do=\"report this: a derived line was not understood\"",
                  app->config.sink.url);
    if (derived_settle(app->centre->derived, err == 0 || err == ERR_SYNTAX) != 0)
        log_event(LOG_ERROR, "derived.settle_failed", "why=%s", err_text(ERR_NOMEM));
    keeper_kick(app->keeper);
    if (!err)
        go_on(app);
}

static uint32_t lines_of(const struct buf *text)
{
    uint32_t lines = 0;
    for (size_t i = 0; i < text->len; i++)
        lines += text->data[i] == '\n';
    return lines;
}

static void on_deriver(void *arg)
{
    app_derived_send(arg);
}

int app_derived_open(struct app *app)
{
    return loop_timer_open(app->loop, on_deriver, app, &app->deriver);
}

void app_derived_close(struct app *app)
{
    loop_timer_close(app->deriver);
    app->deriver = NULL;
}

void app_derived_committed(struct app *app)
{
    if (app->derived_owed)
        app_derived_send(app);
}

void app_derived_send(struct app *app)
{
    struct wall_ms now = loop_now(app->loop).wall;
    struct derived_span spans[SPANS_MAX];
    app->derived_owed = !keeper_settled(app->keeper);
    if (app->derived_owed || !sink_can_put(app->sink))
        return;
    if (app->derived_pace == 0)
        app->derived_pace = PACE_MIN;
    if (app->derived_points == 0)
        app->derived_points = POINTS_MAX;
    derived_pace(app->centre->derived, app->derived_pace);
    size_t n = derived_take(app->centre->derived, now, app->derived_points, spans, SPANS_MAX);
    if (n == 0)
        return;
    struct buf text;
    int64_t began_us = loop_stopwatch_us();
    buf_init(&text, TEXT_BYTES_MAX);
    int err = derived_render(app->centre, app->config.centre.utc_offset_ms, now, spans, n, &text);
    app->derived_took_ms = (loop_stopwatch_us() - began_us) / 1000;
    choose_pace(app, app->derived_took_ms);
    bool sent = false;
    app->derived_lines = lines_of(&text);
    if (!err && text.len > 0) {
        err = sink_put(app->sink, (struct slice){text.data, text.len}, on_put, app);
        sent = err == 0;
    }
    if (!sent)
        on_put(app, err);
    buf_done(&text);
}
