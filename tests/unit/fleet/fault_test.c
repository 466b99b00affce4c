#include "fault.h"

#include "base/err.h"
#include "unit.h"

#include <string.h>

static void reads_lines(void **state)
{
    (void)state;

    static const struct {
        const char *line;
        struct fault fault;
    } cases[] = {
        {"0:45 down bts-1/5g@a", {45000, FAULT_DOWN, "bts-1/5g@a", 0, FAULT_FOREVER_MS}},
        {"  3:30\tcut lk 4:00  # the fibre", {210000, FAULT_CUT, "lk", 0, 240000}},
        {"90s flap x 6 8s", {90000, FAULT_FLAP, "x", 6, 8000}},
        {"1:05.5 drift lk -26 50s", {65500, FAULT_DRIFT, "lk", -26, 50000}},
        {"2min reboot ?bts", {120000, FAULT_REBOOT, "?bts", 0, 2000}},
        {"-3d down x 1.5h", {-259200000, FAULT_DOWN, "x", 0, 5400000}},
        {"-0:30 kill x 30s", {-30000, FAULT_KILL, "x", 0, 30000}},
        {"500ms clock x -90 1h", {500, FAULT_CLOCK, "x", -90, 3600000}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char why[FAULT_WHY_MAX];
        struct fault f;
        assert_int_equal(fault_read(slice_of(cases[i].line), true, &f, why), 0);
        assert_int_equal(f.at_ms, cases[i].fault.at_ms);
        assert_int_equal(f.action, cases[i].fault.action);
        assert_string_equal(f.target, cases[i].fault.target);
        assert_near(f.number, cases[i].fault.number, 0);
        assert_int_equal(f.duration_ms, cases[i].fault.duration_ms);
    }
}

static void says_what_is_wrong(void **state)
{
    (void)state;

    static const struct {
        const char *line;
        int err;
        const char *why;
    } cases[] = {
        {"", ERR_END, NULL},
        {"  # nothing", ERR_END, NULL},
        {"soon down x", ERR_SYNTAX, "\"soon\" is no time after the start (1:30, 90s, -2h)"},
        {"- down x", ERR_SYNTAX, "\"-\" is no time after the start (1:30, 90s, -2h)"},
        {"1:60 down x", ERR_SYNTAX, "\"1:60\" is no time after the start (1:30, 90s, -2h)"},
        {"0:10 break x", ERR_UNKNOWN, "unknown action \"break\""},
        {"0:10 down", ERR_MISSING, "an action and a target are needed: down bts-1 30s"},
        {"0:10 down x 30", ERR_SYNTAX, "\"30\" is no duration (30s, 500ms, 2min, 1:30)"},
        {"0:10 flap x", ERR_MISSING, "flap takes a number of times"},
        {"0:10 down x 30s y", ERR_SYNTAX, "\"y\" is one word too many"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char why[FAULT_WHY_MAX] = "";
        struct fault f;
        assert_int_equal(fault_read(slice_of(cases[i].line), true, &f, why), cases[i].err);
        if (cases[i].why)
            assert_string_equal(why, cases[i].why);
    }
}

static void a_person_gives_no_time(void **state)
{
    char why[FAULT_WHY_MAX];
    struct fault f;
    (void)state;
    assert_int_equal(fault_read(slice_of("down bts-1 30s"), false, &f, why), 0);
    assert_int_equal(f.at_ms, 0);
    assert_int_equal(f.duration_ms, 30000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_lines),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(a_person_gives_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
