/* The stamp check and the reflector, with a way between them whose faults are known: what is
 * measured has to be what was done. Forged, stale and foreign packets are refused and counted. */
#include "checks/stamp/stamp_check.h"

#include "checks/reflector/reflector_guard.h"
#include "checks/stamp_packet.h"
#include "folder.h"
#include "rig.h"
#include "server.h"
#include "stamp_relay.h"

#include <arpa/inet.h>
#include <sched.h>
#include <unistd.h>

#define KEY "a key that both sides share"

enum { PORT = 18620 };

/* How far a measured delay may be from what was done, on a machine with other work: what the relay
 * and the loop add is well under it. */
#define ERROR_MS 4.0

static char folder[FOLDER_PATH_MAX], key_path[FOLDER_PATH_MAX], other_path[FOLDER_PATH_MAX];

static int set_stage(void **state)
{
    (void)state;
    static const struct sched_param first = {.sched_priority = 1};
    if (!server_namespace())
        fail_msg("needs a network namespace");
    /* Delays are measured: whoever else works on this machine waits, where the system allows it. */
    (void)sched_setscheduler(0, SCHED_FIFO, &first);
    folder_make(folder);
    folder_path(key_path, folder, "key");
    folder_path(other_path, folder, "other");
    server_write(key_path, KEY "\n");
    server_write(other_path, "another key than both share\n");
    return 0;
}

