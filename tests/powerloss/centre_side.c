#include "centre_side.h"

#include "base/err.h"
#include "io/file.h"
#include "probe_side.h"
#include "sample_inventory.h"
#include "tape.h"
#include "unit.h"
#include "until.h"

#include <libdeflate.h>
#include <stdio.h>
#include <string.h>

enum { CONFIG_BYTES = 1024 };

static struct config shared;

/* The sample's tables as the files that the collector reads. */
static void write_inventory(const char *folder)
{
    const char *at = sample_province;
    while (*at == '[') {
        char path[FILE_PATH_MAX];
        const char *name_end = strchr(at, ']');
        const char *rows = name_end + 2;
        const char *end = strstr(rows, "\n[");
        end = end ? end + 1 : rows + strlen(rows);
        snprintf(path, sizeof path, "%s/%.*s.csv", folder, (int)(name_end - at - 1), at + 1);
        assert_int_equal(file_replace(path, rows, (size_t)(end - rows), 0600), 0);
        at = end;
    }
}

void centre_side_prepare(const char *folder)
{
    char path[FILE_PATH_MAX], text[CONFIG_BYTES];
    struct conf_errors errors;
    write_inventory(folder);
    int len = snprintf(text, sizeof text,
                       "centre:\n  id: c1\n  data_folder: /nowhere\n  inventory: %s\n"
                       "  log_level: error\n",
                       folder);
    assert_int_equal(file_join(path, folder, "config.yaml"), 0);
    assert_int_equal(file_replace(path, text, (size_t)len, 0600), 0);
    int err = config_read(path, &shared, &errors);
    if (err)
        print_error("%s", errors.text.data);
    assert_int_equal(err, 0);
    conf_errors_done(&errors);
    shared.limits.reserve_bytes = 4096; /* of no interest here, and copied at every cut */
    shared.limits.commit_period_ms = 0;
}

static void on_wake(void *arg)
{
    struct centre_side *c = arg;
    if (c->app.keeper)
        keeper_kick(c->app.keeper);
}

static int write_batch(void *arg, struct slice lines, struct batch_row *batch)
{
    struct centre_side *c = arg;
    return app_sink_write(&c->app, lines, batch);
}

static int on_sealing(void *arg, struct change_set *set)
{
    struct centre_side *c = arg;
    (void)set;
    app_sink_sealing(&c->app);
    return 0;
}

static void keep_answer(void *arg, const char *topic, struct slice payload)
{
    struct centre_side *c = arg;
    struct ack ack;
    struct reason why;
    assert_non_null(strstr(topic, PROBE_SIDE_NAME));
    assert_int_equal(ack_read(payload, &ack, &why), 0);
    tape_mark(MARK_ACK, ack.upto, ack.epoch);
    ack_done(&ack);
    snprintf(c->answer, sizeof c->answer, "%.*s", (int)payload.len, payload.at);
}

static void on_committed(void *arg, const struct keeper_commit *commit)
{
    struct centre_side *c = arg;
    c->commits++;
    tape_mark(MARK_COMMITTED, centre_side_digest(c), 0);
    struct wall_ms now = loop_now(c->app.loop).wall;
    assert_int_equal(keeper_answer(c->app.keeper, now, keep_answer, c), 0);
    assert_int_equal(keeper_release(c->app.keeper, now, keep_answer, c), 0);
    app_sink_committed(&c->app, commit);
}

static void on_stalled(void *arg, bool stalled, const char *why)
{
    (void)arg;
    (void)stalled;
    fail_msg("the store stalls: %s", why);
}

static void open_intake(struct centre_side *c)
{
    struct app *app = &c->app;
    struct intake_options options = {.folder = app->folder[APP_INTAKE],
                                     .from = store_position(app->store)};
    memcpy(options.id, store_id(app->store), sizeof options.id);
    assert_int_equal(intake_open(app->loop, &options, on_wake, c, &app->intake), 0);
}

