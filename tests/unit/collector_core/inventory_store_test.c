#include "core/inventory_store.h"

#include "base/err.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 256, KEY_BYTES = 5 };

/* A store in memory, sorted by key as the real one gives its rows back. */
struct shelf {
    struct {
        char key[KEY_BYTES];
        char *value;
        size_t len;
    } rows[ROWS_MAX];

    size_t n, puts, drops;
};

static size_t place(const struct shelf *shelf, struct slice key, bool *ret_there)
{
    size_t at = 0;
    assert_int_equal(key.len, KEY_BYTES);
    while (at < shelf->n && memcmp(shelf->rows[at].key, key.at, KEY_BYTES) < 0)
        at++;
    *ret_there = at < shelf->n && memcmp(shelf->rows[at].key, key.at, KEY_BYTES) == 0;
    return at;
}

static int put(void *context, uint8_t kind, struct slice key, struct slice value)
{
    struct shelf *shelf = context;
    bool there;
    size_t at = place(shelf, key, &there);
    assert_int_equal(kind, ROW_INVENTORY);
    if (!there) {
        assert_true(shelf->n < ROWS_MAX);
        memmove(&shelf->rows[at + 1], &shelf->rows[at], (shelf->n - at) * sizeof shelf->rows[0]);
        shelf->n++;
        memcpy(shelf->rows[at].key, key.at, KEY_BYTES);
        shelf->rows[at].value = NULL;
    }
    free(shelf->rows[at].value);
    shelf->rows[at].value = malloc(value.len);
    assert_non_null(shelf->rows[at].value);
    memcpy(shelf->rows[at].value, value.at, value.len);
    shelf->rows[at].len = value.len;
    shelf->puts++;
    return 0;
}

static int drop(void *context, uint8_t kind, struct slice key)
{
    struct shelf *shelf = context;
    bool there;
    size_t at = place(shelf, key, &there);
    assert_int_equal(kind, ROW_INVENTORY);
    assert_true(there);
    free(shelf->rows[at].value);
    shelf->n--;
    memmove(&shelf->rows[at], &shelf->rows[at + 1], (shelf->n - at) * sizeof shelf->rows[0]);
    shelf->drops++;
    return 0;
}

static void save(struct shelf *shelf, const struct inventory *inv, const struct inventory *stored)
{
    const struct row_sink sink = {shelf, put, drop, NULL};
    shelf->puts = shelf->drops = 0;
    assert_int_equal(inventory_save(inv, stored, &sink), 0);
}

static struct inventory *restore(const struct shelf *shelf)
{
    struct inventory *inv = inventory_new();
    assert_non_null(inv);
    for (size_t i = 0; i < shelf->n; i++)
        assert_int_equal(
            inventory_restore(inv, (struct slice){shelf->rows[i].key, KEY_BYTES},
                              (struct slice){shelf->rows[i].value, shelf->rows[i].len}),
            0);
    assert_int_equal(inventory_restored(inv), 0);
    return inv;
}

static void empty(struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->n; i++)
        free(shelf->rows[i].value);
    free(shelf);
}

static struct shelf *new_shelf(void)
{
    struct shelf *shelf = calloc(1, sizeof *shelf);
    assert_non_null(shelf);
    return shelf;
}

static const char *const with_everything =
    "[declarations]\ntarget,kind,from,to,reason\n"
    "bts-1,maintenance,2026-11-25,2026-11-26,thay \xe1\xba\xaf"
    "c quy\n"
    "bts-2/4g@a,asleep,2026-11-25T22:00,2026-11-26T05:00,\n"
    "[declared]\narea,indicator,numerator,denominator,as_of,source\n"
    "p,4g_villages,4,4,2022-12-31,S\n";

static struct inventory *everything(const struct inventory *old, int64_t reload)
{
    char text[8192];
    snprintf(text, sizeof text, "%s%s", sample_province, with_everything);
    return sample_inventory(old, text, reload);
}

/* Equal if saving one over the other has nothing to say. */
static void assert_same(const struct inventory *a, const struct inventory *b)
{
    struct shelf *shelf = new_shelf();
    save(shelf, a, NULL);
    save(shelf, b, a);
    assert_int_equal(shelf->puts + shelf->drops, 0);
    empty(shelf);
}

