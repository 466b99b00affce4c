#include "core/share.h"

#include "unit.h"

static struct wall_ms at(int64_t ms)
{
    return (struct wall_ms){INT64_C(1790000000000) + ms};
}

static int taken(struct share *s, uint32_t source, uint64_t units, int64_t ms, int tries)
{
    int n = 0;
    for (int i = 0; i < tries; i++)
        n += share_take(s, source, units, at(ms));
    return n;
}

static void a_rested_source_takes_a_period_at_once_and_then_its_rate(void **state)
{
    (void)state;
    struct share s;
    share_init(&s, 100, 1000);
    assert_int_equal(taken(&s, 3, 1, 0, 500), 100);
    assert_int_equal(taken(&s, 3, 1, 9, 500), 1); /* a unit takes 10 ms; the last is on credit */
    assert_int_equal(taken(&s, 3, 1, 10, 500), 0);
    assert_int_equal(taken(&s, 3, 1, 50, 500), 4);
    assert_int_equal(taken(&s, 7, 1, 50, 500), 100); /* another's is its own */
    int n = 0;
    for (int64_t ms = 1000; ms < 11000; ms += 7)
        n += taken(&s, 3, 1, ms, 10);
    assert_true(n >= 1090 && n <= 1101); /* 10 s of 100, and what 0.95 s of rest had saved */
    share_done(&s);
}

static void what_costs_more_than_all_waits_its_time(void **state)
{
    (void)state;
    struct share s;
    share_init(&s, 100, 1000);
    assert_true(share_take(&s, 0, UINT64_MAX, at(0)));
    assert_false(share_take(&s, 0, 1, at(0)));
    assert_true(share_take(&s, 0, 1000, at(1)));
    assert_false(share_take(&s, 0, 1, at(1000)));
    assert_true(share_take(&s, 0, 1, at(1001)));
    share_done(&s);
}

static void a_clock_that_is_set_back_takes_nobodys_share(void **state)
{
    (void)state;
    struct share s;
    share_init(&s, 100, 1000);
    assert_int_equal(taken(&s, 0, 1, 3600000, 40), 40);
    assert_int_equal(taken(&s, 0, 1, 0, 500), 60);
    assert_int_equal(taken(&s, 0, 1, -3600000, 500), 0);
    assert_int_equal(taken(&s, 0, 1, -3600000 + 100, 500), 10);
    share_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rested_source_takes_a_period_at_once_and_then_its_rate),
        cmocka_unit_test(what_costs_more_than_all_waits_its_time),
        cmocka_unit_test(a_clock_that_is_set_back_takes_nobodys_share),
    };
    return cmocka_run_group_tests_name("share", tests, NULL, NULL);
}