static void open_keeper(struct centre_side *c)
{
    struct app *app = &c->app;
    struct keeper_options options = {.centre = app->centre,
                                     .store = app->store,
                                     .intake = app->intake,
                                     .intake_folder = app->folder[APP_INTAKE],
                                     .reserve_file = app->folder[APP_RESERVE],
                                     .reserve_bytes = app->config.limits.reserve_bytes,
                                     .period_ms = app->config.limits.commit_period_ms,
                                     .id = "c1",
                                     .boot = app->boot};
    struct keeper_events events = {c,          write_batch, on_sealing, on_committed,
                                   on_stalled, NULL,        NULL};
    assert_int_equal(keeper_open(app->loop, &options, &events, &app->keeper), 0);
}

void centre_side_open(struct centre_side *c, const char *root)
{
    *c = (struct centre_side){.app = {.lock = -1, .boot = 7, .config = shared}};
    struct app *app = &c->app;
    snprintf(app->config.centre.data_folder, sizeof app->config.centre.data_folder,
             "%s/centre/data", root);
    assert_int_equal(loop_open(&app->loop), 0);
    assert_int_equal(app_restore(app), 0);
    open_intake(c);
    assert_int_equal(app_sink_open(app), 0);
    open_keeper(c);
}

static void on_finished(void *arg)
{
    struct centre_side *c = arg;
    c->finished = true;
}

void centre_side_drop(struct centre_side *c)
{
    struct app *app = &c->app;
    keeper_close(app->keeper);
    app->keeper = NULL;
    sink_close(app->sink);
    app_pager_close(app);
    http_client_close(app->http);
    dns_close(app->dns);
    intake_close(app->intake);
    centre_free(app->centre);
    loop_close(app->loop);
    store_close(app->store);
    vec_done(&app->pending);
    vec_done(&app->settled);
    vec_done(&app->removable);
    file_unlock(app->lock);
}

void centre_side_close(struct centre_side *c)
{
    keeper_finish(c->app.keeper, on_finished, c);
    UNTIL(c->app.loop, c->finished);
    centre_side_drop(c);
}

void centre_side_message(void *centre, const char *topic, struct slice payload)
{
    struct centre_side *c = centre;
    struct mqtt_message m = {.topic = slice_of(topic), .payload = payload, .qos = 1};
    intake_append(c->app.intake, &m);
}

void centre_side_commit(struct centre_side *c)
{
    uint64_t before = c->commits;
    keeper_kick(c->app.keeper);
    UNTIL(c->app.loop,
          c->commits > before && keeper_settled(c->app.keeper) && intake_drained(c->app.intake));
    UNTIL(c->app.loop, loop_uv(c->app.loop)->active_reqs.count == 0); /* files being removed */
}

/* ---- what is in the store ---- */

struct digest {
    uint64_t sum;
};

static void mix(struct digest *d, const void *bytes, size_t len)
{
    d->sum = d->sum * UINT64_C(0x9E3779B97F4A7C15) + len;
    d->sum ^= libdeflate_crc32(0, bytes, len) * UINT64_C(0xD6E8FEB86659FD93);
}

static int mix_row(void *arg, uint8_t kind, struct slice key, struct slice value)
{
    struct digest *d = arg;
    mix(d, &kind, 1);
    mix(d, key.at, key.len);
    mix(d, value.at, value.len);
    return 0;
}

static int mix_batch(void *arg, const struct batch_row *row)
{
    struct digest *d = arg;
    uint64_t facts[] = {row->number, row->lines, row->readings, row->bytes, (uint64_t)row->fate};
    mix(d, facts, sizeof facts);
    return 0;
}

uint64_t centre_side_digest(struct centre_side *c)
{
    struct store *s = c->app.store;
    struct digest d = {1};
    struct store_totals totals = store_totals(s);
    struct segment_pos at = store_position(s);
    uint64_t facts[] = {totals.dead_rows,  totals.dead_bytes, totals.dead_dropped,
                        totals.last_batch, at.number,         at.offset};
    mix(&d, facts, sizeof facts);
    assert_int_equal(store_load_rows(s, &d, mix_row), 0);
    assert_int_equal(store_load_batches(s, &d, mix_batch), 0);
    return d.sum;
}

uint64_t centre_side_upto(const struct centre_side *c, uint64_t epoch)
{
    size_t n = 0;
    const struct stream_mark *marks = stream_marks(
        c->app.centre->stream, sample_probe(c->app.centre->inventory, PROBE_SIDE_NAME), &n);
    for (size_t i = 0; i < n; i++)
        if (marks[i].epoch == epoch)
            return marks[i].upto;
    return 0;
}
