#include "shell/app_own.h"

#include "base/err.h"
#include "core/inventory_store.h"
#include "io/file.h"
#include "io/log.h"
#include "shell/http_tokens.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { INVENTORY_FILE_MAX = 256 << 20, COMPLAINTS_MAX = 1 << 20 };

static const char *const TABLES[] = {"areas",   "operators",    "sites",  "units",   "serves",
                                     "depends", "declarations", "probes", "declared"};

enum { N_TABLES = sizeof TABLES / sizeof *TABLES };

static void complain(void *context, const char *message)
{
    buf_printf(context, "%s\n", message);
}

/* One CSV file; a missing one is an empty table. */
static int read_table(const char *folder, const char *table, char path[FILE_PATH_MAX],
                      struct buf *bytes, struct buf *out)
{
    char name[64];
    snprintf(name, sizeof name, "%s.csv", table);
    buf_init(bytes, INVENTORY_FILE_MAX);
    int err = file_join(path, folder, name);
    if (!err)
        err = file_read(path, bytes);
    if (err && err != ERR_NOT_FOUND)
        buf_printf(out, "%s: %s\n", path, err_text(err));
    return err == ERR_NOT_FOUND ? 0 : err;
}

int app_read_inventory(const struct config *config, const struct inventory *old, struct wall_ms now,
                       struct buf *out, struct inventory **ret_new)
{
    struct buf bytes[N_TABLES] = {{0}};
    char path[N_TABLES][FILE_PATH_MAX];
    struct inventory_file files[N_TABLES];
    size_t found = 0;
    int err = 0;
    for (size_t i = 0; i < N_TABLES; i++) {
        int failed = read_table(config->centre.inventory, TABLES[i], path[i], &bytes[i], out);
        err = err ? err : failed;
        if (bytes[i].data)
            files[found++] =
                (struct inventory_file){path[i], TABLES[i], {bytes[i].data, bytes[i].len}};
    }
    if (!err && found == 0) {
        buf_printf(out, "%s: no inventory here; put areas.csv, sites.csv and the others into it\n",
                   config->centre.inventory);
        err = ERR_NOT_FOUND;
    }
    if (!err)
        err = inventory_load(old, files, found, now, (int)(config->centre.utc_offset_ms / 60000),
                             complain, out, ret_new);
    for (size_t i = 0; i < N_TABLES; i++)
        buf_done(&bytes[i]);
    return err;
}

static int check_tokens(const char *file, struct buf *out)
{
    static struct http_tokens tokens; /* large */
    return file[0] ? http_tokens_read(file, &tokens, out) : 0;
}

int app_check(const struct config *config, struct buf *out)
{
    struct inventory *inventory = NULL;
    struct probe_configs configs;
    int err = app_read_inventory(config, NULL, (struct wall_ms){0}, out, &inventory);
    if (!err) {
        err = probe_configs_read(config->centre.probe_configs, inventory, out, &configs);
        if (!err)
            probe_configs_done(&configs);
    }
    if (inventory) {
        int wrong = feeds_check(config->centre.feeds, (int)(config->centre.utc_offset_ms / 60000),
                                inventory, out);
        err = err ? err : wrong;
    }
    if (inventory) { /* mistakes of both */
        int wrong = app_pager_check(config, inventory, out);
        err = err ? err : wrong;
    }
    inventory_free(inventory);
    int tokens_err = check_tokens(config->http.tokens_file, out);
    return err ? err : tokens_err;
}

