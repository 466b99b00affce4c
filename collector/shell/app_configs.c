/* The topic `config` of the probes, from the files of a folder: published retained when a file says
 * something else than the broker has from us, taken away when the file goes. What was published
 * stands in the store, so that neither is forgotten at a restart; messages that others published by
 * hand are not touched.
 *
 * Rows of kind ROW_PROBE_CONFIG: key = the probe's id, value = version u8, hash u64 of the text. */
#include "shell/app_own.h"

#include "base/cursor.h"
#include "base/err.h"
#include "io/log.h"
#include "wire/pack.h"
#include "wire/topic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1, VALUE_BYTES = 16, HASH_UNKNOWN = 1 };

/* What the broker has from us for one probe. */
struct published {
    uint64_t hash;   /* of the text that it confirmed; 0 = none, HASH_UNKNOWN = perhaps some */
    uint64_t flying; /* of the text on its way, 0 = none */
    bool in_flight;
    bool unsaved;
};

/* One publication on its way. */
struct flight {
    struct app *app;
    uint32_t number;
};

static struct published *entry_at(const struct app *app, uint32_t number)
{
    return vec_at(&app->published, number);
}

static int entry_of(struct app *app, struct slice probe, uint32_t *ret_number)
{
    int err = names_add(&app->published_names, probe, ret_number);
    while (!err && app->published.len <= *ret_number)
        err = vec_push(&app->published) ? 0 : ERR_NOMEM;
    return err;
}

/* The file's text, NULL if there is none (any more). */
static const struct buf *wanted(const struct app *app, uint32_t number)
{
    uint32_t file =
        names_find(&app->configs.probes, slice_of(names_text(&app->published_names, number)));
    return file == NAMES_NONE ? NULL : vec_at(&app->configs.texts, file);
}

static uint64_t hash_of(const struct buf *text)
{
    return text ? names_hash((struct slice){text->data, text->len}) | 1 : 0;
}

static void publish(struct app *app, uint32_t number);

static void on_done(void *arg, int err)
{
    struct flight *flight = arg;
    struct app *app = flight->app;
    struct published *p = entry_at(app, flight->number);
    p->in_flight = false;
    if (!err) {
        p->hash = p->flying;
        p->unsaved = true;
        keeper_kick(app->keeper);
        if (p->hash != hash_of(wanted(app, flight->number))) /* it changed meanwhile */
            publish(app, flight->number);
    }
    free(flight);
}

static void publish(struct app *app, uint32_t number)
{
    char text[TOPIC_MAX];
    const char *probe = names_text(&app->published_names, number);
    const struct buf *file = wanted(app, number);
    struct slice payload = {file ? file->data : "", file ? file->len : 0};
    struct flight *flight = malloc(sizeof *flight);
    int err = ERR_NOMEM;
    snprintf(text, sizeof text, "ioc/v1/%s/config", probe);
    if (flight) {
        *flight = (struct flight){app, number};
        err = mqtt_publish(app->mqtt, text, payload, 1, true, on_done, flight);
    }
    if (err) {
        free(flight);
        log_event(LOG_WARNING, "probe.config_unsent",
                  "probe=%s why=%s do=\"it is sent after the next connection\"", probe,
                  err_text(err));
        return;
    }
    struct published *p = entry_at(app, number);
    if (p->hash == 0) { /* a crash before it is confirmed must not forget it */
        p->hash = HASH_UNKNOWN;
        p->unsaved = true;
    }
    p->flying = hash_of(file);
    p->in_flight = true;
    log_event(LOG_INFO, file ? "probe.config_sent" : "probe.config_removed", "probe=%s", probe);
}

void app_configs_publish(struct app *app, bool all)
{
    if (!app->configs_known || !app->mqtt || !mqtt_is_up(app->mqtt))
        return;
    for (uint32_t i = 0; i < app->published.len; i++) {
        const struct published *p = entry_at(app, i);
        uint64_t hash = hash_of(wanted(app, i));
        if (!p->in_flight && (hash != p->hash || (all && hash != 0)))
            publish(app, i);
    }
}

int app_configs_read(struct app *app, struct buf *out)
{
    struct probe_configs fresh;
    int err =
        probe_configs_read(app->config.centre.probe_configs, app->centre->inventory, out, &fresh);
    if (err)
        return err;
    for (uint32_t i = 0; !err && i < fresh.probes.len; i++) {
        uint32_t number;
        err = entry_of(app, slice_of(names_text(&fresh.probes, i)), &number);
    }
    if (err) {
        probe_configs_done(&fresh);
        return err;
    }
    probe_configs_done(&app->configs);
    app->configs = fresh;
    app->configs_known = true;
    app_configs_publish(app, false);
    return 0;
}

int app_configs_load(struct app *app, struct slice key, struct slice value)
{
    struct cursor c;
    uint32_t number;
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    uint64_t hash = cursor_le64(&c);
    if (c.err || cursor_left(&c) || !topic_name_ok(key))
        return ERR_CORRUPT;
    int err = entry_of(app, key, &number);
    if (!err)
        entry_at(app, number)->hash = hash;
    return err;
}

static int save(const struct app *app, uint32_t number, const struct row_sink *sink)
{
    const struct published *p = entry_at(app, number);
    struct slice key = slice_of(names_text(&app->published_names, number));
    struct buf value;
    if (p->hash == 0)
        return sink->drop(sink->context, ROW_PROBE_CONFIG, key);
    buf_init(&value, VALUE_BYTES);
    buf_char(&value, VERSION);
    buf_le64(&value, p->hash);
    int err = value.err ? value.err
                        : sink->put(sink->context, ROW_PROBE_CONFIG, key,
                                    (struct slice){value.data, value.len});
    buf_done(&value);
    return err;
}

int app_configs_save(struct app *app, const struct row_sink *sink)
{
    int err = 0;
    for (uint32_t i = 0; !err && i < app->published.len; i++) {
        struct published *p = entry_at(app, i);
        err = p->unsaved ? save(app, i, sink) : 0;
        p->unsaved = p->unsaved && err;
    }
    return err;
}

void app_configs_init(struct app *app)
{
    probe_configs_init(&app->configs);
    names_init(&app->published_names, PROBE_CONFIGS_MAX);
    vec_init(&app->published, sizeof(struct published), PROBE_CONFIGS_MAX);
}

void app_configs_done(struct app *app)
{
    probe_configs_done(&app->configs);
    names_done(&app->published_names);
    vec_done(&app->published);
}
