#include "shell/feeds_own.h"

#include "base/err.h"
#include "core/stream.h"
#include "io/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AGAIN_MS = 60000, REST_MS = 10000 }; /* packs that were held; a table that has to wait */

static void look(void *arg)
{
    struct feed *feed = arg;
    feed->err = feed_files_next(feed->folder, feed->settled, &feed->file, &feed->waiting);
}

static void put_away(void *arg)
{
    struct feed *feed = arg;
    feed->err = feed_files_done(feed->folder, feed->file.name, feed->refused,
                                (struct slice){feed->notes.data, feed->notes.len});
}

/* It is told once, and tried again after a rest. */
static void trouble(struct feed *feed, const char *why)
{
    feed->rest = mono_add(loop_now(feed->owner->options.loop).mono, REST_MS);
    if (strcmp(feed->view.problem ? feed->view.problem : "", why) != 0)
        log_event(LOG_WARNING, "feed.trouble", "feed=%s folder=%s why=%s", feed->name, feed->folder,
                  why);
    if (feed->problem != why)
        snprintf(feed->problem, sizeof feed->problem, "%s", why);
    feed->view.problem = feed->problem;
}

/* What people see of the table that is done with. */
static void show(struct feed *feed)
{
    snprintf(feed->shown_file, sizeof feed->shown_file, "%s", feed->file.name);
    buf_clear(&feed->shown_notes);
    buf_put(&feed->shown_notes, feed->notes.data ? feed->notes.data : "", feed->notes.len);
    feed->view.file = feed->shown_file;
    feed->view.notes = feed->shown_notes.len ? feed->shown_notes.data : NULL;
    feed->view.rows = feed->counts.rows;
    feed->view.refused = feed->counts.refused;
    feed->view.strangers = feed->counts.strangers;
    feed->view.unnamed = feed->counts.unnamed;
    if (!feed->refused) {
        feed->view.as_of = feed->as_of;
        feed->view.taken = loop_now(feed->owner->options.loop).wall;
    }
}

static void tell(const struct feed *feed)
{
    const char *text = feed->notes.len ? feed->notes.data : "";
    int first = (int)strcspn(text, "\n");
    if (feed->refused)
        log_event(LOG_ERROR, "feed.table_refused", "feed=%s file=%s why=%.*s", feed->name,
                  feed->file.name, first, text);
    else if (feed->counts.refused)
        log_event(LOG_WARNING, "feed.rows_refused",
                  "feed=%s file=%s rows=%u refused=%u first=%.*s do=\"see the notes beside the "
                  "file\"",
                  feed->name, feed->file.name, feed->counts.rows, feed->counts.refused, first,
                  text);
    else
        log_event(LOG_INFO, "feed.taken", "feed=%s file=%s rows=%u", feed->name, feed->file.name,
                  feed->counts.rows);
}

static void on_put_away(void *arg)
{
    struct feed *feed = arg;
    feed->phase = FEED_IDLE;
    if (feed->err) /* it is found again, and known by its epoch */
        trouble(feed, err_text(feed->err));
    buf_done(&feed->file.bytes);
    feeds_drop_table(feed);
}

static void finish(struct feed *feed)
{
    const struct feeds_options *o = &feed->owner->options;
    tell(feed);
    show(feed);
    feed->unsaved = true;
    feed->phase = FEED_KEEPING;
    o->changed(o->context);
}

static void begin_put_away(struct feed *feed)
{
    feed->phase = FEED_FINISHING;
    if (loop_work(feed->owner->options.loop, put_away, on_put_away, feed) != 0) {
        feed->err = ERR_NOMEM;
        on_put_away(feed);
    }
}

static uint64_t stored_of(const struct feed *feed, const struct feed_part *part)
{
    size_t n = 0;
    const struct stream_mark *mark =
        stream_marks(feed->owner->options.centre->stream, part->probe, &n);
    for (size_t i = 0; i < n; i++)
        if (mark[i].epoch == part->epoch)
            return mark[i].upto;
    return 0;
}

static bool stored(const struct feed *feed)
{
    for (unsigned i = 0; i < feed->parts; i++)
        if (stored_of(feed, &feed->part[i]) < feed->part[i].packs.ends.len)
            return false;
    return true;
}

static void append_part(const struct feed *feed, const struct feed_part *part)
{
    const char *probe = names_text(&feed->owner->options.centre->inventory->probes, part->probe);
    struct buf text;
    buf_init(&text, TOPIC_MAX);
    for (uint64_t seq = stored_of(feed, part) + 1; seq <= part->packs.ends.len; seq++) {
        struct topic topic = {
            .kind = TOPIC_DATA, .who = slice_of(probe), .epoch = part->epoch, .low = 1, .seq = seq};
        buf_clear(&text);
        topic_write(&text, &topic);
        struct mqtt_message message = {.topic = {text.data, text.len},
                                       .payload = feed_packs_at(&part->packs, (size_t)seq - 1)};
        intake_append(feed->owner->options.intake, &message);
    }
    buf_done(&text);
}

static void append(struct feed *feed)
{
    feed->phase = FEED_SENDING;
    feed->sent = loop_now(feed->owner->options.loop).mono;
    for (unsigned i = 0; i < feed->parts; i++)
        append_part(feed, &feed->part[i]);
}

static void take(struct feed *feed)
{
    struct feeds *f = feed->owner;
    int err = feeds_read_table(feed, f->options.centre->inventory, loop_now(f->options.loop).wall);
    feed->refused = err == ERR_SYNTAX;
    bool packs = feed->conf.map.content != FEED_COVER;
    if (feed->refused || (!err && packs && stored(feed))) { /* before a crash, not put away since */
        finish(feed);
    } else if (!err) {
        append(feed);
    } else { /* it waits for the inventory, or for memory */
        trouble(feed, err == ERR_NOT_FOUND ? feed->problem : err_text(err));
        buf_done(&feed->file.bytes);
        feeds_drop_table(feed);
        feed->phase = FEED_IDLE;
        return;
    }
    feed->view.problem = NULL;
}

