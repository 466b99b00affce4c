/* What the shift log keeps of its own: bounds, who may sign, restarts. */
#include "core/shift_book.h"

#include "base/err.h"
#include "memory_rows.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { KEEP_MS = 1000 };

static void add(struct shift_book *b, enum shift_kind kind, int64_t at, const char *token,
                const char *by)
{
    struct shift_kept entry = {.kind = kind, .at = {at}, .by = by, .token = token, .text = "x"};
    assert_int_equal(shift_book_add(b, &entry), 0);
}

static void the_taker_is_somebody_else_than_the_giver(void **state)
{
    (void)state;
    struct shift_book b;
    shift_book_init(&b, 0);
    assert_non_null(shift_book_refusal(&b, "operator", "Minh")); /* nobody has given it */
    add(&b, SHIFT_GIVEN, 1, "operator", "Lan");
    assert_non_null(shift_book_refusal(&b, "operator", "Lan"));
    assert_null(shift_book_refusal(&b, "operator", "Minh"));
    assert_null(shift_book_refusal(&b, "minh", "Lan"));
    assert_string_equal(shift_book_waits(&b)->by, "Lan");
    add(&b, SHIFT_TAKEN, 2, "operator", "Minh");
    assert_null(shift_book_waits(&b));
    assert_non_null(shift_book_refusal(&b, "operator", "Hoa")); /* taken already */
    assert_string_equal(shift_book_last(&b, SHIFT_TAKEN)->by, "Minh");
    shift_book_done(&b);
}

static void old_ones_go_by_age_and_by_number(void **state)
{
    (void)state;
    struct shift_book b;
    shift_book_init(&b, KEEP_MS);
    for (int i = 0; i < SHIFT_KEPT_MAX + 3; i++)
        add(&b, SHIFT_NOTE, 10, "", "a");
    assert_int_equal(b.kept.len, SHIFT_KEPT_MAX);
    assert_int_equal(((const struct shift_kept *)vec_at(&b.kept, 0))->number, 4);
    add(&b, SHIFT_NOTE, 10 + KEEP_MS - 1, "", "b");
    assert_int_equal(b.kept.len, SHIFT_KEPT_MAX);
    add(&b, SHIFT_NOTE, 10 + KEEP_MS, "", "c");
    assert_int_equal(b.kept.len, 2); /* exactly as old as is kept is too old */
    shift_book_done(&b);
}

/* A province that shakes for weeks drives out no signature. */
static void outages_that_change_their_root_have_a_bound_of_their_own(void **state)
{
    (void)state;
    struct shift_book b;
    shift_book_init(&b, 0);
    add(&b, SHIFT_GIVEN, 1, "op", "Lan");
    for (int i = 0; i < SHIFT_KEPT_MAX + 3; i++)
        add(&b, i % 2 ? SHIFT_JOINED : SHIFT_OWN, 2, "", "");
    assert_int_equal(b.kept.len, 1 + SHIFT_ROOTS_MAX);
    assert_string_equal(shift_book_waits(&b)->by, "Lan");
    assert_int_equal(((const struct shift_kept *)vec_at(&b.kept, 1))->number,
                     2 + SHIFT_KEPT_MAX + 3 - SHIFT_ROOTS_MAX);
    shift_book_done(&b);
}

static void a_change_of_root_comes_back_and_so_does_a_row_of_the_first_version(void **state)
{
    (void)state;
    struct shift_book b, again;
    struct memory_rows rows;
    memory_rows_init(&rows);
    struct row_sink sink = memory_rows_sink(&rows);
    struct shift_kept entry = {.kind = SHIFT_JOINED,
                               .at = {5},
                               .by = "",
                               .token = "",
                               .text = "",
                               .outage = 7,
                               .site = 3,
                               .root = 9,
                               .others = 2};
    shift_book_init(&b, 0);
    assert_int_equal(shift_book_add(&b, &entry), 0);
    assert_int_equal(shift_book_save(&b, &sink), 0);
    shift_book_init(&again, 0);
    const struct memory_row *row = vec_at(&rows.rows, 0);
    assert_int_equal(shift_book_load(&again, (struct slice){row->key, row->key_len},
                                     (struct slice){row->value, row->value_len}),
                     0);
    /* key u64 2; version 1, note, at 6, "a", "", "x" (u16 lengths) */
    static const char old[] = "\1\0\6\0\0\0\0\0\0\0\1\0a\0\0\1\0x";
    assert_int_equal(shift_book_load(&again, (struct slice){"\2\0\0\0\0\0\0\0", 8},
                                     (struct slice){old, sizeof old - 1}),
                     0);
    const struct shift_kept *one = vec_at(&again.kept, 0), *other = vec_at(&again.kept, 1);
    assert_int_equal(one->kind, SHIFT_JOINED);
    assert_true(one->outage == 7 && one->site == 3 && one->root == 9 && one->others == 2);
    assert_true(other->outage == 0 && other->root == 0 && other->at.ms == 6);
    assert_string_equal(other->text, "x");
    shift_book_done(&b);
    shift_book_done(&again);
    memory_rows_done(&rows);
}

