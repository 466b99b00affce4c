/* One suite for every type of check in the table: how it lives on the loop when its target answers,
 * refuses, swallows, or the check is cancelled. What its tables promise is tables_test.c's. */
#include "checks/check_table.h"

#include "rig.h"
#include "stage.h"

#include <unistd.h>

#define PLANT48 IOC_SOURCE_DIR "/deploy/profiles/power/plant48.yaml"

/** How to configure one type for each case: keys and values, `%t` and its sisters being ports. */
struct subject {
    const char *type;
    const char *good[8]; /**< a target that answers */
    const char *bad[8];  /**< a target that is refused or absent; empty = there is no such thing */
    const char *silent[8]; /**< a target that swallows everything; empty = there is no such thing */
    const char *unlooked[8]; /**< this machine cannot look; empty = cannot be arranged here */
    const char *wrong[3];    /**< a target that --check-config must refuse */
    const char *must[10];    /**< metrics of a good second run */
};

static const struct subject subjects[] = {
    {"icmp",
     {"target", "127.0.0.1", "count", "3", "gap", "10ms"},
     {"target", "192.0.2.1"},
     {"target", "127.0.0.1", "count", "2", "gap", "10ms"},
     {NULL},
     {"", "10.0.0.1:80", "a b"},
     {"loss", "rtt", "rtt_min", "rtt_max", "jitter"}},
    {"tcp",
     {"target", "127.0.0.1:%t", "send", "PING\\r\\n", "expect", "PING\\r\\n"},
     {"target", "127.0.0.1:%r"},
     {"target", "127.0.0.1:%s", "expect", "220 "},
     {NULL},
     {"", "10.0.0.1", "host:99999"},
     {"connect", "response"}},
    {"http",
     {"target", "http://127.0.0.1:%w/", "expect", "all is well"},
     {"target", "http://127.0.0.1:%r/"},
     {"target", "http://127.0.0.1:%s/"},
     {NULL},
     {"", "ftp://x/", "http://"},
     {"status", "connect", "wait", "transfer", "total", "size"}},
    {"dns",
     {"target", "127.0.0.1:%n", "query", "www.test", "expect", "192.0.2.7"},
     {"target", "127.0.0.1:%r", "query", "www.test"},
     {"target", "127.0.0.1:%s", "query", "www.test"},
     {NULL},
     {"", "a b", "10.0.0.1:0"},
     {"rtt", "rcode", "answers", "ttl", "answer"}},
    {"iface",
     {"target", "up0"},
     {"target", "gone0"},
     {NULL},
     {"target", "up0", "root", "/nowhere"},
     {"", "a/b", ".."},
     {"carrier", "speed", "rx_rate", "tx_rate", "rx_errors", "tx_errors", "rx_drops", "tx_drops"}},
    {"host",
     {"clock_must_sync", "false", "degraded_disk_ratio", "0", "degraded_cpu_ratio", "0"},
     {"clock_must_sync", "false", "failed_memory_ratio", "0.5"},
     {NULL},
     {"clock_must_sync", "false", "degraded_disk_ratio", "0", "root", "/nowhere"},
     {"localhost", "x", "/"},
     {"memory", "disk", "load", "temperature", "uptime", "clock_synced"}},
    {"plugin",
     {"command", "/bin/echo", "command", "fine | a=1"},
     {"command", "/bin/sh", "command", "-c", "command", "exit 2"},
     {NULL},
     {"command", "/nowhere/check_nothing"},
     {"localhost", "/bin/true", "x"},
     {"output", "runtime"}},
    {"modem",
     {"target", "@modem"},
     {"target", "/nowhere/ttyS9", "no_answer", "failed"},
     {"target", "@mute", "no_answer", "failed"},
     {"target", "/nowhere/ttyS9"},
     {"", "ttyUSB0", "10.0.0.1:80"},
     {"rsrp", "rsrq", "rssi", "technology", "operator", "cell", "tac", "registered"}},
    {"power",
     {"target", "127.0.0.1:%m", "profile", PLANT48},
     {"target", "127.0.0.1:%r", "profile", PLANT48, "no_answer", "failed"},
     {"target", "127.0.0.1:%s", "profile", PLANT48, "no_answer", "failed"},
     {"target", "/nowhere/ttyS9", "profile", PLANT48},
     {"", "a b", "host:99999"},
     {"mains", "mains_v", "rectifier", "battery_v", "battery_a", "soc", "lvd", "temperature"}},
    {"sfp",
     {"target", "up0"},
     {"target", "gone0"},
     {NULL},
     {"target", "up0", "root", "/nowhere"},
     {"", "a/b", ".."},
     {"rx_power", "tx_power", "bias", "temperature", "vcc", "los", "diagnostics", "module"}},
    {"snmp",
     {"target", "127.0.0.1:%a", "profile", "@agent"},
     {"target", "127.0.0.1:%r", "profile", "@agent", "no_answer", "failed", "retries", "0"},
     {"target", "127.0.0.1:%q", "profile", "@agent", "no_answer", "failed"},
     {"target", "127.0.0.1:%a", "profile", "@agent", "community_file", "/nowhere/secret"},
     {"", "a b", "host:99999"},
     {"response", "values", "skipped"}},
    {"stamp",
     {"target", "127.0.0.1:%f", "count", "3", "gap", "5ms"},
     {"target", "127.0.0.1:%r", "count", "2", "gap", "5ms", "timeout", "200ms"},
     {"target", "127.0.0.1:%s", "count", "2", "gap", "5ms"},
     {"target", "127.0.0.1:%f", "key_file", "/nowhere/secret"},
     {"", "a b", "host:99999"},
     {"loss", "rtt", "rtt_min", "rtt_max", "jitter", "reordered", "doubled", "refused"}},
    {"reflector",
     {"listen", "127.0.0.1:18621"},
     {NULL},
     {NULL},
     {"listen", "203.0.113.9:18621"},
     {"localhost", "127.0.0.1", "x"},
     {"reflected", "forged", "stale", "malformed", "limited"}},
    {"push",
     {"socket", "@socket"},
     {NULL},
     {NULL},
     {"socket", "/nowhere/socket"},
     {"localhost", "127.0.0.1", "x"},
     {"messages", "taken", "refused", "limited", "beyond"}},
};

