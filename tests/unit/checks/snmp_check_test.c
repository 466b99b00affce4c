/* The snmp check against the real snmpd, which plays written-down values of each profile by v2c and
 * v3, and against an agent that does what agents should not. */
#include "checks/snmp/snmp_check.h"

#include "rig.h"
#include "server.h"
#include "snmp_agent.h"
#include "snmp_liar.h"

#include <malloc.h>

#define PROFILE(name) IOC_SOURCE_DIR "/deploy/profiles/snmp/" name ".yaml"
#define HUAWEI "1.3.6.1.4.1.2011.6.128.1.1.2."

enum { PORT = 16100, ONTS = 10000, PER_PORT = 64 };

static struct snmp_agent agent;

static int set_stage(void **state)
{
    (void)state;
    if (!server_namespace())
        fail_msg("needs a network namespace");
    snmp_agent_open(&agent, PORT);
    return 0;
}

static int clear_stage(void **state)
{
    (void)state;
    snmp_agent_close(&agent);
    return 0;
}

static void begin(struct rig *rig, const char *profile, uint16_t port)
{
    char target[64];
    snprintf(target, sizeof target, "127.0.0.1:%u", (unsigned)port);
    rig_open(rig, "");
    rig_type(rig, &snmp_check);
    rig_set(rig, "target", target);
    rig_set(rig, "profile", profile);
    rig_set(rig, "interval", "5min");
    rig_set(rig, "timeout", "20s");
}

static const struct check_extra *extra_of(const struct rig *rig, const char *name)
{
    for (size_t i = 0; i < rig->last.n_extra; i++) {
        if (strcmp(rig->last.extra[i].name, name) == 0)
            return &rig->last.extra[i];
    }
    return NULL;
}

static void expect_extra(const struct rig *rig, const char *name, double want)
{
    const struct check_extra *extra = extra_of(rig, name);
    if (!extra || fabs(extra->number - want) > 1e-6 * fabs(want) + 1e-9)
        fail_msg("%s is %g, not %g", name, extra ? extra->number : -999, want);
}

static void expect(const struct rig *rig, enum verdict verdict, const char *reason)
{
    if (rig->last.verdict != verdict || strcmp(rig->last.reason, reason) != 0)
        fail_msg("%s: %s", verdict_word((int)rig->last.verdict), rig->last.reason);
}

/* ---- profiles ---- */

static const char ups_on_mains[] = "1.3.6.1.2.1.33.1.2.1.0 integer 2\n"
                                   "1.3.6.1.2.1.33.1.2.2.0 integer 0\n"
                                   "1.3.6.1.2.1.33.1.2.3.0 integer 96\n"
                                   "1.3.6.1.2.1.33.1.2.4.0 integer 100\n"
                                   "1.3.6.1.2.1.33.1.2.5.0 integer 545\n"
                                   "1.3.6.1.2.1.33.1.2.7.0 integer 27\n"
                                   "1.3.6.1.2.1.33.1.3.3.1.3.1 integer 228\n"
                                   "1.3.6.1.2.1.33.1.4.1.0 integer 3\n"
                                   "1.3.6.1.2.1.33.1.4.4.1.5.1 integer 31\n";
static const char ups_on_battery[] = "1.3.6.1.2.1.33.1.2.1.0 integer 2\n"
                                     "1.3.6.1.2.1.33.1.2.2.0 integer 840\n"
                                     "1.3.6.1.2.1.33.1.2.3.0 integer 35\n"
                                     "1.3.6.1.2.1.33.1.2.4.0 integer 61\n"
                                     "1.3.6.1.2.1.33.1.4.1.0 integer 5\n";

