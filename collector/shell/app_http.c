#include "shell/app_own.h"

#include "base/err.h"
#include "core/inventory_tree.h"
#include "io/log.h"
#include "shell/http_tokens.h"
#include "shell/page.h"
#include "shell/wall_outlines.h"

#include <string.h>
#include <sys/resource.h>

enum {
    CONNECTIONS_MAX = 2048,
    CONNECTIONS_MIN = 64,
    FILES_KEPT = 256,
    HEAD_DEADLINE_MS = 10000,
    CHANGE_BYTES_MAX = 64 << 10,
    BEAT_MS = 2000,
    SHOW_MS = 250,
    OVERVIEW_MS = 2000,
    EVENT_BYTES_MAX = 512 << 10
};

/* Markers come every second; longer silence means that we do not hear the broker. */
static const int64_t HEARD_MS_MAX = 3500;

static bool listening(const struct app *app)
{
    int64_t age_ms = loop_now(app->loop).wall.ms - app->centre->marker.when.ms;
    return app->mqtt && mqtt_is_up(app->mqtt) && age_ms < HEARD_MS_MAX;
}

static struct api_scope scope_of(const struct app *app)
{
    return (struct api_scope){.centre = app->centre,
                              .now = loop_now(app->loop).wall,
                              .standing_ms = app->config.wall.standing_ms,
                              .name = app->config.centre.name,
                              .simulated = app->config.centre.simulated,
                              .listening = listening(app)};
}

void app_http_view(void *arg, struct routes_view *view)
{
    struct app *app = arg;
    struct intake_counts in = intake_count(app->intake);
    *view =
        (struct routes_view){.scope = scope_of(app),
                             .ledger = {.logged = app->processed_before + in.carried + in.appended,
                                        .in_intake = in.carried + in.appended - in.read,
                                        .pending_readings = app->pending_readings,
                                        .audit = &app->audit,
                                        .audits = app->audits},
                             .settled = keeper_settled(app->keeper),
                             .broker = app->mqtt && mqtt_is_up(app->mqtt),
                             .store = !app->stalled,
                             .intake = !app->paused,
                             .clock = app_clock(app),
                             .database = sink_status(app->sink)->text,
                             .outlines = {app->outlines.data, app->outlines.len},
                             .feeds = app->feeds,
                             .pager = app->pager,
                             .latest = &app->latest,
                             .replies = app->replies,
                             .link_key = &app->link_key,
                             .wall = &app->config.wall,
                             .mono = loop_now(app->loop).mono,
                             .utc_offset_ms = app->config.centre.utc_offset_ms};
}

static struct centre *change(void *arg)
{
    struct app *app = arg;
    keeper_change(app->keeper);
    return app->centre;
}

static void note_act(void *arg, const struct audit_entry *entry)
{
    struct app *app = arg;
    change_set_audit(keeper_set(app->keeper), entry);
}

static void send_event(struct app *app, enum http_audience to, const char *name, struct buf *text)
{
    struct slice data = {text->data, text->len};
    if (text->err) { /* too much for one event: let the pages ask */
        name = "resync";
        data = slice_of("{}");
    }
    http_server_event(app->server, to, ++app->events, name, data);
    buf_clear(text);
}

static void show_sites(struct app *app, const struct api_scope *scope, struct buf *text)
{
    struct dirty *changed = &app->centre->changed_sites;
    struct emit e = emit_to(text);
    emit_array(&e, NULL);
    for (size_t i = 0; i < dirty_len(changed); i++)
        api_site_item(scope, dirty_at(changed, i), &e);
    emit_end(&e);
    send_event(app, HTTP_TO_OTHERS, "sites", text);
}

static void show_areas(struct app *app, const struct api_scope *scope, struct buf *text)
{
    size_t n = 0;
    const uint32_t *changed = coverage_changed(app->centre->coverage, &n);
    struct emit e = emit_to(text);
    if (n == 0)
        return;
    emit_array(&e, NULL);
    for (size_t i = 0; i < n; i++)
        api_area_item(scope, changed[i], &e);
    emit_end(&e);
    send_event(app, HTTP_TO_ALL, "areas", text);
}

static void show_changes(struct app *app)
{
    struct api_scope scope = scope_of(app);
    struct buf text;
    buf_init(&text, EVENT_BYTES_MAX);
    show_sites(app, &scope, &text);
    show_areas(app, &scope, &text);
    buf_done(&text);
}

static void show_overview(struct app *app, enum http_audience to)
{
    struct api_scope scope = scope_of(app);
    scope.guest = to == HTTP_TO_GUESTS;
    uint32_t root = inventory_tree_root(app->centre->inventory, scope.now);
    struct buf text;
    buf_init(&text, EVENT_BYTES_MAX);
    if (root != INV_NONE && api_overview(&scope, root, &text) == 0)
        send_event(app, to, "overview", &text);
    buf_done(&text);
}

