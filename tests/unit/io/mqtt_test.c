/* Against the real mosquitto, in a network namespace of its own. */
#include "io/mqtt.h"

#include "base/err.h"
#include "folder.h"
#include "server.h"
#include "unit.h"
#include "until.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { PORT = 18830, PORT_TLS = 18831, MANY = 2000 };

static char folder[FOLDER_PATH_MAX];
static pid_t broker;

/* A client and what came to it. */
struct side {
    struct loop *loop;
    struct mqtt *mqtt;
    const char *will;
    int connects, ups, downs, messages, done_ok, done_closed, closed;
    bool session;
    int64_t retry_ms;
    char topic[64], payload[64], why[160];
    bool retained;
    atomic_int raw;
    pthread_t raw_thread;
};

static void start_broker(void)
{
    char conf[FOLDER_PATH_MAX];
    folder_path(conf, folder, "mosquitto.conf");
    broker = server_start((const char *[]){"mosquitto", "-c", conf, NULL}, PORT, NULL);
}

static int make(void **state)
{
    (void)state;
    char conf[FOLDER_PATH_MAX];
    folder_make(folder);
    folder_path(conf, folder, "mosquitto.conf");
    server_write(conf,
                 "listener 18830 127.0.0.1\nallow_anonymous true\nmax_queued_messages 100000\n"
                 "max_inflight_messages 1000\nlog_dest none\n");
    start_broker();
    return 0;
}

static int clean(void **state)
{
    (void)state;
    server_stop(broker, SIGKILL);
    folder_remove(folder);
    return 0;
}

static void on_connecting(void *arg, struct mqtt_will *will)
{
    struct side *s = arg;
    s->connects++;
    if (!s->will)
        return;
    snprintf(will->topic, sizeof will->topic, "%s", s->will);
    will->len = (size_t)snprintf(will->payload, sizeof will->payload, "conn %d", s->connects);
    will->retained = true;
}

static void on_up(void *arg, bool session)
{
    struct side *s = arg;
    s->ups++;
    s->session = session;
}

static void on_down(void *arg, const char *why, int64_t retry_ms)
{
    struct side *s = arg;
    s->downs++;
    s->retry_ms = retry_ms;
    snprintf(s->why, sizeof s->why, "%s", why);
}

static void on_message(void *arg, const struct mqtt_message *message)
{
    struct side *s = arg;
    s->messages++;
    s->retained = message->retained;
    snprintf(s->topic, sizeof s->topic, "%.*s", (int)message->topic.len, message->topic.at);
    snprintf(s->payload, sizeof s->payload, "%.*s", (int)message->payload.len, message->payload.at);
}

static void on_raw(void *arg, const struct mqtt_message *message)
{
    struct side *s = arg;
    s->raw_thread = pthread_self();
    if (message->payload.len == 1)
        atomic_fetch_add(&s->raw, 1);
}

static void on_done(void *arg, int err)
{
    struct side *s = arg;
    s->done_ok += err == 0;
    s->done_closed += err == ERR_CLOSED;
}

static void on_closed(void *arg)
{
    ((struct side *)arg)->closed++;
}

static struct mqtt_options options(const char *id)
{
    return (struct mqtt_options){.host = "127.0.0.1",
                                 .port = PORT,
                                 .client_id = id,
                                 .backoff_min_ms = 20,
                                 .backoff_max_ms = 200,
                                 .max_inflight = MANY};
}

static void open_side(struct side *s, struct loop *loop, struct mqtt_options o, bool raw)
{
    struct mqtt_events events = {.arg = s,
                                 .connecting = on_connecting,
                                 .up = on_up,
                                 .down = on_down,
                                 .message = on_message,
                                 .raw = raw ? on_raw : NULL};
    s->loop = loop;
    assert_int_equal(mqtt_open(loop, &o, &events, &s->mqtt), 0);
}

