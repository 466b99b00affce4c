#include "shell/app_own.h"

#include "base/err.h"
#include "core/rule_trial.h"
#include "io/log.h"
#include "shell/rota_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCRIPT_MAX = 16 << 20 };

/* 2026-01-01, a Thursday: trials have no clock. */
static const struct wall_ms TRIAL_START = {INT64_C(1767200400000)};

/* What is read together, so that both change or neither. */
struct read {
    struct rules_file *file;
    struct rota rota;
};

static void done_read(struct read *r)
{
    rota_done(&r->rota);
    free(r->file);
    r->file = NULL;
}

/* Reads the rules that the configuration names; none is a file without rules. */
static int read_file(const char *name, const struct inventory *inv, struct buf *out,
                     struct rules_file **ret_file)
{
    struct rules_file *file = calloc(1, sizeof *file);
    struct conf_errors errors;
    if (!file)
        return ERR_NOMEM;
    rules_init(&file->rules);
    conf_errors_init(&errors, name);
    int err = name[0] ? rules_file_read(name, inv, file, &errors) : 0;
    if (err)
        buf_str(out, errors.text.data ? errors.text.data : err_text(err));
    conf_errors_done(&errors);
    if (err) {
        free(file);
        return err;
    }
    *ret_file = file;
    return 0;
}

/* Free it with done_read(), whatever comes back. */
static int read_rules(const struct config *config, const char *name, const struct inventory *inv,
                      struct buf *out, struct read *ret_read)
{
    *ret_read = (struct read){.file = NULL};
    rota_init(&ret_read->rota);
    int err = read_file(name, inv, out, &ret_read->file);
    return err ? err
               : rota_file_read(ret_read->file, config->centre.utc_offset_ms, inv, out,
                                &ret_read->rota);
}

int app_pager_check(const struct config *config, const struct inventory *inv, struct buf *out)
{
    struct read read;
    int err = read_rules(config, config->centre.rules, inv, out, &read);
    done_read(&read);
    return err;
}

/* A page was answered: the next commit records it. */
static void on_answered(void *arg)
{
    struct app *app = arg;
    if (app->keeper && !app->stopping)
        keeper_change(app->keeper);
}

int app_pager_new(struct app *app)
{
    struct buf out;
    struct read read = {.file = NULL};
    buf_init(&out, 1 << 20);
    app->pager = pager_new(app->centre, app->config.centre.utc_offset_ms);
    int err = app->pager ? read_rules(&app->config, app->config.centre.rules, NULL, &out, &read)
                         : ERR_NOMEM;
    if (err)
        app_complain("rules.wrong", "nobody is paged before that; start again", &out);
    buf_done(&out);
    if (!err)
        err = pager_set_rules(app->pager, &read.file->rules);
    app->rules_file = read.file;
    app->rota = read.rota;
    return err;
}

int app_pager_load(struct app *app, uint8_t kind, struct slice key, struct slice value)
{
    return pager_load(app->pager, kind, key, value);
}

int app_pager_open(struct app *app)
{
    char why[FIELD_WHY_MAX] = "";
    struct notify_setup setup = {.loop = app->loop,
                                 .http = app->http,
                                 .dns = app->dns,
                                 .pager = app->pager,
                                 .rota = &app->rota,
                                 .link_key = &app->link_key,
                                 .centre = app->config.centre.id,
                                 .context = app,
                                 .answered = on_answered,
                                 .came = app_replies_came};
    int err = ack_link_open(app->config.centre.data_folder, &app->link_key);
    if (!err)
        err = notify_open(&setup, &app->notify);
    if (!err)
        err = notify_set(app->notify, app->rules_file, why);
    if (err)
        log_event(LOG_ERROR, "rules.wrong", "file=%s why=%s do=\"mend it and start again\"",
                  app->config.centre.rules, why[0] ? why : err_text(err));
    else
        err = app_replies_open(app, app->rules_file);
    free(app->rules_file);
    app->rules_file = NULL;
    return err;
}

void app_pager_close(struct app *app)
{
    replies_close(app->replies);
    notify_close(app->notify);
    pager_free(app->pager);
    rota_done(&app->rota);
    free(app->rules_file);
}

/* Half of the pager's memory may speak of the new rules already. */
static void no_memory(void)
{
    log_event(LOG_ERROR, "pager.no_memory",
              "do=\"give the collector more memory; it starts again from what is stored\"");
    _Exit(1);
}

/* New rules whose secrets cannot be read leave everything as it was. */
static int take_rules(struct app *app, struct read *read, struct buf *out)
{
    const struct rules_file *file = read->file;
    char why[FIELD_WHY_MAX] = "";
    int err = notify_set(app->notify, file, why);
    if (err)
        buf_printf(out, "%s: %s\n", app->config.centre.rules, why[0] ? why : err_text(err));
    else if (pager_set_rules(app->pager, &file->rules) != 0)
        no_memory();
    if (err)
        return err;
    struct rota old = app->rota;
    app->rota = read->rota;
    read->rota = old;
    replies_set(app->replies, file->dial_code, file->replies);
    return 0;
}

