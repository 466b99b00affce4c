#include "core/dirty.h"

#include "base/err.h"
#include "unit.h"

static void holds_each_number_once_in_order(void **state)
{
    (void)state;
    static const uint32_t added[] = {900, 3, 900, 0, 3};
    static const uint32_t expected[] = {900, 3, 0};
    struct dirty d;
    dirty_init(&d, 1000);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < sizeof added / sizeof *added; i++)
            assert_int_equal(dirty_add(&d, added[i]), 0);
        assert_int_equal(dirty_len(&d), 3);
        for (size_t i = 0; i < 3; i++)
            assert_int_equal(dirty_at(&d, i), expected[i]);
        dirty_clear(&d);
        assert_int_equal(dirty_len(&d), 0);
    }
    dirty_done(&d);
}

static void numbers_beyond_the_bound_are_refused(void **state)
{
    (void)state;
    struct dirty d;
    dirty_init(&d, 10);
    assert_int_equal(dirty_add(&d, 9), 0);
    assert_int_equal(dirty_add(&d, 10), ERR_NOMEM);
    assert_int_equal(dirty_len(&d), 1);
    dirty_done(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_each_number_once_in_order),
        cmocka_unit_test(numbers_beyond_the_bound_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