static int clear_stage(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

/* ---- a sender and a reflector on one loop ---- */

struct pair {
    struct rig sender, reflector;
};

static void share_loop(struct rig *rig, const struct rig *with, const char *type)
{
    *rig = (struct rig){.env = with->env};
    rig_type(rig, check_table_find(slice_of(type)));
}

static void pair_open(struct pair *pair, uint16_t to, const char *sender_key,
                      const char *reflector_key)
{
    char target[32];
    snprintf(target, sizeof target, "127.0.0.1:%u", (unsigned)to);
    rig_open(&pair->sender, "");
    share_loop(&pair->reflector, &pair->sender, "reflector");
    rig_set(&pair->reflector, "listen", "127.0.0.1:18620");
    rig_set(&pair->reflector, "key_file", reflector_key);
    rig_check(&pair->reflector);
    rig_run(&pair->reflector);
    assert_int_equal(pair->reflector.last.verdict, VERDICT_OK);
    rig_type(&pair->sender, &stamp_check);
    rig_set(&pair->sender, "target", target);
    rig_set(&pair->sender, "key_file", sender_key);
    rig_set(&pair->sender, "trust_clocks", "true");
    rig_set(&pair->sender, "timeout", "5s");
}

static void pair_close(struct pair *pair)
{
    check_close(pair->reflector.check);
    free(pair->reflector.config);
    rig_close(&pair->sender);
}

static double value_of(const struct rig *rig, const char *metric)
{
    const struct check_value *value = rig_value(rig, metric);
    return value->known ? value->number : NAN;
}

static void expect_near(const struct rig *rig, const char *metric, double want, double within)
{
    double got = value_of(rig, metric);
    if (!(fabs(got - want) <= within))
        fail_msg("%s is %g, not %g within %g", metric, got, want, within);
}

/* ---- what is measured ---- */

/* 100 packets, 20 ms apart, of each ten: number 0 is lost, number 5 takes 50 ms longer there (two
 * later ones overtake it), the answer to number 7 comes twice; 40 ms there, 60 ms back.
 * Loss 10 / 100. Of 90 answers 10 are late: reordered 10 / 90, mean there 40 + 50 / 9, round trip
 * 100 + 50 / 9, jitter (10 x 2 x 50) / 89. */
static const struct {
    const char *metric;
    double want, within;
} done[] = {
    {"rtt", 100 + 50.0 / 9, ERROR_MS}, {"rtt_min", 100, ERROR_MS},
    {"jitter", 1000.0 / 89, ERROR_MS}, {"forward", 40 + 50.0 / 9, ERROR_MS},
    {"backward", 60, ERROR_MS},        {"reordered", 10.0 / 90, 1e-9},
};

/* How many of the figures are not what was done. */
static int count_wrong(const struct rig *rig)
{
    int wrong = 0;
    for (size_t i = 0; i < sizeof done / sizeof *done; i++) {
        double got = value_of(rig, done[i].metric);
        print_message("%s %.4g of %.4g; ", done[i].metric, got, done[i].want);
        wrong += !(fabs(got - done[i].want) <= done[i].within);
    }
    print_message("%d wrong\n", wrong);
    return wrong;
}

/* A machine that holds sender or relay up for longer than the order of packets allows delays them
 * itself: that run says nothing, and another one is made. What is lost or doubled is so always. */
static void measure(struct pair *pair, double doubled)
{
    int tries = 0, wrong = 1;
    while (wrong > 0 && tries++ < 12) {
        rig_run(&pair->sender);
        assert_int_equal(pair->sender.last.verdict, VERDICT_DEGRADED); /* a tenth is lost */
        expect_near(&pair->sender, "loss", 0.1, 1e-9);
        expect_near(&pair->sender, "doubled", doubled, 0);
        expect_near(&pair->sender, "refused", 0, 0);
        wrong = count_wrong(&pair->sender);
        rig_run(&pair->reflector);
        expect_near(&pair->reflector, "reflected", 90, 0);
    }
    assert_int_equal(wrong, 0);
}

static void what_was_done_is_measured(void **state)
{
    (void)state;
    static const char *const keys[] = {"", key_path};
    for (size_t i = 0; i < 2; i++) {
        const struct stamp_way way = {.to = PORT,
                                      .there_ms = 40,
                                      .back_ms = 60,
                                      .lost = 0,
                                      .late = 5,
                                      .late_ms = 50,
                                      .doubled =
                                          i == 0 ? 7 : -1}; /* a sealed one has other places */
        struct stamp_relay relay;
        struct pair pair;
        stamp_relay_open(&relay, &way);
        pair_open(&pair, relay.port, keys[i], keys[i]);
        rig_set(&pair.sender, "count", "100");
        rig_set(&pair.sender, "gap", "20ms");
        rig_set(&pair.sender, "timeout", "6s");
        rig_check(&pair.sender);
        measure(&pair, i == 0 ? 10 : 0);
        pair_close(&pair);
        stamp_relay_close(&relay);
    }
}

/* Of each ten of 100 packets number 0 is lost there, number 3 back, number 5 is overtaken, number 7
 * doubled back and number 8 there: 10 of 100 are lost there; 90 and 10 doubles reach the reflector,
 * and of 100 answers 10 are lost back. Number 99 comes, so nothing is lost behind it. */
static void loss_is_told_for_each_way(void **state)
{
    (void)state;
    static const char *const counts[] = {"true", "false"};
    for (size_t i = 0; i < 2; i++) {
        const struct stamp_way way = {.to = PORT,
                                      .there_ms = 10,
                                      .back_ms = 10,
                                      .lost = 0,
                                      .late = 5,
                                      .late_ms = 30,
                                      .doubled = 7,
                                      .both = true,
                                      .lost_back = 3,
                                      .doubled_there = 8};
        struct stamp_relay relay;
        struct pair pair;
        stamp_relay_open(&relay, &way);
        pair_open(&pair, relay.port, "", "");
        check_close(pair.reflector.check);
        pair.reflector.check = NULL;
        rig_set(&pair.reflector, "counts", counts[i]);
        rig_check(&pair.reflector);
        rig_run(&pair.reflector);
        rig_set(&pair.sender, "count", "100");
        rig_set(&pair.sender, "gap", "10ms");
        rig_set(&pair.sender, "timeout", "5s");
        rig_set(&pair.sender, "reflector_counts", "true");
        rig_check(&pair.sender);
        for (int run = 0; run < 2 - (int)i; run++) { /* each run is a session of its own */
            rig_run(&pair.sender);
            expect_near(&pair.sender, "loss", 0.2, 1e-9);
            expect_near(&pair.sender, "doubled", 20, 0);
            if (i == 0) {
                expect_near(&pair.sender, "loss_forward", 0.1, 1e-9);
                expect_near(&pair.sender, "loss_backward", 0.1, 1e-9);
            }
        }
        pair_close(&pair);
        stamp_relay_close(&relay);
    }
}

/* Clocks of a machine that nobody keeps right are not believed unless the configuration does. */
static void one_way_delays_need_clocks_that_are_held(void **state)
{
    (void)state;
    struct pair pair;
    pair_open(&pair, PORT, "", "");
    rig_set(&pair.sender, "trust_clocks", "false");
    rig_set(&pair.sender, "count", "3");
    rig_set(&pair.sender, "gap", "5ms");
    rig_check(&pair.sender);
    rig_run(&pair.sender);
    assert_int_equal(pair.sender.last.verdict, VERDICT_OK);
    assert_true(rig_value(&pair.sender, "rtt")->known);
    assert_true(rig_value(&pair.sender, "forward")->known ==
                rig_value(&pair.sender, "backward")->known);
    pair_close(&pair);
}

/* ---- what is refused ---- */

static void forged_answers_are_refused_and_counted(void **state)
{
    (void)state;
    const struct stamp_way way = {
        .to = PORT, .lost = -1, .late = -1, .doubled = -1, .forged = true};
    struct stamp_relay relay;
    struct pair pair;
    stamp_relay_open(&relay, &way);
    pair_open(&pair, relay.port, "", "");
    rig_set(&pair.sender, "count", "10");
    rig_set(&pair.sender, "gap", "5ms");
    rig_check(&pair.sender);
    rig_run(&pair.sender);
    expect_near(&pair.sender, "loss", 0, 0);
    assert_true(value_of(&pair.sender, "refused") >= 9); /* the last may come behind the end */
    pair_close(&pair);
    stamp_relay_close(&relay);
}

static void a_wrong_code_is_no_answer(void **state)
{
    (void)state;
    const struct stamp_way way = {
        .to = PORT, .lost = -1, .late = -1, .doubled = -1, .spoilt = true};
    struct stamp_relay relay;
    struct pair pair;
    stamp_relay_open(&relay, &way);
    pair_open(&pair, relay.port, key_path, key_path);
    rig_set(&pair.sender, "count", "5");
    rig_set(&pair.sender, "gap", "5ms");
    rig_set(&pair.sender, "timeout", "2s");
    rig_check(&pair.sender);
    rig_run(&pair.sender);
    assert_int_equal(pair.sender.last.verdict, VERDICT_FAILED);
    assert_string_equal(pair.sender.last.reason, "no answer to 5 packets");
    expect_near(&pair.sender, "refused", 5, 0);
    pair_close(&pair);
    stamp_relay_close(&relay);
}

/* Another key, or none on one side. */
static void a_reflector_answers_who_has_its_key(void **state)
{
    (void)state;

    static const struct {
        const char *sender, *reflector, *count;
    } cases[] = {{other_path, key_path, "forged"}, {"", key_path, "malformed"}};

    for (size_t i = 0; i < 2; i++) {
        struct pair pair;
        pair_open(&pair, PORT, cases[i].sender, cases[i].reflector);
        rig_set(&pair.sender, "count", "5");
        rig_set(&pair.sender, "gap", "5ms");
        rig_set(&pair.sender, "timeout", "2s");
        rig_check(&pair.sender);
        rig_run(&pair.sender);
        assert_int_equal(pair.sender.last.verdict, VERDICT_FAILED);
        rig_run(&pair.reflector);
        expect_near(&pair.reflector, cases[i].count, 5, 0);
        expect_near(&pair.reflector, "reflected", 0, 0);
        pair_close(&pair);
    }
}

static void a_reflector_keeps_within_its_rate(void **state)
{
    (void)state;
    struct pair pair;
    pair_open(&pair, PORT, "", "");
    check_close(pair.reflector.check);
    pair.reflector.check = NULL;
    rig_set(&pair.reflector, "rate", "4");
    rig_check(&pair.reflector);
    rig_run(&pair.reflector);
    rig_set(&pair.sender, "count", "10");
    rig_set(&pair.sender, "gap", "5ms");
    rig_set(&pair.sender, "timeout", "2s");
    rig_check(&pair.sender);
    rig_run(&pair.sender);
    rig_run(&pair.reflector);
    expect_near(&pair.reflector, "reflected", 4, 0);
    expect_near(&pair.reflector, "limited", 6, 0);
    expect_near(&pair.sender, "loss", 0.6, 1e-9);
    pair_close(&pair);
}

static void old_packets_of_a_session_are_stale(void **state)
{
    (void)state;
    static struct reflector_guard guard;
    const int64_t s = 1000000;
    assert_false(reflector_guard_stale(&guard, 1, 1000 * s, 0));
    assert_false(reflector_guard_stale(&guard, 1, 991 * s, 1)); /* overtaken on the way */
    assert_true(reflector_guard_stale(&guard, 1, 989 * s, 2));  /* sent again by somebody */
    assert_false(reflector_guard_stale(&guard, 2, 500 * s, 3)); /* another clock, another session */
    for (uint64_t key = 3; key < REFLECTOR_GUARD_SESSIONS + 3; key++)
        assert_false(reflector_guard_stale(&guard, key, s, (int64_t)key + 10));
    assert_false(reflector_guard_stale(&guard, 1, 989 * s, 200)); /* forgotten by then */
}

/* ---- peers of TWAMP Light ---- */

/* 14 bytes of a sender that knows no sessions, and 100 with padding: the answer is as long as what
 * came, but never shorter than a whole packet. */
static void a_sender_of_twamp_light_is_answered(void **state)
{
    (void)state;
    struct pair pair;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    unsigned char packet[100] = {0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1}, answer[200];
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    pair_open(&pair, PORT, "", "");
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    packet[99] = 0x77;
    static const size_t lens[][2] = {{14, 44}, {100, 100}, {13, 0}};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(send(fd, packet, lens[i][0], 0), lens[i][0]);
        rig_run(&pair.reflector); /* turns the loop, which is where the reflector lives */
        rig_run(&pair.reflector);
        ssize_t got = recv(fd, answer, sizeof answer, 0);
        assert_int_equal(got < 0 ? 0 : got, lens[i][1]);
        if (got < 0)
            continue;
        assert_memory_equal(answer + 24, packet, 4);     /* its number */
        assert_memory_equal(answer + 28, packet + 4, 8); /* its time */
        assert_true(got < 100 || answer[99] == 0x77);
    }
    close(fd);
    pair_close(&pair);
}

