/* Every row of DESIGN section 3: what a message causes, and that the ledger counts it. */
#include "core/reception.h"

#include "centre_rig.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATA(low, seq) "ioc/v1/p1/data/" RIG_EPOCH "/" #low "/" #seq
#define T "1790000000"

static const char GOOD[] = "[{\"n\":\"bts-1/icmp/a/rtt\",\"v\":1,\"t\":" T "}]";

static int init(void **state)
{
    static struct rig rig;
    rig_init(&rig, sample_province);
    *state = &rig;
    return 0;
}

static int done(void **state)
{
    struct rig *rig = *state;
    const struct ledger *l = &rig->centre->ledger;
    assert_true(ledger_balanced(l, l->readings_stored - l->readings_dead));
    size_t n = 0;
    const struct stream_mark *mark =
        stream_marks(rig->centre->stream, sample_probe(rig->centre->inventory, "p1"), &n);
    for (size_t i = 0; i < n; i++)
        assert_true(stream_balanced(&mark[i]));
    rig_done(rig);
    return 0;
}

static void the_next_pack_is_stored_and_acknowledged(void **state)
{
    struct rig *rig = *state;
    assert_string_equal(rig_say(rig, DATA(1, 1), GOOD, 1), "readings p1 1\nack p1 upto=1\n");
    assert_string_equal(rig_say(rig, DATA(1, 2), "[]", 2), "readings p1 0\nack p1 upto=2\n");
    assert_int_equal(rig->centre->ledger.stored, 2);
    assert_int_equal(rig->centre->ledger.readings_stored, 1);
}

static void a_duplicate_is_answered_and_not_read(void **state)
{
    struct rig *rig = *state;
    rig_say(rig, DATA(1, 1), GOOD, 1);
    assert_string_equal(rig_say(rig, DATA(1, 1), "garbage", 2), "ack p1 upto=1\n");
    assert_int_equal(rig->centre->ledger.duplicate, 1);
}

static void an_early_pack_is_answered_with_gap(void **state)
{
    struct rig *rig = *state;
    rig_say(rig, DATA(1, 1), GOOD, 1);
    assert_string_equal(rig_say(rig, DATA(1, 3), GOOD, 2), "ack p1 upto=1 gap\n");
    assert_int_equal(rig->centre->ledger.ignored, 1);
    assert_int_equal(rig->centre->ledger.stored, 1);
}

static void what_the_outbox_dropped_is_lost_the_rest_missing(void **state)
{
    struct rig *rig = *state;
    rig_say(rig, DATA(1, 1), GOOD, 1);
    rig_say(rig, "ioc/v1/p1/status",
            "{\"state\":\"online\",\"boot\":\"00000000000000b0\",\"conn\":1,\"clock\":\"system\","
            "\"epoch\":\"" RIG_EPOCH "\",\"backlog\":1,\"dropped\":3}",
            2);
    assert_string_equal(rig_say(rig, DATA(7, 7), GOOD, 3), "readings p1 1\nack p1 upto=7\n");
    size_t n = 0;
    const struct stream_mark *mark =
        stream_marks(rig->centre->stream, sample_probe(rig->centre->inventory, "p1"), &n);
    assert_int_equal(n, 1);
    assert_int_equal(mark->lost, 3);
    assert_int_equal(mark->missing, 2);
}

/* The status that said how many were dropped may have been lost with part of the log: such a gap is
 * not believed, it comes again. What needs no explanation is taken. */
static void behind_a_damaged_log_nothing_is_taken_for_missing(void **state)
{
    struct rig *rig = *state;
    rig->after_damage = true;
    assert_string_equal(rig_say(rig, DATA(1, 1), GOOD, 1), "readings p1 1\nack p1 upto=1\n");
    assert_string_equal(rig_say(rig, DATA(7, 7), GOOD, 2), "");
    assert_int_equal(rig->centre->ledger.ignored, 1);
    rig->after_damage = false;
    assert_string_equal(rig_say(rig, DATA(7, 7), GOOD, 3), "readings p1 1\nack p1 upto=7\n");
}

static void impossible_numbers_are_refused_and_move_nothing(void **state)
{
    struct rig *rig = *state;
    const char *said = rig_say(rig, DATA(5, 2), GOOD, 1);
    assert_non_null(strstr(said, "dead the numbers"));
    assert_non_null(strstr(said, "ack p1 upto=0 refused=2:"));
    assert_string_equal(rig_say(rig, DATA(1, 1), GOOD, 1), "readings p1 1\nack p1 upto=1\n");
}

