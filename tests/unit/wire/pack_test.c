#include "wire/pack.h"

#include "base/err.h"
#include "unit.h"
#include "wire/seconds.h"

#include <math.h>

#define PART64 "a-23456789:12345678.12345678_12345678901234567890123456789012345"

static void parts_follow_rfc_8428(void **state)
{
    (void)state;

    static const struct {
        const char *name;
        size_t parts;
    } cases[] = {
        {"S1", 1},        {"S1/icmp/core-1/rtt", 4},
        {"a:b.c_d-e", 1}, {"", 0},
        {"/", 0},         {"a/", 0},
        {"/a", 0},        {"a//b", 0},
        {"-a", 0},        {"a/_b", 0},
        {"a/b/c/d/e", 0}, {"a b", 0},
        {"a@b", 0},       {"\xc3\xa9", 0},
        {PART64, 1},      {PART64 "6", 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice part[PACK_PARTS];
        size_t n = pack_split(slice_of(cases[i].name), part);
        if (n != cases[i].parts)
            fail_msg("%s has %zu parts", cases[i].name, n);
        assert_int_equal(pack_part_ok(slice_of(cases[i].name)), cases[i].parts == 1);
        assert_int_equal(pack_check_ok(slice_of(cases[i].name)), cases[i].parts == 2);
    }
    assert_false(pack_part_ok((struct slice){0}));
    assert_true(pack_check_ok(slice_of("icmp/core-1")));
    assert_true(slice_is(pack_check_type(slice_of("icmp/core-1")), "icmp"));
}

static struct reading sample(void)
{
    return (struct reading){.site = slice_of("S1"),
                            .check = slice_of("icmp/core-1"),
                            .metric = slice_of("rtt"),
                            .unit = slice_of("ms"),
                            .time_us = 1790000000123456,
                            .number = 12.5};
}

static void judges_a_reading(void **state)
{
    (void)state;
    struct reading bad[9];
    for (size_t i = 0; i < 9; i++)
        bad[i] = sample();
    bad[0].site = slice_of("S 1");
    bad[1].check = slice_of("icmp");
    bad[2].metric = slice_of("a/b");
    bad[3].metric = slice_of("time");
    bad[4].metric = slice_of("x_text");
    bad[5].time_us = SECONDS_ABSOLUTE_US - 1;
    bad[6].number = INFINITY;
    bad[7].metric = slice_of("state");
    bad[8].unit = slice_of("123456789012345678901234567890123");
    static const int errs[9] = {ERR_SYNTAX, ERR_SYNTAX, ERR_SYNTAX, ERR_DENIED,  ERR_DENIED,
                                ERR_RANGE,  ERR_RANGE,  ERR_TYPE,   ERR_TOO_LONG};
    struct reading good = sample();
    assert_int_equal(pack_reading_check(&good, NULL), 0);
    for (size_t i = 0; i < 9; i++) {
        struct reason why = {""};
        assert_int_equal(pack_reading_check(&bad[i], &why), errs[i]);
        assert_true(why.text[0]);
    }
}

static void a_state_is_a_verdict(void **state)
{
    (void)state;
    struct reading reading = sample();
    enum verdict verdict = VERDICT_UNKNOWN;
    reading.number = 2;
    assert_false(pack_verdict(&reading, &verdict));
    reading.metric = slice_of("state");
    assert_true(pack_verdict(&reading, &verdict));
    assert_int_equal(verdict, VERDICT_FAILED);
    static const double none[] = {-1, 4, 1.5, 1e300};
    for (size_t i = 0; i < 4; i++) {
        reading.number = none[i];
        assert_false(pack_verdict(&reading, &verdict));
        assert_int_equal(pack_reading_check(&reading, NULL), ERR_TYPE);
    }
    reading.number = 1;
    reading.kind = READING_FLAG;
    assert_int_equal(pack_reading_check(&reading, NULL), ERR_TYPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_follow_rfc_8428),
        cmocka_unit_test(judges_a_reading),
        cmocka_unit_test(a_state_is_a_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