static const struct subject *subject_of(const struct check_type *type)
{
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        if (strcmp(subjects[i].type, type->name) == 0)
            return &subjects[i];
    }
    fail_msg("%s: no subject; every type of the table takes this suite", type->name);
    return NULL;
}

/* Sets pairs of key and value, `%x` being a port and `root` the environment's. */
static void configure(struct rig *rig, const char *const *pairs)
{
    for (; *pairs; pairs += 2) {
        char value[256];
        const char *mark = strchr(pairs[1], '%');
        if (mark)
            snprintf(value, sizeof value, "%.*s%u%s", (int)(mark - pairs[1]), pairs[1],
                     (unsigned)port_of(mark[1]), mark + 2);
        else
            snprintf(value, sizeof value, "%s", pairs[1]);
        if (strcmp(value, "@agent") == 0)
            snprintf(value, sizeof value, "%s", agent_profile);
        else if (strcmp(value, "@socket") == 0)
            snprintf(value, sizeof value, "%.90s/pushed", root);
        else if (strcmp(value, "@modem") == 0)
            snprintf(value, sizeof value, "%s", modem.serial);
        else if (strcmp(value, "@mute") == 0)
            snprintf(value, sizeof value, "%s", mute.serial);
        if (strcmp(pairs[0], "root") == 0)
            rig->env.root = "/nowhere";
        else
            rig_set(rig, pairs[0], value);
    }
}

/* A rig whose check is configured by @p pairs and open. */
static void open_subject(struct rig *rig, const struct check_type *type, const char *const *pairs)
{
    rig_open(rig, root);
    rig_type(rig, type);
    configure(rig, pairs);
    rig_check(rig);
}

static void for_each_type(void (*test)(const struct check_type *type,
                                       const struct subject *subject))
{
    size_t n = 0;
    const struct check_type *const *types = check_table(&n);
    assert_true(n >= 6);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(types[i]->name, "icmp") == 0 && !own_network && geteuid() != 0)
            print_message("icmp is left out: this user may not send echoes\n");
        else
            test(types[i], subject_of(types[i]));
    }
}

/* ---- configuration ---- */

