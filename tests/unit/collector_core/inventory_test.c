/* Rows of a thing are found wherever they stand, held against looking at all of them. */
#include "core/inventory_rows.h"

#include "base/rng.h"
#include "unit.h"

enum { THINGS = 300, ROWS_MAX = 4096 };

/* Rows as tables have them: the number of the thing first. */
struct row {
    uint32_t thing;
    uint32_t line;
};

/* Each thing has as many rows as `most` allows; of a hundred, `none` have none. */
static void fill(struct vec *rows, struct rng *rng, uint64_t most, uint64_t none)
{
    for (uint32_t thing = 0; thing < THINGS; thing++) {
        uint64_t n = rng_below(rng, 100) < none ? 0 : 1 + rng_below(rng, most);
        for (uint64_t i = 0; i < n; i++) {
            struct row *row = vec_push(rows);
            assert_non_null(row);
            *row = (struct row){thing, (uint32_t)rows->len};
        }
    }
}

static void expect_all(const struct vec *rows)
{
    size_t at = 0;
    for (uint32_t thing = 0; thing < THINGS + 3; thing++) {
        size_t len = 0;
        size_t first = at;
        const void *found = inventory_range(rows, thing, &len);
        while (at < rows->len && ((const struct row *)vec_at(rows, at))->thing == thing)
            at++;
        assert_int_equal(len, at - first);
        assert_ptr_equal(found, len ? vec_at(rows, first) : NULL);
    }
}

static void every_thing_is_found(void **state)
{
    static const struct {
        uint64_t most, none;
    } tables[] = {{1, 0}, {1, 10}, {1, 97}, {9, 0}, {9, 50}, {1, 100}};
    struct rng rng = {7};
    (void)state;
    for (int round = 0; round < 50; round++)
        for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
            struct vec rows;
            vec_init(&rows, sizeof(struct row), ROWS_MAX);
            fill(&rows, &rng, tables[i].most, tables[i].none);
            expect_all(&rows);
            vec_done(&rows);
        }
}

/* One thing with all the rows, at the beginning or the end; the highest number there is. */
static void lopsided_tables_are_no_worse(void **state)
{
    (void)state;
    for (int turned = 0; turned < 2; turned++) {
        struct vec rows;
        size_t len = 0;
        vec_init(&rows, sizeof(struct row), ROWS_MAX);
        for (uint32_t i = 0; i < 1000; i++) {
            struct row *row = vec_push(&rows);
            assert_non_null(row);
            *row = (struct row){turned ? (i < 990 ? 5 : i) : (i < 10 ? i : THINGS), i};
        }
        expect_all(&rows);
        assert_null(inventory_range(&rows, UINT32_MAX, &len));
        assert_int_equal(len, 0);
        vec_done(&rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_thing_is_found),
        cmocka_unit_test(lopsided_tables_are_no_worse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
