#include "shell/app_own.h"

#include "base/err.h"
#include "io/entropy.h"
#include "io/log.h"

#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS = 16, NUMBERS_MAX = 1 << 20, BATCHES_MAX = 1 << 24 };

int app_sink_write(void *arg, struct slice lines, struct batch_row *batch)
{
    struct app *app = arg;
    struct batch_facts facts = {.number = batch->number,
                                .lines = (uint32_t)batch->lines,
                                .readings = (uint32_t)batch->readings};
    int err = batch_write(&app->batches, lines, &facts);
    if (!err)
        batch->bytes = facts.body_bytes;
    return err;
}

int app_sink_add(struct app *app, const struct batch_row *row)
{
    struct app_batch *batch = vec_push(&app->pending);
    if (!batch)
        return ERR_NOMEM;
    *batch = (struct app_batch){row->number, row->bytes, row->readings};
    app->pending_bytes += row->bytes;
    app->pending_readings += row->readings;
    return sink_add(app->sink, row->number, (uint32_t)row->lines, (uint32_t)row->readings);
}

/* Takes the batch off the list; false if it is not there. */
static bool forget(struct app *app, uint64_t number, struct app_batch *ret_batch)
{
    for (size_t i = 0; i < app->pending.len; i++) {
        struct app_batch *batch = vec_at(&app->pending, i);
        if (batch->number != number)
            continue;
        *ret_batch = *batch;
        app->pending_bytes -= batch->bytes;
        app->pending_readings -= batch->readings;
        vec_remove(&app->pending, i, 1);
        return true;
    }
    return false;
}

/* Records in the change set being built that the batch is through; its file goes after that commit.
 */
static void end_batch(struct app *app, uint64_t number)
{
    struct batch_row row = {.number = number, .fate = BATCH_GONE};
    change_set_batch(keeper_set(app->keeper), &row);
    uint64_t *slot = vec_push(&app->settled);
    if (slot)
        *slot = number; /* without the slot the file goes at the next start */
    keeper_kick(app->keeper);
}

static void add_letter(struct app *app, const struct sink_letter *letter)
{
    struct dead_letter dead = {.at = loop_now(app->loop).wall,
                               .source = slice_of("sink"),
                               .reason = slice_of(letter->words),
                               .payload = letter->line,
                               .readings = letter->readings};
    change_set_dead(keeper_set(app->keeper), &dead);
    log_event(LOG_WARNING, "line.refused", "says=%s line=%.*s do=\"see it among the dead letters\"",
              letter->words, (int)(letter->line.len < 200 ? letter->line.len : 200),
              letter->line.at);
}

static void on_settled(void *context, const struct sink_settled *settled)
{
    struct app *app = context;
    struct ledger *l = &app->centre->ledger;
    struct app_batch batch;
    if (!forget(app, settled->number, &batch))
        return;
    l->readings_written += settled->written;
    l->readings_dead += settled->dead;
    l->readings_beyond += settled->expired;
    for (size_t i = 0; i < settled->n_letters; i++)
        add_letter(app, &settled->letters[i]);
    end_batch(app, settled->number);
}

static void on_damaged(void *context, uint64_t number, const char *path)
{
    struct app *app = context;
    struct app_batch batch;
    if (!forget(app, number, &batch))
        return;
    app->centre->ledger.readings_dead += batch.readings;
    struct dead_letter dead = {.at = loop_now(app->loop).wall,
                               .source = slice_of("batch"),
                               .reason = slice_of("the batch file is damaged or missing"),
                               .payload = slice_of(path),
                               .readings = batch.readings};
    change_set_dead(keeper_set(app->keeper), &dead);
    log_event(LOG_ERROR, "batch.damaged",
              "number=%llu file=%s readings=%llu do=\"look at the disk\"",
              (unsigned long long)number, path, (unsigned long long)batch.readings);
    end_batch(app, number);
}

static void on_changed(void *context, const struct sink_status *status)
{
    struct app *app = context;
    if (status->text[0])
        log_event(LOG_WARNING, "sink.trouble", "url=%s problem=%s pending_batches=%zu",
                  app->config.sink.url, status->text, status->pending);
    else
        log_event(LOG_INFO, "sink.well", "url=%s pending_batches=%zu", app->config.sink.url,
                  status->pending);
}

void app_sink_sealing(struct app *app)
{
    for (size_t i = 0; i < app->settled.len; i++) {
        uint64_t *slot = vec_push(&app->removable);
        if (slot)
            *slot = *(uint64_t *)vec_at(&app->settled, i);
    }
    app->settled.len = 0;
}

