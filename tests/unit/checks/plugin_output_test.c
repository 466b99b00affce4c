#include "checks/plugin/plugin_output.h"

#include "unit.h"

static void assert_part(struct slice part, const char *text)
{
    if (!slice_is(part, text))
        fail_msg("\"%.*s\" is not \"%s\"", (int)part.len, part.at ? part.at : "", text);
}

/* Nagios Core, "Plugin API", the example of several lines. */
static void long_output_is_taken_apart(void **state)
{
    static const struct {
        const char *output, *text, *first, *rest;
    } cases[] = {
        {"DISK OK - free space: / 3326 MB (56%); | /=2643MB;5948;5958;0;5968\n/ 15272 MB (77%);\n"
         "/boot 68 MB (69%);\n/var/log 819 MB (84%); | /boot=68MB;88;93;0;98\n/home=69357MB",
         "DISK OK - free space: / 3326 MB (56%);", " /=2643MB;5948;5958;0;5968",
         " /boot=68MB;88;93;0;98\n/home=69357MB"},
        {"  fine\r\n", "fine", "", ""},
        {"", "", "", ""},
        {"|", "", "", ""},
        {"\n|a=1", "", "", "a=1"},
        {"x|a=1|b=2", "x", "a=1|b=2", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plugin_output parts = plugin_output_split(slice_of(cases[i].output));
        assert_part(parts.text, cases[i].text);
        assert_part(parts.perf[0], cases[i].first);
        assert_part(parts.perf[1], cases[i].rest);
    }
    assert_int_equal(plugin_output_split((struct slice){0}).text.len, 0);
}

static void the_exit_code_is_the_verdict(void **state)
{
    (void)state;
    assert_int_equal(plugin_output_verdict(0), VERDICT_OK);
    assert_int_equal(plugin_output_verdict(1), VERDICT_DEGRADED);
    assert_int_equal(plugin_output_verdict(2), VERDICT_FAILED);
    assert_int_equal(plugin_output_verdict(3), VERDICT_UNKNOWN);
    assert_int_equal(plugin_output_verdict(4), VERDICT_UNKNOWN);
    assert_int_equal(plugin_output_verdict(127), VERDICT_UNKNOWN);
    assert_int_equal(plugin_output_verdict(-1), VERDICT_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_output_is_taken_apart),
        cmocka_unit_test(the_exit_code_is_the_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
