#include "checks/power/power_profile.h"

#include "unit.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct power_profile profile_of(const char *rows)
{
    char text[4096], why[FIELD_WHY_MAX] = "";
    struct power_profile profile;
    snprintf(text, sizeof text, "profile: {about: test}\nregisters:\n%s", rows);
    if (power_profile_read_text(slice_of(text), &profile, why) != 0)
        fail_msg("%s", why);
    return profile;
}

/* The value of the only row, whose registers are @p hex. */
static double read_one(const char *row, const char *bytes, size_t len)
{
    struct power_profile profile = profile_of(row);
    struct power_request request;
    struct power_values values;
    power_profile_clear(&values);
    assert_int_equal(power_profile_next(&profile, 0, &request), 1);
    assert_int_equal(2 * request.count, len);
    power_profile_take(&profile, 0, &request, (struct slice){bytes, len}, &values);
    return values.of[profile.row[0].meaning];
}

static void numbers_are_read_as_the_row_says(void **state)
{
    (void)state;

    static const struct {
        const char *row, *bytes;
        size_t len;
        double want;
    } cases[] = {
        {"  - {means: battery_v, address: 1, scale: 0.01}", "\x14\xe8", 2, 53.52},
        {"  - {means: battery_a, address: 1, as: s16, scale: 0.1}", "\xff\x85", 2, -12.3},
        {"  - {means: load_a, address: 1, as: u32, scale: 0.001}", "\0\1\x11\x70", 4, 70},
        {"  - {means: load_a, address: 1, as: u32, order: low_first}", "\x11\x70\0\1", 4, 70000},
        {"  - {means: load_a, address: 1, as: s32}", "\xff\xff\xff\xfe", 4, -2},
        {"  - {means: battery_v, address: 1, as: f32}", "\x42\x56\0\0", 4, 53.5},
        {"  - {means: temperature, address: 1, scale: 0.1, offset: -40}", "\2\x9e", 2, 27},
        {"  - {means: mains, address: 1, bit: 3}", "\0\x08", 2, 1},
        {"  - {means: mains, address: 1, bit: 3, true_at: 0}", "\0\x08", 2, 0},
        {"  - {means: mains, address: 1, true_at: 5}", "\0\x05", 2, 1},
        {"  - {means: mains, address: 1, true_at: 5}", "\0\x01", 2, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = read_one(cases[i].row, cases[i].bytes, cases[i].len);
        if (!(fabs(value - cases[i].want) < 1e-9))
            fail_msg("%s: %g", cases[i].row, value);
    }
    assert_true(
        isnan(read_one("  - {means: soc, address: 1, invalid: [65535, -1]}", "\xff\xff", 2)));
    assert_true(isnan(read_one("  - {means: battery_v, address: 1, as: f32}", "\x7f\xc0\0\0", 4)));
}

/* Sorted, joined where they touch, never over a gap or beyond 125. */
static void requests_read_no_gap(void **state)
{
    (void)state;
    struct power_profile profile = profile_of("  - {means: load_a, address: 12, as: u32}\n"
                                              "  - {means: soc, address: 10}\n"
                                              "  - {means: battery_v, address: 11}\n"
                                              "  - {means: door, address: 10, bit: 2}\n"
                                              "  - {means: mains, address: 15}\n"
                                              "  - {means: smoke, table: discrete, address: 10}\n");
    static const struct power_request want[] = {
        {.table = POWER_TABLE_DISCRETE, .first = 10, .count = 1},
        {.table = POWER_TABLE_HOLDING, .first = 10, .count = 4},
        {.table = POWER_TABLE_HOLDING, .first = 15, .count = 1},
    };
    struct power_request request;
    size_t row = 0;
    for (size_t i = 0; i < 3; i++) {
        row = power_profile_next(&profile, row, &request);
        assert_int_equal(request.table, want[i].table);
        assert_int_equal(request.first, want[i].first);
        assert_int_equal(request.count, want[i].count);
    }
    assert_int_equal(row, profile.len);
}

static void rows_of_one_meaning_are_joined(void **state)
{
    (void)state;
    struct power_profile profile = profile_of("  - {means: mains_v, address: 0}\n"
                                              "  - {means: mains_v, address: 1}\n"
                                              "  - {means: rectifier, address: 2}\n"
                                              "  - {means: rectifier, address: 3}\n"
                                              "  - {means: soc, address: 4}\n"
                                              "  - {means: soc, address: 5}\n"
                                              "  - {means: load_a, address: 6}\n"
                                              "  - {means: load_a, address: 7}\n");
    static const char data[] = "\0\x05\0\xe6\0\1\0\0\0\x50\0\x46\0\3\0\4";
    struct power_request request;
    struct power_values values;
    power_profile_clear(&values);
    assert_int_equal(power_profile_next(&profile, 0, &request), 8);
    power_profile_take(&profile, 0, &request, (struct slice){data, 16}, &values);
    assert_true(values.of[POWER_MAINS_V] == 230);
    assert_true(values.of[POWER_RECTIFIER] == 0);
    assert_true(values.of[POWER_SOC] == 70);
    assert_true(values.of[POWER_LOAD_A] == 7);
    assert_true(isnan(values.of[POWER_MAINS]));
}

static void mistakes_are_told(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"profile: {about: x}\nregisters: [{means: mians, address: 0}]", "mains"},
        {"profile: {about: x}\nregisters: [{means: mains}]", "address"},
        {"profile: {about: x}\nregisters: [{means: mains, address: 70000}]", "address"},
        {"profile: {about: x}\nregisters: [{means: soc, address: 0, true_at: 1}]", "flags"},
        {"profile: {about: x}\nregisters: [{means: soc, address: 0, invalid: [x]}]", "numbers"},
        {"profile: {about: x}\nregisters: [{means: mains, address: 0, as: f32, bit: 1}]", "bits"},
        {"profile: {about: x}\nregisters: []", "missing"},
        {"registers: [{means: mains, address: 0}]", "profile"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char why[FIELD_WHY_MAX] = "";
        struct power_profile profile;
        assert_true(power_profile_read_text(slice_of(cases[i][0]), &profile, why) != 0);
        if (!strstr(why, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], why);
    }
}

static void shipped_profiles_are_right(void **state)
{
    (void)state;
    int read = 0;
    DIR *folder = opendir(IOC_SOURCE_DIR "/deploy/profiles/power");
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[512], why[FIELD_WHY_MAX];
        struct power_profile profile;
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, IOC_SOURCE_DIR "/deploy/profiles/power/%s", entry->d_name);
        if (power_profile_read(path, &profile, why) != 0)
            fail_msg("%s", why);
        read++;
    }
    closedir(folder);
    assert_int_equal(read, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_as_the_row_says), cmocka_unit_test(requests_read_no_gap),
        cmocka_unit_test(rows_of_one_meaning_are_joined),   cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(shipped_profiles_are_right),
    };
    return cmocka_run_group_tests_name("power_profile", tests, NULL, NULL);
}
