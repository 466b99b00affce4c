#include "checks/check_report.h"

#include "unit.h"

#include <math.h>

static void the_first_reason_of_the_worst_verdict_stays(void **state)
{
    (void)state;
    struct check_report r;
    check_report_clear(&r);
    assert_int_equal(r.verdict, VERDICT_OK);
    check_report_judge(&r, VERDICT_UNKNOWN, "cannot tell");
    assert_int_equal(r.verdict, VERDICT_UNKNOWN);
    check_report_judge(&r, VERDICT_DEGRADED, "slow by %d", 5);
    check_report_judge(&r, VERDICT_DEGRADED, "lossy");
    assert_string_equal(r.reason, "slow by 5");
    check_report_judge(&r, VERDICT_FAILED, "gone");
    check_report_judge(&r, VERDICT_UNKNOWN, "cannot tell");
    check_report_judge(&r, VERDICT_OK, "fine");
    assert_int_equal(r.verdict, VERDICT_FAILED);
    assert_string_equal(r.reason, "gone");
}

static void numbers_must_be_finite(void **state)
{
    (void)state;
    struct check_report r;
    check_report_clear(&r);
    check_report_number(&r, 0, NAN);
    check_report_number(&r, 1, INFINITY);
    check_report_number(&r, 2, -1.5);
    check_report_flag(&r, 3, true);
    assert_false(r.values[0].known);
    assert_false(r.values[1].known);
    assert_true(r.values[2].known && r.values[3].known);
    assert_near(r.values[2].number, -1.5, 0);
    assert_near(r.values[3].number, 1, 0);
}

static void texts_are_cut_and_made_printable(void **state)
{
    (void)state;
    struct check_report r;
    char lengthy[CHECK_TEXT_MAX + 10];
    memset(lengthy, 'a', sizeof lengthy);
    check_report_clear(&r);
    check_report_text(&r, 0, (struct slice){lengthy, sizeof lengthy});
    check_report_text(&r, 1, (struct slice){"a\0\x1b[2J\xff~", 8});
    assert_int_equal(strlen(r.values[0].text), CHECK_TEXT_MAX - 1);
    assert_string_equal(r.values[1].text, "a??[2J?~");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_reason_of_the_worst_verdict_stays),
        cmocka_unit_test(numbers_must_be_finite),
        cmocka_unit_test(texts_are_cut_and_made_printable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