/* Tells what changed. Nobody listening: one event says that whoever comes back has to ask anew. */
static void tell_changes(struct app *app)
{
    struct centre *c = app->centre;
    size_t areas = 0;
    coverage_changed(c->coverage, &areas);
    if (dirty_len(&c->changed_sites) == 0 && areas == 0)
        return;
    if (http_server_streams(app->server))
        show_changes(app);
    else
        http_server_event(app->server, HTTP_TO_ALL, ++app->events, "resync", slice_of("{}"));
    app->overview_owed = true;
    dirty_clear(&c->changed_sites);
    coverage_changed_clear(c->coverage);
}

/* The overview looks at every unit, so it follows the changes it sums up at a distance. */
static void tell_overview(struct app *app)
{
    struct mono_ms now = loop_now(app->loop).mono;
    if (!app->overview_owed || now.ms - app->overview_at.ms < OVERVIEW_MS)
        return;
    app->overview_at = now;
    app->overview_owed = false;
    if (!http_server_streams(app->server))
        return;
    show_overview(app, HTTP_TO_OTHERS);
    if (http_server_has_guests(app->server))
        show_overview(app, HTTP_TO_GUESTS);
}

static void tell(struct app *app)
{
    app->show_late = false;
    tell_changes(app);
    tell_overview(app);
}

/* While a commit is under way the memory is ahead of the store: its end tells then. */
static void on_show(void *arg)
{
    struct app *app = arg;
    if (keeper_settled(app->keeper))
        tell(app);
    else
        app->show_late = true;
}

void app_http_stalled(struct app *app)
{
    http_server_ask_again(app->server);
}

/* Outside of the store, where whoever writes its chain anew does not reach. */
static void log_audit_head(struct app *app)
{
    struct audit_head head = store_totals(app->store).audit;
    char text[DIGEST_TEXT_MAX];
    if (head.number == app->audit_told)
        return;
    app->audit_told = head.number;
    digest_text(head.hash, text);
    log_event(LOG_NOTE, "audit.head", "number=%llu hash=%s", (unsigned long long)head.number, text);
}

void app_http_committed(struct app *app)
{
    log_audit_head(app);
    letters_committed(&app->letters);
    periods_committed(&app->periods);
    http_server_retry(app->server);
    if (app->show_late)
        tell(app);
    else if (!loop_timer_is_set(app->show))
        loop_timer_after(app->show, SHOW_MS);
}

static void on_beat(void *arg)
{
    struct app *app = arg;
    struct buf text;
    buf_init(&text, 512);
    struct emit e = emit_to(&text);
    emit_object(&e, NULL);
    emit_instant(&e, "now", loop_now(app->loop).wall);
    emit_bool(&e, "listening", listening(app));
    emit_bool(&e, "store", !app->stalled);
    emit_bool(&e, "clock", !app_clock(app));
    emit_bool(&e, "ledger", app->audit.broken == 0);
    emit_text(&e, "build", PAGE_BUILD);
    emit_end(&e);
    http_server_event(app->server, HTTP_TO_ALL, 0, "hb", (struct slice){text.data, text.len});
    buf_done(&text);
}

/* A file's text for the server, or NULL where none is configured. An empty one is an error: without
 * a certificate we would serve everybody in plain text. */
static int read_text(const char *file, struct buf *text)
{
    buf_init(text, 64 << 10);
    int err = file[0] ? file_read(file, text) : 0;
    if (!err && file[0] && text->len == 0)
        err = ERR_MISSING;
    if (err)
        log_event(LOG_ERROR, "http.file_unread", "file=%s why=%s", file, err_text(err));
    return err;
}

static int read_token(const char *file, char token[128])
{
    int err = file[0] ? file_read_secret(file, token, 128) : 0;
    if (err)
        log_event(LOG_ERROR, "http.token_unread", "file=%s why=%s", file, err_text(err));
    return err;
}

