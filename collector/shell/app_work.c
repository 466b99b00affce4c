/* Work on site, announced by the probe there: maintenance of its site, from when the centre hears
 * of it (never in retrospect) until it is over, at most centre.work_max. */
#include "shell/app_own.h"

#include "base/err.h"
#include "core/inventory_declare.h"
#include "io/log.h"
#include "wire/seconds.h"

#include <stdio.h>
#include <string.h>

/* Each announcement costs as much as a load of the inventory. */
static const int64_t AGAIN_MS = 10000;

void app_work_take(struct app *app, uint32_t probe, const struct body_work *work)
{
    if (app->works_len == APP_WORKS_MAX) {
        log_event(LOG_WARNING, "work.many", "do=\"probes announce work too often\"");
        return;
    }
    struct app_work *w = &app->works[app->works_len++];
    *w = (struct app_work){.probe = probe,
                           .until = seconds_to_wall(work->until_us),
                           .ends = work->until_us == work->from_us};
    snprintf(w->reason, sizeof w->reason, "%.*s", (int)work->reason.len,
             work->reason.at ? work->reason.at : "");
}

/* Who declares it: the probe, for whoever stands before it. */
static void name_of(const struct app *app, uint32_t probe, char by[AUDIT_WHO_MAX])
{
    snprintf(by, AUDIT_WHO_MAX, "ioc-probe %s", names_text(&app->centre->inventory->probes, probe));
}

/* What the probe announced last and is not over, NULL if there is none. */
static const struct declaration *under_way(const struct app *app, uint32_t site, const char *by,
                                           struct wall_ms now)
{
    size_t n = 0;
    const struct declaration *rows = inventory_declarations(app->centre->inventory, site, &n);
    for (size_t i = 0; i < n; i++)
        if (rows[i].number > 0 && rows[i].withdrawn.ms == 0 && rows[i].span.to.ms > now.ms &&
            strcmp(rows[i].by, by) == 0)
            return &rows[i];
    return NULL;
}

static void note_act(struct change_set *set, const struct app_work *w, const char *by,
                     const char *site, struct wall_ms now)
{
    struct audit_actor actor = {.role = "probe"};
    snprintf(actor.who, sizeof actor.who, "%s", by);
    struct audit_entry entry = audit_by(&actor, now, w->ends ? "work end" : "work start", site);
    entry.text[AUDIT_DETAIL] = slice_of(w->reason);
    change_set_audit(set, &entry);
}

static void log_work(const struct app_work *w, const char *by, const char *site, const char *what)
{
    log_event(LOG_NOTE, what, "site=%s by=%s reason=%s", site, by, w->reason);
}

/* From now on, which is strictly before it begins. */
static int declare(struct app *app, const struct app_work *w, uint32_t site, const char *by,
                   struct wall_ms now)
{
    int64_t number = 0;
    struct wall_ms last = wall_add(now, app->config.centre.work_max_ms);
    const struct inventory_wish wish = {
        .site = site,
        .unit = INV_NONE,
        .kind = DECLARATION_MAINTENANCE,
        .span = {wall_add(now, 1), w->until.ms < last.ms ? w->until : last},
        .reason = w->reason,
        .by = by};
    return centre_declare(app->centre, &wish, now, &number);
}

/* Whether an announcement changes anything; why not is logged. */
static bool counts(const struct app *app, const struct app_work *w, const char *site,
                   const char *by, const struct declaration *open, struct wall_ms now)
{
    const char *why = NULL;
    if (w->ends)
        return open != NULL;
    if (app->config.centre.work_max_ms < 1000)
        why = "centre.work_max allows none";
    else if (w->until.ms <= now.ms + 1)
        why = "it was over before the centre heard of it";
    else if (open && now.ms - open->registered.ms < AGAIN_MS)
        why = "announced again within 10 s";
    if (why)
        log_event(LOG_WARNING, "work.refused", "site=%s by=%s why=%s", site, by, why);
    return !why;
}

/* What is under way ends now; a new announcement goes on from there. */
static int apply(struct app *app, const struct app_work *w, struct change_set *set)
{
    char by[AUDIT_WHO_MAX];
    struct wall_ms now = loop_now(app->loop).wall;
    const struct probe_row *row = inventory_probe(app->centre->inventory, w->probe, now);
    if (!row)
        return 0;
    uint32_t at = row->site; /* the row is the old inventory's */
    const char *site = names_text(&app->centre->inventory->sites, at);
    name_of(app, w->probe, by);
    const struct declaration *open = under_way(app, at, by, now);
    if (!counts(app, w, site, by, open, now))
        return 0;
    note_act(set, w, by, site, now);
    log_work(w, by, site, w->ends ? "work.end" : "work.start");
    int err = open ? centre_withdraw(app->centre, open->number, now) : 0;
    if (!err && !w->ends)
        err = declare(app, w, at, by, now);
    if (err != ERR_FULL)
        return err;
    log_event(LOG_WARNING, "work.refused", "by=%s why=\"too many declarations are kept\"", by);
    return 0;
}

int app_work_sealing(struct app *app, struct change_set *set)
{
    int err = 0;
    for (size_t i = 0; !err && i < app->works_len; i++)
        err = apply(app, &app->works[i], set);
    app->works_len = 0;
    return err;
}
