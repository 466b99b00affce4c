/* When a pack ahead of us may mean that our own clock is wrong. */
#include "core/clock_gate.h"

#include "unit.h"

enum { MINUTE = 60000 };

static struct wall_ms at(int64_t ms)
{
    return (struct wall_ms){INT64_C(1790000000000) + ms};
}

static void a_pack_ahead_waits_while_we_stand_behind_what_is_stored(void **state)
{
    (void)state;

    static const struct {
        int64_t behind, ahead;
        bool waits;
    } row[] = {{3 * MINUTE, 24 * 60 * MINUTE, false},
               {3 * MINUTE + 1, 24 * 60 * MINUTE, true},
               {60 * MINUTE, MINUTE, false}, /* not ahead of us: it can be judged */
               {60 * MINUTE, MINUTE + 1, true},
               {-60 * MINUTE, 60 * MINUTE, false}};

    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct clock_gate g = {0};
        const char *why = clock_gate_behind(&g, 0, at(row[i].behind), at(row[i].ahead), at(0));
        assert_int_equal(why != NULL, row[i].waits);
        assert_int_equal(clock_gate_doubt(&g, at(0)) != NULL, row[i].waits);
    }
    struct clock_gate fresh = {0};
    assert_null(clock_gate_behind(&fresh, 0, (struct wall_ms){INT64_MIN}, at(MINUTE * 99), at(0)));
}

static void more_probes_that_agree_mean_that_the_store_saw_a_wrong_clock(void **state)
{
    (void)state;
    struct clock_gate g = {0};
    struct wall_ms stored = at(60 * MINUTE); /* our clock was an hour ahead, and was set right */
    clock_gate_taken(&g, 1, at(0), at(0));
    clock_gate_taken(&g, 2, at(0), at(0));
    assert_null(clock_gate_behind(&g, 9, stored, at(59 * MINUTE), at(1)));
    assert_non_null(clock_gate_behind(&g, 8, stored, at(59 * MINUTE), at(2))); /* two against two */
    struct clock_gate back = {0};
    clock_gate_taken(&back, 1, stored, stored);
    clock_gate_taken(&back, 2, stored,
                     stored); /* votes of the time before our clock stepped back */
    assert_non_null(clock_gate_behind(&back, 1, stored, stored, at(0)));
}

static void more_probes_ahead_than_agree_mean_that_it_is_us(void **state)
{
    (void)state;
    struct clock_gate g = {0};
    assert_non_null(clock_gate_outvoted(&g, 0, at(0))); /* nobody agrees with us */
    clock_gate_taken(&g, 1, at(0), at(1));
    assert_null(clock_gate_outvoted(&g, 0, at(2))); /* one against one */
    assert_null(clock_gate_outvoted(&g, 0, at(3))); /* it has one vote */
    assert_non_null(clock_gate_outvoted(&g, 2, at(4)));
    clock_gate_taken(&g, 3, at(-6 * MINUTE), at(5)); /* a backlog says nothing */
    assert_non_null(clock_gate_outvoted(&g, 2, at(6)));
    clock_gate_taken(&g, 3, at(-5 * MINUTE + 7), at(7));
    assert_null(clock_gate_outvoted(&g, 2, at(8)));
}

static void a_vote_holds_ten_minutes_and_not_into_the_past(void **state)
{
    (void)state;
    struct clock_gate g = {0};
    clock_gate_taken(&g, 1, at(0), at(0));
    assert_null(clock_gate_outvoted(&g, 0, at(10 * MINUTE)));
    assert_non_null(clock_gate_outvoted(&g, 0, at(10 * MINUTE + 1)));
    struct clock_gate back = {0};
    clock_gate_taken(&back, 1, at(0), at(0));
    assert_non_null(clock_gate_outvoted(&back, 0, at(-1))); /* our clock stepped back */
}

static void one_side_of_many_is_counted_to_a_bound(void **state)
{
    (void)state;
    struct clock_gate g = {0};
    for (uint32_t p = 0; p < 1000; p++)
        clock_gate_taken(&g, p, at(p), at(p));
    for (uint32_t p = 1000; p < 2000; p++)
        assert_null(clock_gate_outvoted(&g, p, at(p))); /* a tie speaks for us */
}

static void the_doubt_ends_with_the_packs_that_wait(void **state)
{
    (void)state;
    struct clock_gate g = {0};
    assert_null(clock_gate_doubt(&g, at(0)));
    assert_non_null(clock_gate_outvoted(&g, 0, at(0)));
    assert_non_null(clock_gate_doubt(&g, at(3 * MINUTE)));
    assert_null(clock_gate_doubt(&g, at(3 * MINUTE + 1)));
    assert_null(clock_gate_doubt(&g, at(-1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pack_ahead_waits_while_we_stand_behind_what_is_stored),
        cmocka_unit_test(more_probes_that_agree_mean_that_the_store_saw_a_wrong_clock),
        cmocka_unit_test(more_probes_ahead_than_agree_mean_that_it_is_us),
        cmocka_unit_test(a_vote_holds_ten_minutes_and_not_into_the_past),
        cmocka_unit_test(one_side_of_many_is_counted_to_a_bound),
        cmocka_unit_test(the_doubt_ends_with_the_packs_that_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
