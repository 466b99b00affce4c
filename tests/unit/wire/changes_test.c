#include "wire/changes.h"

#include "base/err.h"
#include "unit.h"

#include <string.h>

static void what_the_centre_may_change_is_taken(void **state)
{
    static const char *const messages[] = {
        "{\"checks\":{}}",
        "{\"checks\":{\"icmp/core-1\":{\"interval\":\"5s\",\"degraded_rtt_ms\":100}}}",
        "{\"checks\":{\"S2/tcp/ssh\":{\"target\":\"10.0.0.9:22\",\"timeout\":\"500ms\","
        "\"ttl\":\"1min\",\"failed_loss_ratio\":\"0.5\"}}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        struct reason why = {""};
        size_t at = 0;
        assert_int_equal(changes_check(slice_of(messages[i]), &why, &at), 0);
    }
}

/* `at` is the byte at which the text named begins. */
static void mistakes_are_told_with_their_place(void **state)
{
    static const struct {
        const char *message;
        int err;
        const char *why, *at;
    } cases[] = {
        {"[]", ERR_TYPE, "not an object", "[]"},
        {"{\"checks\":{,}}", ERR_SYNTAX, NULL, ",}}"},
        {"{}", ERR_MISSING, NULL, "{}"},
        {"{\"checks\":[]}", ERR_TYPE, "checks must be an object", "\"checks\""},
        {"{\"check\":{}}", ERR_UNKNOWN, "check is not known", "\"check\""},
        {"{\"checks\":{\"icmp\":{}}}", ERR_SYNTAX, "icmp is no check: TYPE/NAME or SITE/TYPE/NAME",
         "\"icmp\""},
        {"{\"checks\":{\"a/b/c/d\":{}}}", ERR_SYNTAX, NULL, "\"a/b/c/d\""},
        {"{\"checks\":{\"icmp/a\":5}}", ERR_TYPE, "icmp/a must be keys with values", "\"icmp/a\""},
        {"{\"checks\":{\"icmp/a\":{\"units\":\"x\"}}}", ERR_DENIED,
         "units cannot be changed from the centre", "\"units\""},
        {"{\"checks\":{\"icmp/a\":{\"interval\":\"5s\"},\"icmp/b\":{\"interval\":\"5\"}}}",
         ERR_SYNTAX, "interval must be a duration with its unit, like 5s", "\"interval\":\"5\""},
        {"{\"checks\":{\"icmp/a\":{\"ttl\":5}}}", ERR_TYPE, NULL, "\"ttl\""},
        {"{\"checks\":{\"icmp/a\":{\"target\":true}}}", ERR_TYPE,
         "target must be a text or a number", "\"target\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reason why = {""};
        size_t at = 0;
        assert_int_equal(changes_check(slice_of(cases[i].message), &why, &at), cases[i].err);
        assert_int_equal(at, strstr(cases[i].message, cases[i].at) - cases[i].message);
        if (cases[i].why)
            assert_string_equal(why.text, cases[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_centre_may_change_is_taken),
        cmocka_unit_test(mistakes_are_told_with_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