static void temporary_refusals_hold_and_store_nothing(void **state)
{
    static const struct {
        const char *topic, *payload, *why;
    } row[] = {
        {"ioc/v1/p9/data/" RIG_EPOCH "/1/1", "[]",
         "ack p9 hold=probe p9 is not in the inventory\n"},
        {DATA(1, 1), "[{\"n\":\"bts-9/icmp/a/rtt\",\"v\":1,\"t\":" T "}]",
         "ack p1 hold=site bts-9 is not in the inventory\n"},
        {DATA(1, 1),
         "{\"checks\":[{\"name\":\"icmp/a\",\"site\":\"bts-9\",\"units\":[],\"interval_ms\":10000,"
         "\"timeout_ms\":2000,\"ttl_ms\":25000,\"role\":\"info\",\"cause\":\"fault\"}],\"t\":" T
         "}",
         "ack p1 hold=site bts-9 is not in the inventory\n"},
        {DATA(1, 1),
         "{\"checks\":[{\"name\":\"icmp/"
         "a\",\"site\":\"bts-1\",\"units\":[\"6g@a\"],\"interval_ms\":"
         "10000,\"timeout_ms\":2000,\"ttl_ms\":25000,\"role\":\"info\",\"cause\":\"fault\"}],"
         "\"t\":" T "}",
         "ack p1 hold=unit 6g@a of site bts-1 is not in the inventory\n"},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        assert_string_equal(rig_say(rig, row[i].topic, row[i].payload, 1), row[i].why);
    const double year_1970_s = -(double)RIG_START_MS / 1000 + 5000;
    assert_string_equal(rig_say(rig, DATA(1, 1), GOOD, year_1970_s),
                        "ack p1 hold=the centre's clock was not set\n");
    reception_hold(rig->reception, "the pending bound is reached");
    assert_string_equal(rig_say(rig, DATA(1, 1), GOOD, 2),
                        "ack p1 hold=the pending bound is reached\n");
    assert_string_equal(rig_say(rig, "ioc/v1/m/plain", GOOD, 2), "");
    reception_hold(rig->reception, NULL);
    assert_int_equal(rig->centre->ledger.ignored, 6);
    assert_int_equal(rig->centre->ledger.plain_bounded, 1);
    assert_int_equal(rig->centre->ledger.stored, 0);
    assert_string_equal(rig_say(rig, DATA(1, 1), GOOD, 3), "readings p1 1\nack p1 upto=1\n");
}

static void permanent_refusals_have_a_place_in_the_stream(void **state)
{
    static const char *const payload[] = {
        "",
        "x",
        "[",
        "{}",
        "{\"checks\":1}",
        "[{\"n\":\"bts-1/icmp/a/rtt\",\"v\":\"1\",\"t\":" T "}]",
        "[{\"n\":\"bts-1/icmp/a/rtt\",\"v\":1,\"weird_\":1,\"t\":" T "}]",
        "[{\"n\":\"bts-1/icmp\",\"v\":1,\"t\":" T "}]",
        "[{\"n\":\"bts-1/icmp/a/rtt\",\"v\":1,\"t\":1790090001}]", /* more than a day ahead */
        "{\"power_lost\":1790090001}",
    };
    struct rig *rig = *state;
    rig_pack(rig, "p2", "[{\"n\":\"bts-1/icmp/a/rtt\",\"v\":1,\"t\":" T "}]", 0); /* it is not us */
    size_t n = sizeof payload / sizeof *payload;
    for (size_t i = 0; i < n; i++) {
        char want[64];
        snprintf(want, sizeof want, "ack p1 upto=%zu refused=%zu:", i + 1, i + 1);
        const char *said = rig_pack(rig, "p1", payload[i], 1);
        assert_int_equal(strncmp(said, "dead ", 5), 0);
        assert_non_null(strstr(said, want));
    }
    static char big[70000];
    memset(big, ' ', sizeof big - 1);
    big[0] = '[';
    assert_non_null(strstr(rig_pack(rig, "p1", big, 1), "dead longer than"));
    assert_int_equal(rig->centre->ledger.refused, n + 1);
    assert_int_equal(rig->centre->ledger.stored, 1);
}

static const char *const ahead[] = {
    "[{\"n\":\"bts-1/icmp/a/rtt\",\"v\":1,\"t\":1790090001}]",
    "{\"checks\":[],\"t\":1790090001}",
    "{\"power_lost\":1790090001}",
};

static void what_is_ahead_of_a_clock_that_stands_behind_the_store_is_held(void **state)
{
    struct rig *rig = *state;
    rig_pack(rig, "p1", GOOD, 1);
    rig_advance(rig, 90001);
    const double day_behind[] = {1, 90001 - 7200};
    for (size_t at = 0; at < 2; at++)
        for (size_t i = 0; i < sizeof ahead / sizeof *ahead; i++)
            assert_string_equal(
                rig_say(rig, DATA(1, 2), ahead[i], day_behind[at]),
                "ack p1 hold=the centre's clock stands behind what it has stored\n");
    assert_int_equal(rig->centre->ledger.refused, 0);
    assert_string_equal(rig_say(rig, DATA(1, 2), GOOD, 1), "readings p1 1\nack p1 upto=2\n");
    assert_string_equal(rig_say(rig, DATA(1, 3), ahead[0], 90001),
                        "readings p1 1\nack p1 upto=3\n");
    assert_string_equal(rig_say(rig, DATA(1, 4), ahead[1], 90001), "ack p1 upto=4\n");
    assert_string_equal(rig_say(rig, DATA(1, 5), ahead[2], 90001), "ack p1 upto=5\n");
}

static void a_clock_that_nobody_agrees_with_refuses_nothing_for_its_time(void **state)
{
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof ahead / sizeof *ahead; i++)
        assert_string_equal(rig_say(rig, DATA(1, 1), ahead[i], 1),
                            "ack p1 hold=more probes are a day ahead of the centre's clock than "
                            "agree with it\n");
    assert_non_null(strstr(rig_say(rig, DATA(1, 1), "[{\"n\":1,\"t\":1790090001}]", 1), "dead "));
}

