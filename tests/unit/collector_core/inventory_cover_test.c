#include "core/inventory_cover.h"

#include "base/err.h"
#include "core/inventory_declare.h"
#include "core/inventory_rows.h"
#include "core/inventory_store.h"
#include "memory_rows.h"
#include "sample_inventory.h"
#include "unit.h"

static struct wall_ms on(const char *date)
{
    return (struct wall_ms){sample_ms(date)};
}

/* Unit bts-2/4g@a for area v11, as a row of a table. */
static struct inventory_cover_row cover_row(const struct inventory *inv, const char *as_of)
{
    return (struct inventory_cover_row){.unit = sample_unit(inv, "bts-2/4g@a"),
                                        .area = sample_area(inv, "v11"),
                                        .valid = {on(as_of), {WALL_NEVER_MS}},
                                        .unsaid = true,
                                        .reason = "roaming"};
}

/* The feed's table true at `as_of`; false if it changed nothing. */
static bool take(struct inventory **inv, const char *by, const char *as_of,
                 const struct inventory_cover_row *rows, size_t n)
{
    const struct inventory_cover_table table = {by, on(as_of), rows, n};
    struct inventory *fresh = NULL;
    assert_int_equal(inventory_cover(*inv, &table, &fresh), 0);
    if (!fresh)
        return false;
    inventory_free(*inv);
    *inv = fresh;
    return true;
}

/* The only row of the unit for v11. */
static const struct serves_row *only(const struct inventory *inv)
{
    size_t n, found = 0;
    const struct serves_row *rows = inventory_serves(inv, sample_unit(inv, "bts-2/4g@a"), &n);
    const struct serves_row *row = NULL;
    for (size_t i = 0; i < n; i++)
        if (rows[i].area == sample_area(inv, "v11")) {
            row = &rows[i];
            found++;
        }
    assert_true(found <= 1);
    return row;
}

static void it_lasts_until_a_table_leaves_it_out(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct inventory_cover_row row = cover_row(inv, "2026-11-22T14:00");
    assert_true(take(&inv, "noc-a", "2026-11-22T14:00", &row, 1));
    assert_string_equal(only(inv)->by, "noc-a");
    assert_string_equal(only(inv)->reason, "roaming");
    assert_true(inventory_cover_temporary(only(inv)));
    assert_int_equal(only(inv)->valid.from.ms, sample_ms("2026-11-22T14:00"));
    row = cover_row(inv, "2026-11-22T14:05"); /* the next table has it, too: since when it began */
    assert_false(take(&inv, "noc-a", "2026-11-22T14:05", &row, 1));
    assert_int_equal(only(inv)->valid.to.ms, WALL_NEVER_MS);
    assert_true(take(&inv, "noc-a", "2026-11-22T14:10", NULL, 0));
    assert_int_equal(only(inv)->valid.from.ms, sample_ms("2026-11-22T14:00"));
    assert_int_equal(only(inv)->valid.to.ms, sample_ms("2026-11-22T14:10"));
    assert_false(take(&inv, "noc-a", "2026-11-22T14:15", NULL, 0)); /* history stays as it was */
    assert_int_equal(only(inv)->valid.to.ms, sample_ms("2026-11-22T14:10"));
    inventory_free(inv);
}

static void its_own_dates_hold(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct inventory_cover_row row = cover_row(inv, "2026-11-22T14:00");
    row.unsaid = false;
    row.valid = (struct validity){on("2026-11-22T12:00"), on("2026-11-22T18:00")};
    assert_true(take(&inv, "noc-a", "2026-11-22T14:00", &row, 1));
    assert_int_equal(only(inv)->valid.from.ms, sample_ms("2026-11-22T12:00"));
    assert_int_equal(only(inv)->valid.to.ms, sample_ms("2026-11-22T18:00"));
    row.valid.to = on("2026-11-22T20:00"); /* prolonged */
    assert_true(take(&inv, "noc-a", "2026-11-22T15:00", &row, 1));
    assert_int_equal(only(inv)->valid.from.ms, sample_ms("2026-11-22T12:00"));
    assert_int_equal(only(inv)->valid.to.ms, sample_ms("2026-11-22T20:00"));
    assert_true(take(&inv, "noc-a", "2026-11-22T16:00", NULL, 0)); /* over before its time */
    assert_int_equal(only(inv)->valid.to.ms, sample_ms("2026-11-22T16:00"));
    inventory_free(inv);
}