/* Files to remove on a worker. */
struct removal {
    const struct batch_folder *folder;
    struct vec numbers;
};

static void remove_files(void *arg)
{
    struct removal *r = arg;
    for (size_t i = 0; i < r->numbers.len; i++)
        if (batch_remove(r->folder, *(uint64_t *)vec_at(&r->numbers, i)) != 0)
            log_event(LOG_WARNING, "batch.remove_failed",
                      "folder=%s do=\"it goes at the next start\"", r->folder->path);
}

static void removed(void *arg)
{
    struct removal *r = arg;
    vec_done(&r->numbers);
    free(r);
}

static void start_removal(struct app *app)
{
    struct removal *r = app->removable.len ? calloc(1, sizeof *r) : NULL;
    if (!r)
        return;
    *r = (struct removal){&app->batches, app->removable};
    vec_init(&app->removable, sizeof(uint64_t), NUMBERS_MAX);
    if (loop_work(app->loop, remove_files, removed, r) != 0)
        removed(r);
}

void app_sink_committed(struct app *app, const struct keeper_commit *commit)
{
    start_removal(app);
    if (commit->batch.number && app_sink_add(app, &commit->batch) != 0)
        log_event(LOG_ERROR, "sink.add_failed",
                  "number=%llu do=\"it is sent after the next start\"",
                  (unsigned long long)commit->batch.number);
    keeper_waiting(app->keeper, app->pending.len);
}

static void on_found(void *context, enum batch_found found, uint64_t number,
                     const struct batch_facts *facts, const char *path)
{
    struct app *app = context;
    (void)facts;
    (void)app;
    if (found == BATCH_FOUND_FOREIGN)
        log_event(LOG_WARNING, "batch.foreign",
                  "file=%s do=\"it belongs to another store; remove it or restore that store\"",
                  path);
    if (found == BATCH_FOUND_DAMAGED || found == BATCH_FOUND_MISSING)
        log_event(LOG_ERROR, "batch.damaged", "number=%llu file=%s do=\"look at the disk\"",
                  (unsigned long long)number, path);
}

static int add_number(void *context, const struct batch_row *row)
{
    struct batch_row *copy = vec_push(context);
    if (!copy)
        return ERR_NOMEM;
    *copy = *row;
    return 0;
}

static int recover_folder(struct app *app, const struct vec *rows)
{
    uint64_t *numbers = calloc(rows->len + 1, sizeof *numbers);
    if (!numbers)
        return ERR_NOMEM;
    for (size_t i = 0; i < rows->len; i++)
        numbers[i] = ((struct batch_row *)vec_at(rows, i))->number;
    struct batch_known known = {store_totals(app->store).last_batch, numbers, rows->len};
    int err = batch_recover(&app->batches, &known, on_found, app);
    free(numbers);
    return err;
}

static int recover(struct app *app)
{
    struct vec rows;
    vec_init(&rows, sizeof(struct batch_row), BATCHES_MAX);
    int err = store_load_batches(app->store, &rows, add_number);
    if (!err)
        err = recover_folder(app, &rows);
    for (size_t i = 0; !err && i < rows.len; i++)
        err = app_sink_add(app, vec_at(&rows, i));
    vec_done(&rows);
    return err;
}

int app_sink_open(struct app *app)
{
    char why[FIELD_WHY_MAX] = "";
    vec_init(&app->pending, sizeof(struct app_batch), BATCHES_MAX);
    vec_init(&app->settled, sizeof(uint64_t), NUMBERS_MAX);
    vec_init(&app->removable, sizeof(uint64_t), NUMBERS_MAX);
    app->batches.path = app->folder[APP_BATCHES];
    memcpy(app->batches.id, store_id(app->store), sizeof app->batches.id);
    int err = dns_open(app->loop, &app->dns);
    if (!err)
        err = http_client_open(app->loop, app->dns, CONNECTIONS, &app->http);
    struct sink_setup setup = {.loop = app->loop,
                               .http = app->http,
                               .conf = &app->config.sink,
                               .folder = &app->batches,
                               .events = {app, on_settled, on_damaged, on_changed},
                               .seed = entropy_u64()};
    if (!err)
        err = sink_open(&setup, &app->sink, why);
    if (!err)
        err = recover(app);
    if (err)
        log_event(LOG_ERROR, "sink.open_failed", "url=%s why=%s", app->config.sink.url,
                  why[0] ? why : err_text(err));
    return err;
}