static void a_ups_is_read_and_judged(void **state)
{
    (void)state;
    struct rig rig;
    snmp_agent_values(&agent, ups_on_mains);
    begin(&rig, PROFILE("ups_mib"), PORT);
    rig_check(&rig);
    rig_run(&rig);
    expect(&rig, VERDICT_OK, "");
    expect_extra(&rig, "battery_v", 54.5);
    expect_extra(&rig, "soc", 1);
    expect_extra(&rig, "output_source", 3);
    assert_near(rig_value(&rig, "on_battery")->number, 0, 0);
    assert_false(rig_value(&rig, "minutes_left")->known);
    expect_extra(&rig, "mains_v.max", 228);
    expect_extra(&rig, "output_load.max", 0.31);
    assert_string_equal(extra_of(&rig, "battery_v")->unit, "V");
    assert_true(rig_value(&rig, "uptime")->known);
    snmp_agent_values(&agent, ups_on_battery);
    rig_run(&rig);
    expect(&rig, VERDICT_DEGRADED, "mains lost: on battery");
    expect_extra(&rig, "minutes_told", 35);
    expect_extra(&rig, "seconds_on_battery", 840);
    assert_near(rig_value(&rig, "on_battery")->number, 1, 0);
    assert_near(rig_value(&rig, "on_battery_for")->number, 0, 0); /* as seen by us */
    assert_near(rig_value(&rig, "minutes_left")->number, 35, 0);  /* the plant's word */
    assert_null(extra_of(&rig, "battery_v"));
    rig_close(&rig);
}

static void rectifiers_are_read(void **state)
{
    (void)state;
    struct rig rig;
    snmp_agent_values(&agent, "1.3.6.1.4.1.2011.6.164.1.3.2.2.1.99.28672 integer 1\n"
                              "1.3.6.1.4.1.2011.6.164.1.3.2.2.1.99.28673 integer 2\n"
                              "1.3.6.1.4.1.2011.6.164.1.4.2.1.0 integer -123\n"
                              "1.3.6.1.4.1.2011.6.164.1.4.2.2.0 gauge 2147483647\n"
                              "1.3.6.1.4.1.2011.6.164.1.4.2.10.0 gauge 87\n"
                              "1.3.6.1.4.1.2011.6.164.1.6.1.3.0 gauge 462\n"
                              "1.3.6.1.4.1.12148.9.3.2.0 integer 4290\n"
                              "1.3.6.1.4.1.12148.9.3.4.0 integer 19\n"
                              "1.3.6.1.4.1.12148.9.6.1.0 integer 231\n");
    begin(&rig, PROFILE("huawei_smu"), PORT);
    rig_check(&rig);
    rig_run(&rig);
    expect(&rig, VERDICT_DEGRADED, "dc_v 46.2 V is at or below its limit 47 V");
    expect_extra(&rig, "battery_a", -12.3);
    expect_extra(&rig, "soc", 0.87);
    expect_extra(&rig, "rectifier_status.bad", 1);
    assert_null(extra_of(&rig, "minutes_told"));
    rig_close(&rig);
    begin(&rig, PROFILE("eltek"), PORT);
    rig_check(&rig);
    rig_run(&rig);
    expect(&rig, VERDICT_FAILED, "battery_v 42.9 V is at or below its limit 43 V");
    expect_extra(&rig, "mains_v", 231);
    rig_close(&rig);
}

