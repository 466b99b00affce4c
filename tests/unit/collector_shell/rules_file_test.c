#include "shell/rules_file.h"

#include "base/err.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where deploy/examples stands. */
#define EXAMPLE IOC_SOURCE_DIR "/deploy/examples/rules.yaml"

static struct rules_file *file;

static int make_file(void **state)
{
    (void)state;
    file = calloc(1, sizeof *file);
    return file ? 0 : -1;
}

static int free_file(void **state)
{
    (void)state;
    free(file);
    return 0;
}

static void the_example_is_well(void **state)
{
    (void)state;
    struct conf_errors errors;
    int err = rules_file_read(EXAMPLE, NULL, file, &errors);
    if (err)
        fail_msg("%s", errors.text.data);
    assert_int_equal(file->rules.len, 16);
    assert_int_equal(file->rules.targets, 4);
    assert_int_equal(file->rules.target[0].fallback, 1);
    assert_true(file->rules.target[3].mirror);
    assert_int_equal(file->rules.target[3].cap, 0);
    const struct rule *first = &file->rules.rule[0];
    assert_int_equal(first->condition, RULE_DOWN);
    assert_int_equal(first->scope.kind, SITE_BTS);
    assert_int_equal(first->severity, SEVERITY_MAJOR);
    assert_int_equal(first->for_ms, 60000);
    assert_int_equal(first->targets, 1 | 8);
    assert_int_equal(first->step[0].targets, 2);
    conf_errors_done(&errors);
}

/* What a condition needs beside the common keys. */
static const char *const KEYS[RULE_CONDITIONS] = {
    [RULE_PEOPLE] = "    people: 7\n",
    [RULE_COVERAGE] = "    technology: 4g\n    below: 0.9\n    clear: 1\n",
    [RULE_SHARE] = "    above: 0.5\n    clear: 0.5\n",
    [RULE_LATE] = "    after: 1h\n",
    [RULE_DROP] = "    technology: 4g\n    above: 0.05\n    clear: 0.02\n",
    [RULE_AVAILABILITY] = "    kind: bts\n    below: 0.99\n    clear: 0.995\n",
    [RULE_BUDGET] = "    kind: bts\n    below: 0.99\n    clear: 0.99\n",
    [RULE_METRIC] = "    check: icmp\n    metric: rtt\n    is: above\n    limit: 200\n"
                    "    clear: 150\n",
    [RULE_CHANGE] = "    check: sfp/uplink\n    metric: rx_power\n    is: below\n    limit: 6\n"
                    "    clear: 3\n",
    [RULE_CERTIFICATE] = "    days: 21\n",
};

/* Every condition of the map is one of the file, in its order. */
static void every_condition_can_be_written(void **state)
{
    (void)state;
    for (int c = 0; c < RULE_CONDITIONS; c++) {
        char text[512];
        struct conf_errors errors;
        const char *more = KEYS[c] ? KEYS[c] : "";
        snprintf(text, sizeof text,
                 "targets:\n  - name: t\n    type: webhook\n    url: http://h/\nrules:\n"
                 "  - name: r\n    type: %s\n    severity: minor\n    targets: [t]\n%s",
                 rules_condition_word(c), more);
        if (rules_file_read_text("r.yaml", slice_of(text), NULL, file, &errors) != 0)
            fail_msg("%s", errors.text.data);
        assert_int_equal(file->rules.rule[0].condition, c);
        conf_errors_done(&errors);
    }
}

