#include "wire/pack_reader.h"

#include "base/buf.h"
#include "base/err.h"
#include "unit.h"

#include <stdlib.h>

#define NOW_MS INT64_C(1790000000000)
#define NOW_US (NOW_MS * 1000)

static struct pack_reader reader;

static int setup(void **state)
{
    (void)state;
    return pack_reader_init(&reader);
}

static int teardown(void **state)
{
    (void)state;
    pack_reader_done(&reader);
    return 0;
}

static int read_as(const char *text, enum pack_origin origin, struct reason *why)
{
    return pack_reader_read(&reader, slice_of(text), origin, (struct wall_ms){NOW_MS}, why);
}

/* The pack gives exactly this one reading. */
static void expect(const char *text, enum pack_origin origin, const struct reading *want)
{
    struct reason why = {""};
    int err = read_as(text, origin, &why);
    if (err || reader.len != 1)
        fail_msg("%s: %d %s, %zu readings", text, err, why.text, reader.len);
    const struct reading *got = &reader.readings[0];
    assert_true(slice_equal(got->site, want->site));
    assert_true(slice_equal(got->check, want->check));
    assert_true(slice_equal(got->metric, want->metric));
    assert_true(slice_equal(got->unit, want->unit));
    assert_int_equal(got->time_us, want->time_us);
    assert_int_equal(got->kind, want->kind);
    assert_true(got->number == want->number);
    assert_int_equal(got->flag, want->flag);
    assert_true(slice_equal(got->text, want->text));
}

static struct reading sample(void)
{
    return (struct reading){.site = slice_of("S1"),
                            .check = slice_of("icmp/core-1"),
                            .metric = slice_of("rtt"),
                            .time_us = NOW_US,
                            .number = 1};
}

static void joins_base_and_name_wherever_they_are_cut(void **state)
{
    (void)state;
    static const char *const packs[] = {
        "[{\"bn\":\"S1/\",\"n\":\"icmp/core-1/rtt\",\"t\":1790000000,\"v\":1}]",
        "[{\"n\":\"S1/icmp/core-1/rtt\",\"t\":1790000000,\"v\":1}]",
        "[{\"bn\":\"S1/icmp/core-1/rtt\",\"t\":1790000000,\"v\":1}]",
        "[{\"bn\":\"S1/icmp/core-1/rtt\",\"n\":\"\",\"t\":1790000000,\"v\":1}]",
        "[{\"bn\":\"S1/icmp/\",\"n\":\"core-1/rtt\",\"t\":1790000000,\"v\":1}]",
        "[{\"bn\":\"S1/icmp/core-1/\",\"n\":\"rtt\",\"t\":1790000000,\"v\":1}]",
        "[{\"bn\":\"S\",\"n\":\"1/icmp/core-1/rtt\",\"t\":1790000000,\"v\":1}]",
        "[{\"bn\":\"S1/icmp/core-\",\"n\":\"1/rtt\",\"t\":1790000000,\"v\":1}]",
        "[{\"n\":\"icmp/core-1/rtt\",\"t\":1790000000,\"v\":1,\"bn\":\"S1/\"}]",
        "[{\"b\\u006e\":\"\\u00531\\/\",\"n\":\"icmp/core-1/rtt\",\"t\":1790000000,\"v\":1}]",
        "[{\"bn\":\"S1/\",\"n\":\"icmp\\/core-1/r\\u0074t\",\"t\":1790000000,\"v\":1}]",
        " [ {\"bn\":\"S1/\",\"bt\":1790000000 } , {\"n\" : \"icmp/core-1/rtt\" , \"v\" : 1 } ] ",
    };
    struct reading want = sample();
    for (size_t i = 0; i < sizeof packs / sizeof *packs; i++)
        expect(packs[i], PACK_STREAM, &want);
}

