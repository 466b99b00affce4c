#include "shell/app_own.h"

#include "codec/metrics_packs.h"

#include <stdio.h>

/* One line of the text format, with its HELP and TYPE before it. */
static void metric(struct buf *out, const char *name, const char *type, const char *help,
                   uint64_t value)
{
    buf_printf(out, "# HELP ioc_%s %s\n# TYPE ioc_%s %s\nioc_%s %llu\n", name, help, name, type,
               name, (unsigned long long)value);
}

static void metric_seconds(struct buf *out, const char *name, const char *help, int64_t ms)
{
    buf_printf(out, "# HELP ioc_%s %s\n# TYPE ioc_%s gauge\nioc_%s %lld.%03d\n", name, help, name,
               name, (long long)(ms / 1000), (int)(ms % 1000));
}

static void ledger_metrics(const struct app *app, struct buf *out)
{
    const char *name;
    const char *what;
    uint64_t value;
    char full[96];
    for (uint32_t i = 0; ledger_counter(&app->centre->ledger, i, &name, &what, &value); i++) {
        snprintf(full, sizeof full, "ledger_%s_total", name);
        metric(out, full, "counter", what, value);
    }
}

static void audit_metrics(const struct app *app, struct buf *out)
{
    buf_str(out,
            "# HELP ioc_ledger_balanced 1 while the equation of the ledger holds, as of the last "
            "check\n# TYPE ioc_ledger_balanced gauge\n");
    for (int i = 0; i < LEDGER_EQUATIONS; i++)
        buf_printf(out, "ioc_ledger_balanced{equation=\"%s\"} %d\n",
                   ledger_equation_word((enum ledger_equation)i), app->audit.broken_of[i] == 0);
    metric(out, "ledger_checks_total", "counter", "Checks of the ledger's equations", app->audits);
    metric(out, "ledger_checks_broken_total", "counter",
           "Checks that found an equation of the ledger broken", app->audits_broken);
    metric(out, "ledger_checked_seconds", "gauge", "When the ledger was last checked, Unix time",
           (uint64_t)app->audit.at.ms / 1000);
}

static void letter_metrics(const struct app *app, struct buf *out)
{
    const struct store_figures *f = &app->figures;
    metric(out, "dead_letters", "gauge", "Dead letters kept, as of the last check", f->dead_rows);
    metric(out, "dead_letters_made_total", "counter", "Dead letters ever made", f->dead_made);
    metric(out, "dead_letters_dropped_total", "counter", "Dead letters dropped by their bounds",
           f->dead_dropped);
}

static void state_metrics(const struct app *app, struct buf *out)
{
    buf_str(out, "# HELP ioc_units Units by state\n# TYPE ioc_units gauge\n");
    for (int state = 0; state < STATE_COUNT; state++)
        buf_printf(out, "ioc_units{state=\"%s\"} %u\n", state_word(state),
                   app->centre->census.units[state]);
    size_t open = 0;
    outages_open_units(app->centre->outages, &open);
    metric(out, "outages_open", "gauge", "Outages of units that last", open);
    metric(out, "coverage_touched_total", "counter",
           "Visits to coverage counters by changes of units",
           coverage_touched(app->centre->coverage));
}

static void pager_metrics(const struct app *app, struct buf *out)
{
    const struct page_box *box = pager_box(app->pager);
    uint64_t states[PAGE_FAILED + 1] = {0};
    for (size_t i = 0; i < box->pages.len; i++)
        states[((const struct page *)vec_at(&box->pages, i))->state]++;
    metric(out, "pages_sent_total", "counter", "Pages that targets took, since the start",
           box->sent);
    metric(out, "pages_failed_total", "counter", "Pages given up, since the start", box->failed);
    metric(out, "pages_lost_total", "counter", "Pages for which there was no room, since the start",
           box->lost);
    metric(out, "readings_unwatched_total", "counter",
           "Readings that no rule could watch because there were too many series, since the start",
           pager_unwatched(app->pager));
    metric(out, "pages_waiting", "gauge", "Pages that still have to reach their target",
           states[PAGE_WAITING]);
    metric(out, "pages_held", "gauge", "Pages that wait for a digest", states[PAGE_HELD]);
    const uint64_t *replies = replies_counts(app->replies);
    buf_str(out, "# HELP ioc_replies_total Replies to pages, since the start\n"
                 "# TYPE ioc_replies_total counter\n");
    for (int i = 0; i < REPLY_RESULTS; i++)
        buf_printf(out, "ioc_replies_total{result=\"%s\"} %llu\n", reply_result_word(i),
                   (unsigned long long)replies[i]);
    metric(out, "alerts", "gauge", "Alerts that go on", pager_alerts(app->pager)->open);
}