static void history_survives_a_restart(void **state)
{
    (void)state;
    struct inventory *one = everything(NULL, 1000);
    struct inventory *two = sample_inventory(one, sample_province, sample_ms("2026-11-25T12:00"));
    struct shelf *shelf = new_shelf();
    save(shelf, two, NULL);
    struct inventory *back = restore(shelf);
    assert_same(two, back);
    size_t n;
    const struct declaration *kept = inventory_declarations(back, sample_site(back, "bts-1"), &n);
    assert_int_equal(n, 1);
    assert_int_equal(kept->registered.ms, 1000);
    assert_int_equal(kept->span.to.ms, sample_ms("2026-11-25T12:00"));
    assert_string_equal(kept->reason, "thay \xe1\xba\xaf"
                                      "c quy");
    bool own = true;
    assert_true(inventory_may_speak(back, sample_probe(back, "p1"), sample_site(back, "bts-2"),
                                    kept->span.to, &own));
    assert_false(own);
    uint32_t unit = sample_unit(back, "bts-3/fibre@b");
    assert_int_equal(inventory_unit_id(back, unit)->op, sample_operator(back, "b"));
    assert_int_equal(inventory_unit_id(back, unit)->family, FAMILY_FIBRE);
    inventory_free(one);
    inventory_free(two);
    inventory_free(back);
    empty(shelf);
}

static void a_reload_after_a_restart_goes_on(void **state)
{
    (void)state;
    struct inventory *one = everything(NULL, 1000);
    struct shelf *shelf = new_shelf();
    save(shelf, one, NULL);
    struct inventory *back = restore(shelf);
    struct inventory *with = everything(back, 2000), *without = everything(one, 2000);
    assert_same(with, without);
    inventory_free(one);
    inventory_free(back);
    inventory_free(with);
    inventory_free(without);
    empty(shelf);
}

static void only_changed_chunks_are_written(void **state)
{
    (void)state;
    struct inventory *one = everything(NULL, 1000);
    struct shelf *shelf = new_shelf();
    save(shelf, one, NULL);
    size_t all = shelf->puts;
    struct inventory *two = sample_inventory(one, sample_province, 2000);
    save(shelf, two, one);
    assert_int_equal(shelf->puts, 0);  /* both declarations were withdrawn before they began */
    assert_int_equal(shelf->drops, 2); /* theirs and the authority's figures */
    assert_int_equal(shelf->n, all - 2);
    struct inventory *back = restore(shelf);
    assert_same(two, back);
    inventory_free(one);
    inventory_free(two);
    inventory_free(back);
    empty(shelf);
}

static void damage_is_an_error(void **state)
{
    (void)state;
    struct inventory *one = everything(NULL, 1000);
    struct shelf *shelf = new_shelf();
    save(shelf, one, NULL);
    for (size_t i = 0; i < shelf->n; i++) {
        struct slice key = {shelf->rows[i].key, KEY_BYTES};
        struct inventory *inv = inventory_new();
        for (size_t k = 0; k < i; k++)
            assert_int_equal(
                inventory_restore(inv, (struct slice){shelf->rows[k].key, KEY_BYTES},
                                  (struct slice){shelf->rows[k].value, shelf->rows[k].len}),
                0);
        struct slice cut = {shelf->rows[i].value, shelf->rows[i].len - 1};
        assert_int_equal(inventory_restore(inv, key, cut), ERR_CORRUPT);
        inventory_free(inv);
        inv = inventory_new();
        shelf->rows[i].value[0]++;
        struct slice newer = {shelf->rows[i].value, shelf->rows[i].len};
        assert_int_equal(inventory_restore(inv, key, newer), ERR_VERSION);
        assert_int_equal(inventory_restore(inv, slice_of("x"), newer), ERR_CORRUPT);
        shelf->rows[i].value[0]--;
        inventory_free(inv);
    }
    inventory_free(one);
    empty(shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(history_survives_a_restart),
        cmocka_unit_test(a_reload_after_a_restart_goes_on),
        cmocka_unit_test(only_changed_chunks_are_written),
        cmocka_unit_test(damage_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
