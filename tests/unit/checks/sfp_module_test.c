/* What the standards say of bytes laid out by hand (sfp_images.c says what they hold). */
#include "checks/sfp/sfp_module.h"

#include "base/err.h"
#include "sfp_images.h"
#include "unit.h"

#include <string.h>

static struct sfp_module read_image(enum sfp_image which)
{
    uint8_t bytes[SFP_IMAGES_MAX];
    struct sfp_module module;
    size_t len = sfp_images_make(which, bytes);
    assert_int_equal(sfp_module_read(bytes, len, &module), 0);
    return module;
}

static void assert_values(const struct sfp_module *m, const double want[SFP_QUANTITIES])
{
    for (int q = 0; q < SFP_QUANTITIES; q++) {
        if (isnan(want[q]))
            assert_true(isnan(m->value[q]));
        else
            assert_near(m->value[q], want[q], 5e-5);
    }
}

static void an_sfp_measures_with_limits_of_its_own(void **state)
{
    (void)state;
    struct sfp_module m = read_image(SFP_IMAGE_HEALTHY);
    assert_true(m.diagnostics && m.has_los && !m.los && !m.tx_fault);
    assert_string_equal(m.vendor, "FINISAR CORP.");
    assert_string_equal(m.part, "FTLX1471D3BCL");
    assert_values(&m, (const double[]){26.5, 3.2916, 12, -3.0103, -10});
    assert_true(m.limits[SFP_RX].given);
    assert_near(m.limits[SFP_RX].low_alarm, -27.9588, 1e-4);
    assert_near(m.limits[SFP_RX].low_warn, -24.9485, 1e-4);
    assert_near(m.limits[SFP_RX].high_warn, 0, 1e-9);
    assert_near(m.limits[SFP_TEMPERATURE].low_alarm, -5, 0);
    assert_near(m.limits[SFP_VCC].high_alarm, 3.6, 1e-9);
    assert_near(m.limits[SFP_BIAS].high_warn, 80, 1e-9);
}

static void external_calibration_is_reckoned(void **state)
{
    (void)state;
    struct sfp_module m = read_image(SFP_IMAGE_EXTERNAL);
    assert_values(&m, (const double[]){23, 3.3, 10, -3.0103, -10});
    for (int q = 0; q < SFP_QUANTITIES; q++)
        assert_false(m.limits[q].given);
}

static void no_diagnostics_is_said_so(void **state)
{
    (void)state;
    struct sfp_module m = read_image(SFP_IMAGE_NONE);
    assert_false(m.diagnostics || m.has_los);
    assert_values(&m, (const double[]){NAN, NAN, NAN, NAN, NAN});
    assert_string_equal(m.part, "FTLX1471D3BCL");
}

static void the_worst_of_four_lanes_counts(void **state)
{
    (void)state;
    uint8_t bytes[SFP_IMAGES_MAX];
    struct sfp_module m = read_image(SFP_IMAGE_QSFP);
    assert_values(&m, (const double[]){30, 3.3, 7, -3.0103, -12.2185});
    assert_true(m.limits[SFP_RX].given && m.has_los && !m.los);
    assert_string_equal(m.part, "Q28-LR4");
    size_t len = sfp_images_make(SFP_IMAGE_QSFP, bytes);
    bytes[3] = 0x02; /* the second lane is dark */
    assert_int_equal(sfp_module_read(bytes, len, &m), 0);
    assert_true(m.los);
    bytes[113] = 0x02; /* which does not exist */
    assert_int_equal(sfp_module_read(bytes, len, &m), 0);
    assert_false(m.los);
    assert_near(m.value[SFP_RX], -10, 5e-5);
    bytes[2] = 0x04; /* flat memory */
    assert_int_equal(sfp_module_read(bytes, len, &m), 0);
    assert_false(m.limits[SFP_RX].given);
    assert_int_equal(sfp_module_read(bytes, 256, &m), 0);
    assert_near(m.value[SFP_TEMPERATURE], 30, 0);
}