static void wrong_keys_are_told(void **state)
{
    (void)state;
    static const char *const wrong[][3] = {
        {"stamp", "count", "200"},         {"stamp", "target", "a b"},
        {"reflector", "listen", "8620"},   {"reflector", "listen", "127.0.0.1"},
        {"reflector", "listen", "here:1"}, {"reflector", "target", "127.0.0.1"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct pair pair;
        char why[FIELD_WHY_MAX];
        pair_open(&pair, PORT, "", "");
        struct rig *rig = strcmp(wrong[i][0], "stamp") == 0 ? &pair.sender : &pair.reflector;
        assert_true(rig_verify(rig, why));
        rig_set(rig, wrong[i][1], wrong[i][2]);
        if (rig_verify(rig, why))
            fail_msg("%s %s is accepted", wrong[i][1], wrong[i][2]);
        pair_close(&pair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_done_is_measured),
        cmocka_unit_test(loss_is_told_for_each_way),
        cmocka_unit_test(one_way_delays_need_clocks_that_are_held),
        cmocka_unit_test(forged_answers_are_refused_and_counted),
        cmocka_unit_test(a_wrong_code_is_no_answer),
        cmocka_unit_test(a_reflector_answers_who_has_its_key),
        cmocka_unit_test(a_reflector_keeps_within_its_rate),
        cmocka_unit_test(old_packets_of_a_session_are_stale),
        cmocka_unit_test(a_sender_of_twamp_light_is_answered),
        cmocka_unit_test(wrong_keys_are_told),
    };
    return cmocka_run_group_tests_name("stamp_check", tests, set_stage, clear_stage);
}
