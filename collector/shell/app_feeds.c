/* Operators' feeds as a part of the collector. */
#include "shell/app_own.h"

#include "base/err.h"
#include "io/log.h"

#include <unistd.h>

enum { COMPLAINTS_MAX = 1 << 20, MS_PER_MIN = 60000 };

static int take_inventory(void *context, struct inventory *fresh)
{
    struct app *app = context;
    int err = app_set_inventory(app, fresh, loop_now(app->loop).wall);
    if (err == ERR_NOMEM) { /* half of the memory may speak of the new inventory already */
        log_event(LOG_ERROR, "inventory.no_memory",
                  "do=\"give the collector more memory; it starts again from what is stored\"");
        _exit(1);
    }
    keeper_change(app->keeper);
    return err;
}

static void on_changed(void *context)
{
    struct app *app = context;
    app->feeds_owed = true; /* after that commit, not a second later */
    keeper_kick(app->keeper);
}

int app_feeds_save(struct app *app, const struct row_sink *sink)
{
    return feeds_save(app->feeds, sink);
}

static int load(void *context, uint8_t kind, struct slice key, struct slice value)
{
    (void)kind;
    return feeds_load(context, key, value);
}

/* The keeper has the store already: its rows are read beside it. */
static int load_all(struct app *app)
{
    struct store_figures figures;
    int err = store_snapshot(app->store_path, ROW_FEED, ROW_FEED, app->feeds, load, &figures);
    if (err)
        log_event(LOG_ERROR, "store.restore_failed",
                  "file=%s part=feeds why=%s do=\"a newer version wrote it, or it is damaged: "
                  "restore the newest backup\"",
                  app->store_path, err_text(err));
    return err;
}

int app_feeds_open(struct app *app)
{
    const struct config *c = &app->config;
    struct feeds_options options = {.loop = app->loop,
                                    .centre = app->centre,
                                    .intake = app->intake,
                                    .http = app->http,
                                    .folder = c->centre.feeds,
                                    .data_folder = c->centre.data_folder,
                                    .zone_min = (int)(c->centre.utc_offset_ms / MS_PER_MIN),
                                    .take_inventory = take_inventory,
                                    .changed = on_changed,
                                    .context = app};
    struct buf out;
    buf_init(&out, COMPLAINTS_MAX);
    int err = feeds_open(&options, &out, &app->feeds);
    if (err)
        app_complain("feeds.wrong", "no feed works without it", &out);
    buf_done(&out);
    return err ? err : load_all(app);
}

void app_feeds_tick(struct app *app)
{
    if (!app->feeds_owed || app->stopping || !keeper_settled(app->keeper))
        return;
    app->feeds_owed = false;
    feeds_tick(app->feeds);
}