static void flow_metrics(const struct app *app, const struct routes_view *view, struct buf *out)
{
    const struct sink_status *s = sink_status(app->sink);
    metric(out, "broker_up", "gauge", "1 while connected to the broker", view->broker);
    metric(out, "listening", "gauge", "1 while our own markers come back", view->scope.listening);
    metric(out, "store_up", "gauge", "1 while commits succeed", view->store);
    metric(out, "intake_messages_total", "counter", "Messages that entered the intake log",
           view->ledger.logged);
    metric(out, "intake_waiting", "gauge", "Messages in the intake log that wait",
           view->ledger.in_intake);
    metric_seconds(
        out, "lag_seconds",
        "How long our own marker takes from the broker into the store, as a live reading does",
        marker_lag_ms(&app->lag, loop_now(app->loop).mono));
    metric(out, "acks_waiting", "gauge", "Probes whose packs of the past are answered in turn",
           keeper_acks_waiting(app->keeper));
    metric(out, "derived_waiting", "gauge",
           "Units, sites, areas and outages whose past points the database lacks",
           derived_dirty(app->centre->derived));
    metric(out, "batches_pending", "gauge", "Batches that wait for the database", s->pending);
    metric(out, "batches_aside", "gauge", "Batches set aside because they keep failing", s->aside);
    metric(out, "batches_pending_bytes", "gauge", "Bytes of batch files that wait",
           app->pending_bytes);
    metric(out, "readings_pending", "gauge", "Readings in batches that wait",
           app->pending_readings);
    metric(out, "database_up", "gauge", "1 while the database takes requests", s->reached);
    metric(out, "database_requests_total", "counter", "Requests to the database", s->requests);
    metric(out, "database_failures_total", "counter", "Requests to the database without success",
           s->failed);
    metric(out, "database_rows_lost_total", "counter",
           "Rows the database took and dropped, by its own counters", s->rows_lost);
    metric(out, "http_limited_total", "counter", "Requests that were told to wait (429)",
           http_server_limited(app->server));
    metric(out, "event_streams", "gauge", "Pages that listen to events",
           http_server_streams(app->server));
}

static void page_metrics(const struct app *app, struct buf *out)
{
    uint64_t heap = 0;
    unsigned open = wall_pages_open(&app->pages, loop_now(app->loop).mono, &heap);
    metric(out, "pages_open", "gauge", "Pages that told of their memory lately", open);
    metric(out, "page_heap_bytes_max", "gauge", "Memory of the page that holds the most", heap);
}

/* Who reads only is told nothing of probes at restricted sites. */
struct eyes {
    struct api_scope scope;
    bool every;
};

static bool shown(void *context, uint32_t probe)
{
    const struct eyes *eyes = context;
    return eyes->every || api_probe_shown(&eyes->scope, probe);
}

void app_metrics(void *arg, enum http_role probes, struct buf *out)
{
    struct app *app = arg;
    const struct centre *c = app->centre;
    struct routes_view view;
    app_http_view(app, &view);
    buf_str(out, "# HELP ioc_build_info Version of the program\n# TYPE ioc_build_info gauge\n");
    buf_str(out, "ioc_build_info{version=\"" IOC_VERSION "\"} 1\n");
    flow_metrics(app, &view, out);
    ledger_metrics(app, out);
    metrics_packs(c->stream, &c->inventory->probes, out);
    struct eyes eyes = {view.scope, probes >= HTTP_OPERATOR};
    if (probes > HTTP_NOBODY)
        metrics_packs_of_probes(c->stream, &c->inventory->probes, shown, &eyes, out);
    audit_metrics(app, out);
    letter_metrics(app, out);
    page_metrics(app, out);
    state_metrics(app, out);
    pager_metrics(app, out);
}
