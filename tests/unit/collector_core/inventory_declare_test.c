#include "core/inventory_declare.h"

#include "base/err.h"
#include "core/inventory_rows.h"
#include "core/inventory_store.h"
#include "memory_rows.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBERS_LATER = 8 + 4 + 8 }; /* bytes of number, an empty `by` and withdrawn */

static struct wall_ms on(const char *date)
{
    return (struct wall_ms){sample_ms(date)};
}

static struct inventory_wish works(const struct inventory *inv, const char *from, const char *to)
{
    return (struct inventory_wish){.site = sample_site(inv, "bts-1"),
                                   .unit = INV_NONE,
                                   .kind = DECLARATION_MAINTENANCE,
                                   .span = {on(from), on(to)},
                                   .reason = "thay \xe1\xba\xaf"
                                             "c quy",
                                   .by = "An"};
}

static int64_t declare(struct inventory *inv, const struct inventory_wish *wish, const char *now)
{
    int64_t number = 0;
    assert_int_equal(inventory_declare(inv, wish, on(now), &number), 0);
    return number;
}

static void withdraw(struct inventory *inv, int64_t number, const char *now)
{
    assert_int_equal(inventory_withdraw(inv, number, on(now)), 0);
}

static void restore_row(struct inventory *inv, const struct memory_row *row)
{
    assert_int_equal(inventory_restore(inv, (struct slice){row->key, row->key_len},
                                       (struct slice){row->value, row->value_len}),
                     0);
}

static void declared_late_it_is_retroactive(void **state)
{
    static const struct {
        const char *now;
        enum declaration_kind kind;
        bool retroactive;
    } cases[] = {{"2026-11-24", DECLARATION_MAINTENANCE, false},
                 {"2026-11-25", DECLARATION_MAINTENANCE, true}, /* strictly before (7.23) */
                 {"2026-11-27", DECLARATION_MAINTENANCE, true},
                 {"2026-11-27", DECLARATION_ASLEEP, false}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct inventory *inv = sample_inventory(NULL, sample_province, 1000);
        struct inventory_wish wish = works(inv, "2026-11-25", "2026-11-26");
        wish.kind = cases[i].kind;
        assert_null(inventory_declared(inv, 1));
        assert_int_equal(declare(inv, &wish, cases[i].now), 1);
        const struct declaration *d = inventory_declared(inv, 1);
        assert_non_null(d);
        assert_int_equal(d->retroactive, cases[i].retroactive);
        assert_int_equal(d->registered.ms, sample_ms(cases[i].now));
        assert_string_equal(d->by, "An");
        inventory_free(inv);
    }
}

static void it_outlives_reloads_and_restarts(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 1000);
    struct inventory_wish wish = works(inv, "2026-11-25", "2026-11-26");
    (void)declare(inv, &wish, "2026-11-27");
    struct inventory *loaded = sample_inventory(inv, sample_province, sample_ms("2026-11-28"));
    struct memory_rows rows;
    memory_rows_init(&rows);
    struct row_sink sink = memory_rows_sink(&rows);
    assert_int_equal(inventory_save(loaded, NULL, &sink), 0);
    struct inventory *back = inventory_new();
    assert_non_null(back);
    for (size_t i = 0; i < rows.rows.len; i++)
        restore_row(back, vec_at(&rows.rows, i));
    assert_int_equal(inventory_restored(back), 0);
    const struct declaration *d = inventory_declared(back, 1);
    assert_non_null(d);
    assert_true(d->retroactive);
    assert_int_equal(d->span.from.ms, sample_ms("2026-11-25"));
    assert_int_equal(d->span.to.ms, sample_ms("2026-11-26"));
    assert_string_equal(d->reason, wish.reason);
    inventory_free(inv);
    inventory_free(loaded);
    inventory_free(back);
    memory_rows_done(&rows);
}

/* A row of declarations.csv over the same time is in time or late by its own reload. */
static void files_and_people_do_not_lend_each_other_their_registration(void **state)
{
    (void)state;
    char text[8192];
    struct inventory *inv = sample_inventory(NULL, sample_province, 1000);
    struct inventory_wish wish = works(inv, "2026-11-25", "2026-11-26");
    (void)declare(inv, &wish, "2026-11-24");
    snprintf(text, sizeof text, "%s[declarations]\ntarget,kind,from,to\n%s", sample_province,
             "bts-1,maintenance,2026-11-25,2026-11-26\n");
    struct inventory *loaded = sample_inventory(inv, text, sample_ms("2026-11-25T12:00"));
    size_t n = 0;
    const struct declaration *rows =
        inventory_declarations(loaded, sample_site(loaded, "bts-1"), &n);
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(rows[i].registered.ms,
                         sample_ms(rows[i].number ? "2026-11-24" : "2026-11-25T12:00"));
    inventory_free(inv);
    inventory_free(loaded);
}