/* entPhysicalIndex 10: 41.5 Cel in tenths; 11: 4.1 V in millivolts; 12: out of order. */
static void sensors_are_scaled_one_by_one(void **state)
{
    (void)state;
    struct rig rig;
    snmp_agent_values(&agent, "1.3.6.1.2.1.47.1.1.1.1.7.10 string inlet\n"
                              "1.3.6.1.2.1.47.1.1.1.1.7.11 string rail\n"
                              "1.3.6.1.2.1.99.1.1.1.1.10 integer 8\n"
                              "1.3.6.1.2.1.99.1.1.1.1.11 integer 4\n"
                              "1.3.6.1.2.1.99.1.1.1.1.12 integer 8\n"
                              "1.3.6.1.2.1.99.1.1.1.2.10 integer 9\n"
                              "1.3.6.1.2.1.99.1.1.1.2.11 integer 8\n"
                              "1.3.6.1.2.1.99.1.1.1.2.12 integer 9\n"
                              "1.3.6.1.2.1.99.1.1.1.3.10 integer 1\n"
                              "1.3.6.1.2.1.99.1.1.1.3.11 integer 0\n"
                              "1.3.6.1.2.1.99.1.1.1.3.12 integer 0\n"
                              "1.3.6.1.2.1.99.1.1.1.4.10 integer 415\n"
                              "1.3.6.1.2.1.99.1.1.1.4.11 integer 4100\n"
                              "1.3.6.1.2.1.99.1.1.1.4.12 integer -1000000000\n"
                              "1.3.6.1.2.1.99.1.1.1.5.10 integer 1\n"
                              "1.3.6.1.2.1.99.1.1.1.5.11 integer 1\n"
                              "1.3.6.1.2.1.99.1.1.1.5.12 integer 3\n");
    begin(&rig, PROFILE("entity_sensor"), PORT);
    rig_check(&rig);
    rig_run(&rig);
    expect(&rig, VERDICT_DEGRADED, "12: sensor out of order");
    expect_extra(&rig, "temperature.max", 41.5);
    expect_extra(&rig, "voltage_dc.max", 4.1);
    assert_near(rig_value(&rig, "skipped")->number, 1, 0);
    rig_set(&rig, "instances", "inlet");
    rig_check(&rig);
    rig_run(&rig);
    expect(&rig, VERDICT_OK, "");
    expect_extra(&rig, "temperature.inlet", 41.5);
    rig_close(&rig);
}

/* ---- links ---- */

static void put_link(const char *oper, unsigned long long octets, unsigned broken_at)
{
    char text[1024];
    snprintf(text, sizeof text,
             "1.3.6.1.2.1.2.2.1.7.1 integer 1\n1.3.6.1.2.1.2.2.1.7.2 integer 2\n"
             "1.3.6.1.2.1.2.2.1.8.1 integer %s\n1.3.6.1.2.1.2.2.1.8.2 integer 2\n"
             "1.3.6.1.2.1.2.2.1.14.1 counter 4294967290\n"
             "1.3.6.1.2.1.31.1.1.1.1.1 string ge-0/0/1\n1.3.6.1.2.1.31.1.1.1.1.2 string ge-0/0/2\n"
             "1.3.6.1.2.1.31.1.1.1.6.1 counter64 %llu\n"
             "1.3.6.1.2.1.31.1.1.1.15.1 gauge 10000\n"
             "1.3.6.1.2.1.31.1.1.1.19.1 timeticks %u\n",
             oper, octets, broken_at);
    snmp_agent_values(&agent, text);
}

static void links_have_rates_until_something_breaks(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig, PROFILE("if_mib"), PORT);
    rig_set(&rig, "instances", "ge-0/0/1");
    rig_check(&rig);
    put_link("1", 9007199254740993ULL, 0);
    int64_t before_us = loop_stopwatch_us();
    rig_run(&rig);
    expect(&rig, VERDICT_OK, "");
    expect_extra(&rig, "if_speed.ge-0_0_1", 10000);
    assert_null(extra_of(&rig, "if_in.ge-0_0_1")); /* no rate of one look */
    int64_t first_us = loop_stopwatch_us();
    put_link("1", 9007199254740993ULL + 5000000, 0);
    int64_t second_us = loop_stopwatch_us();
    rig_run(&rig);
    /* between the looks, by clocks of whole milliseconds */
    double least_s = (double)(second_us - first_us) / 1e6 - 0.002;
    double most_s = (double)(loop_stopwatch_us() - before_us) / 1e6 + 0.002;
    const struct check_extra *rate = extra_of(&rig, "if_in.ge-0_0_1");
    assert_non_null(rate);
    assert_true(rate->number * most_s >= 8 * 5e6 && rate->number * least_s <= 8 * 5e6);
    put_link("2", 9007199254740993ULL + 6000000, 500); /* a break: the card was changed */
    rig_run(&rig);
    expect(&rig, VERDICT_FAILED, "ge-0/0/1: link down");
    assert_null(extra_of(&rig, "if_in.ge-0_0_1"));
    rig_close(&rig);
    begin(&rig, PROFILE("if_mib"), PORT);
    rig_set(&rig, "instances", "ge-9/9/9");
    rig_check(&rig);
    rig_run(&rig);
    expect(&rig, VERDICT_FAILED, "ge-9/9/9 is not there");
    rig_close(&rig);
}

