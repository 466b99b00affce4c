/* Profiles: what is shipped reads, mistakes are told, and rows mean what FACTS say of makers'
 * values. */
#include "checks/snmp/snmp_profile.h"

#include "checks/snmp/snmp_look.h"
#include "checks/snmp/snmp_meaning.h"
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

static struct snmp_profile shipped(const char *name)
{
    struct snmp_profile profile;
    char path[512], why[FIELD_WHY_MAX];
    snprintf(path, sizeof path, "%s/deploy/profiles/snmp/%s.yaml", IOC_SOURCE_DIR, name);
    if (snmp_profile_read(path, &profile, why) != 0)
        fail_msg("%s", why);
    return profile;
}

static const struct snmp_row *row_of(const struct snmp_profile *profile, const char *name)
{
    for (size_t i = 0; i < profile->len; i++) {
        if (strcmp(profile->row[i].name, name) == 0)
            return &profile->row[i];
    }
    fail_msg("no row %s", name);
    return NULL;
}

static void what_is_shipped_reads(void **state)
{
    (void)state;
    DIR *folder = opendir(IOC_SOURCE_DIR "/deploy/profiles/snmp");
    assert_non_null(folder);
    int n = 0;
    for (const struct dirent *entry; (entry = readdir(folder));) {
        char name[256];
        size_t len = strcspn(entry->d_name, ".");
        if (len == 0)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)len, entry->d_name);
        struct snmp_profile profile = shipped(name);
        assert_true(profile.len > 0);
        assert_true(snmp_look_extras(&profile, 0) <= CHECK_EXTRA_MAX);
        snmp_profile_done(&profile);
        n++;
    }
    closedir(folder);
    assert_int_equal(n, 7);
}

/* FACTS section 4, worked by hand. */
static void makers_values_are_what_facts_say(void **state)
{
    (void)state;

    static const struct {
        const char *profile, *row;
        int64_t raw;
        double want;
    } cases[] = {
        {"huawei_olt", "ont_rx", -2015, -20.15},
        {"huawei_olt", "ont_rx", 2147483647, NAN},
        {"huawei_olt", "olt_rx", 7689, -23.11},
        {"zte_olt", "ont_rx", 5000, -20},
        {"zte_olt", "ont_rx", 65036, -31}, /* 65036 - 65536 = -500 */
        {"zte_olt", "ont_rx", 65535, NAN},
        {"huawei_smu", "dc_v", 535, 53.5},
        {"huawei_smu", "soc", 87, 0.87},
        {"eltek", "battery_v", 5352, 53.52},
        {"ups_mib", "battery_v", 545, 54.5},
        {"ups_mib", "soc", 250, NAN}, /* more than full is none */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct snmp_profile profile = shipped(cases[i].profile);
        struct snmp_value value = {.kind = SNMP_KIND_INTEGER, .integer = cases[i].raw};
        double got = snmp_meaning_number(row_of(&profile, cases[i].row), &value, 1);
        if (isnan(cases[i].want) ? !isnan(got) : !(fabs(got - cases[i].want) < 1e-9))
            fail_msg("%s %s: %g", cases[i].profile, cases[i].row, got);
        snmp_profile_done(&profile);
    }
}

static void states_and_limits_judge(void **state)
{
    (void)state;
    struct snmp_profile ups = shipped("ups_mib"), smu = shipped("huawei_smu");
    struct snmp_value five = {.kind = SNMP_KIND_INTEGER, .integer = 5},
                      three = {.kind = SNMP_KIND_INTEGER, .integer = 3},
                      odd = {.kind = SNMP_KIND_INTEGER, .integer = 99};
    const struct snmp_row *source = row_of(&ups, "output_source"), *volts = row_of(&smu, "dc_v");
    assert_int_equal(snmp_meaning_state(source, &five)->level, SNMP_LEVEL_BATTERY);
    assert_int_equal(snmp_meaning_verdict(SNMP_LEVEL_BATTERY), VERDICT_DEGRADED);
    assert_string_equal(snmp_meaning_state(source, &five)->words, "mains lost: on battery");
    assert_int_equal(snmp_meaning_state(source, &three)->level, SNMP_LEVEL_OK);
    assert_null(snmp_meaning_state(source, &odd));
    assert_int_equal(snmp_meaning_judge(volts, 53.5).verdict, VERDICT_OK);
    assert_int_equal(snmp_meaning_judge(volts, 47).verdict, VERDICT_DEGRADED);
    assert_int_equal(snmp_meaning_judge(volts, 43).verdict, VERDICT_FAILED);
    assert_int_equal(snmp_meaning_judge(volts, 57.1).verdict, VERDICT_DEGRADED);
    assert_int_equal(snmp_meaning_judge(volts, NAN).verdict, VERDICT_OK);
    snmp_profile_done(&ups);
    snmp_profile_done(&smu);
}