static void resolves_every_label(void **state)
{
    (void)state;
    struct reading want = sample();
    want.unit = slice_of("ms");
    want.number = 12.5;
    want.time_us = NOW_US - 5500000;
    expect("[{\"bn\":\"S1/\",\"bt\":1790000000.5,\"bu\":\"ms\",\"bv\":10,\"bver\":10,\"bs\":1,"
           "\"n\":\"icmp/core-1/rtt\",\"t\":-6,\"v\":2.5,\"s\":3,\"ut\":10,\"x\":[{\"y\":null}]}]",
           PACK_STREAM, &want);
    want.unit = slice_of("s");
    expect("[{\"bn\":\"S1/\",\"bt\":1790000000,\"bu\":\"ms\",\"n\":\"icmp/core-1/rtt\",\"u\":\"s\","
           "\"t\":-5.5,\"v\":12.5}]",
           PACK_STREAM, &want);
    want.unit = slice_of("");
    want.number = 0;
    want.kind = READING_FLAG;
    want.flag = true;
    expect("[{\"bn\":\"S1/\",\"bv\":3,\"n\":\"icmp/core-1/rtt\",\"t\":1789999994.5,\"vb\":true}]",
           PACK_STREAM, &want);
    want.kind = READING_TEXT;
    want.flag = false;
    want.text = slice_of("m\xe1\xba\xa5t \"\xf0\x9f\x98\x80\"\n");
    expect("[{\"bn\":\"S1/\",\"n\":\"icmp/core-1/rtt\",\"t\":1789999994.5,"
           "\"vs\":\"m\xe1\xba\xa5t \\\"\\ud83d\\ude00\\\"\\n\"}]",
           PACK_STREAM, &want);
}

static void bases_hold_from_their_record_on(void **state)
{
    (void)state;
    assert_int_equal(read_as("[{\"bn\":\"S1/\",\"bt\":1790000000,\"n\":\"a/b/c\",\"v\":1},"
                             "{\"n\":\"a/b/d\",\"t\":1,\"vb\":false},"
                             "{\"bn\":\"S2/\",\"n\":\"a/b/c\",\"v\":2},"
                             "{\"bt\":1790000010,\"bv\":1,\"bu\":\"V\"},"
                             "{\"n\":\"a/b/e\",\"v\":2},"
                             "{\"n\":\"a/b/f\",\"s\":7},{\"n\":\"a/b/g\",\"vd\":\"AQID\"}]",
                             PACK_STREAM, NULL),
                     0);

    static const struct {
        const char *site, *metric, *unit;
        int64_t time_us;
        double number;
    } want[] = {{"S1", "c", "", NOW_US, 1},
                {"S1", "d", "", NOW_US + 1000000, 0},
                {"S2", "c", "", NOW_US, 2},
                {"S2", "e", "V", NOW_US + 10000000, 3}};

    assert_int_equal(reader.len, 4);
    assert_int_equal(reader.skipped, 2);
    for (size_t i = 0; i < 4; i++) {
        assert_true(slice_is(reader.readings[i].site, want[i].site));
        assert_true(slice_is(reader.readings[i].metric, want[i].metric));
        assert_true(slice_is(reader.readings[i].unit, want[i].unit));
        assert_int_equal(reader.readings[i].time_us, want[i].time_us);
        assert_true(reader.readings[i].number == want[i].number);
    }
}

static void plain_times_may_be_relative(void **state)
{
    (void)state;
    struct reading want = sample();
    expect("[{\"n\":\"S1/icmp/core-1/rtt\",\"v\":1}]", PACK_PLAIN, &want);
    want.time_us = NOW_US - 90000000;
    expect("[{\"n\":\"S1/icmp/core-1/rtt\",\"t\":-90,\"v\":1}]", PACK_PLAIN, &want);
    expect("[{\"bt\":-100,\"n\":\"S1/icmp/core-1/rtt\",\"t\":10,\"v\":1}]", PACK_PLAIN, &want);
    want.time_us = INT64_C(268435456000000);
    expect("[{\"n\":\"S1/icmp/core-1/rtt\",\"t\":268435456,\"v\":1}]", PACK_PLAIN, &want);
    expect("[{\"n\":\"S1/icmp/core-1/rtt\",\"t\":268435456,\"v\":1}]", PACK_STREAM, &want);
    want.time_us = NOW_US + INT64_C(86400000000);
    expect("[{\"n\":\"S1/icmp/core-1/rtt\",\"t\":86400,\"v\":1}]", PACK_PLAIN, &want);
}