static void a_restarted_agent_gives_no_rates(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig, PROFILE("if_mib"), PORT);
    rig_set(&rig, "instances", "ge-0/0/1");
    rig_check(&rig);
    put_link("1", 1000, 0);
    rig_run(&rig);
    assert_near(rig_value(&rig, "restarted")->number, 0, 0);
    snmp_agent_restart(&agent);
    put_link("1", 2000, 0);
    rig_run(&rig);
    assert_near(rig_value(&rig, "restarted")->number, 0, 0); /* a minute's doubt is allowed */
    assert_true(rig_value(&rig, "uptime")->number < 60);
    rig_close(&rig);
}

/* ---- version 3 ---- */

static char secrets[4][FOLDER_PATH_MAX];

static void write_secrets(void)
{
    static const char *const words[] = {SNMP_AGENT_AUTH, SNMP_AGENT_PRIVACY, "not-the-one-12",
                                        "short"};

    for (size_t i = 0; i < 4; i++) {
        char name[] = "secret0", text[64];
        name[6] = (char)('0' + i);
        folder_path(secrets[i], agent.folder, name);
        snprintf(text, sizeof text, "%s\n", words[i]);
        server_write(secrets[i], text);
    }
}

static void run_v3(struct rig *rig, const char *user, size_t auth, size_t privacy)
{
    begin(rig, PROFILE("ups_mib"), PORT);
    rig_set(rig, "version", "v3");
    rig_set(rig, "user", user);
    rig_set(rig, "auth_file", secrets[auth]);
    rig_set(rig, "privacy_file", secrets[privacy]);
    rig_set(rig, "retry_after", "300ms"); /* a machine of tests may be slow */
    rig_set(rig, "retries", "5");
    rig_check(rig);
    rig_run(rig);
}

static void users_of_version_3_are_known_or_told_why_not(void **state)
{
    (void)state;

    static const struct {
        const char *user;
        size_t auth, privacy;
        enum verdict verdict;
        const char *reason;
    } cases[] = {
        {SNMP_AGENT_USER, 0, 1, VERDICT_OK, ""},
        {"nobody", 0, 1, VERDICT_UNKNOWN, "the agent does not know the user"},
        {SNMP_AGENT_USER, 2, 1, VERDICT_UNKNOWN, "the agent refuses the user's password"},
        {SNMP_AGENT_USER, 0, 2, VERDICT_UNKNOWN, "no answer in time"},
        {SNMP_AGENT_USER, 0, 1, VERDICT_OK, ""},
    };

    write_secrets();
    snmp_agent_values(&agent, ups_on_mains);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rig rig;
        run_v3(&rig, cases[i].user, cases[i].auth, cases[i].privacy);
        expect(&rig, cases[i].verdict, cases[i].reason);
        if (cases[i].verdict == VERDICT_OK) {
            expect_extra(&rig, "battery_v", 54.5);
            rig_run(&rig); /* again with what is kept */
            expect(&rig, VERDICT_OK, "");
        }
        rig_close(&rig);
    }
}

static void an_agent_of_version_3_may_begin_anew(void **state)
{
    (void)state;
    struct rig rig;
    write_secrets();
    snmp_agent_values(&agent, ups_on_mains);
    run_v3(&rig, SNMP_AGENT_USER, 0, 1);
    expect(&rig, VERDICT_OK, "");
    snmp_agent_restart(&agent); /* its boots and time are others now */
    rig_run(&rig);
    expect(&rig, VERDICT_OK, "");
    rig_close(&rig);
}