static void garbage_topics_are_dead_letters(void **state)
{
    static const char *const topic[] = {"x",
                                        "ioc/v1/p1",
                                        "ioc/v1/p1/data/1/1/1",
                                        "ioc/v2/p1/status",
                                        "ioc/v1/_x/status",
                                        DATA(0, 1),
                                        DATA(1, 9007199254740992)};
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof topic / sizeof *topic; i++)
        assert_int_equal(strncmp(rig_say(rig, topic[i], GOOD, 1), "dead ", 5), 0);
    assert_int_equal(rig->centre->ledger.refused, sizeof topic / sizeof *topic);
}

static void untimed_packs_and_gasps_have_their_place(void **state)
{
    struct rig *rig = *state;
    assert_string_equal(rig_pack(rig, "p1", "{\"untimed\":17}", 1), "ack p1 upto=1\n");
    assert_string_equal(rig_pack(rig, "p1", "{\"power_lost\":" T "}", 2), "ack p1 upto=2\n");
    assert_int_equal(rig->centre->ledger.untimed, 1);
    assert_int_equal(rig->centre->ledger.stored, 1);
}

static void a_birth_is_answered_with_what_is_stored(void **state)
{
    struct rig *rig = *state;
    static const char birth[] =
        "{\"state\":\"online\",\"boot\":\"00000000000000b0\",\"conn\":1,\"clock\":\"system\","
        "\"epoch\":\"" RIG_EPOCH "\",\"backlog\":1,\"dropped\":0}";
    rig_pack(rig, "p1", GOOD, 1);
    assert_string_equal(rig_say(rig, "ioc/v1/p1/status", birth, 2), "ack p1 upto=1\n");
    assert_string_equal(rig_say(rig, "ioc/v1/p1/status", birth, 3), "");
    assert_string_equal(rig_copy(rig, "ioc/v1/p2/status", birth, 3), "");
    assert_string_equal(rig_say(rig, "ioc/v1/p1/status", "", 4), "");
    assert_string_equal(rig_say(rig, "ioc/v1/p9/status", birth, 4), "");
    assert_int_equal(strncmp(rig_say(rig, "ioc/v1/p1/status", "{\"state\":1}", 5), "dead ", 5), 0);
}