static void reloads_other_feeds_and_people_are_left_alone(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    const struct inventory_wish works = {.site = sample_site(inv, "bts-1"),
                                         .unit = INV_NONE,
                                         .kind = DECLARATION_MAINTENANCE,
                                         .span = {on("2026-12-01"), on("2026-12-02")},
                                         .reason = "",
                                         .by = "An"};
    int64_t number = 0;
    assert_int_equal(inventory_declare(inv, &works, on("2026-11-01"), &number), 0);
    size_t served = inv->serves_rows.len;
    struct inventory_cover_row row = cover_row(inv, "2026-11-22T14:00");
    assert_true(take(&inv, "noc-a", "2026-11-22T14:00", &row, 1));
    assert_false(take(&inv, "noc-b", "2026-11-22T14:05", NULL, 0));
    struct inventory *fresh = sample_inventory(inv, sample_province, sample_ms("2026-11-22T14:10"));
    inventory_free(inv);
    inv = fresh;
    assert_int_equal(only(inv)->valid.from.ms, sample_ms("2026-11-22T14:00"));
    assert_int_equal(only(inv)->valid.to.ms, WALL_NEVER_MS);
    assert_int_equal(inv->serves_rows.len, served + 1);
    assert_int_equal(inv->declarations.len, 1);
    assert_non_null(inventory_declared(inv, number));
    inventory_free(inv);
}

static void restore(struct inventory *inv, const struct memory_row *row)
{
    assert_int_equal(inventory_restore(inv, (struct slice){row->key, row->key_len},
                                       (struct slice){row->value, row->value_len}),
                     0);
}

static void the_store_keeps_it(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct inventory *back = inventory_new();
    struct inventory_cover_row row = cover_row(inv, "2026-11-22T14:00");
    assert_true(take(&inv, "noc-a", "2026-11-22T14:00", &row, 1));
    struct memory_rows rows;
    memory_rows_init(&rows);
    struct row_sink sink = memory_rows_sink(&rows);
    assert_int_equal(inventory_save(inv, NULL, &sink), 0);
    for (size_t i = 0; i < rows.rows.len; i++)
        restore(back, vec_at(&rows.rows, i));
    assert_int_equal(inventory_restored(back), 0);
    assert_string_equal(only(back)->by, "noc-a");
    assert_string_equal(only(back)->reason, "roaming");
    memory_rows_done(&rows);
    inventory_free(back);
    inventory_free(inv);
}

/* Version 4 ends such rows before `by` and `reason`, two empty texts here. */
static void a_store_of_before_has_rows_of_files_only(void **state)
{
    (void)state;
    static const char table[] = "[areas]\nid,parent,level,name\na,,village,A\n"
                                "[sites]\nid,kind,area\ns,bts,a\n[units]\nsite,service\ns,4g\n"
                                "[serves]\nsite,service,area\ns,4g,a\n";
    struct inventory *inv = sample_inventory(NULL, table, 0), *back = inventory_new();
    struct memory_rows rows;
    memory_rows_init(&rows);
    struct row_sink sink = memory_rows_sink(&rows);
    assert_int_equal(inventory_save(inv, NULL, &sink), 0);
    for (size_t i = 0; i < rows.rows.len; i++) {
        struct memory_row *row = vec_at(&rows.rows, i);
        row->value[0] = 4;
        if (row->key[0] == NAMES_COUNT + TABLE_SERVES)
            row->value_len -= 2 * sizeof(uint32_t);
        restore(back, row);
    }
    assert_int_equal(inventory_restored(back), 0);
    const struct serves_row *row = vec_at(&back->serves_rows, 0);
    assert_string_equal(row->by, "");
    assert_string_equal(row->reason, "");
    assert_false(inventory_cover_temporary(row));
    memory_rows_done(&rows);
    inventory_free(back);
    inventory_free(inv);
}

static void a_row_of_the_file_is_temporary_if_its_end_or_reason_is_known(void **state)
{
    (void)state;
    static const char table[] = "[areas]\nid,parent,level,name\na,,village,A\nb,,village,B\n"
                                "c,,village,C\n[sites]\nid,kind,area\ns,bts,a\n"
                                "[units]\nsite,service\ns,4g\n"
                                "[serves]\nsite,service,area,from,to,reason\n"
                                "s,4g,a,,,\ns,4g,b,,2026-12-01,\ns,4g,c,,,re-aimed\n";
    struct inventory *inv = sample_inventory(NULL, table, 0);
    assert_int_equal(inv->serves_rows.len, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct serves_row *row = vec_at(&inv->serves_rows, i);
        assert_int_equal(inventory_cover_temporary(row), row->area != sample_area(inv, "a"));
    }
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_lasts_until_a_table_leaves_it_out),
        cmocka_unit_test(its_own_dates_hold),
        cmocka_unit_test(reloads_other_feeds_and_people_are_left_alone),
        cmocka_unit_test(the_store_keeps_it),
        cmocka_unit_test(a_store_of_before_has_rows_of_files_only),
        cmocka_unit_test(a_row_of_the_file_is_temporary_if_its_end_or_reason_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
