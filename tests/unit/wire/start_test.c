#include "wire/start.h"

#include "base/err.h"
#include "unit.h"

static void words_go_both_ways(void **state)
{
    (void)state;
    for (int i = START_UNSAID; i <= START_POWER; i++) {
        enum start start = START_UNSAID;
        assert_int_equal(start_read(slice_of(start_word(i)), &start), 0);
        assert_int_equal((int)start, i);
    }
    enum start kept = START_KILLED;
    assert_int_equal(start_read(slice_of("abducted"), &kept), ERR_UNKNOWN);
    assert_int_equal(kept, START_KILLED);
    assert_string_equal(start_word(START_POWER + 1), "");
}

/* Only who shares the machine's boot with the life before can say that the machine ran on. */
static void away_needs_the_same_boot(void **state)
{
    (void)state;

    static const enum start away[] = {START_STOPPED, START_KILLED};

    static const enum start silent[] = {START_UNSAID, START_FIRST, START_SHUTDOWN, START_RESET,
                                        START_POWER};

    for (size_t i = 0; i < sizeof away / sizeof *away; i++)
        assert_true(start_was_away(away[i]));
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
        assert_false(start_was_away(silent[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_go_both_ways),
                                       cmocka_unit_test(away_needs_the_same_boot)};
    return cmocka_run_group_tests_name("start", tests, NULL, NULL);
}
