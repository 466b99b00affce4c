#include "base/iso.h"

#include "base/err.h"
#include "unit.h"

#include <string.h>

static void reads_dates_and_instants(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        int zone_min;
        int64_t ms;
    } cases[] = {
        {"1970-01-01", 0, 0},
        {"1970-01-01", 420, -25200000},
        {"2000-02-29", 0, 951782400000},
        {"2025-07-01", 420, 1751302800000},
        {"2026-11-22T14:05:00+07:00", 0, 1795331100000},
        {"2026-11-22T14:05:00+07:00", 420, 1795331100000},
        {"2026-11-22T07:05:00Z", 420, 1795331100000},
        {"2026-11-22 14:05", 420, 1795331100000},
        {"2026-11-22T14:05:00.25", 420, 1795331100250},
        {"2026-11-22T14:05:00.123987", 420, 1795331100123},
        {"2026-11-22T02:35:00-04:30", 0, 1795331100000},
        {"1900-01-01", 0, -2208988800000},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wall_ms t = {0};
        assert_int_equal(iso_parse(slice_of(cases[i].text), cases[i].zone_min, &t), 0);
        assert_int_equal(t.ms, cases[i].ms);
    }
}

static void refuses_what_is_no_date(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        int err;
    } cases[] = {
        {"", ERR_SYNTAX},
        {"2026", ERR_SYNTAX},
        {"2026-1-1", ERR_SYNTAX},
        {"22/11/2026", ERR_SYNTAX},
        {"2026-11-22T", ERR_SYNTAX},
        {"2026-11-22T14", ERR_SYNTAX},
        {"2026-11-22T14:05:", ERR_SYNTAX},
        {"2026-11-22T14:05:00.", ERR_SYNTAX},
        {"2026-11-22T14:05:00z", ERR_SYNTAX},
        {"2026-11-22T14:05:00+7", ERR_SYNTAX},
        {"2026-11-22Z", ERR_SYNTAX},
        {"2026-11-22T14:05Zx", ERR_SYNTAX},
        {"2026-02-29", ERR_RANGE},
        {"1900-02-29", ERR_RANGE},
        {"2026-13-01", ERR_RANGE},
        {"2026-04-31", ERR_RANGE},
        {"2026-04-00", ERR_RANGE},
        {"1899-12-31", ERR_RANGE},
        {"2026-11-22T24:00", ERR_RANGE},
        {"2026-11-22T23:60", ERR_RANGE},
        {"2026-11-22T23:00+15:00", ERR_RANGE},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wall_ms t = {77};
        assert_int_equal(iso_parse(slice_of(cases[i].text), 0, &t), cases[i].err);
        assert_int_equal(t.ms, 77);
    }
}

static void counts_every_day_of_four_centuries(void **state)
{
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t expected = iso_days(1900, 1, 1);
    assert_int_equal(iso_days(1970, 1, 1), 0);
    for (int year = 1900; year < 2300; year++) {
        int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= lengths[month - 1] + (month == 2 && leap); day++)
                assert_int_equal(iso_days(year, month, day), expected++);
    }
}

static void writes_instants_and_the_days_of_every_century(void **state)
{
    (void)state;

    static const struct {
        int64_t ms;
        const char *text;
    } cases[] = {{0, "1970-01-01T00:00:00.000Z"},
                 {-1, "1969-12-31T23:59:59.999Z"},
                 {1790000000123, "2026-09-21T14:13:20.123Z"},
                 {951782400000, "2000-02-29T00:00:00.000Z"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[ISO_TEXT_MAX];
        assert_int_equal(iso_write((struct wall_ms){cases[i].ms}, text), strlen(cases[i].text));
        assert_string_equal(text, cases[i].text);
    }
    for (int64_t days = -200000; days < 200000; days++) {
        int year, month, day;
        iso_date(days, &year, &month, &day);
        assert_int_equal(iso_days(year, month, day), days);
        assert_in_range(month, 1, 12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_instants_and_the_days_of_every_century),
        cmocka_unit_test(reads_dates_and_instants),
        cmocka_unit_test(refuses_what_is_no_date),
        cmocka_unit_test(counts_every_day_of_four_centuries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
