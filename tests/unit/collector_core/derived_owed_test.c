#include "core/derived_owed.h"

#include "base/err.h"
#include "unit.h"

#include <string.h>

static const struct slice KEY = {"k", 1};

struct row {
    char value[512];
    size_t len; /* 0: there is none */
};

static int put(void *context, uint8_t kind, struct slice key, struct slice value)
{
    struct row *row = context;
    assert_int_equal(kind, ROW_DIRTY);
    assert_int_equal(key.len, 1);
    assert_true(value.len <= sizeof row->value);
    memcpy(row->value, value.at, value.len);
    row->len = value.len;
    return 0;
}

static int drop(void *context, uint8_t kind, struct slice key)
{
    assert_int_equal(kind, ROW_DIRTY);
    assert_int_equal(key.len, 1);
    ((struct row *)context)->len = 0;
    return 0;
}

static void save(struct derived_owed *o, struct row *row)
{
    struct row_sink sink = {row, put, drop, NULL};
    assert_int_equal(derived_owed_save(o, KEY, &sink), 0);
}

static void expect(struct derived_owed *o, uint32_t thing, uint32_t from, uint32_t to)
{
    struct derived_owed_part part = {0};
    assert_true(derived_owed_next(o, &part));
    assert_int_equal(part.thing, thing);
    assert_int_equal(part.from, from);
    assert_int_equal(part.to, to);
}

static void each_thing_gets_each_instant_once(void **state)
{
    (void)state;
    struct derived_owed o = {0};
    derived_owed_add(&o, 10, 11, 2, 3);
    derived_owed_add(&o, 11, 20, 0, 2);
    derived_owed_add(&o, 20, 20, 0, 2);
    derived_owed_add(&o, 20, 30, 2, 2);
    assert_int_equal(derived_owed_left(&o), 3);
    expect(&o, 2, 10, 11);
    derived_owed_take(&o, 11);
    expect(&o, 0, 11, 20);
    derived_owed_take(&o, 15);
    expect(&o, 0, 15, 20);
    derived_owed_take(&o, 20);
    expect(&o, 1, 11, 20);
    derived_owed_take(&o, 20);
    struct derived_owed_part none;
    assert_false(derived_owed_next(&o, &none));
    derived_owed_settle(&o, true);
    assert_int_equal(o.n, 0);
}

static void what_is_not_written_is_owed_again_through_a_restart(void **state)
{
    (void)state;
    struct derived_owed o = {0};
    struct row row = {.len = 0};
    derived_owed_add(&o, 10, 20, 0, 2);
    derived_owed_take(&o, 15);
    derived_owed_settle(&o, true);
    derived_owed_take(&o, 20);
    save(&o, &row); /* in flight */
    derived_owed_settle(&o, false);
    expect(&o, 0, 15, 20);
    o = (struct derived_owed){0};
    assert_int_equal(derived_owed_load(&o, (struct slice){row.value, row.len}), 0);
    expect(&o, 0, 15, 20);
    derived_owed_take(&o, 20);
    derived_owed_take(&o, 20);
    derived_owed_settle(&o, true);
    assert_int_equal(derived_owed_left(&o), 0);
    save(&o, &row);
    assert_int_equal(row.len, 0);
}

static void entries_beyond_its_room_join_the_last(void **state)
{
    (void)state;
    struct derived_owed o = {0};
    for (uint32_t i = 0; i < 2 * DERIVED_OWED_MAX; i++)
        derived_owed_add(&o, 10 * (i + 1), 10 * (i + 1) + 5, 1, 2);
    assert_int_equal(o.n, DERIVED_OWED_MAX);
    for (uint32_t i = 0; i + 1 < DERIVED_OWED_MAX; i++) {
        expect(&o, 1, 10 * (i + 1), 10 * (i + 1) + 5);
        derived_owed_take(&o, 10 * (i + 1) + 5);
    }
    expect(&o, 0, 10 * DERIVED_OWED_MAX, 20 * DERIVED_OWED_MAX + 5);
    derived_owed_take(&o, 20 * DERIVED_OWED_MAX + 5);
    expect(&o, 1, 10 * DERIVED_OWED_MAX, 20 * DERIVED_OWED_MAX + 5);
}

static void a_damaged_row_is_refused(void **state)
{
    (void)state;
    struct derived_owed o = {0};
    struct row row = {.len = 0};
    derived_owed_add(&o, 10, 20, 0, 2);
    save(&o, &row);
    assert_int_equal(derived_owed_load(&o, (struct slice){row.value, 0}), ERR_CORRUPT);
    for (size_t len = 2; len < row.len; len++)
        assert_int_equal(derived_owed_load(&o, (struct slice){row.value, len}), ERR_CORRUPT);
    row.value[5] = 5; /* ends before it begins */
    assert_int_equal(derived_owed_load(&o, (struct slice){row.value, row.len}), ERR_CORRUPT);
    row.value[0] = 9;
    assert_int_equal(derived_owed_load(&o, (struct slice){row.value, row.len}), ERR_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_thing_gets_each_instant_once),
        cmocka_unit_test(what_is_not_written_is_owed_again_through_a_restart),
        cmocka_unit_test(entries_beyond_its_room_join_the_last),
        cmocka_unit_test(a_damaged_row_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
