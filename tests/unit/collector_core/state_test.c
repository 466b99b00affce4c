#include "core/state.h"

#include "unit.h"

static void a_code_holds_all_that_a_view_says(void **state)
{
    (void)state;
    static const struct unit_view views[] = {
        {STATE_UP, STATE_UP, CAUSE_NONE, CAUSE_NONE, PROVENANCE_MEASURED, false},
        {STATE_DOWN, STATE_DOWN, CAUSE_POWER, CAUSE_POWER, PROVENANCE_OPERATOR, false},
        {STATE_DOWN, STATE_DOWN, CAUSE_FAULT, CAUSE_FAULT, PROVENANCE_MEASURED, false},
        {STATE_SILENT, STATE_SILENT, CAUSE_UNKNOWN, CAUSE_UNKNOWN, PROVENANCE_MEASURED, true},
        {STATE_UNOBSERVED, STATE_UNOBSERVED, CAUSE_PROBE, CAUSE_PROBE, PROVENANCE_MEASURED, false},
        {STATE_MAINTENANCE, STATE_DOWN, CAUSE_MANUAL, CAUSE_TRANSPORT, PROVENANCE_DECLARED, false},
        {STATE_ASLEEP, STATE_SILENT, CAUSE_ENERGY_SAVING, CAUSE_UNKNOWN, PROVENANCE_DECLARED, true},
        {STATE_PLANNED, STATE_UNOBSERVED, CAUSE_NONE, CAUSE_UNKNOWN, PROVENANCE_DECLARED, false},
    };
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        uint16_t code = state_pack(&views[i]);
        struct unit_view back = state_unpack(code);
        assert_int_equal(back.state, views[i].state);
        assert_int_equal(back.beneath, views[i].beneath);
        assert_int_equal(back.cause, views[i].cause);
        assert_int_equal(back.beneath_cause, views[i].beneath_cause);
        assert_int_equal(back.provenance, views[i].provenance);
        assert_int_equal(back.awaiting, views[i].awaiting);
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(code, state_pack(&views[j]));
    }
}

static void words_are_those_of_the_api(void **state)
{
    (void)state;
    assert_string_equal(state_word(STATE_DOWN), "down");
    assert_string_equal(state_word(STATE_PLANNED), "planned");
    assert_string_equal(state_word(STATE_COUNT), "");
    assert_string_equal(state_word(-1), "");
    assert_string_equal(provenance_word(PROVENANCE_OPERATOR), "operator");
    assert_string_equal(provenance_word(3), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_holds_all_that_a_view_says),
        cmocka_unit_test(words_are_those_of_the_api),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
