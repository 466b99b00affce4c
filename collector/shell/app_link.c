#include "shell/app_own.h"

#include "base/err.h"
#include "io/log.h"
#include "wire/centre.h"
#include "wire/topic.h"

#include <stdio.h>
#include <string.h>

/* There is one collector and all the while it hears nobody: it may knock at the broker often. */
enum {
    MARKER_MS = 1000,
    RELEASE_MS = 20, /* as evenly as packs are worked off, and while others are committed */
    TEXT_MAX = 512,
    ANSWERS_IN_FLIGHT = 65536,
    SECRET_MAX = 256,
    BACKOFF_MS_MAX = 5000,
    FIRST_PACKS_A_SECOND = 500,
};

static void own_topic(const struct app *app, enum topic_kind kind, char text[TOPIC_MAX])
{
    struct buf out;
    struct topic topic = {.kind = kind, .who = slice_of(app->config.centre.id)};
    buf_init(&out, TOPIC_MAX - 1);
    topic_write(&out, &topic);
    snprintf(text, TOPIC_MAX, "%s", out.data ? out.data : "");
    buf_done(&out);
}

/* Runs on the broker library's thread. */
static void on_raw(void *arg, const struct mqtt_message *message)
{
    struct app *app = arg;
    if (!feeds_take(app->feeds, message))
        intake_append(app->intake, message);
}

/* First packs of probes that come back together cannot be paced by their answers: they come as fast
 * as this asks for. At 240,000 sites a collector on two cores takes 3,000 messages a second; births
 * and first packs are a third of that, what is asked for later half (core/pace.h). */
static uint32_t spread_s(const struct app *app)
{
    uint32_t seconds = app->centre->inventory->probes.len / FIRST_PACKS_A_SECOND;
    return seconds < CENTRE_SPREAD_S_MAX ? seconds : CENTRE_SPREAD_S_MAX;
}

static size_t write_status(const struct app *app, bool online, char *to, size_t size)
{
    struct buf out;
    struct centre_status status = {
        .online = online, .boot = app->boot, .spread_s = online ? spread_s(app) : 0};
    buf_init(&out, size - 1);
    centre_write_status(&out, &status, slice_of(IOC_VERSION));
    size_t len = out.err ? 0 : out.len;
    if (len)
        memcpy(to, out.data, len);
    buf_done(&out);
    return len;
}

static void on_connecting(void *arg, struct mqtt_will *will)
{
    struct app *app = arg;
    own_topic(app, TOPIC_CENTRE_STATUS, will->topic);
    will->len = write_status(app, false, will->payload, sizeof will->payload);
    will->retained = true;
}

static void say_status(struct app *app, bool online)
{
    char topic[TOPIC_MAX];
    char text[TEXT_MAX];
    own_topic(app, TOPIC_CENTRE_STATUS, topic);
    size_t len = write_status(app, online, text, sizeof text);
    int err = mqtt_publish(app->mqtt, topic, (struct slice){text, len}, 1, true, NULL, NULL);
    if (err)
        log_event(LOG_WARNING, "broker.status_failed", "why=%s", err_text(err));
}

static void on_up(void *arg, bool session)
{
    struct app *app = arg;
    log_event(LOG_INFO, "broker.connected", "host=%s session=%s", app->config.broker.host,
              session ? "kept" : "new");
    intake_connected(app->intake);
    say_status(app, true);
    app_configs_publish(app, !session);
}

static void on_down(void *arg, const char *why, int64_t retry_ms)
{
    struct app *app = arg;
    log_event(LOG_WARNING, "broker.lost",
              "host=%s why=%s retry_ms=%lld do=\"check the broker and the way to it; the broker "
              "and the probes keep their messages\"",
              app->config.broker.host, why, (long long)retry_ms);
}

static void on_marker(void *arg)
{
    struct app *app = arg;
    if (!mqtt_is_up(app->mqtt))
        return;
    struct mono_ms now = loop_now(app->loop).mono;
    keeper_lag(app->keeper, marker_lag_ms(&app->lag, now));
    char topic[TOPIC_MAX];
    struct buf out;
    struct centre_echo echo = {.boot = app->boot, .number = marker_lag_sent(&app->lag, now)};
    snprintf(echo.id, sizeof echo.id, "%s", app->config.centre.id);
    buf_init(&out, TEXT_MAX);
    centre_write_echo(&out, &echo);
    own_topic(app, TOPIC_CENTRE_ECHO, topic);
    int err =
        mqtt_publish(app->mqtt, topic, (struct slice){out.data, out.len}, 1, false, NULL, NULL);
    if (err)
        log_event(LOG_WARNING, "marker.failed", "why=%s do=\"time passes as not listened\"",
                  err_text(err));
    buf_done(&out);
}

