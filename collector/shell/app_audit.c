#include "shell/app_own.h"

#include "base/err.h"
#include "io/log.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIRST_MS = 1000, PERIOD_MS = 60000, AGAIN_MS = 50 };

/* One audit on its way: a worker reads the store, the loop tells. */
struct audit_job {
    struct app *app;
    struct ledger_audit audit;
    struct ledger ledger;         /* as stored */
    struct store_figures figures; /* as stored */
    int err;
};

static int audit_marks(void *context, uint32_t probe, const struct stream_mark *marks, size_t len)
{
    struct audit_job *job = context;
    for (size_t i = 0; i < len; i++)
        ledger_audit_mark(&job->audit, probe, &marks[i]);
    return 0;
}

static int audit_row(void *context, uint8_t kind, struct slice key, struct slice value)
{
    struct audit_job *job = context;
    return kind == ROW_LEDGER ? ledger_load(&job->ledger, value)
                              : stream_row_read(key, value, audit_marks, job);
}

static void look(void *arg)
{
    struct audit_job *job = arg;
    job->err =
        store_snapshot(job->app->store_path, ROW_STREAM, ROW_LEDGER, job, audit_row, &job->figures);
    if (job->err)
        return;
    const struct store_figures *f = &job->figures;
    ledger_audit_totals(&job->audit, &job->ledger, f->pending_readings);
    ledger_audit_letters(&job->audit,
                         &(struct ledger_letters){f->dead_made, f->dead_rows, f->dead_dropped,
                                                  f->dead_purged, f->dead_requeued});
}

static void tell_finding(const struct app *app, const struct ledger_finding *f)
{
    const struct names *probes = &app->centre->inventory->probes;
    const char *left;
    const char *right;
    char epoch[20];
    snprintf(epoch, sizeof epoch, "%016llx", (unsigned long long)f->epoch);
    ledger_equation_sides(f->equation, &left, &right);
    log_event(LOG_ERROR, "ledger.broken",
              "equation=%s probe=%s epoch=%s left=%llu left_is=%s right=%llu right_is=%s "
              "do=\"keep the data folder as it is and report this: readings may be lost or counted "
              "twice\"",
              ledger_equation_word(f->equation),
              f->probe < probes->len ? names_text(probes, f->probe) : "-", epoch,
              (unsigned long long)f->left, left, (unsigned long long)f->right, right);
}

/* Loudly, but once for the same findings: what stays broken is on the page and on /metrics. */
static void tell(const struct app *app, const struct ledger_audit *now)
{
    if (ledger_audit_equal(now, &app->audit))
        return;
    for (size_t i = 0; i < now->len; i++)
        tell_finding(app, &now->finding[i]);
    if (now->broken > now->len)
        log_event(LOG_ERROR, "ledger.broken", "more=%llu do=\"see /api/v1/ledger\"",
                  (unsigned long long)(now->broken - now->len));
    if (!now->broken)
        log_event(LOG_NOTE, "ledger.balanced", "note=\"every equation holds again\"");
}

static void done(void *arg)
{
    struct audit_job *job = arg;
    struct app *app = job->app;
    if (app->auditor && job->err)
        log_event(LOG_WARNING, "ledger.unchecked",
                  "file=%s why=%s do=\"look at the disk; it is tried again in a minute\"",
                  app->store_path, err_text(job->err));
    if (app->auditor && !job->err) {
        tell(app, &job->audit);
        app->audit = job->audit;
        app_pager_audited(app);
        app->figures = job->figures;
        app->audits++;
        app->audits_broken += job->audit.broken > 0;
    }
    free(job);
}

/* The intake's counts belong to the memory, which equals the store between two commits only. */
static void audit(void *arg)
{
    struct app *app = arg;
    if (!keeper_settled(app->keeper)) {
        loop_timer_every(app->auditor, AGAIN_MS, PERIOD_MS);
        return;
    }
    struct audit_job *job = calloc(1, sizeof *job);
    if (!job)
        return;
    struct routes_view view;
    app_http_view(app, &view);
    job->app = app;
    job->audit.at = loop_now(app->loop).wall;
    ledger_audit_intake(&job->audit, view.ledger.logged, view.ledger.in_intake,
                        app->centre->ledger.taken);
    if (loop_work(app->loop, look, done, job) != 0)
        free(job);
}

int app_audit_open(struct app *app)
{
    int err = loop_timer_open(app->loop, audit, app, &app->auditor);
    if (!err)
        loop_timer_every(app->auditor, FIRST_MS, PERIOD_MS);
    return err;
}

void app_audit_close(struct app *app)
{
    loop_timer_close(app->auditor);
    app->auditor = NULL;
}
