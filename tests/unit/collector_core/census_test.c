#include "core/census.h"

#include "unit.h"

static void each_unit_counts_once_where_it_was_told_last(void **state)
{
    static const struct {
        uint32_t unit;
        enum unit_state state;
        uint32_t up, down; /* afterwards */
    } told[] = {{3, STATE_UP, 1, 0},   {0, STATE_UP, 2, 0}, {3, STATE_DOWN, 1, 1},
                {3, STATE_DOWN, 1, 1}, {1, STATE_UP, 2, 1}, {3, STATE_UP, 3, 0}};
    struct census c;
    (void)state;
    census_init(&c);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        assert_int_equal(census_set(&c, told[i].unit, told[i].state), 0);
        assert_int_equal(c.units[STATE_UP], told[i].up);
        assert_int_equal(c.units[STATE_DOWN], told[i].down);
    }
    census_done(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_unit_counts_once_where_it_was_told_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
