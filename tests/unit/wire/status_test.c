#include "wire/status.h"

#include "base/err.h"
#include "unit.h"

#define HEAD "{\"state\":\"online\",\"boot\":\"00c0ffee00c0ffee\",\"conn\":3"

static void reads_a_will_and_a_summary(void **state)
{
    (void)state;
    struct status status;
    assert_int_equal(
        status_read(
            slice_of("{\"conn\":1,\"boot\":\"00c0ffee00c0ffee\",\"state\":\"offline\",\"new\":0}"),
            &status, NULL),
        0);
    assert_int_equal(status.state, STATUS_OFFLINE);
    assert_true(status.boot == 0x00c0ffee00c0ffee);
    assert_int_equal(status.conn, 1);
    assert_int_equal(status.time_us, 0);
    assert_int_equal(status.n_now, 0);
    status_done(&status);
    assert_int_equal(status_read(slice_of(HEAD ",\"now\":[[\"S1/icmp/a\",2,1790000000.25],"
                                               "[\"S2/tcp/b\",0,1790000001]]}"),
                                 &status, NULL),
                     0);
    assert_int_equal(status.n_now, 2);
    assert_true(slice_is(status.now[0].site, "S1"));
    assert_true(slice_is(status.now[0].check, "icmp/a"));
    assert_int_equal(status.now[0].verdict, VERDICT_FAILED);
    assert_int_equal(status.now[0].time_us, INT64_C(1790000000250000));
    assert_true(slice_is(status.now[1].check, "tcp/b"));
    assert_int_equal(status.clock, CLOCK_UNTRUSTED);
    status_done(&status);
}

static void reads_work_that_waits(void **state)
{
    (void)state;
    struct status status;
    assert_int_equal(status_read(slice_of(HEAD ",\"work\":{\"work\":1790000000.5,\"until\":"
                                               "1790003600.5,\"reason\":\"pin\",\"new\":1}}"),
                                 &status, NULL),
                     0);
    assert_int_equal(status.work.from_us, INT64_C(1790000000500000));
    assert_int_equal(status.work.until_us, INT64_C(1790003600500000));
    assert_true(slice_is(status.work.reason, "pin"));
    status_done(&status);
}

static void refuses_with_a_reason(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        int err;
        const char *why;
    } cases[] = {
        {"", ERR_SYNTAX, "not JSON at byte 1"},
        {"[]", ERR_TYPE, "not an object"},
        {"{}", ERR_MISSING, "missing: state"},
        {HEAD ",\"vital_\":1}", ERR_UNKNOWN, "member vital_ must be understood"},
        {"{\"state\":\"dead\",\"boot\":\"00c0ffee00c0ffee\",\"conn\":3}", ERR_UNKNOWN,
         "unknown word for state"},
        {"{\"state\":\"online\",\"boot\":\"00C0FFEE00C0FFEE\",\"conn\":3}", ERR_SYNTAX,
         "not 16 lowercase hex digits above 0: boot"},
        {"{\"state\":\"online\",\"boot\":\"00c0ffee00c0ffee\",\"conn\":0}", ERR_RANGE,
         "out of range: conn"},
        {"{\"state\":\"online\",\"boot\":\"00c0ffee00c0ffee\",\"conn\":9007199254740992}",
         ERR_RANGE, "out of range: conn"},
        {"{\"state\":\"online\",\"boot\":1,\"conn\":1}", ERR_TYPE, "wrong type of boot"},
        {HEAD ",\"t\":1}", ERR_RANGE, "not an absolute time: t"},
        {HEAD ",\"clock\":\"gps\"}", ERR_UNKNOWN, "unknown word for clock"},
        {HEAD ",\"backlog\":-1}", ERR_RANGE, "out of range: backlog"},
        {HEAD ",\"version\":\"123456789012345678901234567890123\"}", ERR_TOO_LONG,
         "too long: version"},
        {HEAD ",\"work\":1}", ERR_MISSING, "missing: work"},
        {HEAD ",\"work\":{\"work\":1790000000}}", ERR_MISSING, "missing: until"},
        {HEAD ",\"work\":{\"work\":1790000000,\"until\":1789999999}}", ERR_RANGE,
         "out of range: until"},
        {HEAD ",\"work\":{\"work\":1790000000,\"until\":1790604801}}", ERR_RANGE,
         "out of range: until"},
        {HEAD ",\"work\":{\"work\":1790000000,\"until\":1790000001,\"vital_\":1}}", ERR_UNKNOWN,
         "member vital_ must be understood"},
        {HEAD ",\"now\":{}}", ERR_TYPE, "wrong type of now"},
        {HEAD ",\"now\":[[\"S1/a/b\",0]]}", ERR_TYPE, "wrong type of now"},
        {HEAD ",\"now\":[{\"x\":\"S1/a/b\",\"y\":0,\"z\":1790000000}]}", ERR_TYPE,
         "wrong type of an item of a list"},
        {HEAD ",\"now\":[[\"a/b\",0,1790000000]]}", ERR_SYNTAX,
         "name is not site/type/name in now"},
        {HEAD ",\"now\":[[\"S1/a/b\",4,1790000000]]}", ERR_RANGE,
         "out of range: an item of a list"},
        {HEAD ",\"now\":[[\"S1/a/b\",0,-5]]}", ERR_RANGE,
         "not an absolute time: an item of a list"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct status status = {.conn = 99};
        struct reason why = {"accepted"};
        int err = status_read(slice_of(cases[i].text), &status, &why);
        if (err != cases[i].err || strcmp(why.text, cases[i].why) != 0)
            fail_msg("%s: %d %s", cases[i].text, err, why.text);
        assert_int_equal(status.conn, 99);
    }
}

static void a_summary_is_bounded(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 100000);
    buf_str(&text, HEAD ",\"now\":[[\"S1/a/b\",0,1790000000]");
    for (size_t i = 1; i < STATUS_NOW_MAX; i++)
        buf_str(&text, ",[\"S1/a/b\",0,1790000000]");
    size_t len = text.len;
    buf_str(&text, "]}");
    struct status status;
    assert_int_equal(status_read(slice_of(text.data), &status, NULL), 0);
    assert_int_equal(status.n_now, STATUS_NOW_MAX);
    status_done(&status);
    buf_cut(&text, len);
    buf_str(&text, ",[\"S1/a/b\",0,1790000000]]}");
    assert_int_equal(status_read(slice_of(text.data), &status, NULL), ERR_FULL);
    buf_done(&text);
}

static void words_are_those_of_the_contract(void **state)
{
    (void)state;
    assert_string_equal(status_word(STATUS_POWER_LOST), "power_lost");
    assert_string_equal(status_clock_word(CLOCK_CENTRE), "centre");
    assert_string_equal(status_word(4), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_will_and_a_summary),      cmocka_unit_test(reads_work_that_waits),
        cmocka_unit_test(refuses_with_a_reason),           cmocka_unit_test(a_summary_is_bounded),
        cmocka_unit_test(words_are_those_of_the_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