static void on_looked(void *arg)
{
    struct feed *feed = arg;
    feed->view.waiting = feed->waiting;
    feed->phase = FEED_IDLE;
    if (feed->err == ERR_NOT_FOUND) {
        feed->view.problem = feed->fetch_problem;
        return;
    }
    if (feed->err) {
        trouble(feed, err_text(feed->err));
        return;
    }
    if (feed->owner->closed)
        buf_done(&feed->file.bytes);
    else if (feed->conf.map.content ==
             FEED_COVER) /* it changes the inventory, which only a tick may */
        feed->phase = FEED_FOUND;
    else
        take(feed);
}

static void begin_look(struct feed *feed, struct now now)
{
    const struct feed_conf *c = &feed->conf;
    feed->settled = wall_add(now.wall, c->feed.source == FEED_FOLDER ? -c->feed.settle_ms : 0);
    feed->phase = FEED_LOOKING;
    if (loop_work(feed->owner->options.loop, look, on_looked, feed) != 0)
        feed->phase = FEED_IDLE; /* the next tick tries again */
}

static void step(struct feed *feed, struct now now)
{
    feeds_fetch(feed, now);
    if (feed->phase == FEED_IDLE && mono_reached(now.mono, feed->rest)) {
        begin_look(feed, now);
    } else if (feed->phase == FEED_FOUND) {
        take(feed);
    } else if (feed->phase == FEED_SENDING && stored(feed)) {
        finish(feed);
    } else if (feed->phase == FEED_SENDING && mono_since(now.mono, feed->sent) >= AGAIN_MS) {
        append(feed);
    } else if (feed->phase == FEED_KEEPING && !feed->unsaved) {
        begin_put_away(feed);
    }
}

void feeds_tick(struct feeds *f)
{
    for (size_t i = 0; f && !f->closed && i < f->len; i++)
        step(f->feed[i], loop_now(f->options.loop));
}

static int open_folder(struct feed *feed, struct buf *out)
{
    const struct feeds_options *o = &feed->owner->options;
    char all[FILE_PATH_MAX];
    int err = 0;
    if (feed->conf.feed.source == FEED_FOLDER)
        snprintf(feed->folder, sizeof feed->folder, "%s", feed->conf.feed.folder);
    else
        err = file_join(all, o->data_folder, "feeds");
    if (!err && feed->conf.feed.source != FEED_FOLDER)
        err = file_join(feed->folder, all, feed->name);
    if (!err)
        err = feed_files_make(feed->folder);
    if (err)
        buf_printf(out, "%s.yaml: %s: %s\n", feed->name, feed->folder, err_text(err));
    return err;
}

static int open_feed(struct feeds *f, size_t at, struct buf *out)
{
    struct feed *feed = f->feed[at];
    feed->view.name = feed->name;
    feed->view.source = feed_source_word(feed->conf.feed.source);
    feed->view.content = feed_content_word(feed->conf.feed.content);
    feed->view.period_ms = feed->conf.map.period_ms;
    feed->view.ttl_ms = feed->conf.map.ttl_ms;
    f->shown[at] = &feed->view;
    int err = open_folder(feed, out);
    return err ? err : feeds_read_secrets(feed, out);
}

int feeds_open(const struct feeds_options *options, struct buf *out, struct feeds **ret_feeds)
{
    struct feeds *f = calloc(1, sizeof *f);
    if (!f)
        return ERR_NOMEM;
    f->options = *options;
    int err = feeds_read_folder(f, options->folder, options->zone_min, out);
    for (size_t i = 0; !err && i < f->len; i++)
        err = open_feed(f, i, out);
    if (err) {
        feeds_free(f);
        return err;
    }
    *ret_feeds = f;
    return 0;
}

void feeds_close(struct feeds *f)
{
    if (!f)
        return;
    f->closed = true;
    for (size_t i = 0; i < f->len; i++) {
        http_cancel(f->feed[i]->call);
        f->feed[i]->call = NULL;
    }
}

void feeds_free(struct feeds *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->len; i++) {
        struct feed *feed = f->feed[i];
        feeds_drop_table(feed);
        buf_done(&feed->notes);
        buf_done(&feed->shown_notes);
        buf_done(&feed->file.bytes);
        free(feed);
    }
    free(f);
}

const char *feeds_topic(const struct feeds *f, size_t nth)
{
    for (size_t i = 0; f && i < f->len; i++)
        if (f->feed[i]->conf.feed.source == FEED_MQTT && nth-- == 0)
            return f->feed[i]->conf.feed.topic;
    return NULL;
}

bool feeds_take(struct feeds *f, const struct mqtt_message *message)
{
    for (size_t i = 0; f && i < f->len; i++) {
        const struct feed *feed = f->feed[i];
        if (feed->conf.feed.source != FEED_MQTT || !slice_is(message->topic, feed->conf.feed.topic))
            continue;
        int err = message->retained /* nobody knows since when it has been true */
                      ? 0
                      : feed_files_drop(feed->folder, message->payload);
        if (err) {
            log_event(LOG_ERROR, "feed.keep_failed",
                      "feed=%s folder=%s why=%s do=\"free disk space; the broker keeps the message "
                      "and sends it again after the restart\"",
                      feed->name, feed->folder, err_text(err));
            _exit(1);
        }
        return true;
    }
    return false;
}

const struct api_feed *const *feeds_view(const struct feeds *f, size_t *ret_len)
{
    *ret_len = f ? f->len : 0;
    return f ? f->shown : NULL;
}