static void withdrawn_it_ends_and_stays_marked(void **state)
{
    static const struct {
        const char *declared, *withdrawn, *to;
    } cases[] = {
        {"2026-11-24", "2026-11-24T12:00", "2026-11-25"},       /* before it began: nothing left */
        {"2026-11-24", "2026-11-25T12:00", "2026-11-25T12:00"}, /* under way: ends now */
        {"2026-11-24", "2026-11-28", "2026-11-26"},             /* over: stays what it was */
        {"2026-11-27", "2026-11-28", "2026-11-26"}};            /* retroactive: only the mark */

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct inventory *inv = sample_inventory(NULL, sample_province, 1000);
        struct inventory_wish wish = works(inv, "2026-11-25", "2026-11-26");
        int64_t number = declare(inv, &wish, cases[i].declared);
        withdraw(inv, number, cases[i].withdrawn);
        const struct declaration *d = inventory_declared(inv, number);
        assert_int_equal(d->span.from.ms, sample_ms("2026-11-25"));
        assert_int_equal(d->span.to.ms, sample_ms(cases[i].to));
        assert_int_equal(d->withdrawn.ms, sample_ms(cases[i].withdrawn));
        assert_int_equal(inventory_withdraw(inv, number, on("2026-11-29")), ERR_NOT_FOUND);
        assert_int_equal(inventory_withdraw(inv, number + 1, on("2026-11-29")), ERR_NOT_FOUND);
        inventory_free(inv);
    }
}

static void numbers_rise_and_the_long_gone_make_room(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 1000);
    struct inventory_wish wish = works(inv, "2026-11-25", "2026-11-26");
    assert_int_equal(declare(inv, &wish, "2026-11-27"), 1);
    assert_int_equal(declare(inv, &wish, "2026-11-27"), 2);
    assert_int_equal(declare(inv, &wish, "2033-01-01"), 3);
    assert_null(inventory_declared(inv, 1));
    assert_non_null(inventory_declared(inv, 3));
    inventory_free(inv);
}

/* Before version 2 a declaration ended with its reason. */
static void rows_of_the_first_version_are_read(void **state)
{
    (void)state;
    char text[8192];
    snprintf(text, sizeof text, "%s[declarations]\ntarget,kind,from,to,reason\n%s", sample_province,
             "bts-1,maintenance,2026-11-25,2026-11-26,works\n");
    struct inventory *inv = sample_inventory(NULL, text, 1000);
    struct memory_rows rows;
    memory_rows_init(&rows);
    struct row_sink sink = memory_rows_sink(&rows);
    assert_int_equal(inventory_save(inv, NULL, &sink), 0);
    struct inventory *back = inventory_new();
    assert_non_null(back);
    for (size_t i = 0; i < rows.rows.len; i++) {
        struct memory_row *row = vec_at(&rows.rows, i);
        if (row->key[0] == NAMES_COUNT + TABLE_DECLARATIONS) { /* one row */
            row->value[0] = 1;
            row->value_len -= MEMBERS_LATER;
        }
        restore_row(back, row);
    }
    assert_int_equal(inventory_restored(back), 0);
    size_t n = 0;
    const struct declaration *d = inventory_declarations(back, sample_site(back, "bts-1"), &n);
    assert_int_equal(n, 1);
    assert_string_equal(d->reason, "works");
    assert_string_equal(d->by, "");
    assert_int_equal(d->number, 0);
    inventory_free(inv);
    inventory_free(back);
    memory_rows_done(&rows);
}

/* The row with the key of @p row. */
static const struct memory_row *row_like(const struct memory_rows *rows,
                                         const struct memory_row *row)
{
    for (size_t i = 0; i < rows->rows.len; i++) {
        const struct memory_row *other = vec_at(&rows->rows, i);
        if (other->key_len == row->key_len && memcmp(other->key, row->key, row->key_len) == 0)
            return other;
    }
    return NULL;
}

