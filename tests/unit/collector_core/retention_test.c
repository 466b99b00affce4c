/* What of the archive goes, and how little at once. */
#include "core/retention.h"

#include "core/archive_key.h"
#include "core/calendar.h"
#include "core/hours.h"
#include "memory_rows.h"
#include "unit.h"

enum { ZONE_MS = 7 * HOURS_HOUR_MS, UNITS = 3 * RETENTION_UNITS / 2, KEEP_DAYS = 1826 };

static const int64_t KEEP_MS = (int64_t)KEEP_DAYS * HOURS_DAY_MS;
static const int64_t TODAY = 20000; /* a local day of 2024 */

static void put(struct memory_rows *rows, uint8_t kind, uint32_t unit, int64_t first)
{
    struct archive_key key;
    struct row_sink sink = memory_rows_sink(rows);
    size_t len = kind == ROW_HOUR ? ARCHIVE_KEY_SHORT : ARCHIVE_KEY_LONG;
    assert_int_equal(
        sink.put(sink.context, kind, archive_key_make(&key, len, unit, first, 5), slice_of("x")),
        0);
}

static bool has(const struct memory_rows *rows, uint8_t kind, uint32_t unit, int64_t first)
{
    for (size_t i = 0; i < rows->rows.len; i++) {
        const struct memory_row *row = vec_at(&rows->rows, i);
        uint32_t u = 0;
        int64_t f = 0;
        int64_t rest;
        if (row->kind == kind &&
            archive_key_read((struct slice){row->key, row->key_len}, row->key_len, &u, &f, &rest) &&
            u == unit && f == first)
            return true;
    }
    return false;
}

/* The first local day that is kept, today. */
static int64_t first_day(void)
{
    return TODAY - KEEP_DAYS;
}

static void fill(struct memory_rows *rows, uint32_t unit)
{
    int64_t day = first_day();
    int64_t midnight_s = calendar_midnight(day, ZONE_MS).ms / 1000;
    for (int64_t d = day - 2; d < day + 2; d++) {
        put(rows, ROW_HOUR, unit, d * 24 + 5);
        put(rows, ROW_REVISION, unit, d);
        put(rows, ROW_EXCUSED, unit, d);
    }
    put(rows, ROW_OUTAGE_PAST, unit, midnight_s - 1);
    put(rows, ROW_OUTAGE_PAST, unit, midnight_s);
}

static void assert_kept(const struct memory_rows *rows, uint32_t unit, bool done)
{
    int64_t day = first_day();
    int64_t midnight_s = calendar_midnight(day, ZONE_MS).ms / 1000;
    assert_int_equal(has(rows, ROW_HOUR, unit, (day - 2) * 24 + 5), !done);
    assert_true(has(rows, ROW_HOUR, unit, (day - 1) * 24 + 5)); /* says how the first day begins */
    assert_true(has(rows, ROW_HOUR, unit, day * 24 + 5));
    for (int64_t d = day - 2; d < day + 2; d++) {
        assert_int_equal(has(rows, ROW_REVISION, unit, d), !done || d >= day);
        assert_int_equal(has(rows, ROW_EXCUSED, unit, d), !done || d >= day);
    }
    assert_int_equal(has(rows, ROW_OUTAGE_PAST, unit, midnight_s - 1), !done);
    assert_true(has(rows, ROW_OUTAGE_PAST, unit, midnight_s));
}

/* A round goes through some units with each commit, and the next one waits for the next day. */
static void what_is_older_goes_a_few_units_at_once(void **state)
{
    (void)state;
    struct memory_rows rows;
    struct retention r;
    struct wall_ms noon = wall_add(calendar_midnight(TODAY, ZONE_MS), HOURS_DAY_MS / 2);
    memory_rows_init(&rows);
    for (uint32_t unit = 0; unit < UNITS; unit += RETENTION_UNITS / 2)
        fill(&rows, unit);
    struct row_sink sink = memory_rows_sink(&rows);
    retention_init(&r, KEEP_MS, ZONE_MS);
    assert_int_equal(retention_save(&r, &sink), 0); /* nothing passed yet */
    assert_kept(&rows, 0, false);
    retention_advance(&r, noon, UNITS);
    assert_int_equal(retention_save(&r, &sink), 0);
    assert_kept(&rows, 0, true);
    assert_kept(&rows, RETENTION_UNITS / 2, true);
    assert_kept(&rows, RETENTION_UNITS, false);
    retention_advance(&r, wall_add(noon, 1000), UNITS);
    assert_int_equal(retention_save(&r, &sink), 0);
    assert_kept(&rows, RETENTION_UNITS, true);
    fill(&rows, 0);
    assert_int_equal(retention_save(&r, &sink), 0);
    assert_kept(&rows, 0, false); /* the round is over */
    retention_advance(&r, wall_add(noon, HOURS_DAY_MS), UNITS);
    assert_int_equal(retention_save(&r, &sink), 0);
    assert_false(has(&rows, ROW_REVISION, 0, first_day()));
    assert_true(has(&rows, ROW_REVISION, 0, first_day() + 1));
    memory_rows_done(&rows);
}

static void without_a_bound_nothing_goes(void **state)
{
    (void)state;
    struct memory_rows rows;
    struct retention r;
    memory_rows_init(&rows);
    fill(&rows, 0);
    struct row_sink sink = memory_rows_sink(&rows);
    retention_init(&r, 0, ZONE_MS);
    retention_advance(&r, calendar_midnight(TODAY, ZONE_MS), UNITS);
    assert_int_equal(retention_save(&r, &sink), 0);
    assert_kept(&rows, 0, false);
    memory_rows_done(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_older_goes_a_few_units_at_once),
        cmocka_unit_test(without_a_bound_nothing_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
