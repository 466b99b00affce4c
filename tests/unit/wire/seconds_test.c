#include "wire/seconds.h"

#include "base/err.h"
#include "base/rng.h"
#include "unit.h"

#include <stdio.h>

static void reads_to_the_nearest_microsecond(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        int64_t us;
    } cases[] = {
        {"0", 0},
        {"1790000000", 1790000000000000},
        {"1790000000.123456", 1790000000123456},
        {"1790000000.1", 1790000000100000},
        {"1790000000.1234564", 1790000000123456},
        {"1790000000.1234565", 1790000000123457},
        {"1790000000.9999999999", 1790000001000000},
        {"1.79e9", 1790000000000000},
        {"1.276020076001e+09", 1276020076001000},
        {"-5", -5000000},
        {"-0.0000005", 0},
        {"253402300800", SECONDS_MAX_US},
        {"4102444800.000001", 4102444800000001},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t us = -1;
        assert_int_equal(seconds_read(slice_of(cases[i].text), &us), 0);
        assert_int_equal(us, cases[i].us);
    }
}

static void refuses_what_is_no_time(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        int err;
    } cases[] = {
        {"", ERR_SYNTAX},
        {"1.", ERR_SYNTAX},
        {".5", ERR_SYNTAX},
        {"01", ERR_SYNTAX},
        {"1x", ERR_SYNTAX},
        {"1.5.5", ERR_SYNTAX},
        {"-", ERR_SYNTAX},
        {"253402300801", ERR_RANGE},
        {"9999999999999", ERR_RANGE},
        {"1e99", ERR_RANGE},
        {"-253402300801", ERR_RANGE},
        {"1e999", ERR_RANGE},
        {"99999999999999999999999999.5", ERR_RANGE},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t us = 7;
        assert_int_equal(seconds_read(slice_of(cases[i].text), &us), cases[i].err);
        assert_int_equal(us, 7);
    }
}

static void writes_what_reads_back(void **state)
{
    (void)state;
    struct rng rng = {1};
    struct buf out;
    buf_init(&out, 64);
    for (int i = 0; i < 100000; i++) {
        int64_t us = (int64_t)rng_below(&rng, (uint64_t)INT64_C(4400000000000000));
        buf_clear(&out);
        seconds_write(&out, us);
        int64_t again = -1;
        assert_int_equal(seconds_read((struct slice){out.data, out.len}, &again), 0);
        assert_int_equal(again, us);
        double seconds = 0;
        assert_int_equal(sscanf(out.data, "%lf", &seconds), 1);
        assert_int_equal(seconds_from_double(seconds, &again), 0);
        assert_int_equal(again, us);
    }
    buf_clear(&out);
    seconds_write(&out, -1500000);
    assert_string_equal(out.data, "-1.500000");
    buf_done(&out);
}

static void evidence_rounds_halves_up(void **state)
{
    (void)state;

    static const struct {
        int64_t us, ms;
    } cases[] = {{0, 0},  {499, 0},  {500, 1},   {1499, 1},   {1500, 2},  {999500, 1000},
                 {-1, 0}, {-500, 0}, {-501, -1}, {-1500, -1}, {-1501, -2}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(seconds_to_wall(cases[i].us).ms, cases[i].ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_to_the_nearest_microsecond),
        cmocka_unit_test(refuses_what_is_no_time),
        cmocka_unit_test(writes_what_reads_back),
        cmocka_unit_test(evidence_rounds_halves_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