static void births_alternating_between_boots_are_a_conflict(void **state)
{
    struct rig *rig = *state;
    const char *said = "";
    for (int i = 0; i < 4; i++) {
        char text[128];
        snprintf(text, sizeof text,
                 "{\"state\":\"online\",\"boot\":\"00000000000000b%d\",\"conn\":%d,\"clock\":"
                 "\"system\"}",
                 i % 2, i + 1);
        said = rig_say(rig, "ioc/v1/p1/status", text, i);
    }
    assert_non_null(strstr(said, "conflict p1"));
}

static void plain_publishers_have_no_stream(void **state)
{
    struct rig *rig = *state;
    assert_string_equal(rig_say(rig, "ioc/v1/meter/plain",
                                "[{\"n\":\"bts-1/power/main/volts\",\"v\":53.5,\"t\":-2}]", 1),
                        "readings meter 1\n");
    assert_string_equal(
        rig_say(rig, "ioc/v1/meter/plain", "[{\"n\":\"bts-9/power/main/volts\",\"v\":53.5}]", 1),
        "dead site bts-9 is not in the inventory\n");
    assert_int_equal(rig->centre->ledger.stored, 1);
    assert_int_equal(rig->centre->ledger.plain_ahead, 0);
    assert_string_equal(rig_say(rig, "ioc/v1/meter/plain",
                                "[{\"n\":\"bts-1/power/main/volts\",\"v\":53.5,\"t\":9e4}]", 1),
                        "dead a time more than a day ahead of the centre's clock: if that was "
                        "wrong, set it and queue this again\n");
    assert_int_equal(rig->centre->ledger.plain_ahead, 1);
    assert_int_equal(rig->centre->ledger.refused, 2);
}

static void echoes_of_others_prove_nothing(void **state)
{
    struct rig *rig = *state;
    rig_say(rig, "ioc/v1/_centre/c2/echo",
            "{\"id\":\"c2\",\"boot\":\"0000000000000007\",\"number\":5}", 1);
    rig_say(rig, "ioc/v1/_centre/c1/echo",
            "{\"id\":\"c1\",\"boot\":\"0000000000000008\",\"number\":5}", 1);
    rig_say(rig, "ioc/v1/_centre/c1/echo", "garbage", 1);
    rig_copy(rig, "ioc/v1/_centre/c1/echo",
             "{\"id\":\"c1\",\"boot\":\"0000000000000007\",\"number\":5}", 1);
    assert_int_equal(rig->centre->marker.number, 0);
    rig_listen(rig, 2, 4);
    assert_int_equal(rig->centre->marker.number, 3);
    rig_say(rig, "", "", 5);
    assert_int_equal(rig->centre->marker.number, 0);
    rig_listen(rig, 6, 7);
    reception_hold(rig->reception, "full");
    rig_listen(rig, 8, 9);
    assert_int_equal(rig->centre->marker.number, 0);
}

static void results_of_unlisted_checks_go_to_the_database_only(void **state)
{
    struct rig *rig = *state;
    rig_list(rig, "p1", "bts-1", "\"4g@a\"", NULL, "fault", 0);
    rig_results(rig, "p1", "bts-1", 'a', 0, 10, 30, 0);
    rig_pack(rig, "p1", "[{\"n\":\"bts-1/icmp/b/state\",\"v\":2,\"t\":" T "}]", 31);
    rig_pack(rig, "p1", "[{\"n\":\"bts-1/icmp/a/state\",\"v\":2,\"t\":1790000015}]", 32);
    rig_pack(rig, "p1", "[{\"n\":\"bts-1/icmp/a/state\",\"v\":2,\"t\":1790000200}]", 33);
    assert_int_equal(rig->centre->ledger.results_unlisted, 1);
    assert_int_equal(rig->centre->ledger.results_not_later, 1);
    assert_int_equal(rig->centre->ledger.results_ahead, 1);
    rig_advance(rig, 34);
    uint32_t unit = sample_unit(rig->centre->inventory, "bts-1/4g@a");
    assert_int_equal(world_unit_at(rig->centre->world, unit, rig_at(30)).state, STATE_UP);
}

/* Markers within the connection that rig_listen() began. */
static void go_on_listening(struct rig *rig, int from_s, int to_s)
{
    char text[128];
    for (int at_s = from_s; at_s <= to_s; at_s++) {
        snprintf(text, sizeof text, "{\"id\":\"c1\",\"boot\":\"0000000000000007\",\"number\":%llu}",
                 (unsigned long long)++rig->marker);
        rig_say(rig, "ioc/v1/_centre/c1/echo", text, at_s);
    }
}