static void an_escalation_is_a_list_of_steps(void **state)
{
    (void)state;
    static const char head[] = "targets:\n  - {name: t, type: webhook, url: \"http://h/\"}\n"
                               "  - {name: u, type: webhook, url: \"http://h/\"}\nrules:\n"
                               "  - {name: r, type: down, severity: minor, targets: [t], ";

    static const struct {
        const char *text, *wrong;
    } cases[] = {
        {"escalation: [\"10min t\", \"25min u  t\"]}\n", NULL},
        {"escalation: [\"soon t\"]}\n", "escalation: \"soon\" must be a duration"},
        {"escalation: [\"10min\"]}\n", "escalation: a step says whom to tell"},
        {"escalation: [\"10min x\"]}\n", "escalation: there is no target \"x\""},
        {"escalation: [\"10min t\", \"10min u\"]}\n", "each step comes later"},
        {"escalation: [\"1s t\"], escalate_after: 5s, escalate_to: [t]}\n", "is there instead of"},
        {"escalation: [1s t, 2s t, 3s t, 4s t, 5s t, 6s t, 7s t, 8s t, 9s t]}\n",
         "has more than 8 steps"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        struct conf_errors errors;
        snprintf(text, sizeof text, "%s%s", head, cases[i].text);
        int err = rules_file_read_text("r.yaml", slice_of(text), NULL, file, &errors);
        if ((err != 0) != (cases[i].wrong != NULL) ||
            (cases[i].wrong && !strstr(errors.text.data, cases[i].wrong)))
            fail_msg("%s: %s", cases[i].text, errors.text.data ? errors.text.data : "");
        if (i == 0) {
            const struct rule *rule = &file->rules.rule[0];
            assert_int_equal(rule->steps, 2);
            assert_int_equal(rule->step[0].after_ms, 600000);
            assert_int_equal(rule->step[0].targets, 1);
            assert_int_equal(rule->step[1].after_ms, 1500000);
            assert_int_equal(rule->step[1].targets, 3);
        }
        conf_errors_done(&errors);
    }
}

static void thresholds_and_scopes_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const char text[] =
        "targets:\n  - name: t\n    type: webhook\n    url: http://h/\n"
        "rules:\n"
        "  - {name: a, type: metric, severity: minor, targets: [t], "
        "check: a/b/c, metric: time, is: below, limit: 5, clear: 4}\n"
        "  - {name: b, type: metric, severity: minor, targets: [t], "
        "check: icmp, metric: rtt, is: above, limit: 5, clear: 6, operator: a}\n"
        "  - {name: c, type: availability, severity: minor, targets: [t], "
        "below: 0.9, clear: 0.8}\n"
        "  - {name: d, type: change, severity: minor, targets: [t], "
        "check: sfp, metric: rx, limit: 5, clear: 6, is: sideways}\n"
        "  - {name: e, type: share_out, severity: minor, targets: [t], "
        "above: 0.2, clear: 0.1, kind: bts, criticality: high}\n"
        "  - {name: f, type: certificate, severity: minor, targets: [t], "
        "days: 30}\n";
    static const char *const wanted[] = {
        "r.yaml:6:5: clear: must not be below \"limit\"",
        "r.yaml:6:5: check: \"a/b/c\" is neither TYPE nor TYPE/NAME",
        "r.yaml:6:5: metric: no metric can be called \"time\"",
        "r.yaml:7:5: clear: must not be above \"limit\"",
        "r.yaml:7:5: operator: metric is of all operators",
        "r.yaml:8:5: clear: must not be below \"below\"",
        "r.yaml:8:5: kind: is needed",
        "r.yaml:9:5: clear: must not be above \"limit\"",
        "r.yaml:9:108: ",
        "r.yaml:10:5: kind: share_out is of all kinds of sites",
        "r.yaml:10:5: criticality: ",
        "r.yaml:11:5: clear: must not be below \"days\"",
    };
    struct conf_errors errors;
    assert_int_equal(rules_file_read_text("r.yaml", slice_of(text), NULL, file, &errors),
                     ERR_SYNTAX);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!strstr(errors.text.data, wanted[i]))
            fail_msg("no \"%s\" in:\n%s", wanted[i], errors.text.data);
    conf_errors_done(&errors);
}

static void every_mistake_is_told_at_once(void **state)
{
    (void)state;
    static const char text[] = "targets:\n"
                               "  - name: t\n"
                               "    type: webhook\n"
                               "    url: ftp://h/\n"
                               "    fallback: nobody\n"
                               "rules:\n"
                               "  - name: a\n"
                               "    type: baseline\n"
                               "  - name: b\n"
                               "    type: coverage\n"
                               "    technology: 4g\n"
                               "    below: 7\n"
                               "    clear: 0.5\n"
                               "    severity: minor\n"
                               "    targets: [t]\n"
                               "  - name: c\n"
                               "    type: share_out\n"
                               "    above: 0.2\n"
                               "    clear: 0.3\n"
                               "    severity: grave\n"
                               "    targets: [x]\n"
                               "    area: nowhere\n"
                               "    vi: \"{places} down\"\n";
    static const char *const wanted[] = {
        "r.yaml:2:5: url: begins with http:// or https://",
        "r.yaml:2:5: fallback: there is no other target \"nobody\"",
        "r.yaml:8:11: rules: the type \"baseline\"",
        "r.yaml:12:12: ",
        "r.yaml:16:5: clear: must not be above \"above\"",
        "r.yaml:20:15: ",
        "r.yaml:16:5: targets: there is no target \"x\"",
        "r.yaml:16:5: area: the inventory has no \"nowhere\"",
        "r.yaml:16:5: vi: there is no variable \"places\"",
    };
    struct conf_errors errors;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    assert_int_equal(rules_file_read_text("r.yaml", slice_of(text), inv, file, &errors),
                     ERR_SYNTAX);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!strstr(errors.text.data, wanted[i]))
            fail_msg("no \"%s\" in:\n%s", wanted[i], errors.text.data);
    conf_errors_done(&errors);
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_is_well),
        cmocka_unit_test(every_condition_can_be_written),
        cmocka_unit_test(an_escalation_is_a_list_of_steps),
        cmocka_unit_test(thresholds_and_scopes_that_cannot_be_are_refused),
        cmocka_unit_test(every_mistake_is_told_at_once),
    };
    return cmocka_run_group_tests(tests, make_file, free_file);
}