static void it_comes_back_as_it_was_and_numbers_go_on(void **state)
{
    (void)state;
    struct shift_book b;
    struct shift_book again;
    struct memory_rows rows;
    memory_rows_init(&rows);
    struct row_sink sink = memory_rows_sink(&rows);
    shift_book_init(&b, KEEP_MS);
    for (int i = 0; i < 300; i++) /* keys of two bytes, whose order is not that of numbers */
        add(&b, SHIFT_NOTE, i, "", "a");
    assert_int_equal(shift_book_save(&b, &sink), 0);
    add(&b, SHIFT_GIVEN, 1150, "op", "Lan"); /* 150 and older go: 150 are left */
    assert_int_equal(shift_book_save(&b, &sink), 0);
    assert_int_equal(rows.rows.len, b.kept.len);
    shift_book_init(&again, KEEP_MS);
    for (size_t i = 0; i < rows.rows.len; i++) {
        const struct memory_row *row = vec_at(&rows.rows, (i * 7) % rows.rows.len);
        assert_int_equal(row->kind, ROW_SHIFT);
        assert_int_equal(shift_book_load(&again, (struct slice){row->key, row->key_len},
                                         (struct slice){row->value, row->value_len}),
                         0);
    }
    assert_int_equal(again.kept.len, b.kept.len);
    for (size_t i = 0; i < b.kept.len; i++) {
        const struct shift_kept *one = vec_at(&b.kept, i);
        const struct shift_kept *other = vec_at(&again.kept, i);
        assert_int_equal(one->number, other->number);
        assert_int_equal(one->at.ms, other->at.ms);
        assert_string_equal(one->by, other->by);
        assert_string_equal(one->token, other->token);
        assert_string_equal(one->text, other->text);
    }
    assert_int_equal(again.next, 302);
    shift_book_done(&b);
    shift_book_done(&again);
    memory_rows_done(&rows);
}

static void texts_are_cut_between_characters(void **state)
{
    (void)state;
    struct shift_book b;
    char by[SHIFT_BY_MAX + 8] = "";
    shift_book_init(&b, 0);
    for (size_t i = 0; i + 3 < sizeof by; i += 3)
        memcpy(by + i, "ế", 3);
    add(&b, SHIFT_NOTE, 1, "", by);
    assert_int_equal(strlen(((const struct shift_kept *)vec_at(&b.kept, 0))->by),
                     (SHIFT_BY_MAX - 1) / 3 * 3);
    shift_book_done(&b);
}

static void damaged_rows_are_refused(void **state)
{
    (void)state;
    struct shift_book b;
    struct slice key = {"\1\0\0\0\0\0\0\0", 8};
    shift_book_init(&b, 0);
    assert_int_equal(shift_book_load(&b, key, (struct slice){"\3", 1}), ERR_VERSION);
    assert_int_equal(shift_book_load(&b, key, (struct slice){"\1\0", 2}), ERR_CORRUPT);
    assert_int_equal(
        shift_book_load(&b, key, (struct slice){"\1\x8\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16}),
        ERR_CORRUPT); /* a kind that is never kept */
    assert_int_equal(shift_book_load(&b, (struct slice){"", 0}, (struct slice){"", 0}),
                     ERR_CORRUPT);
    assert_int_equal(b.kept.len, 0);
    shift_book_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_taker_is_somebody_else_than_the_giver),
        cmocka_unit_test(old_ones_go_by_age_and_by_number),
        cmocka_unit_test(outages_that_change_their_root_have_a_bound_of_their_own),
        cmocka_unit_test(a_change_of_root_comes_back_and_so_does_a_row_of_the_first_version),
        cmocka_unit_test(it_comes_back_as_it_was_and_numbers_go_on),
        cmocka_unit_test(texts_are_cut_between_characters),
        cmocka_unit_test(damaged_rows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
