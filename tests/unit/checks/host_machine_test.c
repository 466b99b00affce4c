#include "checks/host/host_machine.h"

#include "unit.h"

/* proc(5): user nice system idle iowait irq softirq steal guest guest_nice; guest is within user.
 */
static const char stat_a[] =
    "cpu  100 10 50 800 40 5 5 10 90 9\ncpu0 1 1 1 1 1 1 1 1 1 1\nintr 5\n";
static const char stat_b[] =
    "cpu  150 10 60 820 60 5 5 10 90 9\ncpu0 1 1 1 1 1 1 1 1 1 1\nintr 9\n";

static void cpu_share_is_work_over_all(void **state)
{
    (void)state;
    struct host_cpu a, b;
    assert_true(host_machine_cpu(slice_of(stat_a), &a));
    assert_true(host_machine_cpu(slice_of(stat_b), &b));
    assert_int_equal(a.busy, 100 + 10 + 50 + 5 + 5 + 10);
    assert_int_equal(a.total, a.busy + 800 + 40);
    double ratio = 7;
    assert_true(host_machine_cpu_ratio(&a, &b, &ratio));
    assert_near(ratio, 0.6, 1e-12); /* 60 of 100 ticks */
    ratio = 7;
    assert_false(host_machine_cpu_ratio(&b, &b, &ratio));
    assert_false(host_machine_cpu_ratio(&b, &a, &ratio));
    assert_near(ratio, 7, 0);
}

static void cpu_line_must_be_whole(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "cpu  1 2 3\n", "cpu0 1 2 3 4 5 6 7 8\n",
                                      "cpu  1 2 3 4 5 6 7 x\n", "cpu  1 2 3 4\n5 6 7 8\n"};
    struct host_cpu cpu = {1, 2};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(host_machine_cpu(slice_of(bad[i]), &cpu));
    assert_int_equal(cpu.busy, 1);
}

static void memory_is_what_cannot_be_given(void **state)
{
    (void)state;
    double ratio = 7;
    assert_true(host_machine_memory_ratio(
        slice_of("MemTotal:        1000 kB\nMemFree: 100 kB\nMemAvailable:     250 kB\n"), &ratio));
    assert_near(ratio, 0.75, 1e-12);
    ratio = 7;
    assert_false(host_machine_memory_ratio(slice_of("MemTotal: 1000 kB\n"), &ratio));
    assert_false(
        host_machine_memory_ratio(slice_of("MemTotal: 0 kB\nMemAvailable: 0 kB\n"), &ratio));
    assert_false(
        host_machine_memory_ratio(slice_of("MemTotal: 1 kB\nMemAvailable: 2 kB\n"), &ratio));
    assert_near(ratio, 7, 0);
}

static void single_numbers(void **state)
{
    (void)state;
    double value = 0;
    assert_true(host_machine_load(slice_of("0.58 0.25 0.15 1/93 10413\n"), &value));
    assert_near(value, 0.58, 0);
    assert_true(host_machine_uptime_s(slice_of("1172.40 2221.18\n"), &value));
    assert_near(value, 1172.4, 0);
    assert_false(host_machine_load(slice_of(""), &value));
    assert_false(host_machine_uptime_s(slice_of("soon\n"), &value));
}

static void temperatures_are_thousandths_and_plausible(void **state)
{
    (void)state;
    double celsius = 7;
    assert_true(host_machine_temperature(slice_of("48500\n"), &celsius));
    assert_near(celsius, 48.5, 0);
    assert_true(host_machine_temperature(slice_of("-12000\n"), &celsius));
    assert_near(celsius, -12, 0);
    assert_false(host_machine_temperature(slice_of("-273200\n"), &celsius));
    assert_false(host_machine_temperature(slice_of("2147483647\n"), &celsius));
    assert_false(host_machine_temperature(slice_of(""), &celsius));
}

/* df: Used / (Used + Available); blocks reserved for root are in neither. */
static void disk_is_what_df_says(void **state)
{
    (void)state;
    double ratio = 7;
    assert_true(host_machine_disk_ratio(900, 50, &ratio));
    assert_near(ratio, 900.0 / 950, 1e-12);
    assert_false(host_machine_disk_ratio(0, 0, &ratio));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cpu_share_is_work_over_all),
        cmocka_unit_test(cpu_line_must_be_whole),
        cmocka_unit_test(memory_is_what_cannot_be_given),
        cmocka_unit_test(single_numbers),
        cmocka_unit_test(temperatures_are_thousandths_and_plausible),
        cmocka_unit_test(disk_is_what_df_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
