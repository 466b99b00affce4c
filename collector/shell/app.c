#include "shell/app_own.h"

#include "base/err.h"
#include "io/entropy.h"
#include "io/log.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TICK_MS = 1000, STOP_MS_MAX = 7000 + NOTIFY_FINISH_MS };

static void on_wake(void *arg)
{
    struct app *app = arg;
    if (app->keeper)
        keeper_kick(app->keeper);
}

static int on_sealing(void *arg, struct change_set *set)
{
    struct row_sink rows = change_set_rows(set);
    app_sink_sealing(arg);
    int err = app_work_sealing(arg, set);
    if (!err)
        err = app_acts_sealing(arg, set);
    if (!err)
        err = app_configs_save(arg, &rows);
    if (!err)
        err = app_feeds_save(arg, &rows);
    return err ? err : app_pager_sealing(arg, &rows);
}

static int on_readings(void *arg, struct slice source, const struct reading *readings, size_t n)
{
    struct app *app = arg;
    int err = latest_take(&app->latest, source, readings, n, loop_now(app->loop).mono);
    return err ? err : app_pager_readings(app, source, readings, n);
}

static int on_work(void *arg, uint32_t probe, const struct body_work *work)
{
    app_work_take(arg, probe, work);
    return 0;
}

static void on_committed(void *arg, const struct keeper_commit *commit)
{
    struct app *app = arg;
    if (app->mqtt)
        app_link_answer(app);
    app_sink_committed(app, commit);
    app_pager_committed(app);
    app_http_committed(app);
    app_derived_committed(app);
    app_feeds_tick(app);
    if (app->reload_wanted)
        app_reload(app);
}

static void on_stalled(void *arg, bool stalled, const char *why)
{
    struct app *app = arg;
    app->stalled = stalled;
    if (stalled)
        log_event(LOG_ERROR, "store.stalled",
                  "file=%s why=%s do=\"free disk space; nothing is acknowledged until then and "
                  "nothing is lost\"",
                  app->store_path, why);
    else
        log_event(LOG_INFO, "store.goes_on", "file=%s", app->store_path);
    if (stalled)
        app_http_stalled(app);
}

/* Said once when it begins and once when it is over. */
static void watch_doubt(struct app *app)
{
    const char *why = clock_gate_doubt(&app->centre->clock, loop_now(app->loop).wall);
    if (why && !app->clock_doubted)
        log_event(LOG_ERROR, "clock.doubted",
                  "why=%s do=\"compare this machine's clock with another and set it; packs "
                  "ahead of it are held at the probes until then and nothing is lost\"",
                  why);
    if (!why && app->clock_doubted)
        log_event(LOG_INFO, "clock.agreed", "note=\"no pack waits for this machine's clock\"");
    app->clock_doubted = why != NULL;
}

const char *app_clock(const struct app *app)
{
    struct wall_ms now = loop_now(app->loop).wall;
    return now.ms < RECEPTION_CLOCK_FLOOR_MS ? "the centre's clock is not set"
                                             : clock_gate_doubt(&app->centre->clock, now);
}

/* Nothing can be placed in time before our own clock is right. */
static void watch_clock(struct app *app)
{
    bool wrong = loop_now(app->loop).wall.ms < RECEPTION_CLOCK_FLOOR_MS;
    if (wrong && !app->clock_wrong)
        log_event(LOG_ERROR, "clock.untrusted",
                  "do=\"set this machine's clock; the probes keep their packs until then\"");
    if (wrong != app->clock_wrong)
        keeper_hold(app->keeper, wrong ? "the centre's clock is not set" : NULL);
    app->clock_wrong = wrong;
    watch_doubt(app);
}

/* Packs are held while the database is too far behind; 10 % of room ends it, so that it does not
 * flicker. */
static void watch_bound(struct app *app)
{
    uint64_t bound = (uint64_t)app->config.limits.pending_bytes;
    if (!app->held && app->pending_bytes >= bound) {
        app->held = true;
        keeper_hold(app->keeper, "the centre has too much waiting for its database");
        log_event(LOG_ERROR, "sink.bound_reached",
                  "pending_bytes=%llu do=\"bring the database back; the probes keep their packs\"",
                  (unsigned long long)app->pending_bytes);
    } else if (app->held && app->pending_bytes < bound - bound / 10) {
        app->held = false;
        keeper_hold(app->keeper, NULL);
        log_event(LOG_INFO, "sink.bound_left", "pending_bytes=%llu",
                  (unsigned long long)app->pending_bytes);
    }
}

/* Below the low-water mark the next append would end the process: stop listening before that. */
static void watch_disk(struct app *app)
{
    int err = intake_room(app->intake);
    if (err && !app->paused) {
        log_event(LOG_ERROR, "intake.paused",
                  "folder=%s why=%s do=\"free disk space; the broker and the probes keep their "
                  "messages\"",
                  app->folder[APP_INTAKE], err_text(err));
        mqtt_pause(app->mqtt, "the disk is nearly full");
    }
    if (!err && app->paused) {
        log_event(LOG_INFO, "intake.resumed", "folder=%s", app->folder[APP_INTAKE]);
        mqtt_resume(app->mqtt);
    }
    app->paused = err != 0;
}

static void on_tick(void *arg)
{
    struct app *app = arg;
    watch_clock(app);
    if (!app->clock_wrong)
        watch_bound(app);
    app_derived_send(app);
    app_pager_tick(app);
    app->feeds_owed = true;
    app_feeds_tick(app);
    if (app->mqtt)
        watch_disk(app);
}

