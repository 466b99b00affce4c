#include "shell/agent_own.h"

#include "base/err.h"
#include "io/entropy.h"
#include "io/file.h"
#include "io/log.h"
#include "io/loop.h"
#include "shell/outbox_render.h"
#include "shell/thrift.h"
#include "wire/body.h"
#include "wire/centre.h"
#include "wire/seconds.h"
#include "wire/topic.h"

#include <stdio.h>
#include <string.h>

enum {
    AWAIT_MS = 3000,
    BLOCKED_MS = 1000,
    ASK_MS = CLOCK_TRUST_ROUND_TRIP_MS,
    ASK_DOUBLINGS = 5,
    SECRET_MAX = 256
};

/* ---- packs ---- */

/* The bytes to send: as stored, or with monotonic times made absolute. ERR_BUSY: not yet. */
static int body_to_send(struct agent *a, const struct outbox_record *record, struct slice *ret_body)
{
    int64_t offset_ms = 0;
    *ret_body = record->body;
    if (record->kind == OUTBOX_TIMED)
        return 0;
    enum clock_fate fate = clock_trust_fate(&a->trust, record->boot, &offset_ms);
    if (fate == CLOCK_WAITS || (record->boot == a->trust.boot && !a->clock_kept))
        return ERR_BUSY;
    buf_clear(&a->render);
    int err = fate == CLOCK_TIMED ? outbox_render(record->body, offset_ms, &a->render) : 0;
    if (err == ERR_NOMEM)
        return err;
    if (fate == CLOCK_UNTIMED || err) {
        buf_clear(&a->render);
        body_write_untimed(&a->render, record->readings);
        a->lost_boot_packs++;
    }
    *ret_body = (struct slice){a->render.data, a->render.len};
    return 0;
}

static void on_published(void *arg, int err)
{
    struct agent *a = arg;
    if (!err)
        agent_link_pump(a); /* there may be room for the next */
}

static int send_pack(struct agent *a, uint64_t seq, struct slice body)
{
    struct topic topic = {.kind = TOPIC_DATA,
                          .who = slice_of(a->config.probe.id),
                          .epoch = a->window.epoch,
                          .low = a->window.low,
                          .seq = seq};
    struct buf text;
    buf_init(&text, TOPIC_MAX);
    topic_write(&text, &topic);
    int err =
        text.err ? text.err : mqtt_publish(a->mqtt, text.data, body, 1, false, on_published, a);
    buf_done(&text);
    return err;
}

/* Publishes pack @p seq; false if it has to wait. */
static bool publish(struct agent *a, uint64_t seq)
{
    struct outbox_record record;
    struct slice body = {0};
    int err = outbox_read(a->outbox, seq, &record);
    if (err == ERR_NOT_FOUND)
        outbox_skip(a->outbox, seq);
    if (err && err != ERR_NOT_FOUND && err != ERR_BUSY)
        log_event(LOG_ERROR, "outbox.unreadable", "seq=%llu why=%s", (unsigned long long)seq,
                  err_text(err));
    if (!err)
        err = body_to_send(a, &record, &body);
    if (!err)
        err = send_pack(a, seq, body);
    if (!err)
        window_published(&a->window, loop_now(a->loop).mono);
    return !err;
}

/* A pack that is due and cannot leave (no clock yet, the connection just broke) waits for what it
 * lacks, which pumps again; else it is tried again in a while, not at once. */
static void arm(struct agent *a, struct mono_ms now)
{
    struct mono_ms deadline = window_deadline(&a->window);
    if (mono_reached(now, deadline))
        deadline = mono_add(now, BLOCKED_MS);
    if (deadline.ms == MONO_NEVER_MS)
        loop_timer_stop(a->pump_timer);
    else
        loop_timer_at(a->pump_timer, deadline);
}

void agent_link_pump(struct agent *a)
{
    struct mono_ms now = loop_now(a->loop).mono;
    if (!a->outbox || !mqtt_is_up(a->mqtt) || a->renumbering || a->awaiting)
        return;
    window_tick(&a->window, now);
    uint64_t seq;
    while ((seq = window_next(&a->window, now)) != 0 && publish(a, seq))
        ;
    arm(a, now);
}

void agent_link_timer(void *arg)
{
    agent_link_pump(arg);
}

/* ---- the outbox's news ---- */

void agent_link_stored(void *arg, uint64_t seq)
{
    struct agent *a = arg;
    window_stored(&a->window, seq);
    a->stored++;
    if (a->gasp_put && a->stored + outbox_view(a->outbox).unstored >= a->gasp_put)
        agent_status_gasp(a);
    agent_work_stored(a);
    agent_link_pump(a);
}

void agent_link_dropped(void *arg, uint64_t low)
{
    struct agent *a = arg;
    window_dropped(&a->window, low);
    agent_status_now(a); /* before the next pack, or the centre books them as missing */
    if (low > a->listed_from)
        agent_packs_list(a); /* the newest list may be among them */
    agent_link_pump(a);
}