#define REST "\"t\":1790000000,\"v\":1}]"

static const struct {
    const char *text;
    int err;
    const char *why;
} refusals[] = {
    {"", ERR_SYNTAX, "not JSON at byte 1"},
    {"{}", ERR_TYPE, "not a list of records"},
    {"[1]", ERR_TYPE, "not an object in record 1"},
    {"[{},]", ERR_MISSING, "no value in record 1"},
    {"[{\"n\":\"S1/a/b/c\",\"t\":1790000000,\"v\":1},]", ERR_SYNTAX, "not JSON at byte 40"},
    {"[{\"n\":\"S1/a/b/c\",\"t\":1790000000,\"v\":01}]", ERR_SYNTAX, "not JSON at byte 37"},
    {"[{\"n\":\"S1/a/b/c\" " REST, ERR_SYNTAX, "not JSON at byte 18"},
    {"[{\"n\":\"S1/a/b/c\",\"foo_\":1," REST, ERR_UNKNOWN, "label foo_ must be understood"},
    {"[{\"n\":7," REST, ERR_TYPE, "wrong type of n in record 1"},
    {"[{\"n\":\"S1/a/b/c\",\"t\":\"now\",\"v\":1}]", ERR_TYPE, "wrong type of t in record 1"},
    {"[{\"n\":\"S1/a/b/c\",\"t\":1790000000,\"vb\":1}]", ERR_TYPE, "wrong type of vb in record 1"},
    {"[{\"n\":\"S1/a/b/c\",\"t\":1790000000,\"v\":null}]", ERR_TYPE, "wrong type of v in record 1"},
    {"[{\"n\":\"S1/a/b/c\",\"t\":1790000000}]", ERR_MISSING, "no value in record 1"},
    {"[{\"n\":\"S1/a/b/c\",\"vs\":\"x\"," REST, ERR_EXISTS, "two values in record 1"},
    {"[{\"n\":\"S1/a/b/c\",\"v\":1," REST, ERR_EXISTS, "a label twice in record 1"},
    {"[{\"bver\":11,\"n\":\"S1/a/b/c\"," REST, ERR_VERSION,
     "a version of SenML above 10 in record 1"},
    {"[{\"n\":\"a/b/c\"," REST, ERR_SYNTAX, "name is not site/type/name/metric in record 1"},
    {"[{\"bn\":\"S1/\",\"n\":\"a/b/c/d\"," REST, ERR_SYNTAX,
     "name is not site/type/name/metric in record 1"},
    {"[{\"n\":\"S1/a/b/c d\"," REST, ERR_SYNTAX, "name is not site/type/name/metric in record 1"},
    {"[{" REST, ERR_SYNTAX, "name is not site/type/name/metric in record 1"},
    {"[{\"n\":\"S1/a/b/time\"," REST, ERR_DENIED, "metric time is reserved"},
    {"[{\"n\":\"S1/a/b/c\",\"v\":1}]", ERR_RANGE, "time is not absolute in record 1"},
    {"[{\"n\":\"S1/a/b/c\",\"t\":1790086400.000001,\"v\":1}]", ERR_RANGE,
     "time more than a day ahead in record 1"},
    {"[{\"n\":\"S1/a/b/c\",\"t\":1e300,\"v\":1}]", ERR_RANGE, "number out of range in record 1"},
    {"[{\"n\":\"S1/a/b/c\",\"t\":1790000000,\"v\":1e999}]", ERR_RANGE,
     "number out of range in record 1"},
    {"[{\"n\":\"S1/a/b/c\",\"t\":1790000000,\"bv\":1e308,\"v\":1e308}]", ERR_RANGE,
     "a value is out of range"},
    {"[{\"n\":\"S1/a/b/state\",\"t\":1790000000,\"v\":4}]", ERR_TYPE,
     "a state is not 0, 1, 2 or 3"},
    {"[{\"n\":\"S1/a/b/state\",\"t\":1790000000,\"vb\":true}]", ERR_TYPE,
     "a state is not 0, 1, 2 or 3"},
};

