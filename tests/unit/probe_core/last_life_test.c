#include "core/last_life.h"

#include "unit.h"

static void test_how_a_life_ended(void **state)
{
    (void)state;

    static const struct {
        struct last_life life;
        uint64_t machine;
        enum start start;
    } cases[] = {
        {{0}, 7, START_FIRST},
        {{.known = true, .machine = 7}, 7, START_KILLED},
        {{.known = true, .machine = 7, .stopped = true}, 7, START_STOPPED},
        {{.known = true, .machine = 7, .stopped = true}, 8, START_SHUTDOWN},
        {{.known = true, .machine = 7}, 8, START_RESET},
        {{.known = true, .machine = 7, .gasped = true}, 8, START_POWER},
        {{.known = true, .machine = 7, .gasped = true, .stopped = true}, 8, START_POWER},
        /* the mains went, the machine lived on its battery: only the program ended */
        {{.known = true, .machine = 7, .gasped = true}, 7, START_KILLED},
        {{.known = true, .machine = 7, .gasped = true, .stopped = true}, 7, START_STOPPED},
        /* who does not know which boot it is must not say that the machine ran on */
        {{.known = true, .machine = 0}, 0, START_RESET},
        {{.known = true, .machine = 0, .stopped = true}, 7, START_SHUTDOWN},
        {{.known = true, .machine = 7}, 0, START_RESET},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(last_life_start(&cases[i].life, cases[i].machine), cases[i].start);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_how_a_life_ended)};
    return cmocka_run_group_tests_name("last_life", tests, NULL, NULL);
}