static void close_side(struct side *s)
{
    mqtt_close(s->mqtt, on_closed, s);
    UNTIL(s->loop, s->closed >= 1);
}

static struct loop *new_loop(void)
{
    struct loop *loop = NULL;
    assert_int_equal(loop_open(&loop), 0);
    return loop;
}

static void publish(struct side *s, const char *topic, const char *payload, int qos)
{
    assert_int_equal(mqtt_publish(s->mqtt, topic, slice_of(payload), qos, false, on_done, s), 0);
}

static void publishes_and_receives(void **state)
{
    (void)state;
    struct side s = {.loop = NULL};
    open_side(&s, new_loop(), options("a"), false);
    assert_int_equal(mqtt_publish(s.mqtt, "t", slice_of("x"), 1, false, on_done, &s), ERR_CLOSED);
    assert_int_equal(mqtt_subscribe(s.mqtt, "t/#", 1), 0);
    UNTIL(s.loop, s.ups >= 1);
    assert_true(mqtt_is_up(s.mqtt));
    publish(&s, "t/1", "hello", 1);
    UNTIL(s.loop, s.messages >= 1);
    UNTIL(s.loop, s.done_ok >= 1);
    assert_string_equal(s.topic, "t/1");
    assert_string_equal(s.payload, "hello");
    assert_int_equal(mqtt_count(s.mqtt).received, 1);
    assert_int_equal(mqtt_count(s.mqtt).published, 1);
    close_side(&s);
    assert_int_equal(s.downs, 0);
    loop_close(s.loop);
}

static void a_broker_that_comes_back_is_found_again(void **state)
{
    (void)state;
    struct side s = {.loop = NULL};
    open_side(&s, new_loop(), options("a"), false);
    assert_int_equal(mqtt_subscribe(s.mqtt, "t", 1), 0);
    UNTIL(s.loop, s.ups >= 1);
    server_stop(broker, SIGKILL);
    UNTIL(s.loop, s.downs >= 4);
    assert_int_equal(mqtt_publish(s.mqtt, "t", slice_of("x"), 1, false, on_done, &s), ERR_CLOSED);
    assert_true(s.retry_ms >= 10 && s.retry_ms <= 200);
    start_broker();
    UNTIL(s.loop, s.ups >= 2);
    publish(&s, "t", "again", 1);
    UNTIL(s.loop, s.messages >= 1);
    assert_int_equal(s.connects, s.ups + s.downs - 1);
    close_side(&s);
    loop_close(s.loop);
}

static void what_was_not_confirmed_ends_once(void **state)
{
    (void)state;
    struct side s = {.loop = NULL};
    open_side(&s, new_loop(), options("a"), false);
    UNTIL(s.loop, s.ups >= 1);
    server_freeze(broker);
    for (int i = 0; i < 100; i++)
        publish(&s, "t", "never confirmed", 1);
    server_stop(broker, SIGKILL);
    UNTIL(s.loop, s.downs >= 1);
    assert_int_equal(s.done_closed, 100);
    start_broker();
    UNTIL(s.loop, s.ups >= 2);
    publish(&s, "t", "confirmed", 1);
    UNTIL(s.loop, s.done_ok >= 1);
    server_freeze(broker);
    publish(&s, "t", "open at close", 1);
    mqtt_close(s.mqtt, on_closed, &s);
    server_thaw(broker);
    UNTIL(s.loop, s.closed >= 1);
    assert_int_equal(s.done_ok + s.done_closed, 102);
    loop_close(s.loop);
}

