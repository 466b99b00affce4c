#include "codec/points.h"

#include "base/err.h"
#include "unit.h"

#include <string.h>

static struct reading number(const char *check, const char *metric, int64_t time_us, double value)
{
    return (struct reading){.site = slice_of("S1"),
                            .check = slice_of(check),
                            .metric = slice_of(metric),
                            .time_us = time_us,
                            .kind = READING_NUMBER,
                            .number = value};
}

static void readings_of_one_check_and_time_share_a_line(void **state)
{
    (void)state;
    struct reading r[] = {
        number("icmp/core", "rtt", 1000000, 12.5), number("icmp/core", "loss", 1000000, 0),
        number("icmp/core", "rtt", 2000000, 13), number("tcp/core", "rtt", 2000000, 1)};
    r[1].kind = READING_FLAG;
    r[1].flag = true;
    r[3].kind = READING_TEXT;
    r[3].text = slice_of("a \"b\"");
    struct points_count count;
    struct buf out;
    buf_init(&out, 4096);
    for (int again = 0; again < 2; again++) {
        buf_clear(&out);
        assert_int_equal(points_write(&out, slice_of("p1"), r, 4, &count), 0);
        assert_string_equal(
            out.data,
            "chk_icmp,check=icmp/core,probe=p1,site=S1 rtt=12.5,loss_flag=1 1000000000\n"
            "chk_icmp,check=icmp/core,probe=p1,site=S1 rtt=13 2000000000\n"
            "chk_tcp,check=tcp/core,probe=p1,site=S1 rtt_text=\"a \\\"b\\\"\" 2000000000\n");
        assert_int_equal(count.lines, 3);
        assert_int_equal(count.readings, 4);
        assert_int_equal(count.refused, 0);
    }
    buf_done(&out);
}

static void what_no_database_can_hold_is_counted_and_the_rest_written(void **state)
{
    (void)state;
    struct reading r[] = {number("icmp/core", "time", 1000000, 1),
                          number("icmp/core", "rtt", 1000000, 2)};
    struct points_count count;
    struct buf out;
    buf_init(&out, 4096);
    assert_int_equal(points_write(&out, slice_of("p1"), r, 2, &count), 0);
    assert_string_equal(out.data, "chk_icmp,check=icmp/core,probe=p1,site=S1 rtt=2 1000000000\n");
    assert_int_equal(count.refused, 1);
    assert_int_equal(count.readings, 1);
    buf_done(&out);
}

static void a_full_buffer_leaves_no_half_line(void **state)
{
    (void)state;
    struct reading r[] = {number("icmp/core", "rtt", 1000000, 1),
                          number("icmp/core", "rtt", 2000000, 2)};
    struct points_count count;
    struct buf out;
    buf_init(&out, 80);
    assert_int_equal(points_write(&out, slice_of("p1"), r, 2, &count), ERR_FULL);
    assert_int_equal(out.len, 0);
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readings_of_one_check_and_time_share_a_line),
        cmocka_unit_test(what_no_database_can_hold_is_counted_and_the_rest_written),
        cmocka_unit_test(a_full_buffer_leaves_no_half_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