/* Whatever could not be committed stands in the intake log: ending here is as safe as a crash. */
static void on_patience_over(void *arg)
{
    struct app *app = arg;
    log_event(LOG_WARNING, "collector.stopped",
              "id=%s note=\"work is left in the intake log; the next start takes it up\"",
              app->config.centre.id);
    _exit(0);
}

static void on_stored(void *arg)
{
    struct app *app = arg;
    loop_stop(app->loop);
}

static void on_all_told(void *arg)
{
    struct app *app = arg;
    keeper_finish(app->keeper, on_stored, app);
}

static void on_link_closed(void *arg)
{
    struct app *app = arg;
    notify_finish(app->notify, on_all_told, app);
}

static void on_term(void *arg)
{
    struct app *app = arg;
    if (app->stopping)
        return;
    app->stopping = true;
    log_event(LOG_INFO, "collector.stopping",
              "do=\"wait a few seconds; everything is stored first\"");
    loop_timer_after(app->patience, STOP_MS_MAX);
    app_link_close(app, on_link_closed);
}

static void on_hup(void *arg)
{
    struct app *app = arg;
    if (keeper_settled(app->keeper))
        app_reload(app);
    else
        app->reload_wanted = true;
}

static int open_intake(struct app *app)
{
    struct intake_options options = {.folder = app->folder[APP_INTAKE],
                                     .from = store_position(app->store),
                                     .low_water_bytes =
                                         (uint64_t)app->config.limits.low_water_bytes};
    memcpy(options.id, store_id(app->store), sizeof options.id);
    int err = intake_open(app->loop, &options, on_wake, app, &app->intake);
    if (err)
        log_event(LOG_ERROR, "intake.open_failed",
                  "folder=%s why=%s do=\"free disk space, check permissions\"", options.folder,
                  err_text(err));
    return err;
}

static int open_keeper(struct app *app)
{
    struct keeper_options options = {.centre = app->centre,
                                     .store = app->store,
                                     .intake = app->intake,
                                     .intake_folder = app->folder[APP_INTAKE],
                                     .reserve_file = app->folder[APP_RESERVE],
                                     .reserve_bytes = app->config.limits.reserve_bytes,
                                     .period_ms = app->config.limits.commit_period_ms,
                                     .id = app->config.centre.id,
                                     .boot = app->boot};
    struct keeper_events events = {app,        app_sink_write, on_sealing, on_committed,
                                   on_stalled, on_readings,    on_work};
    return keeper_open(app->loop, &options, &events, &app->keeper);
}

static int open_timers(struct app *app)
{
    int err = loop_timer_open(app->loop, on_tick, app, &app->tick);
    if (!err)
        err = loop_timer_open(app->loop, on_patience_over, app, &app->patience);
    if (!err)
        err = loop_signal_open(app->loop, SIGTERM, on_term, app, &app->term);
    if (!err)
        err = loop_signal_open(app->loop, SIGINT, on_term, app, &app->interrupt);
    if (!err)
        err = loop_signal_open(app->loop, SIGHUP, on_hup, app, &app->hup);
    if (!err)
        loop_timer_every(app->tick, TICK_MS, TICK_MS);
    return err;
}

static int open_parts(struct app *app)
{
    int err = loop_open(&app->loop);
    if (!err)
        err = app_restore(app);
    if (!err)
        err = open_intake(app);
    if (!err)
        err = app_sink_open(app);
    if (!err)
        err = app_pager_open(app);
    if (!err)
        err = open_keeper(app);
    if (!err)
        err = open_timers(app);
    if (!err)
        err = app_derived_open(app);
    if (!err)
        err = app_audit_open(app);
    if (!err)
        err = app_feeds_open(app);
    if (!err)
        err = app_http_open(app);
    return err ? err : app_link_open(app);
}

static void close_parts(struct app *app)
{
    loop_timer_close(app->marker);
    mqtt_close(app->mqtt, NULL, NULL);
    app_http_close(app);
    letters_close(&app->letters);
    periods_close(&app->periods);
    app_audit_close(app);
    loop_signal_close(app->hup);
    loop_signal_close(app->interrupt);
    loop_signal_close(app->term);
    loop_timer_close(app->tick);
    app_derived_close(app);
    loop_timer_close(app->patience);
    keeper_close(app->keeper);
    feeds_close(app->feeds);
    sink_close(app->sink);
    app_pager_close(app);
    http_client_close(app->http);
    dns_close(app->dns);
    intake_close(app->intake);
    centre_free(app->centre);
    if (app->loop)
        loop_close(app->loop);
    feeds_free(app->feeds);
    latest_done(&app->latest);
    store_close(app->store);
    app_configs_done(app);
    vec_done(&app->pending);
    vec_done(&app->settled);
    vec_done(&app->removable);
    if (app->lock >= 0)
        file_unlock(app->lock);
}

int app_run(const char *config_file, const struct config *config)
{
    struct app *app = calloc(1, sizeof *app);
    if (!app)
        return ERR_NOMEM;
    app->config_file = config_file;
    app->config = *config;
    app->lock = -1;
    app_configs_init(app);
    app->boot = entropy_u64();
    app->events = app->boot >> 16; /* no id of an earlier life: a page must not go on from there */
    log_set_level((enum log_level)(config->centre.log_level + LOG_ERROR));
    int err = open_parts(app);
    if (!err) {
        log_event(LOG_INFO, "collector.ready", "id=%s sites=%u probes=%u", config->centre.id,
                  app->centre->inventory->sites.len, app->centre->inventory->probes.len);
        watch_clock(app); /* before the first message, not at the first tick */
        keeper_kick(app->keeper);
        loop_run(app->loop);
        log_event(LOG_INFO, "collector.stopped", "id=%s", config->centre.id);
    }
    close_parts(app);
    free(app);
    return err;
}
