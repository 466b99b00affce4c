#include "shell/outbox_state.h"

#include "base/err.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define WHOLE                                                                        \
    "ioc-probe outbox 3\nepoch 0123456789abcdef\nbase 4\nlow 6\nhigh 9\ndropped 2\n" \
    "running_ms 86400000\nreserved 41\nunwritten 3\nlife 00000000000000cc gasped\n"  \
    "clock 00000000000000aa -5\nclock 00000000000000bb 1790000000\nend\n"

static void test_both_ways(void **state)
{
    (void)state;
    struct outbox_state s;
    struct buf out;
    buf_init(&out, 8192);
    assert_int_equal(outbox_state_read(slice_of(WHOLE), &s), 0);
    assert_int_equal(s.epoch, UINT64_C(0x0123456789abcdef));
    assert_int_equal(s.low, 6);
    assert_int_equal(s.clocks, 2);
    assert_int_equal(s.unwritten, 3);
    assert_int_equal(s.reserved, 41);
    assert_true(s.life.known && s.life.gasped && !s.life.stopped);
    assert_int_equal(s.life.machine, 0xcc);
    assert_int_equal(s.clock[0].offset_ms, -5);
    outbox_state_write(&s, &out);
    assert_string_equal(out.data, WHOLE);
    buf_done(&out);
}

static void test_every_life_both_ways(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        struct outbox_state s, back;
        struct buf out;
        outbox_state_init(&s, 5);
        s.life = (struct last_life){
            .known = true, .stopped = i & 1, .gasped = i & 2, .machine = i & 4 ? 9 : 0};
        buf_init(&out, 8192);
        outbox_state_write(&s, &out);
        assert_int_equal(outbox_state_read((struct slice){out.data, out.len}, &back), 0);
        assert_memory_equal(&back.life, &s.life, sizeof s.life);
        buf_done(&out);
    }
}

/* What a probe of before wrote says nothing of its life. */
static void test_a_state_of_before_is_read(void **state)
{
    (void)state;
    struct outbox_state s;
    const char *old = "ioc-probe outbox 1\nepoch 0123456789abcdef\nbase 4\nlow 6\nhigh 9\nend\n";
    assert_int_equal(outbox_state_read(slice_of(old), &s), 0);
    assert_false(s.life.known);
    assert_int_equal(s.unwritten, 0);
    assert_int_equal(s.reserved, 0);
}

static void test_any_cut_or_nonsense_is_refused(void **state)
{
    (void)state;
    struct outbox_state s;
    for (size_t len = 0; len < strlen(WHOLE) - 1; len++)
        assert_int_equal(outbox_state_read((struct slice){WHOLE, len}, &s), ERR_CORRUPT);
    static const char more[] = WHOLE "more\n";
    static const char *const bad[] = {
        more,
        "ioc-probe outbox 1\nepoch 0123456789abcdef\nbase 6\nlow 6\nhigh 9\nend\n",
        "ioc-probe outbox 1\nepoch 0123456789abcdef\nlow 11\nhigh 9\nend\n",
        "ioc-probe outbox 1\nepoch 0123456789abcdef\nlow 1\nhigh 9\nrunning_ms -1\nend\n",
        "ioc-probe outbox 1\nlow 1\nhigh 9\nend\n",
        "ioc-probe outbox 1\nepoch 0123456789abcdef\nlow 1\nhigh 9\nwhat 1\nend\n",
        "ioc-probe outbox 2\nepoch 0123456789abcdef\nlow 1\nhigh 9\nlife 12 running\nend\n",
        "ioc-probe outbox 2\nepoch 0123456789abcdef\nlow 1\nhigh 9\nlife 00000000000000cc "
        "odd\nend\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(outbox_state_read(slice_of(bad[i]), &s), ERR_CORRUPT);
    assert_int_equal(outbox_state_read(slice_of("ioc-probe outbox 4\nend\n"), &s), ERR_VERSION);
}

static void test_the_oldest_clock_makes_way(void **state)
{
    (void)state;
    struct outbox_state s;
    outbox_state_init(&s, 1);
    for (uint64_t boot = 1; boot <= CLOCK_TRUST_BOOTS + 1; boot++)
        outbox_state_clock(&s, (struct clock_offset){boot, 0});
    assert_int_equal(s.clocks, CLOCK_TRUST_BOOTS);
    assert_int_equal(s.clock[0].boot, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_every_life_both_ways),
        cmocka_unit_test(test_a_state_of_before_is_read),
        cmocka_unit_test(test_any_cut_or_nonsense_is_refused),
        cmocka_unit_test(test_the_oldest_clock_makes_way),
    };
    return cmocka_run_group_tests_name("outbox_state", tests, NULL, NULL);
}