static void of_cmis_the_lower_page_is_read(void **state)
{
    (void)state;
    struct sfp_module m = read_image(SFP_IMAGE_CMIS);
    assert_true(m.diagnostics && !m.has_los);
    assert_values(&m, (const double[]){40, 3.3, NAN, NAN, NAN});
    assert_string_equal(m.vendor, "ACME");
}

static void what_is_no_module_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[SFP_IMAGES_MAX];
    struct sfp_module m;
    size_t len = sfp_images_make(SFP_IMAGE_BLANK, bytes);
    assert_int_equal(sfp_module_read(bytes, len, &m), ERR_CORRUPT);
    len = sfp_images_make(SFP_IMAGE_GARBAGE, bytes);
    assert_int_equal(sfp_module_read(bytes, len, &m), ERR_CORRUPT);
    len = sfp_images_make(SFP_IMAGE_HEALTHY, bytes);
    bytes[0] = 0x07;
    assert_int_equal(sfp_module_read(bytes, len, &m), ERR_UNKNOWN);
    assert_int_equal(sfp_module_read(bytes, 0, &m), ERR_END);
    for (int which = 0; which < SFP_IMAGES; which++) {
        (void)sfp_images_make((enum sfp_image)which, bytes);
        assert_true(sfp_module_read(bytes, 100, &m) < 0);
    }
}

/* A2h that was never written, cut off, or whose constants are damaged. */
static void diagnostics_are_believed_only_if_whole(void **state)
{
    (void)state;
    uint8_t bytes[SFP_IMAGES_MAX];
    struct sfp_module m;
    (void)sfp_images_make(SFP_IMAGE_HEALTHY, bytes);
    assert_int_equal(sfp_module_read(bytes, 256, &m), 0);
    assert_false(m.diagnostics);
    bytes[256] ^= 1; /* a limit */
    assert_int_equal(sfp_module_read(bytes, 512, &m), 0);
    assert_true(m.diagnostics && !m.limits[SFP_RX].given);
    memset(bytes + 256, 0xFF, 256);
    assert_int_equal(sfp_module_read(bytes, 512, &m), 0);
    assert_false(m.diagnostics || m.los);
    (void)sfp_images_make(SFP_IMAGE_EXTERNAL, bytes);
    bytes[256 + 84] ^= 1; /* a slope */
    assert_int_equal(sfp_module_read(bytes, 512, &m), 0);
    assert_false(m.diagnostics);
}

static void darkness_has_a_number(void **state)
{
    (void)state;
    uint8_t bytes[SFP_IMAGES_MAX];
    struct sfp_module m;
    size_t len = sfp_images_make(SFP_IMAGE_HEALTHY, bytes);
    sfp_images_set(bytes, 256 + 104, 0);
    bytes[256 + 110] = 0x06; /* LOS, laser fault */
    assert_int_equal(sfp_module_read(bytes, len, &m), 0);
    assert_near(m.value[SFP_RX], SFP_MODULE_DARK_DBM, 0);
    assert_true(m.los && m.tx_fault);
    sfp_images_set(bytes, 256 + 96, 0xF600);
    assert_int_equal(sfp_module_read(bytes, len, &m), 0);
    assert_near(m.value[SFP_TEMPERATURE], -10, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_sfp_measures_with_limits_of_its_own),
        cmocka_unit_test(external_calibration_is_reckoned),
        cmocka_unit_test(no_diagnostics_is_said_so),
        cmocka_unit_test(the_worst_of_four_lanes_counts),
        cmocka_unit_test(of_cmis_the_lower_page_is_read),
        cmocka_unit_test(what_is_no_module_is_refused),
        cmocka_unit_test(diagnostics_are_believed_only_if_whole),
        cmocka_unit_test(darkness_has_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
