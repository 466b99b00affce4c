#include "checks/iface/iface_check.h"

#include "folder.h"
#include "rig.h"

#include <sys/stat.h>

static char root[FOLDER_PATH_MAX];

static void put(const char *file, const char *text)
{
    char path[FOLDER_PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/sys/class/net/up0/%s", root, file);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void make_interface(void)
{
    static const char *const folders[] = {"",
                                          "/sys",
                                          "/sys/class",
                                          "/sys/class/net",
                                          "/sys/class/net/up0",
                                          "/sys/class/net/up0/statistics"};

    folder_make(root);
    for (size_t i = 1; i < sizeof folders / sizeof *folders; i++) {
        char path[FOLDER_PATH_MAX + 64];
        snprintf(path, sizeof path, "%s%s", root, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    put("ifindex", "7\n");
    put("flags", "0x1003\n");
    put("carrier", "1\n");
    put("speed", "1000\n");
    put("statistics/rx_bytes", "1000\n");
    put("statistics/rx_errors", "0\n");
}

static void open_up0(struct rig *rig)
{
    make_interface();
    rig_open(rig, root);
    rig_type(rig, &iface_check);
    rig_set(rig, "target", "up0");
    rig_check(rig);
}

static void close_up0(struct rig *rig)
{
    rig_close(rig);
    folder_remove(root);
}

static void the_first_run_has_no_rates(void **state)
{
    (void)state;
    struct rig rig;
    open_up0(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
    assert_near(rig_value(&rig, "speed")->number, 1000, 0);
    assert_near(rig_value(&rig, "carrier")->number, 1, 0);
    assert_false(rig_value(&rig, "rx_rate")->known);
    put("statistics/rx_bytes", "126000\n");
    rig_run(&rig);
    assert_true(rig_value(&rig, "rx_rate")->known);
    assert_true(rig_value(&rig, "rx_rate")->number > 0);
    assert_false(rig_value(&rig, "tx_rate")->known); /* the driver has no such counter */
    close_up0(&rig);
}

static void carrier_and_switch_tell_why(void **state)
{
    (void)state;
    struct rig rig;
    open_up0(&rig);
    put("carrier", "0\n");
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED);
    assert_string_equal(rig.last.reason, "no carrier: cable, port or the other end");
    assert_near(rig_value(&rig, "carrier")->number, 0, 0);
    assert_false(rig_value(&rig, "speed")->known);
    put("flags", "0x1002\n");
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED);
    assert_string_equal(rig.last.reason, "switched off (ip link set up0 up)");
    close_up0(&rig);
}

static void a_slower_port_is_degraded(void **state)
{
    (void)state;
    struct rig rig;
    open_up0(&rig);
    rig_set(&rig, "degraded_speed_mbit_s", "100");
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
    put("speed", "100\n");
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_DEGRADED);
    assert_string_equal(rig.last.reason, "speed 100 Mbit/s is at or below its limit 100 Mbit/s");
    put("speed", "-1\n"); /* the driver does not say: no limit on what was not measured */
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
    assert_false(rig_value(&rig, "speed")->known);
    close_up0(&rig);
}

static void errors_degrade(void **state)
{
    (void)state;
    struct rig rig;
    open_up0(&rig);
    rig_run(&rig);
    put("statistics/rx_errors", "1000000\n");
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_DEGRADED);
    assert_memory_equal(rig.last.reason, "rx_errors ", 10);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK); /* no more since */
    close_up0(&rig);
}

static void an_interface_made_anew_starts_over(void **state)
{
    (void)state;
    struct rig rig;
    open_up0(&rig);
    rig_run(&rig);
    put("ifindex", "8\n");
    put("statistics/rx_bytes", "99000000\n");
    rig_run(&rig);
    assert_false(rig_value(&rig, "rx_rate")->known);
    rig_run(&rig);
    assert_near(rig_value(&rig, "rx_rate")->number, 0, 0);
    close_up0(&rig);
}

static void this_machines_loopback_works(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig, "");
    rig_type(&rig, &iface_check);
    rig_set(&rig, "target", "lo");
    rig_check(&rig);
    rig_run(&rig);
    rig_run(&rig);
    assert_true(rig_value(&rig, "carrier")->known);
    assert_true(rig_value(&rig, "rx_rate")->known);
    assert_true(rig_value(&rig, "tx_drops")->known);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_run_has_no_rates),
        cmocka_unit_test(carrier_and_switch_tell_why),
        cmocka_unit_test(a_slower_port_is_degraded),
        cmocka_unit_test(errors_degrade),
        cmocka_unit_test(an_interface_made_anew_starts_over),
        cmocka_unit_test(this_machines_loopback_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