void agent_link_renumbered(void *arg)
{
    struct agent *a = arg;
    struct outbox_view view = outbox_view(a->outbox);
    window_renumber(&a->window, view.epoch, view.high);
    a->renumbering = false;
    a->listed_low = 0;
    log_event(LOG_WARNING, "outbox.renumbered", "epoch=%s packs=%llu", agent_hex(view.epoch).text,
              (unsigned long long)view.high);
    agent_status_now(a);
    agent_packs_list(a);
    agent_link_pump(a);
}

void agent_link_clock_kept(void *arg)
{
    struct agent *a = arg;
    a->clock_kept = true;
    agent_link_pump(a);
}

/* ---- what the centre says ---- */

static void take_clock(struct agent *a, int64_t centre_us)
{
    struct mono_ms now = loop_now(a->loop).mono;
    if (!a->ask_open || centre_us == 0)
        return;
    a->ask_open = false;
    if (!clock_trust_centre(&a->trust, seconds_to_wall(centre_us), a->asked, now))
        return;
    log_event(LOG_NOTE, "clock.centre", "offset_ms=%lld", (long long)a->trust.offset_ms);
    agent_clock_found(a);
}

/* Packs were lost, perhaps the list among them. */
static void repeat_list(struct agent *a, const struct ack *ack)
{
    struct window *w = &a->window;
    if (ack->epoch != w->epoch || ack->upto + 1 >= w->low || a->listed_low == w->low)
        return;
    a->listed_low = w->low;
    agent_packs_list(a);
}

static void tell_changes(const struct agent *a, bool held, uint64_t refused)
{
    const struct window *w = &a->window;
    if (w->held && !held)
        log_event(LOG_WARNING, "centre.hold", "why=%s packs=%llu", w->hold,
                  (unsigned long long)window_backlog(w));
    if (!w->held && held)
        log_event(LOG_NOTE, "centre.hold_over", "packs=%llu",
                  (unsigned long long)window_backlog(w));
    if (w->refused_count > refused)
        log_event(LOG_ERROR, "centre.refused",
                  "seq=%llu why=%s total=%llu do=\"tell the centre's administrator\"",
                  (unsigned long long)w->refused_seq, w->refused,
                  (unsigned long long)w->refused_count);
}

static void renumber(struct agent *a)
{
    log_event(LOG_WARNING, "outbox.copied",
              "do=\"the centre knows newer packs of this outbox: it was restored or copied\"");
    a->renumbering = true;
    outbox_renumber(a->outbox, entropy_u64());
}

/* Without a clock the centre is asked again, less and less often, for as long as it takes: its own
 * clock may not have been set. */
static struct mono_ms ask_due(const struct agent *a)
{
    unsigned doublings = a->asks < ASK_DOUBLINGS ? a->asks : ASK_DOUBLINGS;
    return mono_add(a->asked, (int64_t)ASK_MS << doublings);
}

static bool wants_time(const struct agent *a)
{
    return a->trust.source == CLOCK_UNTRUSTED && a->centre_online && mqtt_is_up(a->mqtt);
}

static void arm_wait(struct agent *a)
{
    if (a->awaiting || a->ask_again)
        loop_timer_after(a->wait_timer, AWAIT_MS);
    else if (wants_time(a))
        loop_timer_at(a->wait_timer, ask_due(a));
    else
        loop_timer_stop(a->wait_timer);
}

/* Start and handshake are over. */
static void settle(struct agent *a)
{
    if (!a->settled)
        thrift_settle();
    a->settled = true;
}

static void on_ack(struct agent *a, const struct ack *ack)
{
    struct window *w = &a->window;
    bool held = w->held;
    uint64_t refused = w->refused_count;
    a->ack_at = loop_now(a->loop).mono;
    a->ack_known = true;
    settle(a);
    take_clock(a, ack->now_us);
    if (!a->outbox || a->renumbering)
        return;
    repeat_list(a, ack);
    switch (window_ack(w, ack, a->ack_at)) {
    case WINDOW_ADVANCED:
        outbox_acked(a->outbox, w->upto);
        break;
    case WINDOW_RENUMBER:
        renumber(a);
        break;
    case WINDOW_NOTHING:
        break;
    }
    tell_changes(a, held, refused);
    if (a->status_backlog && window_backlog(w) == 0)
        agent_status_now(a);
    a->awaiting = false;
    arm_wait(a);
    agent_link_pump(a);
}

static void on_ack_bytes(struct agent *a, struct slice payload)
{
    struct ack ack;
    struct reason why;
    if (ack_read(payload, &ack, &why) != 0) {
        log_event(LOG_WARNING, "centre.unreadable", "what=ack why=%s", why.text);
        return;
    }
    on_ack(a, &ack);
    ack_done(&ack);
}