static void send_ack(void *context, const char *topic, struct slice payload)
{
    struct app *app = context;
    /* A lost ack costs a repeated pack, which is answered again: quality 0 is enough. */
    int err = mqtt_publish(app->mqtt, topic, payload, 0, false, NULL, NULL);
    if (err)
        log_event(LOG_DEBUG, "ack.unsent", "topic=%s why=%s", topic, err_text(err));
}

/* The time that an ack tells its probe; nobody is told one that may be wrong. */
static struct wall_ms told_time(const struct app *app)
{
    struct wall_ms now = loop_now(app->loop).wall;
    if (app_clock(app))
        now.ms = 0;
    return now;
}

static void ack_failed(int err)
{
    if (err)
        log_event(LOG_ERROR, "ack.failed", "why=%s do=\"the probes ask again\"", err_text(err));
}

/* Without the broker they wait for the first commit with it: a marker's, within a second. */
static void on_release(void *arg)
{
    struct app *app = arg;
    if (!mqtt_is_up(app->mqtt))
        return;
    ack_failed(keeper_release(app->keeper, told_time(app), send_ack, app));
    if (keeper_acks_waiting(app->keeper) > 0)
        loop_timer_after(app->release, RELEASE_MS);
}

static int subscribe(struct app *app)
{
    char echo[TOPIC_MAX];
    own_topic(app, TOPIC_CENTRE_ECHO, echo);
    const char *const filter[] = {TOPIC_FILTER_DATA, TOPIC_FILTER_STATUS, TOPIC_FILTER_PLAIN, echo};
    int err = 0;
    for (size_t i = 0; !err && i < sizeof filter / sizeof *filter; i++)
        err = mqtt_subscribe(app->mqtt, filter[i], 1);
    const char *topic;
    for (size_t i = 0; !err && (topic = feeds_topic(app->feeds, i)); i++)
        err = mqtt_subscribe(app->mqtt, topic, 1);
    return err;
}

static int read_password(const char *file, char *to, size_t size)
{
    int err = file[0] ? file_read_secret(file, to, size) : 0;
    if (err)
        log_event(LOG_ERROR, "broker.password_unread", "file=%s why=%s", file, err_text(err));
    return err;
}

int app_link_open(struct app *app)
{
    const struct config_broker *b = &app->config.broker;
    char password[SECRET_MAX] = "";
    int err = read_password(b->password_file, password, sizeof password);
    if (err)
        return err;
    struct mqtt_options options = {.host = b->host,
                                   .port = (int)b->port,
                                   .tls = b->tls,
                                   .ca_file = b->ca_file,
                                   .cert_file = b->cert_file,
                                   .key_file = b->key_file,
                                   .user = b->user,
                                   .password = password,
                                   .client_id = app->config.centre.id,
                                   .keep_session = true,
                                   .backoff_max_ms = BACKOFF_MS_MAX,
                                   .max_inflight = ANSWERS_IN_FLIGHT};
    struct mqtt_events events = {
        .arg = app, .connecting = on_connecting, .up = on_up, .down = on_down, .raw = on_raw};
    err = mqtt_open(app->loop, &options, &events, &app->mqtt);
    if (!err)
        err = subscribe(app);
    if (!err)
        err = loop_timer_open(app->loop, on_marker, app, &app->marker);
    if (!err)
        err = loop_timer_open(app->loop, on_release, app, &app->release);
    if (err) {
        log_event(LOG_ERROR, "broker.open_failed", "host=%s why=%s", b->host, err_text(err));
        return err;
    }
    loop_timer_every(app->marker, MARKER_MS, MARKER_MS);
    return 0;
}

void app_link_answer(struct app *app)
{
    struct wall_ms now = told_time(app);
    marker_lag_heard(&app->lag, app->centre->marker.number, loop_now(app->loop).mono);
    ack_failed(keeper_answer(app->keeper, now, send_ack, app));
    if (!loop_timer_is_set(app->release))
        on_release(app);
}

void app_link_close(struct app *app, loop_fn *closed)
{
    loop_timer_close(app->marker);
    loop_timer_close(app->release);
    app->marker = NULL;
    app->release = NULL;
    if (app->mqtt && mqtt_is_up(app->mqtt))
        say_status(app, false);
    struct mqtt *mqtt = app->mqtt;
    app->mqtt = NULL;
    if (mqtt)
        mqtt_close(mqtt, closed, app);
    else
        closed(app);
}
