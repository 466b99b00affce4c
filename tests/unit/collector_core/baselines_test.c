#include "core/baselines.h"

#include "base/err.h"
#include "memory_rows.h"
#include "unit.h"

#include <math.h>

enum { MINUTE_MS = 60000, HOUR_MS = 3600000 };

static struct wall_ms at(int64_t ms)
{
    return (struct wall_ms){INT64_C(1790000000000) + ms};
}

static void at_first_it_is_the_mean_of_all(void **state)
{
    (void)state;
    struct baselines b;
    baselines_init(&b);
    struct baseline *line = baselines_of(&b, slice_of("m/icmp/a/rtt@p"));
    for (int i = 1; i <= 4; i++)
        assert_int_equal(baselines_learn(&b, line, i, at(i * 1000), 1000 * (int64_t)HOUR_MS), 0);
    assert_true(fabs(line->mean - 2.5) < 1e-9);
    assert_int_equal(line->n, 4);
    assert_int_equal(line->last.ms - line->since.ms, 3000);
    assert_int_equal(baselines_learn(&b, line, 99, at(4000), HOUR_MS), 0); /* not later */
    assert_int_equal(line->n, 4);
    baselines_done(&b);
}

/* A step of 10 in what is measured every minute is half known after the half-life. */
static void later_it_forgets_half_in_the_half_life(void **state)
{
    (void)state;
    struct baselines b;
    baselines_init(&b);
    struct baseline *line = baselines_of(&b, slice_of("x"));
    int64_t t = 0;
    for (; t < 100 * (int64_t)HOUR_MS; t += MINUTE_MS)
        assert_int_equal(baselines_learn(&b, line, 20, at(t), HOUR_MS), 0);
    assert_true(fabs(line->mean - 20) < 1e-9);
    for (int64_t end = t + HOUR_MS; t < end; t += MINUTE_MS)
        assert_int_equal(baselines_learn(&b, line, 30, at(t), HOUR_MS), 0);
    assert_true(fabs(line->mean - 25) < 1e-6);
    baselines_done(&b);
}

static void what_is_stored_comes_back_and_what_is_forgotten_does_not(void **state)
{
    (void)state;
    struct baselines b, again;
    struct memory_rows rows;
    baselines_init(&b);
    baselines_init(&again);
    memory_rows_init(&rows);
    struct row_sink sink = memory_rows_sink(&rows);
    assert_int_equal(baselines_learn(&b, baselines_of(&b, slice_of("x")), 7, at(0), HOUR_MS), 0);
    assert_int_equal(baselines_learn(&b, baselines_of(&b, slice_of("y")), 8, at(0), HOUR_MS), 0);
    assert_int_equal(baselines_save(&b, &sink), 0);
    assert_int_equal(rows.rows.len, 2);
    assert_int_equal(baselines_forget(&b, baselines_of(&b, slice_of("x"))), 0);
    assert_int_equal(baselines_save(&b, &sink), 0);
    assert_int_equal(rows.rows.len, 1);
    const struct memory_row *row = vec_at(&rows.rows, 0);
    struct slice key = {row->key, row->key_len};
    struct slice value = {row->value, row->value_len};
    assert_int_equal(baselines_load(&again, key, value), 0);
    assert_true(baselines_of(&again, slice_of("y"))->mean == 8);
    assert_int_equal(baselines_of(&again, slice_of("x"))->n, 0);
    assert_int_equal(baselines_load(&again, key, (struct slice){value.at, value.len - 1}),
                     ERR_CORRUPT);
    assert_int_equal(baselines_load(&again, key, slice_of("\x07")), ERR_VERSION);
    memory_rows_done(&rows);
    baselines_done(&b);
    baselines_done(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_first_it_is_the_mean_of_all),
        cmocka_unit_test(later_it_forgets_half_in_the_half_life),
        cmocka_unit_test(what_is_stored_comes_back_and_what_is_forgotten_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