/* The probe spoke until 60 s; we are connected anew from 100 s on, and listen to it from its first
 * message that is no retained copy, else from 160 s on. */
static void a_retained_copy_is_not_hearing(void **state)
{
    static const struct {
        bool retained;
        enum unit_state at_140_s;
    } cases[] = {{true, STATE_UNOBSERVED}, {false, STATE_SILENT}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rig rig;
        char topic[128];
        rig_init(&rig, sample_province);
        rig_listen(&rig, 0, 60);
        rig_list(&rig, "p1", "bts-1", "\"4g@a\"", NULL, "fault", 1);
        rig_results(&rig, "p1", "bts-1", 'a', 0, 2, 60, 2);
        snprintf(topic, sizeof topic, "ioc/v1/p1/data/" RIG_EPOCH "/1/1");
        rig_listen(&rig, 100, 100);
        if (cases[i].retained)
            rig_copy(&rig, topic, "{}", 101);
        else
            rig_say(&rig, topic, "{}", 101);
        go_on_listening(&rig, 101, 155);
        rig_advance(&rig, 156);
        uint32_t unit = sample_unit(rig.centre->inventory, "bts-1/4g@a");
        assert_int_equal(world_unit_at(rig.centre->world, unit, rig_at(140)).state,
                         cases[i].at_140_s);
        rig_done(&rig);
    }
}

/* READINGS 21: who was killed on a machine that ran on could not tell; a machine that was started
 * anew leaves the silence as it is. */
static void a_list_of_a_start_explains_the_gap_before_it(void **state)
{
    static const struct {
        const char *start;
        enum unit_state state;
        enum cause cause;
    } cases[] = {{"killed", STATE_UNOBSERVED, CAUSE_PROBE},
                 {"stopped", STATE_UNOBSERVED, CAUSE_PROBE},
                 {"reset", STATE_SILENT, CAUSE_UNKNOWN},
                 {"shutdown", STATE_SILENT, CAUSE_UNKNOWN}};

    struct rig *rig = *state;
    uint32_t unit = sample_unit(rig->centre->inventory, "bts-1/4g@a");
    double at = 0;
    rig_say(rig, "", "", 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++, at += 300) {
        char list[300];
        rig_list(rig, "p1", "bts-1", "\"4g@a\"", NULL, "fault", at);
        rig_results(rig, "p1", "bts-1", 'a', 0, at + 1, at + 30, at);
        rig_listen(rig, at + 1, at + 199);
        rig_advance(rig, at + 199);
        assert_int_equal(world_unit_at(rig->centre->world, unit, rig_at(at + 100)).state,
                         STATE_SILENT);
        snprintf(list, sizeof list,
                 "{\"t\":%.0f,\"start\":\"%s\",\"checks\":[{\"name\":\"icmp/a\",\"site\":\"bts-1\","
                 "\"units\":[\"4g@a\"],\"interval_ms\":10000,\"timeout_ms\":5000,"
                 "\"ttl_ms\":25000,\"role\":\"required\"}]}",
                 1790000000 + at + 200, cases[i].start);
        rig_pack(rig, "p1", list, at + 200);
        rig_results(rig, "p1", "bts-1", 'a', 0, at + 201, at + 202, at);
        rig_advance(rig, at + 203);
        struct unit_view view = world_unit_at(rig->centre->world, unit, rig_at(at + 100));
        assert_int_equal(view.state, cases[i].state);
        assert_int_equal(view.cause, cases[i].cause);
        const struct session_view *session =
            session_view(rig->centre->session, sample_probe(rig->centre->inventory, "p1"));
        assert_string_equal(start_word((int)session->start), cases[i].start);
        assert_int_equal(session->started.ms, rig_at(at + 200).ms);
    }
}

static void a_restart_knows_every_mark(void **state)
{
    struct rig *rig = *state;
    struct rig fresh;
    rig_pack(rig, "p1", GOOD, 1);
    rig_pack(rig, "p1", "x", 2);
    rig_restart(rig, sample_province, &fresh);
    assert_string_equal(rig_say(&fresh, DATA(1, 2), GOOD, 3), "ack p1 upto=2\n");
    assert_string_equal(rig_say(&fresh, DATA(1, 3), GOOD, 3), "readings p1 1\nack p1 upto=3\n");
    assert_int_equal(fresh.centre->ledger.refused, 1);
    rig_done(&fresh);
}

