#include "core/ledger.h"

#include "base/err.h"
#include "core/marker.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static int keep(void *context, uint8_t kind, struct slice key, struct slice value)
{
    struct slice *row = context;
    assert_int_equal(kind, ROW_LEDGER);
    assert_true(slice_is(key, "total"));
    char *copy = malloc(value.len);
    assert_non_null(copy);
    memcpy(copy, value.at, value.len);
    *row = (struct slice){copy, value.len};
    return 0;
}

static void survives_being_saved_and_loaded(void **state)
{
    (void)state;
    struct ledger before = {0};
    struct ledger after = {0};
    struct slice row = {0};
    const char *name;
    const char *what;
    uint64_t value;
    for (uint32_t i = 0; ledger_counter(&before, i, &name, &what, &value); i++)
        memcpy((char *)&before + i * sizeof value, &(uint64_t){i * 1000003}, sizeof value);
    assert_int_equal(ledger_save(&before, &(struct row_sink){&row, keep, NULL, NULL}), 0);
    assert_int_equal(ledger_load(&after, row), 0);
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(ledger_load(&after, (struct slice){row.at, row.len - 3}), ERR_CORRUPT);
    assert_int_equal(ledger_load(&after, (struct slice){row.at + 1, row.len - 1}), ERR_VERSION);
    free((void *)(uintptr_t)row.at);
}

static void a_row_without_the_newest_counter_goes_on_counting(void **state)
{
    (void)state;
    struct ledger before = {.stored = 5, .control = 2, .taken = 7};
    struct ledger after = {0};
    struct slice row = {0};
    assert_int_equal(ledger_save(&before, &(struct row_sink){&row, keep, NULL, NULL}), 0);
    size_t known = 1 + offsetof(struct ledger, taken);
    assert_int_equal(ledger_load(&after, (struct slice){row.at, known}), 0);
    assert_int_equal(after.taken, 7);
    free((void *)(uintptr_t)row.at);
}

static void its_equations_notice_one_missing_reading(void **state)
{
    (void)state;
    struct ledger l = {
        .readings_stored = 10, .readings_written = 4, .readings_dead = 1, .readings_beyond = 2};
    assert_true(ledger_balanced(&l, 3));
    assert_false(ledger_balanced(&l, 2));
    l = (struct ledger){.control = 1,
                        .duplicate = 2,
                        .ignored = 4,
                        .refused = 8,
                        .untimed = 16,
                        .stored = 32,
                        .plain_bounded = 64};
    assert_int_equal(ledger_processed(&l), 127);
}

static void markers_prove_listening_only_in_an_unbroken_chain(void **state)
{
    (void)state;
    struct marker m = {0};
    struct wall_ms from = {-1};
    assert_false(marker_heard(&m, 1, (struct wall_ms){1000}, &from));
    assert_true(marker_heard(&m, 2, (struct wall_ms){2000}, &from));
    assert_int_equal(from.ms, 1000);
    assert_true(marker_heard(&m, 3, (struct wall_ms){2000 + MARKER_APART_MAX_MS}, &from));
    assert_false(marker_heard(&m, 4, (struct wall_ms){2001 + 2 * MARKER_APART_MAX_MS},
                              &from)); /* 1 ms too far apart */
    assert_false(marker_heard(&m, 4, (struct wall_ms){2100 + 2 * MARKER_APART_MAX_MS},
                              &from));                                /* a copy of the last one */
    assert_false(marker_heard(&m, 5, (struct wall_ms){2000}, &from)); /* the clock stepped back */
    assert_true(marker_heard(&m, 6, (struct wall_ms){2500}, &from));
    marker_break(&m);
    assert_false(marker_heard(&m, 7, (struct wall_ms){2600}, &from));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(survives_being_saved_and_loaded),
        cmocka_unit_test(a_row_without_the_newest_counter_goes_on_counting),
        cmocka_unit_test(its_equations_notice_one_missing_reading),
        cmocka_unit_test(markers_prove_listening_only_in_an_unbroken_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