static void on_centre(struct agent *a, struct slice payload, bool live)
{
    struct centre_status status;
    struct reason why;
    if (centre_read_status(payload, &status, &why) != 0)
        return;
    a->centre_seen = true;
    a->centre_online = status.online;
    if (!status.online)
        return;
    if (a->trust.source == CLOCK_UNTRUSTED && a->asked_boot != status.boot) {
        a->asked_boot = status.boot;
        a->asks = 0;
        a->ask_again = true;
    }
    arm_wait(a);
    window_centre_boot(&a->window, status.boot, live);
    window_spread(&a->window, (int64_t)status.spread_s * 1000, loop_now(a->loop).mono);
    agent_link_pump(a);
}

static void on_message(void *arg, const struct mqtt_message *message)
{
    struct agent *a = arg;
    struct topic topic;
    struct reason why;
    if (topic_read(message->topic, &topic, &why) != 0)
        return;
    if (topic.kind == TOPIC_ACK && slice_is(topic.who, a->config.probe.id))
        on_ack_bytes(a, message->payload);
    else if (topic.kind == TOPIC_CONFIG && slice_is(topic.who, a->config.probe.id))
        a->on_config(a->on_config_arg, message->payload);
    else if (topic.kind == TOPIC_CENTRE_STATUS)
        on_centre(a, message->payload, !message->retained);
}

/* ---- the broker ---- */

static void on_connecting(void *arg, struct mqtt_will *will)
{
    struct agent *a = arg;
    a->conn++;
    agent_status_will(a, will);
}

static void on_up(void *arg, bool session)
{
    struct agent *a = arg;
    (void)session;
    a->up_since = loop_now(a->loop).mono;
    a->why_down[0] = '\0';
    a->settled = false;
    log_event(LOG_NOTE, "broker.up", "host=%s conn=%llu", a->config.broker.host,
              (unsigned long long)a->conn);
    window_connected(&a->window);
    a->asked = a->up_since;
    a->asks++;
    a->ask_open = true;
    agent_status_publish(a, STATUS_ONLINE);
    if (a->gasping)
        agent_status_publish(a, STATUS_POWER_LOST);
    a->awaiting = window_backlog(&a->window) > 0;
    arm_wait(a);
    agent_link_pump(a);
}

void agent_link_waited(void *arg)
{
    struct agent *a = arg;
    a->awaiting = false;
    agent_link_pump(a);
    bool due = a->ask_again || mono_reached(loop_now(a->loop).mono, ask_due(a));
    a->ask_again = false;
    if (due && wants_time(a)) /* it answers births only, perhaps it came after ours */
        mqtt_bounce(a->mqtt, "asking the centre for the time");
    else
        arm_wait(a);
}

static void on_down(void *arg, const char *why, int64_t retry_ms)
{
    struct agent *a = arg;
    window_disconnected(&a->window);
    a->ask_open = a->awaiting = false;
    loop_timer_stop(a->wait_timer);
    if (!a->why_down[0])
        a->up_since = loop_now(a->loop).mono;
    snprintf(a->why_down, sizeof a->why_down, "%s", why);
    log_event(LOG_WARNING, "broker.down", "host=%s why=%s retry_ms=%lld", a->config.broker.host,
              why, (long long)retry_ms);
}

static const char *given(const char *text)
{
    return text[0] ? text : NULL;
}

static int subscribe_own(struct agent *a, enum topic_kind kind)
{
    struct topic topic = {.kind = kind, .who = slice_of(a->config.probe.id)};
    struct buf text;
    buf_init(&text, TOPIC_MAX);
    topic_write(&text, &topic);
    int err = text.err ? text.err : mqtt_subscribe(a->mqtt, text.data, 1);
    buf_done(&text);
    return err;
}

static int subscribe(struct agent *a)
{
    int err = subscribe_own(a, TOPIC_ACK);
    if (!err)
        err = subscribe_own(a, TOPIC_CONFIG);
    return err ? err : mqtt_subscribe(a->mqtt, TOPIC_FILTER_CENTRE, 1);
}

int agent_link_open(struct agent *a)
{
    const struct probe_config_broker *b = &a->config.broker;
    const struct mqtt_events events = {
        .arg = a, .connecting = on_connecting, .up = on_up, .down = on_down, .message = on_message};
    char password[SECRET_MAX] = "";
    int err = 0;
    if (b->password_file[0])
        err = file_read_secret(b->password_file, password, sizeof password);
    if (err) {
        log_event(LOG_ERROR, "broker.password", "file=%s why=%s", b->password_file, err_text(err));
        return err;
    }
    struct mqtt_options options = {.host = b->host,
                                   .port = (int)b->port,
                                   .tls = b->tls,
                                   .ca_file = given(b->ca_file),
                                   .cert_file = given(b->cert_file),
                                   .key_file = given(b->key_file),
                                   .user = given(b->user),
                                   .password = given(password),
                                   .client_id = a->config.probe.id};
    a->up_since = loop_now(a->loop).mono;
    snprintf(a->why_down, sizeof a->why_down, "not connected yet");
    err = mqtt_open(a->loop, &options, &events, &a->mqtt);
    explicit_bzero(password, sizeof password);
    return err ? err : subscribe(a);
}
