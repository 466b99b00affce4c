#include "wire/json.h"

#include "base/err.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#define LIT(text)              \
    {                          \
        text, sizeof(text) - 1 \
    }

static void accepts_rfc_8259(void **state)
{
    (void)state;
    static const struct slice good[] = {
        LIT("null"),
        LIT(" true\n"),
        LIT("false"),
        LIT("-0.5e+10"),
        LIT("1e999"),
        LIT("\"\""),
        LIT("[]"),
        LIT("{}"),
        LIT(" [ 1 , \"a\" , { \"b\" : [ ] } ]\r\n\t"),
        LIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\""),
        LIT("\"\x7f\""),
        LIT("\"\xc3\xa9 \xe1\xbb\x87 \xf0\x9f\x98\x80\""),
        LIT("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"),
        LIT("{\"a\":1,\"a\":2}"),
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct reason why = {""};
        if (json_check(good[i], &why))
            fail_msg("%.*s: %s", (int)good[i].len, good[i].at, why.text);
    }
}

static void refuses_with_the_place(void **state)
{
    (void)state;

    static const struct {
        struct slice text;
        const char *why;
    } bad[] = {
        {LIT(""), "not JSON at byte 1"},
        {LIT(" "), "not JSON at byte 2"},
        {LIT("[1,]"), "not JSON at byte 4"},
        {LIT("[1 2]"), "not JSON at byte 4"},
        {LIT("{\"a\" 1}"), "not JSON at byte 6"},
        {LIT("{a:1}"), "not JSON at byte 2"},
        {LIT("{\"a\":1,}"), "not JSON at byte 8"},
        {LIT("[\"ab"), "not JSON at byte 5"},
        {LIT("\"a\nb\""), "not JSON at byte 3"},
        {LIT("\"a\\x\""), "not JSON at byte 3"},
        {LIT("\"\\u00g0\""), "not JSON at byte 2"},
        {LIT("\"\\u0000\""), "not JSON at byte 2"},
        {LIT("\"\\ud800\""), "not JSON at byte 2"},
        {LIT("\"\\ud800\\u0041\""), "not JSON at byte 2"},
        {LIT("\"\\udc00\""), "not JSON at byte 2"},
        {LIT("\"\\"), "not JSON at byte 2"},
        {LIT("\"\\u12"), "not JSON at byte 2"},
        {LIT("\"\xc3\""), "not JSON at byte 2"},
        {LIT("\"\xc0\x80\""), "not JSON at byte 2"},
        {LIT("\"\xed\xa0\x80\""), "not JSON at byte 2"},
        {LIT("\"\xf4\x90\x80\x80\""), "not JSON at byte 2"},
        {LIT("\"12345678\xff\""), "not JSON at byte 10"},
        {LIT("01"), "not JSON at byte 1"},
        {LIT("1."), "not JSON at byte 1"},
        {LIT("+1"), "not JSON at byte 1"},
        {LIT("-"), "not JSON at byte 1"},
        {LIT("1e"), "not JSON at byte 1"},
        {LIT("NaN"), "not JSON at byte 1"},
        {LIT("nul"), "not JSON at byte 1"},
        {LIT("truex"), "not JSON at byte 5"},
        {LIT("1 1"), "not JSON at byte 3"},
        {LIT("\xef\xbb\xbf[]"), "not JSON at byte 1"},
        {LIT("[1]\0"), "not JSON at byte 4"},
        {LIT("\0"), "not JSON at byte 1"},
        {LIT("[1\0]"), "not JSON at byte 3"},
        {LIT("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"), "nested more than 16 deep at byte 17"},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct reason why = {"accepted"};
        (void)!json_check(bad[i].text, &why);
        if (strcmp(why.text, bad[i].why) != 0)
            fail_msg("%.*s: %s", (int)bad[i].text.len, bad[i].text.at, why.text);
    }
}

static void a_number_is_bounded(void **state)
{
    (void)state;
    char text[JSON_NUMBER_MAX + 2];
    memset(text, '1', sizeof text);
    assert_int_equal(json_check((struct slice){text, JSON_NUMBER_MAX}, NULL), 0);
    assert_int_equal(json_check((struct slice){text, JSON_NUMBER_MAX + 1}, NULL), ERR_SYNTAX);
}

static void unescapes(void **state)
{
    (void)state;

    static const struct {
        struct slice text;
        const char *plain;
    } cases[] = {
        {LIT("\"a\\\"\\\\\\/b\""), "a\"\\/b"},
        {LIT("\"\\b\\f\\n\\r\\t\""), "\b\f\n\r\t"},
        {LIT("\"\\u0041\\u00E9\\u1ec7\\ud83d\\ude00\""), "A\xc3\xa9\xe1\xbb\x87\xf0\x9f\x98\x80"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json j = json_scan(cases[i].text);
        struct slice raw;
        bool escaped = false;
        assert_int_equal(json_text(&j, &raw, &escaped), 0);
        assert_true(escaped);
        char *to = malloc(raw.len);
        size_t len = json_unescape(raw, to);
        assert_true(slice_is((struct slice){to, len}, cases[i].plain));
        free(to);
    }
}

static void puts_text_that_is_always_json(void **state)
{
    (void)state;

    static const struct {
        struct slice text;
        const char *json;
    } cases[] = {
        {LIT("plain"), "\"plain\""},
        {LIT("a\"b\\c"), "\"a\\\"b\\\\c\""},
        {LIT("\b\f\n\r\t\x01\x1f\x7f"), "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\""},
        {LIT("m\xe1\xba\xa5t \xf0\x9f\x98\x80"), "\"m\xe1\xba\xa5t \xf0\x9f\x98\x80\""},
        {LIT("a\xff\xc3"), "\"a?\?\""},
        {LIT("a\0b"), "\"a?b\""},
        {LIT(""), "\"\""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out;
        buf_init(&out, 100);
        json_put_text(&out, cases[i].text);
        assert_string_equal(out.data, cases[i].json);
        assert_int_equal(json_check((struct slice){out.data, out.len}, NULL), 0);
        buf_done(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_rfc_8259),
        cmocka_unit_test(refuses_with_the_place),
        cmocka_unit_test(a_number_is_bounded),
        cmocka_unit_test(unescapes),
        cmocka_unit_test(puts_text_that_is_always_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
