/* Names: numbers in order of appearance, the same both ways, whatever bytes and lengths. */
#include "base/names.h"

#include "base/err.h"

#include "unit.h"

#include <stdio.h>

static void numbers_both_ways(void **state)
{
    (void)state;

    enum { MANY = 5000 };
    struct names n;
    names_init(&n, MANY);
    char text[64];
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t number = NAMES_NONE;
        snprintf(text, sizeof text, "%.*s%u", (int)(i % 40),
                 "a-long-beginning-that-many-names-share/", i);
        assert_int_equal(names_find(&n, slice_of(text)), NAMES_NONE);
        assert_int_equal(names_add(&n, slice_of(text), &number), 0);
        assert_int_equal(number, i);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t number = NAMES_NONE;
        snprintf(text, sizeof text, "%.*s%u", (int)(i % 40),
                 "a-long-beginning-that-many-names-share/", i);
        assert_int_equal(names_find(&n, slice_of(text)), i);
        assert_int_equal(names_add(&n, slice_of(text), &number), 0);
        assert_int_equal(number, i);
        assert_string_equal(names_text(&n, i), text);
    }
    uint32_t number = NAMES_NONE;
    assert_int_equal(names_add(&n, slice_of("one too many"), &number), ERR_FULL);
    assert_int_equal(number, NAMES_NONE);
    names_done(&n);
}

/* Every length around the hash's step of eight; a name, its beginning and its neighbour differ. */
static void lengths_and_neighbours(void **state)
{
    (void)state;
    static const char bytes[] = "0123456789abcdef0123456789abcdef";
    struct names n;
    names_init(&n, 100);
    for (uint32_t len = 0; len < sizeof bytes; len++) {
        uint32_t number = NAMES_NONE;
        assert_int_equal(names_add(&n, (struct slice){bytes, len}, &number), 0);
        assert_int_equal(number, len);
    }
    for (uint32_t len = 0; len < sizeof bytes; len++)
        assert_int_equal(names_find(&n, (struct slice){bytes, len}), len);
    assert_int_equal(names_find(&n, (struct slice){bytes + 1, 8}), NAMES_NONE);
    assert_int_equal(names_find(&n, (struct slice){"a\0b", 3}), NAMES_NONE);
    names_done(&n);
}

/* A NUL is a byte like others. */
static void zero_bytes(void **state)
{
    (void)state;
    struct names n;
    names_init(&n, 10);
    uint32_t first = NAMES_NONE;
    uint32_t second = NAMES_NONE;
    assert_int_equal(names_add(&n, (struct slice){"a", 1}, &first), 0);
    assert_int_equal(names_add(&n, (struct slice){"a\0", 2}, &second), 0);
    assert_int_not_equal(first, second);
    assert_int_equal(names_find(&n, (struct slice){"a\0", 2}), second);
    names_done(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_both_ways),
        cmocka_unit_test(lengths_and_neighbours),
        cmocka_unit_test(zero_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