/* RFC 3433: units(9), milli(8), kilo(10); precision is digits behind the point. */
static void sensors_have_a_scale_of_their_own(void **state)
{
    (void)state;
    assert_near(snmp_meaning_factor(9, 0), 1, 0);
    assert_near(snmp_meaning_factor(8, 0), 1e-3, 1e-18);
    assert_near(snmp_meaning_factor(9, 1), 0.1, 1e-15);
    assert_near(snmp_meaning_factor(10, 3), 1, 1e-12);
    assert_near(snmp_meaning_factor(0, 0), 1, 0);
    assert_near(snmp_meaning_factor(9, 99), 1, 0);
}

static void values_become_numbers(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        double want;
    } cases[] = {
        {"53.52", 53.52},
        {" -48.1 ", -48.1},
        {"+7\r\n", 7},
        {"", NAN},
        {"  ", NAN},
        {"53.5 V", NAN},
        {"0x1f", NAN},
        {"1e999", NAN},
        {"nan", NAN},
        {"1,5", NAN},
        {"1234567890123456789012345", NAN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct snmp_value value = {.kind = SNMP_KIND_TEXT, .text = slice_of(cases[i].text)};
        double got = snmp_value_number(&value);
        if (isnan(cases[i].want) ? !isnan(got) : got != cases[i].want)
            fail_msg("\"%s\": %g", cases[i].text, got);
    }
    struct snmp_value padded = {.kind = SNMP_KIND_TEXT, .text = {"12\0\0", 4}},
                      endless = {.kind = SNMP_KIND_REAL, .real = INFINITY},
                      other = {.kind = SNMP_KIND_OTHER};
    assert_near(snmp_value_number(&padded), 12, 0);
    assert_true(isnan(snmp_value_number(&endless)));
    assert_true(isnan(snmp_value_number(&other)));
}

static void mistakes_are_told(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "  - {name: a}",
        "  - {name: a/b, oid: 1.3}",
        "  - {name: time, oid: 1.3}",
        "  - {name: state, oid: 1.3}",
        "  - {name: a, oid: 1.3.x}",
        "  - {name: a, oid: 1.3, means: state}",
        "  - {name: a, oid: 1.3, states: [1=fine]}",
        "  - {name: a, oid: 1.3, states: [one=ok]}",
        "  - {name: a, oid: 1.3, degraded_above: hot}",
        "  - {name: a, oid: 1.3, invalid: [x]}",
        "  - {name: a, oid: 1.3, index: '0', means: label}",
        "  - {name: a, oid: 1.3, unit: furlong}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[512], why[FIELD_WHY_MAX] = "";
        struct snmp_profile profile;
        snprintf(text, sizeof text, "profile: {about: test}\nvalues:\n%s\n", wrong[i]);
        if (snmp_profile_read_text(slice_of(text), &profile, why) == 0)
            fail_msg("%s is accepted", wrong[i]);
        assert_true(strlen(why) > 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shipped_reads),
        cmocka_unit_test(makers_values_are_what_facts_say),
        cmocka_unit_test(states_and_limits_judge),
        cmocka_unit_test(sensors_have_a_scale_of_their_own),
        cmocka_unit_test(values_become_numbers),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests_name("snmp_profile", tests, NULL, NULL);
}