static void a_secret_that_cannot_be_used_is_told(void **state)
{
    (void)state;
    struct rig rig;
    write_secrets();
    run_v3(&rig, SNMP_AGENT_USER, 3, 1);
    assert_int_equal(rig.last.verdict, VERDICT_UNKNOWN);
    assert_non_null(strstr(rig.last.reason, "secret3: fewer than 8 characters"));
    rig_close(&rig);
    begin(&rig, PROFILE("ups_mib"), PORT);
    rig_set(&rig, "community_file", "/nowhere/community");
    rig_check(&rig);
    rig_run(&rig);
    expect(&rig, VERDICT_UNKNOWN, "/nowhere/community: not found");
    rig_close(&rig);
}

/* ---- terminals ---- */

/* Terminals of ports of 64: all of the first port without light, all of the next @p powerless ports
 * after a dying gasp, the others well. */
static void put_olt(unsigned onts, bool cut, unsigned powerless)
{
    enum { LINE_BYTES = 80 };

    static const char *const columns[] = {HUAWEI "46.1.15", HUAWEI "46.1.24", HUAWEI "51.1.4",
                                          HUAWEI "51.1.6"};
    char *text = malloc((size_t)4 * onts * LINE_BYTES), *at = text;
    assert_non_null(text);
    for (size_t c = 0; c < 4; c++) {
        for (unsigned i = 0; i < onts; i++) {
            unsigned port = i / PER_PORT;
            bool dark = cut && port == 0, down = dark || (port > 0 && port <= powerless);
            const int values[] = {down ? 2 : 1, dark ? 1 : 13, down ? 2147483647 : -2010,
                                  down ? 2147483647 : 7700};
            at += sprintf(at, "%s.%u.%u integer %d\n", columns[c], 4194304000U + 256 * port,
                          i % PER_PORT, values[c]);
        }
    }
    snmp_agent_values(&agent, text);
    free(text);
}

static void ten_thousand_terminals_within_the_interval(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig, PROFILE("huawei_olt"), PORT);
    rig_set(&rig, "timeout", "60s");
    rig_check(&rig);
    put_olt(ONTS, false, 0);
    size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    rig_run(&rig);
    expect(&rig, VERDICT_OK, "");
    assert_near(rig_value(&rig, "onts_online")->number, ONTS, 0);
    assert_near(rig_value(&rig, "ports")->number, 157, 0);
    expect_extra(&rig, "ont_rx.min", -20.1);
    expect_extra(&rig, "olt_rx.max", -23);
    size_t more = mallinfo2().uordblks + mallinfo2().hblkhd - before;
    assert_true(more < 400000); /* bytes: 12 of each terminal, 56 of each port, room to grow */
    print_message("%d terminals, 4 columns: %.0f ms, %zu kB kept\n", ONTS,
                  rig_value(&rig, "response")->number, more / 1000);
    put_olt(ONTS, true, 2);
    rig_run(&rig);
    expect(&rig, VERDICT_DEGRADED,
           "1 of 157 ports dark: port 4194304000 has 64 of 64 terminals without light");
    assert_near(rig_value(&rig, "onts_los")->number, PER_PORT, 0);
    assert_near(rig_value(&rig, "onts_gasp")->number, 2 * PER_PORT, 0);
    assert_near(rig_value(&rig, "ports_down")->number, 1, 0);
    rig_close(&rig);
}

static void a_named_port_fails_by_itself(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig, PROFILE("huawei_olt"), PORT);
    rig_set(&rig, "instances", "4194304000");
    rig_check(&rig);
    put_olt(4 * PER_PORT, false, 0);
    rig_run(&rig);
    expect(&rig, VERDICT_OK, "");
    assert_near(rig_value(&rig, "onts")->number, PER_PORT, 0);
    put_olt(4 * PER_PORT, true, 0);
    rig_run(&rig);
    expect(&rig, VERDICT_FAILED,
           "1 of 1 ports dark: port 4194304000 has 64 of 64 terminals without light");
    rig_close(&rig);
}

