#include "shell/app_own.h"

#include "base/err.h"
#include "base/num.h"
#include "codec/derived_areas.h"
#include "codec/derived_render.h"
#include "core/pace.h"
#include "io/log.h"

#include <stdlib.h>

enum {
    SPANS_MAX = 1024,
    POINTS_MAX = 5000,
    TEXT_BYTES_MAX = 24 << 20,
    PACE_MIN = 8,
    PACE_MAX = 1024,
    SLOW_MS = 1000, /* of all slices: what waits behind them are the points of the present */
    FAST_MS = 250,
    SLICE_MS = 10,
    UNITS = 256, /* between two looks at the clock */
    REST = 2,    /* times as long as the last slice took, others have the loop */
    REST_MS_MIN = 10,
};

/* What is being rendered, then sent. */
struct deriver {
    struct loop_timer *timer;
    struct derived_span spans[SPANS_MAX];
    size_t n;
    struct derived_areas areas;
    struct buf text;
    bool rendering;
    bool owed;        /* its time came while a change set was under way */
    uint32_t pace;    /* corrections of areas rendered at once */
    uint32_t points;  /* instants sent at once */
    uint32_t lines;   /* of what was sent last */
    int64_t took_us;  /* rendering, so far */
    int64_t slice_us; /* the last slice of it */
};

/* Corrections of areas cost as much as there are units: as many at once as are soon done. */
static void choose_pace(struct deriver *d)
{
    if (d->took_us > SLOW_MS * 1000 && d->pace > PACE_MIN)
        d->pace /= 2;
    if (d->took_us < FAST_MS * 1000 && d->pace < PACE_MAX)
        d->pace *= 2;
}

/* Half of what was too much for the server, or for a proxy before it; more again once that goes
 * through. */
static void choose_points(struct deriver *d, int err, const char *url)
{
    uint32_t points = d->points;
    if (err == ERR_TOO_LONG && points == 1)
        log_event(LOG_WARNING, "derived.too_large",
                  "url=%s lines=%u do=\"let the database take larger requests\"", url,
                  (unsigned)d->lines);
    if (err == ERR_TOO_LONG)
        d->points = (d->lines < points ? d->lines : points) / 2;
    else if (!err && points < POINTS_MAX)
        d->points = points * 2 < POINTS_MAX ? points * 2 : POINTS_MAX;
    if (d->points == 0)
        d->points = 1;
}

/* Days of corrections, and a minute of a nation, would take as many seconds as they have pieces:
 * the next one soon, unless live readings wait. */
static void go_on(struct app *app)
{
    struct deriver *d = app->deriver;
    struct now now = loop_now(app->loop);
    bool idle = marker_lag_ms(&app->lag, now.mono) <= PACE_LAG_MS;
    if (idle && (d->rendering || derived_waits(app->centre->derived, now.wall)))
        loop_timer_after(d->timer, num_max(REST_MS_MIN, REST * d->slice_us / 1000));
}

/* Written, or to be handed out again; either is state, so it goes with the next commit. */
static void on_put(void *arg, int err)
{
    struct app *app = arg;
    if (app->deriver)
        choose_points(app->deriver, err, app->config.sink.url);
    if (err == ERR_SYNTAX)
        log_event(LOG_ERROR, "derived.refused",
                  "url=%s do=\"report this: a derived line was not understood\"",
                  app->config.sink.url);
    if (derived_settle(app->centre->derived, err == 0 || err == ERR_SYNTAX) != 0)
        log_event(LOG_ERROR, "derived.settle_failed", "why=%s", err_text(ERR_NOMEM));
    keeper_kick(app->keeper);
    if (!err && app->deriver)
        go_on(app);
}

static uint32_t lines_of(const struct buf *text)
{
    uint32_t lines = 0;
    for (size_t i = 0; i < text->len; i++)
        lines += text->data[i] == '\n';
    return lines;
}

static void on_timer(void *arg)
{
    app_derived_send(arg);
}

int app_derived_open(struct app *app)
{
    struct deriver *d = calloc(1, sizeof *d);
    if (!d)
        return ERR_NOMEM;
    d->pace = PACE_MIN;
    d->points = POINTS_MAX;
    buf_init(&d->text, TEXT_BYTES_MAX);
    derived_areas_init(&d->areas, app->centre, app->config.centre.utc_offset_ms);
    app->deriver = d;
    return loop_timer_open(app->loop, on_timer, app, &d->timer);
}

void app_derived_close(struct app *app)
{
    struct deriver *d = app->deriver;
    app->deriver = NULL;
    if (!d)
        return;
    loop_timer_close(d->timer);
    derived_areas_done(&d->areas);
    buf_done(&d->text);
    free(d);
}

void app_derived_committed(struct app *app)
{
    if (app->deriver && app->deriver->owed)
        app_derived_send(app);
}

/* Takes what is next and renders all of it but areas; false if there is nothing. */
static bool begin(struct app *app, int *ret_err)
{
    struct deriver *d = app->deriver;
    struct wall_ms now = loop_now(app->loop).wall;
    int64_t zone_ms = app->config.centre.utc_offset_ms;
    if (!sink_can_put(app->sink))
        return false;
    derived_pace(app->centre->derived, d->pace);
    d->n = derived_take(app->centre->derived, now, d->points, d->spans, SPANS_MAX);
    if (d->n == 0)
        return false;
    d->rendering = true;
    d->took_us = 0;
    derived_areas_begin(&d->areas, now, d->spans, d->n);
    *ret_err = derived_render(app->centre, zone_ms, now, d->spans, d->n, &d->text);
    return true;
}

/* A slice of the areas: true if all is rendered. */
static bool work(struct deriver *d, int64_t began_us, int *ret_err)
{
    size_t units = 0;
    while (!*ret_err && units == 0 && loop_stopwatch_us() - began_us < SLICE_MS * 1000) {
        units = UNITS;
        *ret_err = derived_areas_work(&d->areas, &units, &d->text);
    }
    return *ret_err || units > 0;
}

static void put(struct app *app, int err)
{
    struct deriver *d = app->deriver;
    d->rendering = false;
    d->lines = lines_of(&d->text);
    choose_pace(d);
    bool sent = false;
    if (!err && d->text.len > 0) {
        err = sink_put(app->sink, (struct slice){d->text.data, d->text.len}, on_put, app);
        sent = err == 0;
    }
    buf_done(&d->text);
    buf_init(&d->text, TEXT_BYTES_MAX);
    if (!sent)
        on_put(app, err);
}

void app_derived_send(struct app *app)
{
    struct deriver *d = app->deriver;
    int64_t began_us = loop_stopwatch_us();
    int err = 0;
    if (!d)
        return;
    d->owed = !keeper_settled(app->keeper);
    if (d->owed || (!d->rendering && !begin(app, &err)))
        return;
    bool done = work(d, began_us, &err);
    d->slice_us = loop_stopwatch_us() - began_us;
    d->took_us += d->slice_us;
    if (done)
        put(app, err);
    else
        go_on(app);
}
