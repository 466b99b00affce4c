#include "shell/work.h"

#include "unit.h"

#include <string.h>

static void durations_of_people(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        int64_t ms; /* 0 = refused */
    } cases[] = {{"60m", 3600000},   {"60min", 3600000},  {"2h", 7200000},
                 {"90s", 90000},     {"168h", 604800000}, {"169h", 0},
                 {"0m", 0},          {"60", 0},           {"m", 0},
                 {"1.5h", 0},        {"-5m", 0},          {"5d", 0},
                 {"99999999999h", 0}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ms = 0;
        assert_int_equal(work_duration(cases[i].text, &ms), cases[i].ms != 0);
        assert_int_equal(ms, cases[i].ms);
    }
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    static const char *const operands[] = {"start", "45m"};
    struct work_request said, heard;
    struct buf line;
    buf_init(&line, WORK_LINE_MAX);
    assert_null(work_operands(operands, 2, "thay ắc quy\ntủ 2", &said));
    work_write(&said, &line);
    buf_char(&line, '\0');
    assert_int_equal(line.err, 0);
    assert_string_equal(line.data, "work start 2700000 thay ắc quy tủ 2");
    assert_true(work_read(line.data, &heard));
    assert_int_equal(heard.deed, WORK_START);
    assert_int_equal(heard.ms, 2700000);
    assert_string_equal(heard.reason, said.reason);
    buf_done(&line);
    assert_true(work_read("work end", &heard));
    assert_int_equal(heard.deed, WORK_END);
    assert_true(work_read("work status", &heard));
    assert_int_equal(heard.deed, WORK_STATUS);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {"",
                                        "status",
                                        "work",
                                        "work begin",
                                        "work start",
                                        "work start 0 why",
                                        "work start 604800001 x"};
    static const char *const begin[] = {"begin"};
    static const char *const bare[] = {"start"};
    static const char *const full[] = {"start", "5m"};
    static const char *const end[] = {"end", "5m"};
    struct work_request r;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_false(work_read(lines[i], &r));
    assert_non_null(work_operands(begin, 1, "why", &r));
    assert_non_null(work_operands(bare, 1, "why", &r));
    assert_non_null(work_operands(full, 2, "", &r));
    assert_non_null(work_operands(full, 2, NULL, &r));
    assert_non_null(work_operands(end, 2, NULL, &r));
    assert_null(work_operands(end, 1, NULL, &r));
    assert_null(work_operands(NULL, 0, NULL, &r));
    assert_int_equal(r.deed, WORK_STATUS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_of_people),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