/* FACTS section 4: Rx = raw * 0.002 - 30, above 30000 less 65536, 65535 none. */
static void a_zte_olt_tells_state_and_cause_in_one_column(void **state)
{
    (void)state;
    struct rig rig;
    snmp_agent_values(&agent, "1.3.6.1.4.1.3902.1012.3.28.2.1.4.268501248.1 integer 3\n"
                              "1.3.6.1.4.1.3902.1012.3.28.2.1.4.268501248.2 integer 4\n"
                              "1.3.6.1.4.1.3902.1012.3.28.2.1.4.268501504.1 integer 1\n"
                              "1.3.6.1.4.1.3902.1012.3.28.2.1.4.268501504.2 integer 1\n"
                              "1.3.6.1.4.1.3902.1012.3.50.12.1.1.10.268501248.1.1 integer 5000\n"
                              "1.3.6.1.4.1.3902.1012.3.50.12.1.1.10.268501248.2.1 integer 65036\n"
                              "1.3.6.1.4.1.3902.1012.3.50.12.1.1.10.268501504.1.1 integer 65535\n");
    begin(&rig, PROFILE("zte_olt"), PORT);
    rig_check(&rig);
    rig_run(&rig);
    expect(&rig, VERDICT_DEGRADED,
           "1 of 2 ports dark: port 268501504 has 2 of 2 terminals without light");
    expect_extra(&rig, "ont_rx.min", -31);
    expect_extra(&rig, "ont_rx.max", -20);
    expect_extra(&rig, "ont_rx.bad", 1);
    assert_near(rig_value(&rig, "onts_gasp")->number, 1, 0);
    rig_close(&rig);
}

/* ---- agents that lie ---- */

#define LIAR_PROFILE                                          \
    "profile: {about: liar}\nvalues:\n"                       \
    "  - {name: one, oid: 1.3.6.1.4.1.99999.2, index: '0'}\n" \
    "  - {name: rows, oid: 1.3.6.1.4.1.99999.1}\n"

static const char *liar_profile(void)
{
    static char path[FOLDER_PATH_MAX];
    folder_path(path, agent.folder, "liar.yaml");
    server_write(path, LIAR_PROFILE);
    return path;
}

static void lies_are_not_believed(void **state)
{
    (void)state;

    static const struct {
        enum snmp_liar_mode mode;
        enum verdict verdict;
        const char *reason;
        double one, rows; /* NaN: not reported */
    } cases[] = {
        {SNMP_LIAR_HONEST, VERDICT_OK, "", 7, 7},
        {SNMP_LIAR_OTHER_FIRST, VERDICT_OK, "", 7, 7},
        {SNMP_LIAR_OTHER_ONLY, VERDICT_UNKNOWN, "no answer in time", NAN, NAN},
        {SNMP_LIAR_MUTE, VERDICT_UNKNOWN, "no answer in time", NAN, NAN},
        {SNMP_LIAR_CUT, VERDICT_UNKNOWN, "no answer in time", NAN, NAN},
        {SNMP_LIAR_CIRCLES, VERDICT_UNKNOWN,
         "1 of the agent's answers were refused or out of order", 7, 7},
        {SNMP_LIAR_BACKWARDS, VERDICT_UNKNOWN,
         "1 of the agent's answers were refused or out of order", 7, 7},
        {SNMP_LIAR_ENDLESS, VERDICT_UNKNOWN,
         "1 of the agent's answers were refused or out of order", 7, 7},
        {SNMP_LIAR_ADDRESSES, VERDICT_UNKNOWN, "the agent has none of the profile's values", NAN,
         NAN},
        {SNMP_LIAR_LONG, VERDICT_OK, "", 7, NAN},
        {SNMP_LIAR_TOO_BIG, VERDICT_OK, "", 7, 7},
        {SNMP_LIAR_ELSEWHERE, VERDICT_UNKNOWN,
         "2 of the agent's answers were refused or out of order", NAN, 7},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rig rig;
        struct snmp_liar liar;
        snmp_liar_open(&liar, cases[i].mode);
        begin(&rig, liar_profile(), liar.port);
        rig_set(&rig, "retry_after", "150ms");
        rig_set(&rig, "retries", "1");
        rig_check(&rig);
        rig_run(&rig);
        expect(&rig, cases[i].verdict, cases[i].reason);
        assert_int_equal(extra_of(&rig, "one") != NULL, !isnan(cases[i].one));
        assert_int_equal(extra_of(&rig, "rows.max") != NULL, !isnan(cases[i].rows));
        rig_close(&rig);
        snmp_liar_close(&liar);
    }
}

