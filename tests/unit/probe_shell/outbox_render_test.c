#include "shell/outbox_render.h"

#include "base/err.h"
#include "shell/outbox_record.h"
#include "unit.h"
#include "wire/pack.h"

/* 12.5 s after the monotonic zero; the clock was 1,790,000,000 s ahead of it. */
#define OFFSET_MS INT64_C(1790000000000)

static void expect(const char *body, const char *expected)
{
    struct buf out;
    buf_init(&out, PACK_BYTES_MAX);
    assert_int_equal(outbox_render(slice_of(body), OFFSET_MS, &out), 0);
    assert_string_equal(out.data, expected);
    buf_done(&out);
}

static void test_times_become_absolute(void **state)
{
    (void)state;
    expect("[{\"bn\":\"S1/\",\"bt\":1000000012.500000,\"n\":\"tcp/a/state\",\"v\":0},"
           "{\"n\":\"tcp/a/banner\",\"vs\":\"x\"},"
           "{\"bt\":1000000013.000001,\"n\":\"tcp/a/state\",\"v\":2}]",
           "[{\"bn\":\"S1/\",\"bt\":1790000012.500000,\"n\":\"tcp/a/state\",\"v\":0},"
           "{\"n\":\"tcp/a/banner\",\"vs\":\"x\"},"
           "{\"bt\":1790000013.000001,\"n\":\"tcp/a/state\",\"v\":2}]");
    expect("{\"power_lost\":1000000012.500000}", "{\"power_lost\":1790000012.500000}");
    expect("{\"checks\":[],\"t\":1000000012.500000}", "{\"checks\":[],\"t\":1790000012.500000}");
}

static void test_what_is_no_pack_is_an_error(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, PACK_BYTES_MAX);
    assert_int_equal(outbox_render(slice_of("[{"), OFFSET_MS, &out), ERR_SYNTAX);
    assert_int_equal(outbox_render(slice_of("{\"x\":1}"), OFFSET_MS, &out), ERR_UNKNOWN);
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times_become_absolute),
        cmocka_unit_test(test_what_is_no_pack_is_an_error),
    };
    return cmocka_run_group_tests_name("outbox_render", tests, NULL, NULL);
}
