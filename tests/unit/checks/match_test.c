#include "checks/match.h"

#include "base/rng.h"
#include "unit.h"

static void finds_across_every_cut(void **state)
{
    (void)state;
    static const char text[] = "aabaabaaabaabaab";
    for (size_t cut = 0; cut <= sizeof text - 1; cut++) {
        struct match m;
        match_init(&m, slice_of("aabaaab"));
        match_feed(&m, text, cut);
        assert_true(match_feed(&m, text + cut, sizeof text - 1 - cut));
    }
}

static void agrees_with_memmem(void **state)
{
    (void)state;
    struct rng rng = {4711};
    for (int round = 0; round < 20000; round++) {
        char needle[6], hay[24];
        size_t n = 1 + rng_below(&rng, sizeof needle);
        for (size_t i = 0; i < n; i++)
            needle[i] = (char)('a' + rng_below(&rng, 2));
        for (size_t i = 0; i < sizeof hay; i++)
            hay[i] = (char)('a' + rng_below(&rng, 2));
        struct match m;
        match_init(&m, (struct slice){needle, n});
        size_t cut = rng_below(&rng, sizeof hay);
        match_feed(&m, hay, cut);
        assert_int_equal(match_feed(&m, hay + cut, sizeof hay - cut),
                         memmem(hay, sizeof hay, needle, n) != NULL);
    }
}

static void empty_is_found_and_long_is_cut(void **state)
{
    (void)state;
    struct match m;
    match_init(&m, slice_of(""));
    assert_true(m.found);
    char needle[300];
    memset(needle, 'x', sizeof needle);
    match_init(&m, (struct slice){needle, sizeof needle});
    assert_false(match_feed(&m, needle, MATCH_MAX - 1));
    assert_true(match_feed(&m, needle, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_across_every_cut),
        cmocka_unit_test(agrees_with_memmem),
        cmocka_unit_test(empty_is_found_and_long_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
