#include "checks/plugin/plugin_perf.h"

#include "base/err.h"
#include "unit.h"

#include <stdio.h>

static struct plugin_perf one(const char *text)
{
    struct plugin_perf perf = {.unit = NULL};
    struct slice rest = slice_of(text);
    if (plugin_perf_next(&rest, &perf) != 0)
        fail_msg("%s is refused", text);
    assert_int_equal(plugin_perf_next(&rest, &perf), ERR_END);
    return perf;
}

static void values_come_in_our_units(void **state)
{
    static const struct {
        const char *text, *name, *unit;
        double value;
    } cases[] = {
        {"load1=0.310;5.000;10.000;0;", "load1", NULL, 0.31},
        {"time=0.004201s;;;0.000000;10.000000", "time_", "s", 0.004201},
        {"rta=1500us", "rta", "ms", 1.5},
        {"pl=45%;20;60;0", "pl", "/", 0.45},
        {"/=16454254592B;243497277849;257024904396;0;270552530944", "root", "B", 16454254592.0},
        {"/var/log=2KiB", "var_log", "B", 2048},
        {"mem=3MB", "mem", "B", 3e6},
        {"swap=.5GiB", "swap", "B", 536870912},
        {"in=12345c", "in", "count", 12345},
        {"'C: used %'=7", "C:_used", NULL, 7},
        {"'it''s'=-1.5e3", "it_s", NULL, -1500},
        {"'a=b'=+4", "a_b", NULL, 4},
        {"state=1", "state_", NULL, 1},
        {"time_text=1", "time_text_", NULL, 1},
        {"x=1furlong", "x", NULL, 1},
        {"t=21C", "t", "Cel", 21},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plugin_perf perf = one(cases[i].text);
        assert_string_equal(perf.name, cases[i].name);
        assert_near(perf.value, cases[i].value, 1e-9 * (1 + fabs(cases[i].value)));
        if (cases[i].unit)
            assert_string_equal(perf.unit, cases[i].unit);
        else
            assert_null(perf.unit);
    }
    assert_true(isnan(one("temp=U;10;20").value));
}

static void what_is_no_value_is_passed_over(void **state)
{
    static const char *const wrong[] = {
        "nothing",       "=1",      "a=",           "a=x",     "'open=1",   "a=1;2:1", "a=1;;;x",
        "a=1;1;1;1;1;1", "a=1;~",   "a=1;@",        "a=1;5:x", "''=1",      "...=1",   "a=nan",
        "a=inf",         "a=1e999", "a=0x10;;;;;1", "a'b=1",   "a=1;2;3;4z"};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[64];
        struct plugin_perf perf;
        snprintf(text, sizeof text, "%s b=2", wrong[i]);
        struct slice rest = slice_of(text);
        if (plugin_perf_next(&rest, &perf) != ERR_SYNTAX)
            fail_msg("%s is taken", wrong[i]);
        if (strchr(wrong[i], '\'') == wrong[i] && wrong[i][1] == 'o')
            continue; /* a quote that is never closed takes all with it */
        assert_int_equal(plugin_perf_next(&rest, &perf), 0);
        assert_string_equal(perf.name, "b");
    }
}

/* "Threshold and ranges": the table of the guidelines. */
static void ranges_alert_as_the_guidelines_say(void **state)
{
    static const struct {
        const char *range;
        double value;
        bool alerts;
    } cases[] = {
        {"10", -1, true},      {"10", 0, false},     {"10", 10, false},     {"10", 10.1, true},
        {"10:", 9.9, true},    {"10:", 10, false},   {"10:", 1e300, false}, {"~:10", -1e300, false},
        {"~:10", 10, false},   {"~:10", 11, true},   {"10:20", 9, true},    {"10:20", 20, false},
        {"10:20", 21, true},   {"@10:20", 9, false}, {"@10:20", 10, true},  {"@10:20", 20, true},
        {"@10:20", 21, false}, {"", 1e9, false},     {"-5:-1", -3, false},  {"-5:-1", 0, true},
        {":5", 3, false},      {":5", -1, true},     {"@~:0", -1, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plugin_range range;
        assert_int_equal(plugin_perf_range(slice_of(cases[i].range), &range), 0);
        if (plugin_perf_alerts(&range, cases[i].value) != cases[i].alerts)
            fail_msg("%g by the range %s", cases[i].value, cases[i].range);
        assert_false(plugin_perf_alerts(&range, NAN));
    }
}

static void many_stand_in_a_row(void **state)
{
    (void)state;
    struct plugin_perf perf;
    struct slice rest = slice_of("  a=1;@5:9;~:3\tb=2\nc=3;;\r\n");
    for (int i = 1; i <= 3; i++) {
        assert_int_equal(plugin_perf_next(&rest, &perf), 0);
        assert_near(perf.value, i, 0);
    }
    assert_int_equal(plugin_perf_next(&rest, &perf), ERR_END);
    assert_near(one("a=3B;2;~:7").crit.high, 7, 0);
    assert_true(plugin_perf_alerts(&(struct plugin_range){true, false, 0, 2}, one("a=3B;2").plain));
}

static void a_long_label_is_cut_or_refused(void **state)
{
    (void)state;
    char text[2000];
    struct plugin_perf perf;
    snprintf(text, sizeof text, "%0200d=1", 7);
    assert_true(strlen(one(text).name) <= PACK_PART_MAX);
    snprintf(text, sizeof text, "%01500d=1", 7);
    struct slice rest = slice_of(text);
    assert_int_equal(plugin_perf_next(&rest, &perf), ERR_SYNTAX);
    assert_int_equal(plugin_perf_next(&rest, &perf), ERR_END);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_in_our_units),
        cmocka_unit_test(what_is_no_value_is_passed_over),
        cmocka_unit_test(ranges_alert_as_the_guidelines_say),
        cmocka_unit_test(many_stand_in_a_row),
        cmocka_unit_test(a_long_label_is_cut_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
