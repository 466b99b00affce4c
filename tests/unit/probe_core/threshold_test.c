#include "core/threshold.h"

#include "base/field.h"
#include "unit.h"

#include <math.h>
#include <stddef.h>

struct config {
    double degraded_rtt_ms, failed_rtt_ms;
    double failed_loss_ratio;
    double degraded_free_ratio, failed_free_ratio;
    double degraded_temp_cel;
};

static const struct threshold table[] = {
    {"rtt", THRESHOLD_ABOVE, offsetof(struct config, degraded_rtt_ms),
     offsetof(struct config, failed_rtt_ms), 0},
    {"loss", THRESHOLD_ABOVE, THRESHOLD_NONE, offsetof(struct config, failed_loss_ratio), 0},
    {"free", THRESHOLD_BELOW, offsetof(struct config, degraded_free_ratio),
     offsetof(struct config, failed_free_ratio), 0},
    {"temp", THRESHOLD_BELOW, offsetof(struct config, degraded_temp_cel), THRESHOLD_NONE, -1000},
};

enum { ROWS = sizeof table / sizeof *table };

static const struct config usual = {100, 500, 1, 0.1, 0.02, 0};

static void a_limit_is_reached_at_its_value(void **state)
{
    (void)state;

    static const struct {
        size_t row;
        double value;
        enum verdict verdict;
    } cases[] = {
        {0, 99.999, VERDICT_OK},    {0, 100, VERDICT_DEGRADED}, {0, 499.9, VERDICT_DEGRADED},
        {0, 500, VERDICT_FAILED},   {0, NAN, VERDICT_OK},       {0, INFINITY, VERDICT_FAILED},
        {1, 0.99, VERDICT_OK},      {1, 1, VERDICT_FAILED},     {2, 0.11, VERDICT_OK},
        {2, 0.1, VERDICT_DEGRADED}, {2, 0.02, VERDICT_FAILED},  {2, 0, VERDICT_FAILED},
        {3, 1, VERDICT_OK},         {3, 0, VERDICT_DEGRADED},   {3, -20, VERDICT_DEGRADED},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(threshold_judge(&table[cases[i].row], &usual, cases[i].value),
                         cases[i].verdict);
}

static void limits_can_be_off(void **state)
{
    (void)state;
    static const struct config off = {0, 0, 0, 0, 0, -1000};
    static const struct config nans = {NAN, NAN, NAN, NAN, NAN, NAN};
    static const double values[] = {-1e9, 0, 1e9};
    for (size_t row = 0; row < ROWS; row++)
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            assert_int_equal(threshold_judge(&table[row], &off, values[i]), VERDICT_OK);
            assert_int_equal(threshold_judge(&table[row], &nans, values[i]), VERDICT_OK);
        }
}

static void the_worst_of_several_decides_and_says_why(void **state)
{
    (void)state;
    static const struct threshold_reading readings[] = {
        {"rtt", 120}, {"unknown", 1e9}, {"free", 0.01}, {"loss", 1}, {"temp", NAN}};
    struct threshold_result r = threshold_worst(table, ROWS, &usual, readings, 5);
    assert_int_equal(r.verdict, VERDICT_FAILED);
    assert_ptr_equal(r.reason, &table[2]); /* the first of equals */
    assert_true(r.value == 0.01 && r.limit == 0.02);
    r = threshold_worst(table, ROWS, &usual, readings, 2);
    assert_int_equal(r.verdict, VERDICT_DEGRADED);
    assert_true(r.value == 120 && r.limit == 100);
    r = threshold_worst(table, ROWS, &usual, readings + 4, 1);
    assert_int_equal(r.verdict, VERDICT_OK);
    assert_null(r.reason);
}

/* The limits are members that the check's own field table fills. */
static void limits_come_from_the_schema_table(void **state)
{
    (void)state;
    static const struct field fields[] = {
        {"degraded_rtt_ms", FIELD_F64, offsetof(struct config, degraded_rtt_ms), sizeof(double), 0,
         1e6, "0", "ms", "Round trip from which on the target is degraded; 0 = no limit.", NULL},
        {"failed_rtt_ms", FIELD_F64, offsetof(struct config, failed_rtt_ms), sizeof(double), 0, 1e6,
         "0", "ms", "Round trip from which on the target has failed; 0 = no limit.", NULL},
    };
    struct config config = usual;
    field_defaults(fields, 2, &config);
    assert_int_equal(threshold_judge(&table[0], &config, 1e5), VERDICT_OK);
    char why[FIELD_WHY_MAX];
    assert_int_equal(field_set(&fields[0], &config, slice_of("12.5"), why), 0);
    assert_int_equal(threshold_judge(&table[0], &config, 12.5), VERDICT_DEGRADED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_is_reached_at_its_value),
        cmocka_unit_test(limits_can_be_off),
        cmocka_unit_test(the_worst_of_several_decides_and_says_why),
        cmocka_unit_test(limits_come_from_the_schema_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