/* Nobody waits for them, but the memory they take is bounded. */
static void what_is_sent_and_forgotten_is_bounded(void **state)
{
    (void)state;
    static char big[60000];
    struct side s = {.loop = NULL};
    struct mqtt_options few = options("a");
    few.max_inflight = 50;
    int sent = 0, err = 0;
    open_side(&s, new_loop(), few, false);
    assert_int_equal(mqtt_subscribe(s.mqtt, "t", 0), 0);
    UNTIL(s.loop, s.ups >= 1);
    assert_int_equal(mqtt_publish(s.mqtt, "t", slice_of("ack"), 0, false, NULL, NULL), 0);
    UNTIL(s.loop, s.messages >= 1);
    assert_string_equal(s.payload, "ack");
    assert_int_equal(mqtt_count(s.mqtt).published, 0);
    server_freeze(broker);
    while (!err && sent++ < MANY)
        err = mqtt_publish(s.mqtt, "u", (struct slice){big, sizeof big}, 0, false, NULL, NULL);
    assert_int_equal(err, ERR_FULL);
    server_thaw(broker);
    UNTIL(s.loop, mqtt_publish(s.mqtt, "t", slice_of("on"), 0, false, NULL, NULL) == 0);
    UNTIL(s.loop, s.messages >= 2);
    assert_string_equal(s.payload, "on");
    close_side(&s);
    loop_close(s.loop);
}

static void a_kept_session_is_queued_for_by_the_broker(void **state)
{
    (void)state;
    struct side reader = {.loop = NULL}, again = {.loop = NULL}, writer = {.loop = NULL};
    struct mqtt_options kept = options("reader");
    kept.keep_session = true;
    struct loop *loop = new_loop();
    open_side(&reader, loop, kept, true);
    assert_int_equal(mqtt_subscribe(reader.mqtt, "q/#", 1), 0);
    open_side(&writer, loop, options("writer"), false);
    UNTIL(loop, reader.ups >= 1);
    UNTIL(loop, writer.ups >= 1);
    publish(&writer, "q/first", "1", 1);
    UNTIL(loop, atomic_load(&reader.raw) >= 1);
    assert_false(pthread_equal(reader.raw_thread, pthread_self()));
    close_side(&reader);
    for (int i = 0; i < MANY; i++)
        publish(&writer, "q/later", "2", 1);
    UNTIL(loop, writer.done_ok >= MANY + 1);
    open_side(&again, loop, kept, true);
    UNTIL(loop, again.ups >= 1);
    assert_true(again.session);
    UNTIL(loop, atomic_load(&again.raw) >= MANY);
    mqtt_pause(again.mqtt, "disk full");
    UNTIL(loop, again.downs >= 1);
    assert_int_equal(again.retry_ms, -1);
    assert_string_equal(again.why, "disk full");
    publish(&writer, "q/paused", "3", 1);
    UNTIL(loop, writer.done_ok >= MANY + 2);
    assert_int_equal(atomic_load(&again.raw), MANY);
    mqtt_resume(again.mqtt);
    UNTIL(loop, atomic_load(&again.raw) >= MANY + 1);
    close_side(&again);
    close_side(&writer);
    loop_close(loop);
}

static void the_will_is_that_of_the_connection(void **state)
{
    (void)state;
    struct side watcher = {.loop = NULL}, first = {.will = "w"}, second = {.will = "w"};
    struct loop *loop = new_loop();
    struct mqtt_options slow = options("same");
    slow.backoff_min_ms = 60000; /* the first must not come back */
    slow.backoff_max_ms = 60000;
    open_side(&watcher, loop, options("watcher"), false);
    assert_int_equal(mqtt_subscribe(watcher.mqtt, "w", 1), 0);
    UNTIL(loop, watcher.ups >= 1);
    open_side(&first, loop, slow, false);
    UNTIL(loop, first.ups >= 1);
    mqtt_bounce(first.mqtt, "test"); /* clean: no will */
    UNTIL(loop, first.downs >= 1);
    assert_string_equal(first.why, "test");
    mqtt_pause(first.mqtt, "test");
    mqtt_resume(first.mqtt);
    UNTIL(loop, first.ups >= 2);
    open_side(&second, loop, slow, false); /* takes over: the broker drops the first */
    UNTIL(loop, watcher.messages >= 1);
    assert_string_equal(watcher.payload, "conn 2");
    UNTIL(loop, first.downs >= 2);
    close_side(&first);
    close_side(&second);
    close_side(&watcher);
    loop_close(loop);
}