static void check_wrong(const struct check_type *type, const struct subject *subject)
{
    char why[FIELD_WHY_MAX];
    struct rig rig;
    rig_open(&rig, root);
    rig_type(&rig, type);
    configure(&rig, subject->good);
    assert_true(rig_verify(&rig, why));
    for (size_t i = 0; i < 3; i++) {
        rig_type(&rig, type);
        configure(&rig, subject->good);
        rig_set(&rig, "target", subject->wrong[i]);
        if (rig_verify(&rig, why))
            fail_msg("%s accepts the target \"%s\"", type->name, subject->wrong[i]);
        assert_true(strlen(why) > 10);
    }
    static const char *const wrong_common[][2] = {
        {"name", "a/b"}, {"timeout", "40s"}, {"ttl", "62s"}, {"units", "5g a"}, {"site", "a b"}};
    for (size_t i = 0; i < 5; i++) {
        rig_type(&rig, type);
        configure(&rig, subject->good);
        rig_set(&rig, wrong_common[i][0], wrong_common[i][1]);
        assert_false(rig_verify(&rig, why));
        assert_true(strlen(why) > 10);
    }
    rig_close(&rig);
}

static void wrong_configuration_is_told(void **state)
{
    (void)state;
    for_each_type(check_wrong);
}

/* FIGURES section 2: ttl >= 2 x interval + timeout. */
static void ttl_and_cause_have_sensible_defaults(void **state)
{
    (void)state;
    struct check_common common = {.interval_ms = 10000, .timeout_ms = 2000};
    assert_int_equal(check_common_ttl_ms(&common), 22000);
    common.ttl_ms = 60000;
    assert_int_equal(check_common_ttl_ms(&common), 60000);

    struct rig rig;
    open_subject(&rig, check_table_find(slice_of("iface")), subjects[4].good);
    assert_int_equal(check_cause(rig.check), CAUSE_TRANSPORT);
    rig_set(&rig, "cause", "power");
    rig_check(&rig);
    assert_int_equal(check_cause(rig.check), CAUSE_POWER);
    rig_close(&rig);
}

/* ---- runs ---- */

/* Numbers beside the table are no other's, and could be packed too. */
static void assert_extra_packable(const struct rig *rig)
{
    const struct check_report *report = &rig->last;
    assert_true(report->n_extra <= CHECK_EXTRA_MAX);
    for (size_t i = 0; i < report->n_extra; i++) {
        struct slice name = slice_of(report->extra[i].name);
        assert_true(pack_part_ok(name) && pack_metric_ok(name) && !slice_is(name, "state"));
        assert_true(isfinite(report->extra[i].number));
        for (size_t j = 0; j < rig->type->n_metrics; j++)
            assert_false(slice_is(name, rig->type->metrics[j].name));
        for (size_t j = 0; j < i; j++)
            assert_false(slice_is(name, report->extra[j].name));
    }
}

/* What came could be packed as it is. */
static void assert_packable(const struct rig *rig)
{
    const struct check_report *report = &rig->last;
    assert_true((report->verdict == VERDICT_OK) == (report->reason[0] == 0));
    assert_extra_packable(rig);
    for (size_t i = 0; i < CHECK_METRICS_MAX; i++) {
        const struct check_value *value = &report->values[i];
        if (!value->known)
            continue;
        assert_true(i < rig->type->n_metrics);
        const struct check_metric *metric = &rig->type->metrics[i];
        struct reason why;
        struct reading reading = {.site = slice_of("S1"),
                                  .check = slice_of("type/one"),
                                  .metric = slice_of(metric->name),
                                  .unit = slice_of(metric->unit ? metric->unit : ""),
                                  .time_us = INT64_C(1790000000000000),
                                  .kind = metric->kind,
                                  .flag = value->number != 0,
                                  .number = value->number,
                                  .text = slice_of(value->text)};
        assert_int_equal(pack_reading_check(&reading, &why), 0);
        if (metric->kind == READING_FLAG)
            assert_true(value->number == 0 || value->number == 1);
    }
}

static void expect_run(struct rig *rig, enum verdict verdict)
{
    rig_run(rig);
    if (rig->last.verdict != verdict)
        fail_msg("%s: %s (%s) instead of %s", rig->type->name, verdict_word((int)rig->last.verdict),
                 rig->last.reason, verdict_word((int)verdict));
    assert_packable(rig);
    assert_false(check_running(rig->check));
}

static void check_good(const struct check_type *type, const struct subject *subject)
{
    struct rig rig;
    open_subject(&rig, type, subject->good);
    check_start(rig.check);
    assert_int_equal(rig.reports, 0); /* never from within check_start() */
    assert_true(check_running(rig.check));
    rig_await(&rig);
    for (int run = 0; run < 3; run++)
        expect_run(&rig, VERDICT_OK);
    assert_int_equal(rig.reports, 4);
    for (size_t i = 0; i < 10 && subject->must[i]; i++) {
        if (!rig_value(&rig, subject->must[i])->known)
            fail_msg("%s does not report %s", type->name, subject->must[i]);
    }
    rig_close(&rig);
}