/* Every complaint is a line of its own in the log. */
static void log_token_faults(char *line)
{
    for (char *end; line && (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        log_event(LOG_ERROR, "http.tokens_wrong",
                  "problem=%s do=\"mend the file; ioc-collector token make NAME ROLE adds to it\"",
                  line);
    }
}

int app_http_tokens(struct app *app)
{
    static struct http_tokens tokens; /* large, and one program has one app */
    struct buf complaints;
    const char *file = app->config.http.tokens_file;
    tokens.len = 0;
    if (!file[0]) {
        app_acts_tokens(app, &tokens);
        return 0;
    }
    buf_init(&complaints, 64 << 10);
    int err = http_tokens_read(file, &tokens, &complaints);
    if (err)
        log_token_faults(complaints.data);
    else
        http_server_tokens(app->server, &tokens);
    if (!err)
        app_acts_tokens(app, &tokens);
    buf_done(&complaints);
    return err;
}

/* Files and connections share the process' descriptors; clients must not take the last ones from
 * the intake log. */
static unsigned connections_max(void)
{
    struct rlimit files = {0};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return CONNECTIONS_MIN;
    files.rlim_cur = files.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &files) != 0)
        (void)getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur >= CONNECTIONS_MAX + FILES_KEPT)
        return CONNECTIONS_MAX;
    return files.rlim_cur > CONNECTIONS_MIN + FILES_KEPT ? (unsigned)files.rlim_cur - FILES_KEPT
                                                         : CONNECTIONS_MIN;
}

static void look(void *context, struct periods_view *ret_view)
{
    struct app *app = context;
    *ret_view = (struct periods_view){scope_of(app), keeper_settled(app->keeper)};
}

static int open_server(struct app *app, const struct buf *cert, const struct buf *key)
{
    const struct config_http *h = &app->config.http;
    const char *files[HTTP_ROLES] = {NULL, h->guest_token_file, h->viewer_token_file,
                                     h->operator_token_file, h->admin_token_file};
    char token[HTTP_ROLES][128] = {{0}};
    int err = 0;
    for (int role = HTTP_GUEST; !err && role < HTTP_ROLES; role++)
        err = read_token(files[role], token[role]);
    if (err)
        return err;
    struct http_options options = {.address = h->listen,
                                   .port = (uint16_t)h->port,
                                   .cert_pem = cert->data,
                                   .key_pem = key->data,
                                   .token = {NULL, token[HTTP_GUEST], token[HTTP_VIEWER],
                                             token[HTTP_OPERATOR], token[HTTP_ADMIN]},
                                   .max_connections = connections_max(),
                                   .max_body = CHANGE_BYTES_MAX,
                                   .open_below = "/a/",
                                   .requests_per_second = h->requests_per_second,
                                   .burst = h->burst,
                                   .max_streams_each = (unsigned)h->streams_per_client,
                                   .unlimited = "/healthz",
                                   .behind_proxy = h->behind_proxy,
                                   .head_deadline_ms = HEAD_DEADLINE_MS};
    letters_init(&app->letters, app->loop, app->keeper, app->store, app->store_path);
    audit_log_init(&app->audit_log, app->loop, app->store_path);
    periods_init(&app->periods, app->loop, app->store_path, app, look);
    app->routes = (struct routes){.context = app,
                                  .fill = app_http_view,
                                  .metrics = app_metrics,
                                  .letters = &app->letters,
                                  .periods = &app->periods,
                                  .pages = &app->pages,
                                  .change = change,
                                  .audit = note_act,
                                  .log = &app->audit_log};
    err = http_server_open(app->loop, &options, routes_handle, &app->routes, &app->server);
    if (err)
        log_event(
            LOG_ERROR, "http.open_failed",
            "listen=%s port=%lld why=%s do=\"is another program on this port? set http.port\"",
            h->listen, (long long)h->port, err_text(err));
    else
        log_event(LOG_INFO, "http.listening", "url=%s://%s:%u/", cert->data ? "https" : "http",
                  h->listen, http_server_port(app->server));
    return err;
}

/* Without its outlines the wall draws a schematic map and says so. */
static void read_outlines(struct app *app)
{
    const char *file = app->config.wall.outlines;
    int err = wall_outlines_read(file, &app->outlines);
    if (err)
        log_event(LOG_WARNING, "wall.outlines_unread",
                  "file=%s why=%s do=\"give wall.outlines a GeoJSON feature collection\"", file,
                  err_text(err));
}

int app_http_open(struct app *app)
{
    read_outlines(app);
    struct buf cert;
    struct buf key;
    int err = read_text(app->config.http.cert_file, &cert);
    int key_err = read_text(app->config.http.key_file, &key);
    err = err ? err : key_err;
    if (!err)
        err = open_server(app, &cert, &key);
    if (!err)
        err = app_http_tokens(app);
    buf_done(&cert);
    buf_done(&key);
    if (!err)
        err = loop_timer_open(app->loop, on_beat, app, &app->beat);
    if (!err)
        err = loop_timer_open(app->loop, on_show, app, &app->show);
    if (!err)
        loop_timer_every(app->beat, BEAT_MS, BEAT_MS);
    return err;
}

void app_http_close(struct app *app)
{
    loop_timer_close(app->beat);
    loop_timer_close(app->show);
    http_server_close(app->server);
    buf_done(&app->outlines);
}
