#include "shell/status_text.h"

#include "shell/once.h"
#include "unit.h"

#include <string.h>

static void test_every_sentence_stands_in_both_languages(void **state)
{
    (void)state;
    for (int i = 0; i < STATUS_TEXTS; i++) {
        assert_true(strlen(status_text(STATUS_ENGLISH, (enum status_text)i)) > 0);
        assert_true(strlen(status_text(STATUS_VIETNAMESE, (enum status_text)i)) > 0);
    }
}

static void test_languages(void **state)
{
    (void)state;
    assert_int_equal(status_text_language("vi_VN.UTF-8"), STATUS_VIETNAMESE);
    assert_int_equal(status_text_language("vi"), STATUS_VIETNAMESE);
    assert_int_equal(status_text_language("visible"), STATUS_ENGLISH);
    assert_int_equal(status_text_language("C"), STATUS_ENGLISH);
    assert_int_equal(status_text_language(NULL), STATUS_ENGLISH);
}

static void expect_duration(int64_t ms, const char *expected)
{
    struct buf out;
    buf_init(&out, 64);
    status_text_duration(&out, ms);
    assert_string_equal(out.data, expected);
    buf_done(&out);
}

static void test_durations(void **state)
{
    (void)state;
    expect_duration(-5, "0 s");
    expect_duration(59999, "59 s");
    expect_duration(60000, "1 min");
    expect_duration(61000, "1 min 1 s");
    expect_duration(3600000 + 59000, "1 h");
    expect_duration(3 * INT64_C(86400000) + 4 * 3600000, "3 d 4 h");
}

static void test_columns_count_letters_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(status_text_width("Đầu đo"), 6);
    struct buf out;
    buf_init(&out, 64);
    status_text_padded(&out, "tốt", 5);
    assert_string_equal(out.data, "tốt  ");
    buf_done(&out);
}

static void test_the_table_is_aligned(void **state)
{
    (void)state;
    static const struct conf_kind icmp = {.word = "icmp"};
    struct check_common a = {.name = "core-1"}, b = {.name = "x"};
    struct conf_item items[] = {{.kind = &icmp, .object = &a}, {.kind = &icmp, .object = &b}};
    struct probe_config config = {.checks = {items, 2}};
    struct result result[] = {
        {.known = true, .verdict = VERDICT_OK, .values = "rtt 1 ms"},
        {.known = true, .verdict = VERDICT_FAILED, .values = "loss 100 %", .reason = "no answer"}};
    struct results results = {result, 2};
    struct buf out;
    buf_init(&out, 4096);
    once_table(&config, &results, STATUS_VIETNAMESE, &out);
    assert_string_equal(out.data, "icmp/core-1  tốt   rtt 1 ms\n"
                                  "icmp/x       HỎNG  loss 100 %; no answer\n");
    buf_done(&out);
}

static void test_the_worst_decides(void **state)
{
    (void)state;
    struct result result[] = {{.known = true, .verdict = VERDICT_OK}, {.known = false}};
    struct results results = {result, 2};
    assert_int_equal(results_worst(&results), VERDICT_OK);
    result[1] = (struct result){.known = true, .verdict = VERDICT_UNKNOWN};
    assert_int_equal(results_worst(&results), VERDICT_UNKNOWN);
    result[0].verdict = VERDICT_DEGRADED;
    assert_int_equal(results_worst(&results), VERDICT_DEGRADED);
    result[1].verdict = VERDICT_FAILED;
    assert_int_equal(results_worst(&results), VERDICT_FAILED);
    results.len = 0;
    assert_int_equal(results_worst(&results), VERDICT_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_sentence_stands_in_both_languages),
        cmocka_unit_test(test_languages),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_columns_count_letters_not_bytes),
        cmocka_unit_test(test_the_table_is_aligned),
        cmocka_unit_test(test_the_worst_decides),
    };
    return cmocka_run_group_tests_name("status_text", tests, NULL, NULL);
}
