/* Pages that tell of themselves: the newest word counts, the silent are forgotten, the table is
 * bounded. */
#include "shell/wall_pages.h"

#include "unit.h"

#include <stdio.h>

static const struct mono_ms T0 = {1000000};

static struct mono_ms after(int64_t s)
{
    return (struct mono_ms){T0.ms + s * 1000};
}

static void test_newest_word_of_each_page_counts(void **state)
{
    (void)state;
    struct wall_pages pages = {0};
    uint64_t heap = 1;
    assert_int_equal(wall_pages_open(&pages, T0, &heap), 0);
    assert_int_equal(heap, 0);
    wall_pages_heard(&pages, "a", 900, T0);
    wall_pages_heard(&pages, "b", 400, T0);
    wall_pages_heard(&pages, "a", 500, after(1));
    assert_int_equal(wall_pages_open(&pages, after(1), &heap), 2);
    assert_int_equal(heap, 500);
}

static void test_silent_pages_are_not_open(void **state)
{
    (void)state;
    struct wall_pages pages = {0};
    uint64_t heap;
    wall_pages_heard(&pages, "a", 900, T0);
    assert_int_equal(wall_pages_open(&pages, after(300), &heap), 1);
    assert_int_equal(wall_pages_open(&pages, after(301), &heap), 0);
}

static void test_more_pages_than_places_push_out_the_oldest(void **state)
{
    (void)state;
    struct wall_pages pages = {0};
    uint64_t heap;
    char id[16];
    wall_pages_heard(&pages, "first", 1000000, T0);
    for (int i = 0; i < WALL_PAGES; i++) {
        snprintf(id, sizeof id, "page%d", i);
        wall_pages_heard(&pages, id, 10, after(1 + i));
    }
    assert_int_equal(wall_pages_open(&pages, after(WALL_PAGES), &heap), WALL_PAGES);
    assert_int_equal(heap, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_newest_word_of_each_page_counts),
        cmocka_unit_test(test_silent_pages_are_not_open),
        cmocka_unit_test(test_more_pages_than_places_push_out_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