#undef REST

static void refuses_with_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct reason why = {"accepted"};
        int err = read_as(refusals[i].text, PACK_STREAM, &why);
        if (err != refusals[i].err || strcmp(why.text, refusals[i].why) != 0)
            fail_msg("%s: %d %s", refusals[i].text, err, why.text);
        assert_int_equal(reader.len, 0);
    }
}

static void every_cut_of_a_pack_is_refused(void **state)
{
    (void)state;
    static const char text[] =
        "[{\"bn\":\"S1/\",\"bt\":1790000000.123456,\"n\":\"icmp/a/rtt\",\"u\":\"ms\",\"v\":1.5},"
        "{\"n\":\"icmp/a/up\",\"vb\":true},{\"n\":\"icmp/a/x\",\"vs\":\"\\u00e9\"}]";
    for (size_t len = 0; len < sizeof text - 1; len++) {
        char *copy = malloc(len ? len : 1);
        memcpy(copy, text, len);
        struct reason why;
        assert_int_not_equal(pack_reader_read(&reader, (struct slice){copy, len}, PACK_STREAM,
                                              (struct wall_ms){NOW_MS}, &why),
                             0);
        free(copy);
    }
    assert_int_equal(read_as(text, PACK_STREAM, NULL), 0);
    assert_int_equal(reader.len, 3);
}

static void bounds_hold(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 2 * PACK_BYTES_MAX);
    buf_str(&text, "[{\"bn\":\"S1/a/b/c\",\"bt\":1790000000,\"v\":1}");
    for (size_t i = 1; i < PACK_READINGS_MAX; i++)
        buf_str(&text, ",{\"v\":1}");
    buf_char(&text, ']');
    assert_int_equal(read_as(text.data, PACK_STREAM, NULL), 0);
    assert_int_equal(reader.len, PACK_READINGS_MAX);
    buf_cut(&text, text.len - 1);
    buf_str(&text, ",{\"v\":1}]");
    assert_int_equal(read_as(text.data, PACK_STREAM, NULL), ERR_FULL);
    buf_clear(&text);
    buf_str(&text, "[]");
    while (text.len < PACK_BYTES_MAX)
        buf_char(&text, ' ');
    assert_int_equal(read_as(text.data, PACK_STREAM, NULL), 0);
    buf_char(&text, ' ');
    assert_int_equal(read_as(text.data, PACK_STREAM, NULL), ERR_TOO_LONG);
    buf_done(&text);
}

static void the_largest_join_fits_or_is_refused(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 2 * PACK_BYTES_MAX);
    char part[PACK_PART_MAX + 1];
    memset(part, 'a', PACK_PART_MAX);
    part[PACK_PART_MAX] = '\0';
    buf_printf(&text, "[{\"bn\":\"%s/%s/%s/\",\"bt\":1790000000}", part, part, part);
    for (int i = 0; i < 3000; i++)
        buf_str(&text, ",{\"n\":\"b\",\"v\":1}");
    buf_char(&text, ']');
    assert_int_equal(read_as(text.data, PACK_STREAM, NULL), ERR_FULL);
    assert_int_equal(reader.len, 0);
    buf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_base_and_name_wherever_they_are_cut),
        cmocka_unit_test(resolves_every_label),
        cmocka_unit_test(bases_hold_from_their_record_on),
        cmocka_unit_test(plain_times_may_be_relative),
        cmocka_unit_test(refuses_with_a_reason),
        cmocka_unit_test(every_cut_of_a_pack_is_refused),
        cmocka_unit_test(bounds_hold),
        cmocka_unit_test(the_largest_join_fits_or_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
