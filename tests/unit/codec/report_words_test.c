#include "codec/report_words.h"

#include "core/life.h"
#include "unit.h"
#include "wire/verdict.h"

#include <string.h>

static void numbers_stand_apart_in_thousands(void **state)
{
    (void)state;

    static const struct {
        int64_t value;
        const char *vi, *en;
    } cases[] = {
        {0, "0", "0"},
        {999, "999", "999"},
        {1000, "1.000", "1,000"},
        {30451, "30.451", "30,451"},
        {590467, "590.467", "590,467"},
        {1000000, "1.000.000", "1,000,000"},
        {-100, "-100", "-100"},
        {-1234567, "-1.234.567", "-1,234,567"},
        {INT64_MIN, "-9.223.372.036.854.775.808", "-9,223,372,036,854,775,808"},
    };

    char text[REPORT_VALUE_MAX];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(report_number(REPORT_VI, cases[i].value, text), cases[i].vi);
        assert_string_equal(report_number(REPORT_EN, cases[i].value, text), cases[i].en);
    }
}

static void times_are_local_with_the_clock_first(void **state)
{
    (void)state;
    static const int64_t zone_ms = INT64_C(7) * 3600000;
    char text[REPORT_VALUE_MAX];
    assert_string_equal(report_time((struct wall_ms){0}, zone_ms, text), "07:00 01/01/1970");
    assert_string_equal(report_time((struct wall_ms){0}, -zone_ms, text), "17:00 31/12/1969");
    assert_string_equal(report_time((struct wall_ms){INT64_C(1795331100000)}, zone_ms, text),
                        "14:05 22/11/2026");
}

static void values_take_their_places(void **state)
{
    (void)state;
    static const char *const values[] = {"26", "{0}"};
    struct buf out;
    buf_init(&out, 1000);
    report_say(&out, REPORT_EN, PHRASE_BTS, values, 2);
    assert_string_equal(out.data, "1. Base stations down: 26/{0}");
    buf_done(&out);
}

/* Nothing is said in one language only; a place too many would be seen by a reader. */
static void every_phrase_exists_in_both_languages(void **state)
{
    (void)state;
    for (int language = 0; language < REPORT_LANGUAGES; language++) {
        for (int phrase = 0; phrase < PHRASES; phrase++) {
            static const char *const values[] = {"", "", "", "", ""};
            struct buf out;
            buf_init(&out, 1000);
            report_say(&out, (enum report_language)language, (enum report_phrase)phrase, values, 5);
            assert_true(out.len > 0);
            assert_null(strchr(out.data, '{'));
            buf_done(&out);
        }
        for (int cause = 0; cause < CAUSE_NONE; cause++)
            assert_true(report_cause((enum report_language)language, cause)[0]);
        for (int stage = 0; stage < LIFE_STAGES; stage++)
            assert_true(report_stage((enum report_language)language, stage)[0]);
        assert_string_equal(report_cause((enum report_language)language, CAUSE_NONE), "");
        assert_string_equal(report_stage((enum report_language)language, -1), "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_stand_apart_in_thousands),
        cmocka_unit_test(times_are_local_with_the_clock_first),
        cmocka_unit_test(values_take_their_places),
        cmocka_unit_test(every_phrase_exists_in_both_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