/* One that is mute and one that is well, together: the mute one delays nobody. By version 3 the
 * library would wait for the engine of a mute one with everybody. */
static void a_slow_agent_delays_no_other(void **state)
{
    (void)state;
    struct rig slow, fast;
    struct snmp_liar mute;
    write_secrets();
    snmp_liar_open(&mute, SNMP_LIAR_MUTE);
    begin(&slow, liar_profile(), mute.port);
    rig_set(&slow, "version", "v3");
    rig_set(&slow, "user", "ops");
    rig_set(&slow, "auth_file", secrets[0]);
    rig_check(&slow);
    check_start(slow.check);
    snmp_agent_values(&agent, ups_on_mains);
    fast = (struct rig){.env = slow.env};
    rig_type(&fast, &snmp_check);
    rig_set(&fast, "target", "127.0.0.1:16100");
    rig_set(&fast, "profile", PROFILE("ups_mib"));
    rig_check(&fast);
    for (int run = 0; run < 5; run++) {
        rig_run(&fast);
        expect(&fast, VERDICT_OK, "");
        assert_true(rig_value(&fast, "response")->number <
                    900); /* the mute one is asked each 1 s */
    }
    assert_int_equal(slow.reports, 0);
    check_close(fast.check);
    free(fast.config);
    rig_close(&slow);
    snmp_liar_close(&mute);
}

static void wrong_keys_are_told(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"target", ""}, {"profile", "no_such"}, {"version", "v3"}, {"profile", "../x"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct rig rig;
        char why[FIELD_WHY_MAX];
        begin(&rig, PROFILE("ups_mib"), PORT);
        assert_true(rig_verify(&rig, why));
        rig_set(&rig, wrong[i][0], wrong[i][1]);
        assert_false(rig_verify(&rig, why));
        assert_true(strlen(why) > 5);
        rig_close(&rig);
    }
    struct rig rig;
    char why[FIELD_WHY_MAX];
    begin(&rig, PROFILE("if_mib"), PORT);
    for (int i = 0; i < 6; i++) /* six values each of six ports */
        rig_set(&rig, "instances", "1");
    assert_false(rig_verify(&rig, why));
    assert_non_null(strstr(why, "36"));
    rig_close(&rig);
}

int main(int argc, char *argv[])
{
    snmp_agent_play(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ups_is_read_and_judged),
        cmocka_unit_test(rectifiers_are_read),
        cmocka_unit_test(sensors_are_scaled_one_by_one),
        cmocka_unit_test(links_have_rates_until_something_breaks),
        cmocka_unit_test(a_restarted_agent_gives_no_rates),
        cmocka_unit_test(users_of_version_3_are_known_or_told_why_not),
        cmocka_unit_test(an_agent_of_version_3_may_begin_anew),
        cmocka_unit_test(a_secret_that_cannot_be_used_is_told),
        cmocka_unit_test(ten_thousand_terminals_within_the_interval),
        cmocka_unit_test(a_named_port_fails_by_itself),
        cmocka_unit_test(a_zte_olt_tells_state_and_cause_in_one_column),
        cmocka_unit_test(lies_are_not_believed),
        cmocka_unit_test(a_slow_agent_delays_no_other),
        cmocka_unit_test(wrong_keys_are_told),
    };
    return cmocka_run_group_tests_name("snmp_check", tests, set_stage, clear_stage);
}