static void assert_same_rows(const struct memory_rows *a, const struct memory_rows *b)
{
    assert_int_equal(a->rows.len, b->rows.len);
    for (size_t i = 0; i < a->rows.len; i++) {
        const struct memory_row *x = vec_at(&a->rows, i);
        const struct memory_row *y = row_like(b, x);
        assert_non_null(y);
        assert_int_equal(x->value_len, y->value_len);
        assert_memory_equal(x->value, y->value, x->value_len);
    }
}

/* Saves what changed, and holds what the store has then against all of the inventory. */
static void save_changed(const struct inventory *inv, struct inventory_kept *kept,
                         struct memory_rows *stored)
{
    struct memory_rows whole;
    struct row_sink sink = memory_rows_sink(stored);
    assert_int_equal(inventory_save_declarations(inv, kept, &sink), 0);
    assert_false(kept->kept);
    memory_rows_init(&whole);
    sink = memory_rows_sink(&whole);
    assert_int_equal(inventory_save(inv, NULL, &sink), 0);
    assert_same_rows(stored, &whole);
    memory_rows_done(&whole);
}

static void only_what_changed_is_saved(void **state)
{
    (void)state;

    enum { MANY = 300 };

    struct inventory *inv = sample_inventory(NULL, sample_province, 1000);
    struct inventory_wish wishes[MANY];
    for (size_t i = 0; i < MANY; i++)
        wishes[i] = works(inv, "2026-11-25", "2026-11-26");
    struct memory_rows stored;
    memory_rows_init(&stored);
    struct row_sink sink = memory_rows_sink(&stored);
    assert_int_equal(inventory_save(inv, NULL, &sink), 0);
    struct inventory_kept kept = {.kept = false};
    save_changed(inv, &kept, &stored); /* nobody declared anything */
    int64_t first = 0;
    assert_int_equal(inventory_keep_declarations(inv, &kept), 0);
    assert_int_equal(inventory_declare_all(inv, wishes, MANY, on("2026-11-24"), &first), 0);
    assert_int_equal(inventory_keep_declarations(inv, &kept), 0); /* once more before it is saved */
    withdraw(inv, first + 1, "2026-11-24T12:00");
    save_changed(inv, &kept, &stored);
    assert_int_equal(inventory_keep_declarations(inv, &kept), 0);
    withdraw(inv, first + MANY - 1, "2026-11-24T13:00");
    save_changed(inv, &kept, &stored);
    assert_int_equal(inventory_keep_declarations(inv, &kept), 0);
    (void)declare(inv, &wishes[0], "2033-01-01"); /* which the others make room for */
    assert_int_equal(inv->declarations.len, 1);
    save_changed(inv, &kept, &stored);
    inventory_free(inv);
    memory_rows_done(&stored);
}

static void a_full_table_takes_nothing_and_stays_as_it_is(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 1000);
    struct inventory_wish *wishes = calloc(INVENTORY_DECLARED_MAX, sizeof *wishes);
    assert_non_null(wishes);
    for (size_t i = 0; i < INVENTORY_DECLARED_MAX; i++)
        wishes[i] = works(inv, "2026-11-25", "2026-11-26");
    int64_t first = 0;
    struct wall_ms now = on("2026-11-24");
    assert_int_equal(inventory_declare_all(inv, wishes, INVENTORY_DECLARED_MAX - 1, now, &first),
                     0);
    assert_int_equal(inventory_declare_all(inv, wishes, 2, now, &first), ERR_FULL);
    assert_int_equal(inv->declarations.len, INVENTORY_DECLARED_MAX - 1);
    assert_int_equal(inventory_declare_all(inv, wishes, 1, now, &first), 0);
    assert_int_equal(first, INVENTORY_DECLARED_MAX);
    assert_int_equal(inventory_declare_all(inv, wishes, 1, now, &first), ERR_FULL);
    free(wishes);
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(declared_late_it_is_retroactive),
        cmocka_unit_test(it_outlives_reloads_and_restarts),
        cmocka_unit_test(files_and_people_do_not_lend_each_other_their_registration),
        cmocka_unit_test(withdrawn_it_ends_and_stays_marked),
        cmocka_unit_test(numbers_rise_and_the_long_gone_make_room),
        cmocka_unit_test(rows_of_the_first_version_are_read),
        cmocka_unit_test(only_what_changed_is_saved),
        cmocka_unit_test(a_full_table_takes_nothing_and_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
