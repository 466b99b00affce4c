#include "wire/verdict.h"

#include "base/err.h"
#include "unit.h"

static void words_are_those_of_the_contract(void **state)
{
    (void)state;
    assert_string_equal(verdict_word(VERDICT_UNKNOWN), "unknown");
    assert_string_equal(role_word(ROLE_INFO), "info");
    assert_string_equal(cause_word(CAUSE_ENERGY_SAVING), "energy_saving");
    assert_string_equal(cause_word(CAUSE_NONE), "");
    assert_string_equal(verdict_word(-1), "");
    assert_string_equal(role_word(3), "");
}

static void words_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < CAUSE_NONE; i++) {
        enum cause cause = CAUSE_NONE;
        assert_int_equal(cause_read(slice_of(cause_word(i)), &cause), 0);
        assert_int_equal(cause, i);
    }
    for (int i = 0; i <= ROLE_INFO; i++) {
        enum role role = ROLE_INFO;
        assert_int_equal(role_read(slice_of(role_word(i)), &role), 0);
        assert_int_equal(role, i);
    }
    enum cause cause = CAUSE_POWER;
    assert_int_equal(cause_read(slice_of("Power"), &cause), ERR_UNKNOWN);
    assert_int_equal(cause_read(slice_of(""), &cause), ERR_UNKNOWN);
    assert_int_equal(cause, CAUSE_POWER);
}

static void worse_is_2_1_0_3(void **state)
{
    (void)state;

    static const enum verdict order[] = {VERDICT_FAILED, VERDICT_DEGRADED, VERDICT_OK,
                                         VERDICT_UNKNOWN};

    for (size_t i = 0; i < 4; i++)
        for (size_t k = i; k < 4; k++) {
            assert_int_equal(verdict_worse(order[i], order[k]), order[i]);
            assert_int_equal(verdict_worse(order[k], order[i]), order[i]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_those_of_the_contract),
        cmocka_unit_test(words_read_back),
        cmocka_unit_test(worse_is_2_1_0_3),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
