#include "shell/remote_config.h"

#include "base/err.h"
#include "checks/icmp/icmp_check.h"
#include "unit.h"

#include <string.h>

#define FILE_TEXT                                                               \
    "probe:\n  id: p1\n  site: S1\nbroker:\n  host: b\nchecks:\n"               \
    "  - type: icmp\n    name: core\n    target: 10.0.0.1\n    interval: 30s\n" \
    "  - type: tcp\n    name: ssh\n    target: 10.0.0.1:22\n    site: S2\n"     \
    "  - type: host\n    name: self\n"                                          \
    "  - type: plugin\n    name: ups\n    command: [/bin/true]\n"

static int apply(const char *message, struct probe_config *config, struct reason *why)
{
    struct conf_errors errors;
    *config = (struct probe_config){.checks = {0}};
    assert_int_equal(probe_config_read_text("f", slice_of(FILE_TEXT), config, &errors), 0);
    conf_errors_done(&errors);
    return remote_config_apply(config, slice_of(message), why);
}

static void test_intervals_targets_and_thresholds_change(void **state)
{
    (void)state;
    struct probe_config config;
    struct reason why;
    assert_int_equal(apply("{\"checks\":{\"icmp/core\":{\"interval\":\"10s\",\"degraded_rtt_ms\":"
                           "150,\"target\":\"10.0.0.9\"},\"S2/tcp/ssh\":{\"timeout\":\"2s\"}}}",
                           &config, &why),
                     0);
    const struct icmp_config *icmp = config.checks.items[0].object;
    assert_int_equal(icmp->common.interval_ms, 10000);
    assert_string_equal(icmp->common.target, "10.0.0.9");
    assert_near(icmp->degraded_rtt_ms, 150, 0);
    assert_int_equal(probe_config_check(&config, 1)->timeout_ms, 2000);
    probe_config_done(&config);
}

static void test_everything_else_is_refused(void **state)
{
    (void)state;

    static const struct {
        const char *message;
        int err;
        const char *why;
    } rows[] = {
        {"[]", ERR_TYPE, "not an object"},
        {"{", ERR_SYNTAX, NULL},
        {"{}", ERR_MISSING, NULL},
        {"{\"checks\":[]}", ERR_TYPE, "checks must be an object"},
        {"{\"checks\":{\"icmp/nix\":{}}}", ERR_UNKNOWN, "the probe has no check icmp/nix"},
        {"{\"checks\":{\"tcp/ssh\":{}}}", ERR_UNKNOWN, "the probe has no check tcp/ssh"},
        {"{\"checks\":{\"icmp/core\":1}}", ERR_TYPE, "icmp/core must be keys with values"},
        {"{\"checks\":{\"icmp/core\":{\"intervall\":1}}}", ERR_UNKNOWN,
         "icmp/core: intervall is not known"},
        {"{\"checks\":{\"plugin/ups\":{\"command\":\"/bin/sh\"}}}", ERR_DENIED,
         "plugin/ups: command is the local file's alone"},
        {"{\"checks\":{\"plugin/ups\":{\"target\":\"/bin/sh\"}}}", ERR_RANGE,
         "plugin/ups: plugin takes no target: its command says what it does"},
        {"{\"checks\":{\"icmp/core\":{\"units\":\"link\"}}}", ERR_DENIED,
         "icmp/core: units is the local file's alone"},
        {"{\"checks\":{\"host/self\":{\"disk\":\"/home\"}}}", ERR_DENIED,
         "host/self: disk is the local file's alone"},
        {"{\"checks\":{\"icmp/core\":{\"interval\":true}}}", ERR_TYPE,
         "icmp/core: interval must be a text or a number"},
        {"{\"checks\":{\"icmp/core\":{\"interval\":\"1ms\"}}}", ERR_RANGE, NULL},
        {"{\"checks\":{\"icmp/core\":{\"timeout\":\"2min\"}}}", ERR_RANGE,
         "icmp/core: timeout is longer than the interval"},
        {"{\"checks\":{\"icmp/core\":{\"target\":\"a b\"}}}", ERR_RANGE, NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct probe_config config;
        struct reason why;
        assert_int_equal(apply(rows[i].message, &config, &why), rows[i].err);
        if (rows[i].why)
            assert_string_equal(why.text, rows[i].why);
        probe_config_done(&config);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_intervals_targets_and_thresholds_change),
        cmocka_unit_test(test_everything_else_is_refused),
    };
    return cmocka_run_group_tests_name("remote_config", tests, NULL, NULL);
}