/* Every complaint is a line of its own in the log. */
void app_complain(const char *what, const char *stays, struct buf *out)
{
    char *line = out->data;
    for (char *end; line && (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        log_event(LOG_ERROR, what, "problem=%s do=\"mend the file and reload; %s\"", line, stays);
    }
}

static int restore_inventory_row(void *context, uint8_t kind, struct slice key, struct slice value)
{
    return kind == ROW_INVENTORY ? inventory_restore(context, key, value) : 0;
}

static int restore_row(void *context, uint8_t kind, struct slice key, struct slice value)
{
    struct app *app = context;
    if (kind == ROW_PROBE_CONFIG)
        return app_configs_load(app, key, value);
    if (kind == ROW_TOKEN)
        return app_acts_load_token(app, key, value);
    if (kind == ROW_RESTORED)
        return app_acts_load_restored(app, value);
    if (kind == ROW_ALERT || kind == ROW_PAGE || kind == ROW_BASELINE)
        return app_pager_load(app, kind, key, value);
    return kind == ROW_INVENTORY || kind == ROW_FEED ? 0
                                                     : centre_load(app->centre, kind, key, value);
}

static int restore_memory(struct app *app)
{
    struct inventory *inventory = inventory_new();
    if (!inventory)
        return ERR_NOMEM;
    int err = store_load_rows(app->store, inventory, restore_inventory_row);
    if (!err)
        err = inventory_restored(inventory);
    if (err) {
        inventory_free(inventory);
        return err;
    }
    struct centre_options options = config_centre_options(&app->config);
    app->centre = centre_new(inventory, &options);
    if (!app->centre)
        return ERR_NOMEM;
    err = app_pager_new(app);
    if (!err)
        err = store_load_rows(app->store, app, restore_row);
    return err ? err : centre_loaded(app->centre);
}

/* The first commit has no keeper yet: the new inventory goes into the store at once. */
static int commit_inventory(struct app *app, const struct inventory *fresh)
{
    struct change_set set;
    change_set_init(&set, 1 << 30);
    struct row_sink rows = change_set_rows(&set);
    int err = inventory_save(fresh, app->centre->inventory, &rows);
    if (!err)
        err = store_commit(app->store, &set);
    if (err)
        log_event(LOG_ERROR, "store.commit_failed", "file=%s why=%s do=\"free disk space\"",
                  app->store_path, err_text(err));
    change_set_done(&set);
    return err;
}

static int take_inventory(struct app *app)
{
    struct buf out;
    struct inventory *fresh = NULL;
    struct wall_ms now = loop_now(app->loop).wall;
    buf_init(&out, COMPLAINTS_MAX);
    int err = app_read_inventory(&app->config, app->centre->inventory, now, &out, &fresh);
    if (!err)
        err = commit_inventory(app, fresh);
    if (!err) {
        err = centre_set_inventory(app->centre, fresh, now);
        fresh = NULL;
    }
    inventory_free(fresh);
    bool have_old = app->centre->inventory->sites.len > 0;
    if (err)
        app_complain("inventory.wrong", "the former inventory stays in force", &out);
    buf_done(&out);
    return err && have_old ? 0 : err;
}

static int open_store(struct app *app)
{
    struct store_bounds bounds = {(uint64_t)app->config.limits.dead_letters,
                                  (uint64_t)app->config.limits.dead_letter_bytes};
    char why[256] = "";
    int err = store_open(app->store_path, &bounds, &app->store, why);
    if (err)
        log_event(LOG_ERROR, "store.open_failed",
                  "file=%s why=%s do=\"make room, or move the folder away and put a backup in "
                  "place: ioc-collector restore\"",
                  app->store_path, why);
    return err;
}

static int open_folder(struct app *app)
{
    static const char *const names[] = {
        [APP_INTAKE] = "intake", [APP_BATCHES] = "batches", [APP_RESERVE] = "reserve"};
    const char *data = app->config.centre.data_folder;
    char path[FILE_PATH_MAX];
    int err = file_make_folder(data);
    if (!err)
        err = file_join(path, data, "lock");
    if (!err)
        err = file_lock(path, &app->lock);
    for (size_t i = 0; !err && i < sizeof names / sizeof *names; i++)
        err = file_join(app->folder[i], data, names[i]);
    if (!err)
        err = file_join(app->store_path, data, "store.db");
    if (!err)
        err = file_make_folder(app->folder[APP_BATCHES]);
    if (!err)
        err = file_reserve(app->folder[APP_RESERVE], app->config.limits.reserve_bytes);
    if (err)
        log_event(LOG_ERROR, "data.open_failed",
                  "folder=%s why=%s do=\"is another collector running, is the disk full, may this "
                  "user write?\"",
                  data, err_text(err));
    return err;
}

/* Wrong files are told; what the probes have stays in force. */
static void read_configs(struct app *app)
{
    struct buf out;
    buf_init(&out, COMPLAINTS_MAX);
    if (app_configs_read(app, &out) != 0)
        app_complain("probe_configs.wrong", "what was published before stays in force", &out);
    buf_done(&out);
}

int app_note(struct app *app, enum shift_kind kind, const char *text)
{
    struct shift_kept entry = {
        .kind = kind, .at = loop_now(app->loop).wall, .by = "", .token = "", .text = text};
    return shift_book_add(&app->centre->shifts, &entry);
}

int app_restore(struct app *app)
{
    int err = open_folder(app);
    if (!err)
        err = open_store(app);
    if (err)
        return err;
    err = restore_memory(app);
    if (err) {
        log_event(LOG_ERROR, "store.restore_failed",
                  "file=%s why=%s do=\"move the folder away and put a backup in place: "
                  "ioc-collector restore\"",
                  app->store_path, err_text(err));
        return err;
    }
    app->processed_before = ledger_processed(&app->centre->ledger);
    err = take_inventory(app);
    if (!err)
        err = pager_loaded(app->pager);
    if (!err)
        err = app_note(app, SHIFT_STARTED, IOC_VERSION);
    if (!err)
        read_configs(app);
    return err;
}

int app_set_inventory(struct app *app, struct inventory *fresh, struct wall_ms now)
{
    struct row_sink rows = change_set_rows(keeper_set(app->keeper));
    int err = inventory_save(fresh, app->centre->inventory, &rows);
    if (err) {
        inventory_free(fresh);
        return err;
    }
    return centre_set_inventory(app->centre, fresh, now);
}

/* The new inventory is committed with the next turn. */
static int replace_inventory(struct app *app, struct buf *out)
{
    struct inventory *fresh = NULL;
    struct wall_ms now = loop_now(app->loop).wall;
    int err = app_read_inventory(&app->config, app->centre->inventory, now, out, &fresh);
    return err ? err : app_set_inventory(app, fresh, now);
}

static void reload_config(struct app *app)
{
    struct config fresh;
    struct conf_errors errors;
    int err = config_read(app->config_file, &fresh, &errors);
    if (err) {
        app_complain("config.wrong", "the former configuration stays in force", &errors.text);
    } else {
        log_set_level((enum log_level)(fresh.centre.log_level + LOG_ERROR));
        memcpy(app->config.centre.inventory, fresh.centre.inventory, sizeof fresh.centre.inventory);
        memcpy(app->config.centre.probe_configs, fresh.centre.probe_configs,
               sizeof fresh.centre.probe_configs);
        memcpy(app->config.centre.rules, fresh.centre.rules, sizeof fresh.centre.rules);
        fresh.centre.log_level = app->config.centre.log_level;
        if (!config_equal(&fresh, &app->config))
            log_event(LOG_NOTE, "config.restart_needed",
                      "file=%s do=\"restart to apply what changed; only log_level, inventory, "
                      "probe_configs and rules are taken at once\"",
                      app->config_file);
    }
    conf_errors_done(&errors);
}

void app_reload(struct app *app)
{
    struct buf out;
    app->reload_wanted = false;
    buf_init(&out, COMPLAINTS_MAX);
    reload_config(app);
    int err = replace_inventory(app, &out);
    if (err == ERR_NOMEM) { /* half of the memory may speak of the new inventory already */
        log_event(LOG_ERROR, "inventory.no_memory",
                  "do=\"give the collector more memory; it starts again from what is stored\"");
        _exit(1);
    }
    if (err)
        app_complain("inventory.wrong", "the former inventory stays in force", &out);
    else
        log_event(LOG_INFO, "inventory.loaded", "sites=%u units=%u probes=%u areas=%u",
                  app->centre->inventory->sites.len, app->centre->inventory->units.len,
                  app->centre->inventory->probes.len, app->centre->inventory->areas.len);
    buf_done(&out);
    int rules_err = app_pager_reload(app);
    read_configs(app);
    int tokens_err = app_http_tokens(app); /* a wrong file was told of; the former tokens stay */
    app_acts_reloaded(app, err, rules_err, tokens_err);
    keeper_change(app->keeper);
    keeper_kick(app->keeper);
}
