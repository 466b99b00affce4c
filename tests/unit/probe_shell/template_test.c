#include "shell/template.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_checks(const char *probe, const char *checks, struct probe_config *config)
{
    char text[2048];
    struct conf_errors errors;
    snprintf(text, sizeof text, "probe: {id: p1, site: S1, %s}\nbroker: {host: h}\nchecks:\n%s",
             probe, checks);
    int err = probe_config_read_text("p.yaml", slice_of(text), config, &errors);
    if (err)
        fail_msg("%s", errors.text.data);
    conf_errors_done(&errors);
}

static const char whole[] =
    "  - {type: power, name: plant, target: /dev/ttyUSB0, profile: contacts8}\n"
    "  - {type: icmp, name: centre, target: 10.0.0.1}\n"
    "  - {type: tcp, name: 4g, target: 'h:1'}\n"
    "  - {type: tcp, name: 5g, target: 'h:2'}\n"
    "  - {type: host, name: self}\n";

static void a_base_station_takes_five_lines(void **state)
{
    (void)state;
    struct probe_config config;
    struct buf out;
    read_checks("template: bts, units: [4g@a, 5g@a]", whole, &config);

    static const struct {
        size_t units;
        const char *first;
        int cause;
    } wanted[] = {{2, "4g@a", CAUSE_POWER},
                  {2, "4g@a", CAUSE_TRANSPORT},
                  {1, "4g@a", CAUSE_NONE}, /* by its type: fault */
                  {1, "5g@a", CAUSE_NONE},
                  {0, "", CAUSE_NONE}};

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const struct check_common *check = probe_config_check(&config, i);
        assert_int_equal(check->units.len, wanted[i].units);
        assert_string_equal(check->units.text[0], wanted[i].first);
        assert_int_equal(check->cause, wanted[i].cause);
        assert_int_equal(check->role, ROLE_REQUIRED);
    }
    buf_init(&out, 4096);
    assert_int_equal(template_missing(&config, &out), 0);
    buf_done(&out);
    probe_config_done(&config);
}

static void what_is_missing_is_named(void **state)
{
    (void)state;

    static const struct {
        const char *template;
        unsigned missing;
        const char *line;
    } cases[] = {
        {"bts", 4,
         "bts: 5g has no required check of power (mains, battery); add to checks: - {type: power"},
        {"bts", 4, "bts: 4g has no required check of power"},
        {"bts", 4, "bts: 5g has no required check of transport"},
        {"bts", 4, "bts: 4g has no required check of transport"},
        {"fibre", 4, "fibre: 4g has no required check of transport"},
        {"network", 2, "network: 5g has no required check of transport"},
        {"service", 0, ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char probe[128];
        struct probe_config config;
        struct buf out;
        snprintf(probe, sizeof probe, "template: %s, units: [4g, 5g]", cases[i].template);
        read_checks(probe,
                    "  - {type: tcp, name: 4g, target: 'h:1'}\n"
                    "  - {type: tcp, name: x, target: 'h:1', units: [5g]}\n",
                    &config);
        buf_init(&out, 4096);
        assert_int_equal(template_missing(&config, &out), cases[i].missing);
        assert_non_null(strstr(out.data ? out.data : "", cases[i].line));
        buf_done(&out);
        probe_config_done(&config);
    }
}

static void what_the_file_says_stands(void **state)
{
    (void)state;
    struct probe_config config;
    read_checks("template: bts, units: [4g, 5g]",
                "  - {type: icmp, name: centre, target: a, units: [5g], cause: third_party}\n"
                "  - {type: power, name: p, target: a, profile: contacts8, role: info}\n"
                "  - {type: tcp, name: 4g, target: 'h:1', site: S2}\n",
                &config);
    const struct check_common *centre = probe_config_check(&config, 0);
    assert_int_equal(centre->units.len, 1);
    assert_int_equal(centre->cause, CAUSE_THIRD_PARTY);
    assert_int_equal(probe_config_check(&config, 1)->units.len, 0); /* info */
    assert_int_equal(probe_config_check(&config, 2)->units.len, 0); /* of another site */
    probe_config_done(&config);
}

static void a_template_needs_the_units(void **state)
{
    (void)state;
    struct probe_config config;
    struct conf_errors errors;
    static const char text[] = "probe: {id: p1, site: S1, template: bts}\nbroker: {host: h}\n"
                               "checks:\n  - {type: tcp, name: 4g, target: 'h:1'}\n";
    assert_int_not_equal(probe_config_read_text("p.yaml", slice_of(text), &config, &errors), 0);
    assert_non_null(strstr(errors.text.data, "units"));
    conf_errors_done(&errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_base_station_takes_five_lines),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(what_the_file_says_stands),
        cmocka_unit_test(a_template_needs_the_units),
    };
    setenv("IOC_PROFILES", IOC_SOURCE_DIR "/deploy/profiles", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