/* Told in the log and in the shift log; @p file NULL: they were refused for what @p out says. */
static void note_reload(struct app *app, const struct rules_file *file, struct buf *out)
{
    char text[SHIFT_TEXT_MAX] = "";
    if (!file) {
        snprintf(text, sizeof text, "%s", out->data ? out->data : "");
    } else if (app->config.centre.rules[0]) {
        snprintf(text, sizeof text, "rules=%zu targets=%zu rota=%zu", file->rules.len,
                 file->rules.targets, app->rota.rows.len);
        log_event(LOG_INFO, "rules.loaded", "%s", text);
    } else {
        return;
    }
    if (app_note(app, file ? SHIFT_RULES : SHIFT_RULES_WRONG, text) != 0)
        no_memory();
    if (!file)
        app_complain("rules.wrong", "the former rules stay in force", out);
    keeper_change(app->keeper);
}

int app_pager_reload(struct app *app)
{
    struct buf out;
    struct read read;
    buf_init(&out, 1 << 20);
    if (pager_set_inventory(app->pager) != 0)
        no_memory();
    int err =
        read_rules(&app->config, app->config.centre.rules, app->centre->inventory, &out, &read);
    if (!err)
        err = take_rules(app, &read, &out);
    note_reload(app, err ? NULL : read.file, &out);
    done_read(&read);
    buf_done(&out);
    return err;
}

/* Whoever reads the log by the numbers of before finds where they went. */
static int note_roots(struct app *app, struct wall_ms now)
{
    size_t n = 0;
    const struct pager_rooted *rooted = pager_rooted(app->pager, &n);
    int err = 0;
    for (size_t i = 0; !err && i < n; i++) {
        struct shift_kept entry = {.kind = rooted[i].joined ? SHIFT_JOINED : SHIFT_OWN,
                                   .at = now,
                                   .by = "",
                                   .token = "",
                                   .text = "",
                                   .outage = rooted[i].number,
                                   .site = rooted[i].site,
                                   .root = rooted[i].root,
                                   .others = rooted[i].others};
        err = shift_book_add(&app->centre->shifts, &entry);
    }
    pager_rooted_clear(app->pager);
    return err;
}

int app_pager_sealing(struct app *app, const struct row_sink *rows)
{
    struct wall_ms now = loop_now(app->loop).wall;
    int err = pager_advance(app->pager, now);
    if (!err)
        err = note_roots(app, now);
    return err ? err : pager_save(app->pager, rows);
}

int app_pager_readings(struct app *app, struct slice source, const struct reading *readings,
                       size_t n)
{
    return pager_readings(app->pager, source, readings, n, loop_now(app->loop).wall);
}

void app_pager_audited(struct app *app)
{
    if (pager_ledger(app->pager, app->audit.broken > 0, loop_now(app->loop).wall) != 0)
        no_memory();
    if (pager_is_due(app->pager, loop_now(app->loop).wall))
        keeper_change(app->keeper);
}

void app_pager_tick(struct app *app)
{
    if (app->replies && !app->stopping)
        replies_tick(app->replies);
    if (!keeper_settled(app->keeper))
        return;
    if (pager_is_due(app->pager, loop_now(app->loop).wall))
        keeper_change(app->keeper);
    else
        notify_pump(app->notify);
}

void app_pager_committed(struct app *app)
{
    if (app->replies)
        replies_committed(app->replies);
    if (app->notify && !app->stopping)
        notify_pump(app->notify);
}

/* A fresh centre over the inventory, with nothing but rules. */
static int play(const struct config *config, struct inventory *inv, const struct rules *rules,
                const char *name, struct slice script, struct buf *out)
{
    struct centre_options options = config_centre_options(config);
    struct centre *centre = centre_new(inv, &options);
    struct pager *pager = centre ? pager_new(centre, config->centre.utc_offset_ms) : NULL;
    int err = pager ? pager_set_rules(pager, rules) : ERR_NOMEM;
    if (!err)
        err = rule_trial_run(centre, pager, TRIAL_START, name, script, out);
    pager_free(pager);
    centre_free(centre);
    return err;
}

int app_try_rules(const struct config *config, const char *rules, const char *script,
                  struct buf *out)
{
    struct inventory *inv = NULL;
    struct read read = {.file = NULL};
    struct buf text;
    buf_init(&text, SCRIPT_MAX);
    int err = app_read_inventory(config, NULL, (struct wall_ms){0}, out, &inv);
    if (!err)
        err = read_rules(config, rules, inv, out, &read);
    if (!err && (err = file_read(script, &text)) != 0)
        buf_printf(out, "%s: %s\n", script, err_text(err));
    if (err)
        inventory_free(inv);
    else
        err =
            play(config, inv, &read.file->rules, script, (struct slice){text.data, text.len}, out);
    done_read(&read);
    buf_done(&text);
    return err;
}
