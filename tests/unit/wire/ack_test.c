#include "wire/ack.h"

#include "base/err.h"
#include "unit.h"

static void says_only_what_it_says(void **state)
{
    (void)state;
    struct ack ack;
    assert_int_equal(ack_read(slice_of("{\"now\":1790000000.5}"), &ack, NULL), 0);
    assert_true(ack.epoch == 0);
    assert_int_equal(ack.now_us, INT64_C(1790000000500000));
    assert_false(ack.gap);
    assert_int_equal(ack.hold.len, 0);
    assert_int_equal(ack.n_refused, 0);
    ack_done(&ack);
    assert_int_equal(ack_read(slice_of("{\"hold\":\"bound reached\"}"), &ack, NULL), 0);
    assert_true(slice_is(ack.hold, "bound reached"));
    assert_int_equal(ack.now_us, 0);
    ack_done(&ack);
    assert_int_equal(ack_read(slice_of("{\"epoch\":\"00000000000000ff\",\"upto\":0,\"gap\":true,"
                                       "\"refused\":[[3,\"x\"],[4,\"\"]]}"),
                              &ack, NULL),
                     0);
    assert_true(ack.epoch == 0xff);
    assert_true(ack.gap);
    assert_int_equal(ack.n_refused, 2);
    assert_int_equal(ack.refused[0].seq, 3);
    assert_true(slice_is(ack.refused[0].reason, "x"));
    ack_done(&ack);
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
        {"7", ERR_TYPE, "not an object"},
        {"{\"upto\":1}", ERR_MISSING, "missing: epoch"},
        {"{\"epoch\":\"00000000000000ff\"}", ERR_MISSING, "missing: upto"},
        {"{\"epoch\":\"00000000000000ff\",\"upto\":1.5}", ERR_TYPE, "wrong type of upto"},
        {"{\"epoch\":\"0000000000000000\",\"upto\":1}", ERR_SYNTAX,
         "not 16 lowercase hex digits above 0: epoch"},
        {"{\"gap\":1}", ERR_TYPE, "wrong type of gap"},
        {"{\"hold\":false}", ERR_TYPE, "wrong type of hold"},
        {"{\"refused\":[[1]]}", ERR_TYPE, "wrong type of refused"},
        {"{\"refused\":[[\"1\",\"x\"]]}", ERR_TYPE, "wrong type of an item of a list"},
        {"{\"must_\":0}", ERR_UNKNOWN, "member must_ must be understood"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ack ack = {.upto = 99};
        struct reason why = {"accepted"};
        int err = ack_read(slice_of(cases[i].text), &ack, &why);
        if (err != cases[i].err || strcmp(why.text, cases[i].why) != 0)
            fail_msg("%s: %d %s", cases[i].text, err, why.text);
        assert_int_equal(ack.upto, 99);
    }
}

static void a_long_reason_is_cut_so_that_it_reads_back(void **state)
{
    (void)state;
    char text[ACK_TEXT_MAX + 50];
    memset(text, 'a', sizeof text);
    text[ACK_TEXT_MAX - 1] = (char)0xc3;
    text[ACK_TEXT_MAX] = (char)0xa9;
    struct ack ack = {.hold = {text, sizeof text}};
    struct buf out;
    buf_init(&out, 1000);
    ack_write(&out, &ack);
    struct ack again;
    assert_int_equal(ack_read(slice_of(out.data), &again, NULL), 0);
    assert_int_equal(again.hold.len, ACK_TEXT_MAX);
    assert_int_equal(again.hold.at[ACK_TEXT_MAX - 1], '?');
    ack_done(&again);
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_only_what_it_says),
        cmocka_unit_test(refuses_with_a_reason),
        cmocka_unit_test(a_long_reason_is_cut_so_that_it_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