static void nobody_there_is_told_and_can_be_closed(void **state)
{
    (void)state;
    struct side s = {.loop = NULL};
    struct mqtt_options o = options("a");
    o.port = 9;
    open_side(&s, new_loop(), o, false);
    UNTIL(s.loop, s.downs >= 1);
    UNTIL(s.loop, s.connects >= 2); /* under way */
    close_side(&s);
    assert_int_equal(s.ups, 0);
    loop_close(s.loop);
}

static void make_certificates(void)
{
    char script[4 * FOLDER_PATH_MAX];
    snprintf(
        script, sizeof script,
        "cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 "
        "-subj /CN=ca -keyout ca.key -out ca.pem && for n in server probe-1; do "
        "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=$n -keyout "
        "$n.key -out $n.csr && printf 'subjectAltName=IP:127.0.0.1' > ext && openssl x509 -req "
        "-in $n.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 9 -extfile ext -out $n.pem; "
        "done && chmod 644 *",
        folder);
    server_run((const char *[]){"sh", "-c", script, NULL});
}

static void mutual_tls_names_the_client(void **state)
{
    (void)state;
    char conf[FOLDER_PATH_MAX], ca[FOLDER_PATH_MAX], cert[FOLDER_PATH_MAX], key[FOLDER_PATH_MAX];
    char text[8 * FOLDER_PATH_MAX];
    make_certificates();
    folder_path(ca, folder, "ca.pem");
    folder_path(cert, folder, "probe-1.pem");
    folder_path(key, folder, "probe-1.key");
    folder_path(conf, folder, "tls.conf");
    snprintf(text, sizeof text,
             "listener %d 127.0.0.1\ncafile %s/ca.pem\ncertfile %s/server.pem\nkeyfile "
             "%s/server.key\nrequire_certificate true\nuse_identity_as_username true\nuser root\n"
             "log_dest none\n",
             PORT_TLS, folder, folder, folder);
    server_write(conf, text);
    pid_t tls_broker =
        server_start((const char *[]){"mosquitto", "-c", conf, NULL}, PORT_TLS, NULL);
    struct loop *loop = new_loop();
    struct side with = {.loop = NULL}, without = {.loop = NULL};
    struct mqtt_options o = options("probe-1");
    o.port = PORT_TLS;
    o.tls = true;
    o.ca_file = ca;
    open_side(&without, loop, o, false);
    UNTIL(loop, without.downs >= 1);
    assert_int_equal(without.ups, 0);
    close_side(&without);
    o.cert_file = cert;
    o.key_file = key;
    open_side(&with, loop, o, false);
    assert_int_equal(mqtt_subscribe(with.mqtt, "t", 1), 0);
    UNTIL(loop, with.ups >= 1);
    publish(&with, "t", "safe", 1);
    UNTIL(loop, with.messages >= 1);
    close_side(&with);
    loop_close(loop);
    server_stop(tls_broker, SIGTERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(publishes_and_receives),
        cmocka_unit_test(a_broker_that_comes_back_is_found_again),
        cmocka_unit_test(what_was_not_confirmed_ends_once),
        cmocka_unit_test(what_is_sent_and_forgotten_is_bounded),
        cmocka_unit_test(a_kept_session_is_queued_for_by_the_broker),
        cmocka_unit_test(the_will_is_that_of_the_connection),
        cmocka_unit_test(nobody_there_is_told_and_can_be_closed),
        cmocka_unit_test(mutual_tls_names_the_client),
    };
    if (!server_namespace()) {
        fprintf(stderr, "this test needs to make a network namespace\n");
        return 1;
    }
    return cmocka_run_group_tests(tests, make, clean);
}