#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, init, done)

#define WORK(from, until, why) "{\"work\":" #from ",\"until\":" #until ",\"reason\":\"" why "\"}"
#define BIRTH(work)                                                                        \
    "{\"state\":\"online\",\"boot\":\"00000000000000b0\",\"conn\":1,\"clock\":\"system\"," \
    "\"backlog\":3,\"dropped\":0,\"work\":" work "}"

/* Three packs wait: work began, ended, began again. The status tells the last of it ahead, and what
 * then comes in its place changes nothing any more. */
static void work_that_waits_is_told_by_the_status_and_taken_once(void **state)
{
    struct rig *rig = *state;
    const char *topic = "ioc/v1/p1/status";
    const char *again = WORK(1790000030, 1790003630, "again");
    assert_string_equal(rig_say(rig, topic, BIRTH(WORK(1790000030, 1790003630, "again")), 31),
                        "work p1 from=1790000030 for=3600 again\nack p1\n");
    assert_string_equal(rig_say(rig, topic, BIRTH(WORK(1790000030, 1790003630, "again")), 32), "");
    assert_string_equal(rig_say(rig, DATA(1, 1), WORK(1790000010, 1790003610, "first"), 33),
                        "ack p1 upto=1\n");
    assert_string_equal(rig_say(rig, DATA(1, 2), WORK(1790000020, 1790000020, ""), 34),
                        "ack p1 upto=2\n");
    assert_string_equal(rig_say(rig, DATA(1, 3), again, 35), "ack p1 upto=3\n");
    assert_string_equal(rig_say(rig, topic, BIRTH(WORK(1790000040, 1790000040, "")), 41),
                        "work p1 from=1790000040 for=0 \n");
}

/* A copy that the broker kept is of a day when others may have worked there. */
static void work_of_a_retained_status_or_ahead_of_us_is_not_taken(void **state)
{
    struct rig *rig = *state;
    const char *topic = "ioc/v1/p1/status";
    assert_string_equal(rig_copy(rig, topic, BIRTH(WORK(1790000030, 1790003630, "old")), 31), "");
    assert_string_equal(rig_say(rig, topic, BIRTH(WORK(1790000200, 1790003630, "soon")), 32), "");
    assert_string_equal(rig_say(rig, topic, BIRTH(WORK(1790000031, 1790003630, "now")), 33),
                        "work p1 from=1790000031 for=3599 now\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RIG(the_next_pack_is_stored_and_acknowledged),
        WITH_RIG(a_duplicate_is_answered_and_not_read),
        WITH_RIG(an_early_pack_is_answered_with_gap),
        WITH_RIG(what_the_outbox_dropped_is_lost_the_rest_missing),
        WITH_RIG(behind_a_damaged_log_nothing_is_taken_for_missing),
        WITH_RIG(impossible_numbers_are_refused_and_move_nothing),
        WITH_RIG(temporary_refusals_hold_and_store_nothing),
        WITH_RIG(permanent_refusals_have_a_place_in_the_stream),
        WITH_RIG(what_is_ahead_of_a_clock_that_stands_behind_the_store_is_held),
        WITH_RIG(a_clock_that_nobody_agrees_with_refuses_nothing_for_its_time),
        WITH_RIG(garbage_topics_are_dead_letters),
        WITH_RIG(untimed_packs_and_gasps_have_their_place),
        WITH_RIG(a_birth_is_answered_with_what_is_stored),
        WITH_RIG(births_alternating_between_boots_are_a_conflict),
        WITH_RIG(plain_publishers_have_no_stream),
        WITH_RIG(echoes_of_others_prove_nothing),
        WITH_RIG(results_of_unlisted_checks_go_to_the_database_only),
        cmocka_unit_test(a_retained_copy_is_not_hearing),
        WITH_RIG(a_list_of_a_start_explains_the_gap_before_it),
        WITH_RIG(a_restart_knows_every_mark),
        WITH_RIG(work_that_waits_is_told_by_the_status_and_taken_once),
        WITH_RIG(work_of_a_retained_status_or_ahead_of_us_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