/* What a type keeps it takes back in another life, and then keeps the same. */
static void check_memory(const struct check_type *type, const struct subject *subject)
{
    struct rig rig;
    struct buf kept, again;
    assert_true((type->keep == NULL) == (type->recall == NULL));
    buf_init(&kept, 4096);
    buf_init(&again, 4096);
    open_subject(&rig, type, subject->good);
    assert_int_not_equal(check_recall(rig.check, slice_of("\x7f nothing that was ever written")),
                         0);
    expect_run(&rig, VERDICT_OK);
    check_keep(rig.check, &kept);
    rig_check(&rig);
    if (kept.len)
        assert_int_equal(check_recall(rig.check, (struct slice){kept.data, kept.len}), 0);
    check_keep(rig.check, &again);
    assert_int_equal(again.len, kept.len);
    if (kept.len)
        assert_memory_equal(again.data, kept.data, kept.len);
    rig_close(&rig);
    buf_done(&kept);
    buf_done(&again);
}

static void what_is_kept_is_taken_back(void **state)
{
    (void)state;
    for_each_type(check_memory);
}

static void answers_are_ok_again_and_again(void **state)
{
    (void)state;
    for_each_type(check_good);
}

static void check_bad(const struct check_type *type, const struct subject *subject)
{
    struct rig rig;
    if (!subject->bad[0] || (strcmp(type->name, "icmp") == 0 && !own_network))
        return; /* there might be a way to 192.0.2.1 */
    open_subject(&rig, type, subject->bad);
    for (int run = 0; run < 2; run++)
        expect_run(&rig, VERDICT_FAILED);
    rig_close(&rig);
}

static void refused_or_absent_is_failed(void **state)
{
    (void)state;
    for_each_type(check_bad);
}

/* The verdict comes at the timeout: not before, and not later than a slow machine explains. */
static void check_silent(const struct check_type *type, const struct subject *subject)
{
    struct rig rig;
    bool is_icmp = strcmp(type->name, "icmp") == 0;
    if (!subject->silent[0] || (is_icmp && !own_network))
        return;
    rig_open(&rig, root);
    rig_type(&rig, type);
    configure(&rig, subject->silent);
    rig_set(&rig, "timeout", "200ms");
    rig_check(&rig);
    if (is_icmp)
        stand_in_answer_echoes(false);
    for (int run = 0; run < 2; run++) {
        int64_t start_us = loop_stopwatch_us();
        uv_update_time(loop_uv(rig.env.loop)); /* from which the deadline counts */
        expect_run(&rig, VERDICT_FAILED);
        int64_t took_us = loop_stopwatch_us() - start_us;
        assert_true(took_us >= 190000);
        assert_true(took_us < 30000000);
    }
    if (is_icmp)
        stand_in_answer_echoes(true);
    rig_close(&rig);
}

static void silence_fails_at_the_timeout(void **state)
{
    (void)state;
    for_each_type(check_silent);
}

static void check_unlooked(const struct check_type *type, const struct subject *subject)
{
    struct rig rig;
    if (!subject->unlooked[0])
        return;
    open_subject(&rig, type, subject->unlooked);
    expect_run(&rig, VERDICT_UNKNOWN);
    rig_close(&rig);
}

static void what_cannot_be_looked_at_is_unknown(void **state)
{
    (void)state;
    for_each_type(check_unlooked);
}

/* ---- cancelling ---- */

static void cancel_after(struct rig *rig, int turns)
{
    check_start(rig->check);
    int before = rig->reports;
    for (int i = 0; i < turns && rig->reports == before; i++)
        loop_turn(rig->env.loop);
    check_cancel(rig->check);
    assert_false(check_running(rig->check));
    check_cancel(rig->check);
}

/* After each number of turns: then a whole run must work as if nothing had been. */
static void check_cancelling(const struct check_type *type, const char *const *pairs,
                             enum verdict verdict)
{
    struct rig rig;
    open_subject(&rig, type, pairs);
    for (int turns = 0; turns < 8; turns++) {
        cancel_after(&rig, turns);
        int before = rig.reports;
        expect_run(&rig, verdict);
        assert_int_equal(rig.reports, before + 1);
    }
    cancel_after(&rig, 0);
    rig_close(&rig);
}

