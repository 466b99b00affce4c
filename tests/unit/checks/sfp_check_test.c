/* The check on a port whose module is sfp_ioctl.c's. */
#include "checks/sfp/sfp_check.h"

#include "folder.h"
#include "rig.h"
#include "sfp_images.h"

#include <errno.h>
#include <sys/stat.h>

static char root[FOLDER_PATH_MAX];
static uint8_t module[SFP_IMAGES_MAX];

static void put(const char *file, const char *text)
{
    char path[FOLDER_PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/sys/class/net/sfp0/%s", root, file);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void open_port(struct rig *rig, enum sfp_image image)
{
    static const char *const folders[] = {"/sys", "/sys/class", "/sys/class/net",
                                          "/sys/class/net/sfp0"};

    folder_make(root);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[FOLDER_PATH_MAX + 64];
        snprintf(path, sizeof path, "%s%s", root, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    put("ifindex", "3\n");
    put("carrier", "1\n");
    sfp_ioctl_module(module, sfp_images_make(image, module), 0);
    rig_open(rig, root);
    rig_type(rig, &sfp_check);
    rig_set(rig, "target", "sfp0");
    rig_check(rig);
}

static void close_port(struct rig *rig)
{
    rig_close(rig);
    folder_remove(root);
}

static void expect(struct rig *rig, enum verdict verdict, const char *reason)
{
    rig_run(rig);
    assert_string_equal(rig->last.reason, reason);
    assert_int_equal(rig->last.verdict, verdict);
}

static void a_healthy_module_is_ok(void **state)
{
    (void)state;
    struct rig rig;
    open_port(&rig, SFP_IMAGE_HEALTHY);
    expect(&rig, VERDICT_OK, "");
    assert_near(rig_value(&rig, "rx_power")->number, -10, 1e-4);
    assert_near(rig_value(&rig, "bias")->number, 12, 1e-9);
    assert_near(rig_value(&rig, "diagnostics")->number, 1, 0);
    assert_false(rig_value(&rig, "rx_drop")->known); /* no hour has passed */
    assert_string_equal(rig_value(&rig, "module")->text, "FINISAR CORP. FTLX1471D3BCL");
    assert_int_equal(check_cause(rig.check), CAUSE_TRANSPORT);
    close_port(&rig);
}

static void little_light_is_degraded_none_is_failed(void **state)
{
    (void)state;
    struct rig rig;
    open_port(&rig, SFP_IMAGE_HEALTHY);
    sfp_images_set(module, 256 + 104, 40); /* -23.98 dBm: within all limits */
    expect(&rig, VERDICT_OK, "");
    sfp_images_set(module, 256 + 104, 24); /* -26.20 */
    expect(&rig, VERDICT_DEGRADED,
           "received power -26.2 is below the module's warning limit -24.95");
    sfp_images_set(module, 256 + 104, 10); /* -30 */
    expect(&rig, VERDICT_DEGRADED, "received power -30 is below the module's alarm limit -27.96");
    sfp_images_set(module, 256 + 104, 0);
    module[256 + 110] = 0x02;
    expect(&rig, VERDICT_FAILED, "no light comes in (LOS)");
    assert_near(rig_value(&rig, "los")->number, 1, 0);
    close_port(&rig);
}

static void a_port_that_is_down_is_failed_whatever_the_module_says(void **state)
{
    (void)state;
    struct rig rig;
    open_port(&rig, SFP_IMAGE_HEALTHY);
    put("carrier", "0\n");
    expect(&rig, VERDICT_FAILED, "the link is down");
    assert_true(rig_value(&rig, "rx_power")->known);
    sfp_ioctl_module(NULL, 0, EOPNOTSUPP);
    expect(&rig, VERDICT_FAILED, "the link is down");
    close_port(&rig);
}

static void without_limits_of_its_own_ours_count(void **state)
{
    (void)state;
    struct rig rig;
    open_port(&rig, SFP_IMAGE_EXTERNAL);
    expect(&rig, VERDICT_OK, "");
    /* 2^-10 x 400^2 + 0.5 x 400 - 380 is below nothing: -40 dBm */
    sfp_images_set(module, 256 + 104, 400);
    expect(&rig, VERDICT_DEGRADED, "rx_power -40 dBm is at or below its limit -25 dBm");
    rig_set(&rig, "degraded_rx_power_dbm", "0");
    rig_check(&rig);
    expect(&rig, VERDICT_OK, "");
    close_port(&rig);
}

/* What was lost while the probe was off is seen by its first look. */
static void a_loss_over_a_restart_is_seen(void **state)
{
    (void)state;
    struct rig rig;
    open_port(&rig, SFP_IMAGE_HEALTHY); /* -10 dBm */
    assert_int_equal(check_recall(rig.check, slice_of("-600 -600 -600")), 0);
    expect(&rig, VERDICT_DEGRADED, "rx_drop 4 dB is at or above its limit 3 dB");
    assert_near(rig_value(&rig, "rx_drop")->number, 4, 1e-3);
    close_port(&rig);
}

static void what_measures_nothing_says_so(void **state)
{
    (void)state;
    struct rig rig;
    open_port(&rig, SFP_IMAGE_NONE);
    expect(&rig, VERDICT_OK, "");
    assert_near(rig_value(&rig, "diagnostics")->number, 0, 0);
    assert_false(rig_value(&rig, "rx_power")->known);
    close_port(&rig);
}

static void what_cannot_be_read_is_unknown(void **state)
{
    static const struct {
        int error;
        const char *reason;
    } cases[] = {
        {EOPNOTSUPP, "this port shows no module"},
        {EPERM, "not permitted: reading a module needs CAP_NET_ADMIN"},
        {EIO, "no module can be read: Input/output error"},
    };

    (void)state;
    struct rig rig;
    open_port(&rig, SFP_IMAGE_BLANK);
    expect(&rig, VERDICT_UNKNOWN, "the module's memory makes no sense: damaged data");
    for (size_t i = 0; i < 3; i++) {
        sfp_ioctl_module(NULL, 0, cases[i].error);
        expect(&rig, VERDICT_UNKNOWN, cases[i].reason);
        assert_false(rig_value(&rig, "diagnostics")->known);
    }
    close_port(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_healthy_module_is_ok),
        cmocka_unit_test(little_light_is_degraded_none_is_failed),
        cmocka_unit_test(a_port_that_is_down_is_failed_whatever_the_module_says),
        cmocka_unit_test(without_limits_of_its_own_ours_count),
        cmocka_unit_test(a_loss_over_a_restart_is_seen),
        cmocka_unit_test(what_measures_nothing_says_so),
        cmocka_unit_test(what_cannot_be_read_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
