#include "shell/sink_flight.h"

#include "base/err.h"
#include "unit.h"

static void counters_of_a_victoria_metrics(void **state)
{
    (void)state;
    /* Lines as VictoriaMetrics 1.79 prints them. */
    static const char text[] = "vm_rows_ignored_total{reason=\"big_timestamp\"} 2\n"
                               "vm_rows_ignored_total{reason=\"small_timestamp\"} 40\n"
                               "vm_rows_invalid_total{type=\"csvimport\"} 0\n"
                               "vm_rows_invalid_total{type=\"influx\"} 1e2\n"
                               "vm_rows_inserted_total{type=\"influx\"} 7777\n"
                               "process_start_time_seconds 1795327170\n"
                               "vm_app_start_timestamp 5";
    struct sink_counters c = {0};
    assert_int_equal(sink_counters_read(slice_of(text), &c), 0);
    assert_true(c.start_s == 1795327170);
    assert_true(c.rows_lost == 142);
    assert_int_equal(sink_counters_read(slice_of("a b\n\nprocess_start_time_seconds x"), &c),
                     ERR_MISSING);
    assert_int_equal(sink_counters_read(slice_of(""), &c), ERR_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_of_a_victoria_metrics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
