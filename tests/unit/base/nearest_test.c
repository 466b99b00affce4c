#include "base/nearest.h"

#include "unit.h"

static void counts_edits(void **state)
{
    (void)state;

    static const struct {
        const char *a, *b;
        size_t limit, edits;
    } cases[] = {
        {"", "", 3, 0},
        {"abc", "abc", 0, 0},
        {"22739", "22738", 2, 1},
        {"22378", "22738", 2, 1},
        {"bts-1", "bts1", 3, 1},
        {"kitten", "sitting", 3, 3},
        {"kitten", "sitting", 2, 3},
        {"", "abc", 3, 3},
        {"abc", "", 1, 2},
        {"areaa", "xyz", 3, 4},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice a = slice_of(cases[i].a), b = slice_of(cases[i].b);
        assert_int_equal(nearest_distance(a, b, cases[i].limit), cases[i].edits);
        assert_int_equal(nearest_distance(b, a, cases[i].limit), cases[i].edits);
    }
}

static void long_words_are_near_to_nothing(void **state)
{
    (void)state;
    char word[NEAREST_WORD_MAX + 2];
    memset(word, 'x', sizeof word);
    struct slice fits = {word, NEAREST_WORD_MAX}, longer = {word, NEAREST_WORD_MAX + 1};
    assert_int_equal(nearest_distance(fits, fits, 3), 0);
    assert_int_equal(nearest_distance(longer, longer, 3), 4);
}

static void allows_more_edits_in_longer_words(void **state)
{
    (void)state;
    assert_int_equal(nearest_limit(slice_of("a")), 1);
    assert_int_equal(nearest_limit(slice_of("22739")), 1);
    assert_int_equal(nearest_limit(slice_of("bts-22")), 2);
    assert_int_equal(nearest_limit(slice_of("bts-22738-01")), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_edits),
        cmocka_unit_test(long_words_are_near_to_nothing),
        cmocka_unit_test(allows_more_edits_in_longer_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