static void check_cancel_good(const struct check_type *type, const struct subject *subject)
{
    check_cancelling(type, subject->good, VERDICT_OK);
}

static void a_cancelled_run_leaves_nothing(void **state)
{
    (void)state;
    for_each_type(check_cancel_good);
}

/* Closed in every phase of a run against a target that swallows everything; the leak checker and
 * loop_close()'s assertion look at what is left. */
static void check_close_midway(const struct check_type *type, const struct subject *subject)
{
    for (int turns = 0; turns < 6; turns++) {
        struct rig rig;
        open_subject(&rig, type, subject->silent[0] ? subject->silent : subject->good);
        rig_set(&rig, "timeout", "100ms");
        rig_check(&rig);
        check_start(rig.check);
        for (int i = 0; i < turns && rig.reports == 0; i++)
            loop_turn(rig.env.loop);
        rig_close(&rig);
    }
}

static void a_check_may_be_closed_midway(void **state)
{
    (void)state;
    for_each_type(check_close_midway);
}

static void restart_once(void *user, struct check *check, const struct check_report *report)
{
    rig_keep(user, check, report);
    const struct rig *rig = user;
    if (rig->reports == 1)
        check_start(check);
}

static void close_at_once(void *user, struct check *check, const struct check_report *report)
{
    rig_keep(user, check, report);
    struct rig *rig = user;
    rig->check = NULL;
    check_close(check);
}

static void check_callback(const struct check_type *type, const struct subject *subject)
{
    check_report_fn *const callbacks[] = {restart_once, close_at_once};
    for (int i = 0; i < 2; i++) {
        struct rig rig;
        open_subject(&rig, type, subject->good);
        check_close(rig.check);
        rig.check = NULL;
        assert_int_equal(check_open(type, &rig.env, rig.config, callbacks[i], &rig, &rig.check), 0);
        check_start(rig.check);
        while (rig.reports < (i == 0 ? 2 : 1))
            loop_turn(rig.env.loop);
        assert_int_equal(rig.last.verdict, VERDICT_OK);
        rig_close(&rig);
    }
}

static void a_report_may_restart_or_close_its_check(void **state)
{
    (void)state;
    for_each_type(check_callback);
}

/* ---- together ---- */

/* Every silent target under way, then every good one: all good reports come first. */
static void a_slow_target_delays_no_other(void **state)
{
    (void)state;
    struct rig slow, fast;
    size_t n = 0;
    const struct check_type *const *types = check_table(&n);
    rig_open(&slow, root);
    struct check *waiting[CHECK_TABLE_MAX] = {NULL};
    for (size_t i = 0; i < n; i++) {
        const struct subject *subject = subject_of(types[i]);
        if (!subject->silent[0] || strcmp(types[i]->name, "icmp") == 0)
            continue;
        rig_type(&slow, types[i]);
        configure(&slow, subject->silent);
        assert_int_equal(check_open(types[i], &slow.env, slow.config, rig_keep, &slow, &waiting[i]),
                         0);
        check_start(waiting[i]);
    }
    for (size_t i = 0; i < n; i++) {
        fast = (struct rig){.env = slow.env};
        rig_type(&fast, types[i]);
        configure(&fast, subject_of(types[i])->good);
        rig_check(&fast);
        expect_run(&fast, VERDICT_OK);
        check_close(fast.check);
        free(fast.config);
    }
    assert_int_equal(slow.reports, 0);
    for (size_t i = 0; i < n; i++)
        check_close(waiting[i]);
    rig_close(&slow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_configuration_is_told),
        cmocka_unit_test(ttl_and_cause_have_sensible_defaults),
        cmocka_unit_test(answers_are_ok_again_and_again),
        cmocka_unit_test(what_is_kept_is_taken_back),
        cmocka_unit_test(refused_or_absent_is_failed),
        cmocka_unit_test(silence_fails_at_the_timeout),
        cmocka_unit_test(what_cannot_be_looked_at_is_unknown),
        cmocka_unit_test(a_cancelled_run_leaves_nothing),
        cmocka_unit_test(a_check_may_be_closed_midway),
        cmocka_unit_test(a_report_may_restart_or_close_its_check),
        cmocka_unit_test(a_slow_target_delays_no_other),
    };
    return cmocka_run_group_tests(tests, set_stage, clear_stage);
}
