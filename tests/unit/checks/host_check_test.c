#include "checks/host/host_check.h"

#include "folder.h"
#include "rig.h"

#include <sys/stat.h>

static char root[FOLDER_PATH_MAX];

static void put(const char *file, const char *text)
{
    char path[FOLDER_PATH_MAX + 64];
    snprintf(path, sizeof path, "%s%s", root, file);
    for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        (void)mkdir(path, 0700);
        *slash = '/';
    }
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

/* A machine at rest; the clock and the disk are this machine's own, so their judgement is off. */
static void open_host(struct rig *rig)
{
    folder_make(root);
    put("/proc/stat", "cpu  100 0 100 800 0 0 0 0 0 0\n");
    put("/proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 400 kB\n");
    put("/proc/loadavg", "0.50 0.40 0.30 1/90 4711\n");
    put("/proc/uptime", "12345.67 23456.78\n");
    rig_open(rig, root);
    rig_type(rig, &host_check);
    rig_set(rig, "clock_must_sync", "false");
    rig_set(rig, "degraded_disk_ratio", "0");
    rig_check(rig);
}

static void close_host(struct rig *rig)
{
    rig_close(rig);
    folder_remove(root);
}

static void reports_what_the_kernel_says(void **state)
{
    (void)state;
    struct rig rig;
    open_host(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
    assert_false(rig_value(&rig, "cpu")->known);
    assert_false(rig_value(&rig, "temperature")->known);
    assert_near(rig_value(&rig, "memory")->number, 0.6, 1e-12);
    assert_near(rig_value(&rig, "load")->number, 0.5, 0);
    assert_near(rig_value(&rig, "uptime")->number, 12345.67, 0);
    double disk = rig_value(&rig, "disk")->number;
    assert_true(disk >= 0 && disk <= 1);
    assert_true(rig_value(&rig, "clock_synced")->known);
    close_host(&rig);
}

static void cpu_counts_between_runs(void **state)
{
    (void)state;
    struct rig rig;
    open_host(&rig);
    rig_run(&rig);
    put("/proc/stat", "cpu  200 0 196 804 0 0 0 0 0 0\n");
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_DEGRADED); /* 196 of 200 ticks */
    assert_near(rig_value(&rig, "cpu")->number, 0.98, 1e-12);
    assert_string_equal(rig.last.reason, "cpu 0.98 is at or above its limit 0.95");
    rig_run(&rig); /* no tick since: nothing to divide */
    assert_false(rig_value(&rig, "cpu")->known);
    close_host(&rig);
}

static void the_hottest_sensor_counts(void **state)
{
    (void)state;
    struct rig rig;
    open_host(&rig);
    put("/sys/class/thermal/thermal_zone0/temp", "45000\n");
    put("/sys/class/thermal/thermal_zone7/temp", "-274000\n"); /* an absent sensor */
    put("/sys/class/thermal/cooling_device0/temp", "99000\n");
    put("/sys/class/hwmon/hwmon2/temp3_input", "81500\n");
    put("/sys/class/hwmon/hwmon2/temp3_max", "100000\n");
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_DEGRADED);
    assert_near(rig_value(&rig, "temperature")->number, 81.5, 0);
    assert_string_equal(rig.last.reason, "temperature 81.5 Cel is at or above its limit 80 Cel");
    close_host(&rig);
}

static void failed_limits_win(void **state)
{
    (void)state;
    struct rig rig;
    open_host(&rig);
    rig_set(&rig, "degraded_memory_ratio", "0.5");
    rig_set(&rig, "failed_memory_ratio", "0.6");
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED);
    close_host(&rig);
}

static void what_is_missing_is_unknown_not_bad(void **state)
{
    (void)state;
    struct rig rig;
    open_host(&rig);
    rig_set(&rig, "disk", "/nowhere/at/all");
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_UNKNOWN);
    assert_string_equal(rig.last.reason, "no file system at /nowhere/at/all");
    put("/proc/meminfo", "nothing of the kind\n");
    rig_run(&rig);
    assert_false(rig_value(&rig, "memory")->known);
    assert_true(rig_value(&rig, "load")->known);
    close_host(&rig);
}

static void this_machine_works(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig, "");
    rig_type(&rig, &host_check);
    rig_check(&rig);
    rig_run(&rig);
    assert_true(rig_value(&rig, "memory")->known);
    assert_true(rig_value(&rig, "uptime")->number > 0);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_what_the_kernel_says),
        cmocka_unit_test(cpu_counts_between_runs),
        cmocka_unit_test(the_hottest_sensor_counts),
        cmocka_unit_test(failed_limits_win),
        cmocka_unit_test(what_is_missing_is_unknown_not_bad),
        cmocka_unit_test(this_machine_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
