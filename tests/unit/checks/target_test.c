#include "checks/target.h"

#include "base/err.h"
#include "unit.h"

static void reads_hosts_and_ports(void **state)
{
    (void)state;

    static const struct {
        const char *text, *host;
        int port;
    } cases[] = {
        {"10.0.0.1", "10.0.0.1", 0},         {"10.0.0.1:53", "10.0.0.1", 53},
        {"core.example", "core.example", 0}, {"core.example:65535", "core.example", 65535},
        {"fd00::1", "fd00::1", 0},           {"[fd00::1]", "fd00::1", 0},
        {"[fd00::1]:443", "fd00::1", 443},   {"::1", "::1", 0},
        {"localhost", "localhost", 0},       {"example.org.", "example.org.", 0},
        {"_sip.example", "_sip.example", 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct target t;
        assert_int_equal(target_read(slice_of(cases[i].text), &t), 0);
        assert_string_equal(t.host, cases[i].host);
        assert_int_equal(t.port, cases[i].port);
    }
}

static void refuses_misspelt_ones(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        int err;
    } cases[] = {
        {"", ERR_SYNTAX},           {":80", ERR_SYNTAX},        {"host:", ERR_SYNTAX},
        {"host:0", ERR_RANGE},      {"host:65536", ERR_RANGE},  {"host:http", ERR_SYNTAX},
        {"10.0.0.256", ERR_SYNTAX}, {"10.0.0", ERR_SYNTAX},     {"1", ERR_SYNTAX},
        {"[fd00::1", ERR_SYNTAX},   {"[fd00::1]x", ERR_SYNTAX}, {"fd00:::1", ERR_SYNTAX},
        {"a b", ERR_SYNTAX},        {"a..b", ERR_SYNTAX},       {".a", ERR_SYNTAX},
        {"http://x/", ERR_SYNTAX},  {"[]:1", ERR_SYNTAX},
    };

    struct target t = {.port = 7};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(target_read(slice_of(cases[i].text), &t), cases[i].err);
    char lengthy[300];
    memset(lengthy, 'a', sizeof lengthy);
    assert_int_equal(target_read((struct slice){lengthy, sizeof lengthy}, &t), ERR_TOO_LONG);
    assert_int_equal(target_read((struct slice){lengthy, 64}, &t), ERR_SYNTAX);
    assert_int_equal(t.port, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_hosts_and_ports),
        cmocka_unit_test(refuses_misspelt_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
