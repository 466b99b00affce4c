#include "base/num.h"

#include "base/err.h"
#include "base/rng.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void formats_the_shortest_text(void **state)
{
    (void)state;

    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-0.0, "-0"},
        {1, "1"},
        {0.1, "0.1"},
        {12.345, "12.345"},
        {-3.5, "-3.5"},
        {1e-9, "0.000000001"},
        {1e300, "1e+300"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1790000000.123456, "1790000000.123456"},
        {100, "100"},
        {0.05, "0.05"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[NUM_TEXT_MAX];
        size_t len = num_format(cases[i].value, text);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(len, strlen(text));
    }
}

static void agrees_with_the_c_library_both_ways(void **state)
{
    (void)state;
    struct rng rng = {20261122};
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = rng_next(&rng);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (i % 2)
            value = (double)(int64_t)(bits >> 20) / pow(10, (double)(bits % 8));
        if (!isfinite(value))
            continue;
        char text[NUM_TEXT_MAX];
        num_format(value, text);
        assert_true(strtod(text, NULL) == value);
        double again = 0;
        assert_int_equal(num_parse(slice_of(text), &again), 0);
        assert_memory_equal(&again, &value, sizeof value);
    }
}

static void refuses_what_json_refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {"",    "-",   "+1",  "01", "1.", ".5",  "1e", "1e+",
                                      "0x1", "nan", "inf", "1 ", " 1", "1,5", "--1"};
    double value = 7;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(num_parse(slice_of(bad[i]), &value), ERR_SYNTAX);
    assert_int_equal(num_parse(slice_of("1e999"), &value), ERR_RANGE);
    assert_true(value == 7);
}

static void integers_are_strict(void **state)
{
    (void)state;
    uint64_t u = 0;
    int64_t i = 0;
    assert_int_equal(num_parse_u64(slice_of("18446744073709551615"), &u), 0);
    assert_true(u == UINT64_MAX);
    assert_int_equal(num_parse_u64(slice_of("18446744073709551616"), &u), ERR_RANGE);
    assert_int_equal(num_parse_u64(slice_of("007"), &u), ERR_SYNTAX);
    assert_int_equal(num_parse_i64(slice_of("-9223372036854775808"), &i), 0);
    assert_true(i == INT64_MIN);
    assert_int_equal(num_parse_i64(slice_of("9223372036854775808"), &i), ERR_RANGE);
    assert_int_equal(num_parse_i64(slice_of("-"), &i), ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_the_shortest_text),
        cmocka_unit_test(agrees_with_the_c_library_both_ways),
        cmocka_unit_test(refuses_what_json_refuses),
        cmocka_unit_test(integers_are_strict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
