#include "core/calendar.h"

#include "base/err.h"
#include "base/iso.h"
#include "unit.h"

enum { ZONE_MIN = 420 };

static const int64_t ZONE_MS = INT64_C(25200000);

static struct wall_ms local(const char *iso)
{
    struct wall_ms t = {0};
    assert_int_equal(iso_parse(slice_of(iso), ZONE_MIN, &t), 0);
    return t;
}

/* Periods with their first and last local midnight, as the calendar on the wall says. */
static void periods_are_local(void **state)
{
    static const struct {
        const char *text, *from, *to, *written;
    } cases[] = {
        {"day:2026-11-21", "2026-11-21", "2026-11-22", "day:2026-11-21"},
        {"day:2028-02-29", "2028-02-29", "2028-03-01", "day:2028-02-29"},
        {"day:2026-12-31", "2026-12-31", "2027-01-01", "day:2026-12-31"},
        {"month:2026-10", "2026-10-01", "2026-11-01", "month:2026-10"},
        {"month:2028-02", "2028-02-01", "2028-03-01", "month:2028-02"},
        {"month:2026-12", "2026-12-01", "2027-01-01", "month:2026-12"},
        {"quarter:2026-Q1", "2026-01-01", "2026-04-01", "quarter:2026-Q1"},
        {"quarter:2026-Q3", "2026-07-01", "2026-10-01", "quarter:2026-Q3"},
        {"quarter:2026-Q4", "2026-10-01", "2027-01-01", "quarter:2026-Q4"},
        {"year:2028", "2028-01-01", "2029-01-01", "year:2028"},
        {"ytd", "2026-01-01", "2027-01-01", "ytd"},
        {"day", "2026-11-23", "2026-11-24", "day:2026-11-23"},
        {"month", "2026-11-01", "2026-12-01", "month:2026-11"},
        {"quarter", "2026-10-01", "2027-01-01", "quarter:2026-Q4"},
        {"year", "2026-01-01", "2027-01-01", "year:2026"},
    };

    (void)state;
    /* 18:30 UTC is half past one of the next morning here. */
    struct wall_ms now = local("2026-11-22T18:30:00Z");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct calendar_period p;
        char text[CALENDAR_TEXT_MAX];
        assert_int_equal(calendar_read(slice_of(cases[i].text), ZONE_MS, now, &p), 0);
        assert_int_equal(p.from.ms, local(cases[i].from).ms);
        assert_int_equal(p.to.ms, local(cases[i].to).ms);
        calendar_write(&p, ZONE_MS, text);
        assert_string_equal(text, cases[i].written);
    }
}

static void nonsense_is_refused(void **state)
{
    static const struct {
        const char *text;
        int err;
    } cases[] = {
        {"", ERR_SYNTAX},
        {"week:2026-10", ERR_SYNTAX},
        {"day:2026-1-1", ERR_SYNTAX},
        {"day:2026-11-21 ", ERR_SYNTAX},
        {"month:2026", ERR_SYNTAX},
        {"month:", ERR_SYNTAX},
        {"quarter:2026-3", ERR_SYNTAX},
        {"ytd:2026", ERR_SYNTAX},
        {"day:2026-02-29", ERR_RANGE},
        {"day:2026-00-10", ERR_RANGE},
        {"month:2026-13", ERR_RANGE},
        {"quarter:2026-Q5", ERR_RANGE},
        {"year:1969", ERR_RANGE},
        {"year:2200", ERR_RANGE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct calendar_period p;
        assert_int_equal(calendar_read(slice_of(cases[i].text), ZONE_MS, local("2026-11-22"), &p),
                         cases[i].err);
    }
}

static void final_after_the_grace(void **state)
{
    (void)state;
    struct calendar_period p;
    struct wall_ms now = local("2026-11-22");
    int64_t grace = INT64_C(48) * 3600 * 1000;
    assert_int_equal(calendar_read(slice_of("month:2026-10"), ZONE_MS, now, &p), 0);
    assert_int_equal(calendar_final_at(&p, grace).ms, local("2026-11-03").ms);
    assert_int_equal(calendar_read(slice_of("ytd"), ZONE_MS, now, &p), 0);
    assert_int_equal(calendar_final_at(&p, grace).ms, WALL_NEVER_MS);
}

static void days_count_from_1970(void **state)
{
    (void)state;
    assert_int_equal(calendar_day(local("1970-01-01"), ZONE_MS), 0);
    assert_int_equal(calendar_day((struct wall_ms){local("1970-01-01").ms - 1}, ZONE_MS), -1);
    assert_int_equal(calendar_midnight(1, ZONE_MS).ms, local("1970-01-02").ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_are_local),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(final_after_the_grace),
        cmocka_unit_test(days_count_from_1970),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
