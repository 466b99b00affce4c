#include "shell/probe_config.h"

#include "base/err.h"
#include "shell/checklist_of.h"
#include "unit.h"
#include "wire/body.h"
#include "wire/pack.h"

#include <stdio.h>
#include <string.h>

#define HEAD "probe:\n  id: p1\n  site: S1\nbroker:\n  host: b\n"

static void expect_errors(const char *text, const char *expected)
{
    struct probe_config config = {0};
    struct conf_errors errors;
    int err = probe_config_read_text("probe.yaml", slice_of(text), &config, &errors);
    assert_string_equal(errors.text.data ? errors.text.data : "", expected);
    assert_int_equal(err, expected[0] ? ERR_SYNTAX : 0);
    conf_errors_done(&errors);
    probe_config_done(&config);
}

static void test_every_mistake_is_told_at_once(void **state)
{
    (void)state;

    static const struct {
        const char *text, *expected;
    } rows[] = {
        {HEAD "checks: []\n", ""},
        {"probe:\n  id: p/1\n  sit: S1\nbroker:\n  host: b\n  port: 70000\nchecks: []\n",
         "probe.yaml:3:3: probe: the key \"sit\" is not known; did you mean \"site\"?\n"
         "probe.yaml:2:3: probe.site is missing: Site that the probe stands at, as in the "
         "inventory.\n"
         "probe.yaml:6:9: broker.port must be between 0 and 65535\n"},
        {"probe:\n  id: _p\n  site: S1\nbroker:\n  host: b\n  ca_file: /x\nchecks: []\n",
         "probe.yaml:2:3: probe: id: letters, digits and . _ - only, the first a letter or digit\n"
         "probe.yaml:5:3: broker: certificates are given but tls is false\n"},
        {HEAD "checks:\n  - type: tcp\n    name: a\n    target: h:1\n"
              "  - type: tcp\n    name: a\n    target: h:2\n    site: S1\n",
         "probe.yaml:10:5: checks: tcp/a at S1 is also in line 7; names are unique per type and "
         "site\n"},
        {"probe:\n  id: p1\n  site: S1\n  last_gasp: host/ups\nbroker:\n  host: b\nchecks: []\n",
         "probe.yaml: probe.last_gasp: \"host/ups\" is no check of this file at the probe's own "
         "site; write type/name\n"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_errors(rows[i].text, rows[i].expected);
}

#define SIGN                                                                         \
    "checks:\n  - {type: http, name: centre, target: \"http://h/readyz\"}\n"         \
    "  - {type: http, name: far, target: \"http://h/readyz\", site: S2}\ndeadman:\n" \
    "  check: http/centre\n  centre: Trung tâm IOC Khánh Hòa\n"
#define MODEM "  modem: /dev/ttyUSB2\n  numbers: [\"+84900000001\", \"113\"]\n"
#define AT_DEADMAN "probe.yaml:10:3: deadman: "

static void test_mistakes_about_the_deadman_have_their_place(void **state)
{
    (void)state;

    static const struct {
        const char *text, *expected;
    } rows[] = {
        {HEAD SIGN MODEM, ""},
        {HEAD SIGN "  program: [/usr/local/bin/tell, now]\n", ""},
        {HEAD SIGN MODEM "  program: [/usr/local/bin/tell]\n  repeat: 6h\n", ""},
        {HEAD SIGN, AT_DEADMAN "nobody is told: modem with numbers, or program\n"},
        {HEAD SIGN "  modem: /dev/ttyUSB2\n", AT_DEADMAN "modem and numbers go together\n"},
        {HEAD SIGN "  numbers: [\"113\"]\n  program: [/x]\n",
         AT_DEADMAN "modem and numbers go together\n"},
        {HEAD SIGN "  program: [tell]\n", AT_DEADMAN "program must begin with an absolute path\n"},
        {HEAD SIGN MODEM "  baud: 12345\n", AT_DEADMAN "baud: no rate of a serial device\n"},
        {HEAD SIGN "  modem: /x\n  numbers: [\"0900 000 001\"]\n",
         AT_DEADMAN "numbers: 3 to 15 digits each\n"},
        {HEAD SIGN "  modem: /x\n  numbers: [\"12\"]\n",
         AT_DEADMAN "numbers: 3 to 15 digits each\n"},
        {HEAD SIGN "  modem: /x\n  numbers: [\"113\", \"114\", \"113\"]\n",
         AT_DEADMAN "numbers: one is given twice\n"},
        {HEAD SIGN MODEM "  text: Gọi ngay trực ban trung tâm dữ liệu và Điện lực tỉnh.\n",
         AT_DEADMAN "text: more than 48 characters\n"},
        {HEAD "checks: []\ndeadman:\n  check: a/b\n  centre: Trung tâm IOC tỉnh Khánh Hòa\n"
              "  program: [/x]\n",
         "probe.yaml:8:3: deadman: centre: more than 24 characters\n"
         "probe.yaml:8:3: deadman.check: \"a/b\" is no check of this file at the probe's own site; "
         "write type/name\n"},
        {HEAD "checks:\n  - {type: http, name: far, target: \"http://h/\", site: S2}\n"
              "deadman:\n  check: http/far\n  centre: IOC\n  after: 0s\n  program: [/x]\n",
         "probe.yaml:11:10: deadman.after must be between 1s and 1d\n"
         "probe.yaml:9:3: deadman.check: \"http/far\" is no check of this file at the probe's own "
         "site; write type/name\n"},
        {HEAD "checks: []\ndeadman:\n  program: [/x]\n",
         "probe.yaml:8:3: deadman.check is missing: Check (type/name, at the probe's own site) "
         "that "
         "is the centre's sign of life, such as an http check of its /readyz?max_age_s=300. "
         "Degraded is one; failed and unknown are none.\n"
         "probe.yaml:8:3: deadman.centre is missing: What people call the centre; at most 24 "
         "characters.\n"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_errors(rows[i].text, rows[i].expected);
}

static void test_a_list_that_fits_no_message_is_refused(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_str(&text, HEAD "checks:\n");
    for (int i = 0; i < 500; i++)
        buf_printf(&text,
                   "  - type: tcp\n    name: a-name-of-considerable-length-%d\n    target: h:1\n"
                   "    units: [5g@operator-a, 5g@operator-b]\n",
                   i);
    struct probe_config config = {0};
    struct conf_errors errors;
    assert_int_equal(
        probe_config_read_text("f", (struct slice){text.data, text.len}, &config, &errors),
        ERR_SYNTAX);
    assert_string_equal(errors.text.data, "f: checks: the list of 500 checks does not fit the "
                                          "65536 bytes of one message\n");
    conf_errors_done(&errors);
    buf_done(&text);
}

static void test_the_list_says_what_the_file_says(void **state)
{
    (void)state;
    struct probe_config config = {0};
    struct conf_errors errors;
    assert_int_equal(
        probe_config_read_text("f",
                               slice_of(HEAD "checks:\n"
                                             "  - type: iface\n    name: up\n    target: eth0\n"
                                             "    units: [link, 5g@a]\n    interval: 10s\n"
                                             "    timeout: 2s\n"
                                             "  - type: tcp\n    name: t\n    target: h:1\n"
                                             "    site: S2\n    role: info\n    cause: power\n"
                                             "    ttl: 2min\n"),
                               &config, &errors),
        0);
    assert_int_equal(probe_config_find(&config, "iface/up"), 0);
    assert_int_equal(probe_config_find(&config, "tcp/t"), 2); /* at another site */
    struct buf out;
    buf_init(&out, PACK_BYTES_MAX);
    assert_int_equal(checklist_of_config(&config, INT64_C(1790000000123456), START_UNSAID, &out),
                     0);
    assert_string_equal(
        out.data,
        "{\"checks\":[{\"name\":\"iface/up\",\"site\":\"S1\",\"units\":[\"link\",\"5g@a\"],"
        "\"interval_ms\":10000,\"timeout_ms\":2000,\"ttl_ms\":22000,\"role\":\"required\","
        "\"cause\":\"transport\"},{\"name\":\"tcp/t\",\"site\":\"S2\",\"units\":[],"
        "\"interval_ms\":30000,\"timeout_ms\":5000,\"ttl_ms\":120000,\"role\":\"info\","
        "\"cause\":\"power\"}],\"t\":1790000000.123456}");
    struct body body;
    struct reason why;
    assert_int_equal(body_read((struct slice){out.data, out.len},
                               (struct wall_ms){INT64_C(1790000001000)}, &body, &why),
                     0);
    body_done(&body);
    buf_done(&out);
    conf_errors_done(&errors);
    probe_config_done(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_mistake_is_told_at_once),
        cmocka_unit_test(test_mistakes_about_the_deadman_have_their_place),
        cmocka_unit_test(test_a_list_that_fits_no_message_is_refused),
        cmocka_unit_test(test_the_list_says_what_the_file_says),
    };
    return cmocka_run_group_tests_name("probe_config", tests, NULL, NULL);
}
