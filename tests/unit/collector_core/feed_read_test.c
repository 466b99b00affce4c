#include "core/feed_read.h"

#include "base/err.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { MINUTE = 60000 };

static const char columns[][FEED_NAME_MAX] = {
    [FEED_SITE] = "site",   [FEED_SERVICE] = "service", [FEED_STATE] = "state", [FEED_TIME] = "at",
    [FEED_CLEARED] = "end", [FEED_CAUSE] = "cause",     [FEED_TEXT] = "text"};

static struct feed_map new_map(bool alarms)
{
    struct feed_map map = {.word = {[FEED_UP] = {1, {"up"}},
                                    [FEED_DEGRADED] = {1, {"minor"}},
                                    [FEED_DOWN] = {2, {"down", "major"}},
                                    [FEED_POWER] = {1, {"power"}}},
                           .content = alarms ? FEED_ALARMS : FEED_STATES,
                           .zone_min = SAMPLE_ZONE_MIN,
                           .period_ms = 5 * MINUTE,
                           .ttl_ms = 11 * MINUTE,
                           .max_age_ms = 60 * MINUTE};
    memcpy(map.column, columns, sizeof columns);
    if (!alarms)
        map.column[FEED_CLEARED][0] = '\0';
    return map;
}

/* The table as operator a's, true at 2026-11-22 14:00. */
static int read_table(const struct inventory *inv, const struct feed_map *map, const char *text,
                      struct feed_sheet *sheet)
{
    struct feed_source source = {.map = map,
                                 .inv = inv,
                                 .op = sample_operator(inv, "a"),
                                 .file = "a.csv",
                                 .text = slice_of(text),
                                 .as_of = {sample_ms("2026-11-22T14:00")}};
    feed_sheet_init(sheet);
    return feed_read(&source, sheet);
}

static void assert_event(const struct feed_sheet *sheet, size_t at, const struct inventory *inv,
                         const char *time, const char *unit, enum cause cause, enum verdict verdict)
{
    const struct feed_event *e = vec_at(&sheet->events, at);
    assert_int_equal(e->t, sample_ms(time));
    assert_int_equal(e->unit, sample_unit(inv, unit));
    assert_int_equal(e->cause, cause);
    assert_int_equal(e->verdict, verdict);
}

static void a_table_of_states_says_what_its_rows_say(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct feed_map map = new_map(false);
    struct feed_sheet sheet;
    map.column[FEED_CAUSE][0] = '\0';
    assert_int_equal(read_table(inv, &map,
                                "site;service;state;at;text\r\n"
                                "bts-1;4g;down;13:50 22/11/2026;Sleeping cell\r\n"
                                "bts-2;;up;;\r\n",
                                &sheet),
                     0);
    assert_string_equal(sheet.complaints.data ? sheet.complaints.data : "", "");
    assert_int_equal(sheet.events.len, 2);
    assert_event(&sheet, 0, inv, "2026-11-22T13:50", "bts-1/4g@a", CAUSE_FAULT, VERDICT_FAILED);
    assert_event(&sheet, 1, inv, "2026-11-22T14:00", "bts-2/4g@a", CAUSE_FAULT, VERDICT_OK);
    const struct feed_event *first = vec_at(&sheet.events, 0);
    assert_string_equal(sheet.texts.data + first->text, "Sleeping cell");
    assert_int_equal(sheet.unnamed, 1); /* bts-1/5g@a */
    feed_sheet_done(&sheet);
    inventory_free(inv);
}

/* Operator a has 4g and 5g at bts-1 and 4g at bts-2. */
static void who_has_no_alarm_is_well(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct feed_map map = new_map(true);
    struct feed_sheet sheet;
    assert_int_equal(read_table(inv, &map,
                                "site,service,state,at,end,cause,text\n"
                                "bts-1,5g,major,22/11/2026 13:40,,power,AC fail\n"
                                "bts-2,4g,major,2026-11-22 13:20,2026-11-22 13:30,,\n"
                                "bts-1,4g,minor,2026-11-20 01:00,,,\n",
                                &sheet),
                     0);
    assert_int_equal(sheet.refused, 0);
    assert_int_equal(sheet.events.len, 3 + 3 * FEED_CAUSES);
    assert_event(&sheet, 0, inv, "2026-11-22T13:20", "bts-2/4g@a", CAUSE_FAULT, VERDICT_FAILED);
    assert_event(&sheet, 1, inv, "2026-11-22T13:30", "bts-2/4g@a", CAUSE_FAULT, VERDICT_OK);
    assert_event(&sheet, 2, inv, "2026-11-22T13:40", "bts-1/5g@a", CAUSE_POWER, VERDICT_FAILED);
    /* the snapshot: by unit and cause; the old alarm lasts */
    assert_event(&sheet, 3, inv, "2026-11-22T14:00", "bts-1/4g@a", CAUSE_FAULT, VERDICT_DEGRADED);
    assert_event(&sheet, 7, inv, "2026-11-22T14:00", "bts-1/5g@a", CAUSE_POWER, VERDICT_FAILED);
    assert_event(&sheet, 9, inv, "2026-11-22T14:00", "bts-2/4g@a", CAUSE_FAULT, VERDICT_OK);
    feed_sheet_done(&sheet);
    inventory_free(inv);
}

static void a_bad_row_takes_nothing_with_it(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct feed_map map = new_map(false);
    struct feed_sheet sheet;
    assert_int_equal(read_table(inv, &map,
                                "site,service,state,at,cause,text\n"
                                "bts-9,4g,up,,,\n"                 /* 2: unknown */
                                "bts-1,6g,up,,,\n"                 /* 3: unknown */
                                "bts-1,4g,sideways,,,\n"           /* 4: unknown */
                                "bts-1,4g,up,2026-11-21 14:00,,\n" /* 5: yesterday */
                                "bts-1,4g,up,2026-11-22 14:02,,\n" /* 6: tomorrow, nearly */
                                "bts-1,4g,up,soon,,\n"             /* 7 */
                                "bts-3,4g,up,,,\n"                 /* 8: operator b's */
                                "bts-2,4g,down,,,\n"
                                "bts-1,4g,u",
                                &sheet),
                     0);
    static const char *const wanted[] = {
        "a.csv:2: unknown site \"bts-9\"",
        "a.csv:3: unknown service \"6g\"",
        "a.csv:4: a state that words does not explain \"sideways\"",
        "a.csv:5: older than max_age: \"2026-11-21 14:00\"",
        "a.csv:6: a time later than the table itself \"2026-11-22 14:02\"",
        "a.csv:7: no date and time \"soon\"",
        "a.csv:8: no unit of this operator at site \"bts-3\"",
        "a.csv:10: 3 cells where the header has 6: is the row cut off?",
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_non_null(strstr(sheet.complaints.data, wanted[i]));
    assert_int_equal(sheet.rows, 9);
    assert_int_equal(sheet.refused, 8);
    assert_int_equal(sheet.strangers, 1);
    assert_int_equal(sheet.events.len, FEED_CAUSES);
    assert_event(&sheet, 0, inv, "2026-11-22T14:00", "bts-2/4g@a", CAUSE_FAULT, VERDICT_FAILED);
    feed_sheet_done(&sheet);
    inventory_free(inv);
}

static void a_table_without_its_columns_is_refused(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct feed_map map = new_map(false);
    struct feed_sheet sheet;
    assert_int_equal(read_table(inv, &map, "", &sheet), ERR_SYNTAX);
    assert_string_equal(sheet.complaints.data, "a.csv:1: no header: the table is empty\n");
    feed_sheet_done(&sheet);
    assert_int_equal(read_table(inv, &map, "SITE,status\nbts-1,up\n", &sheet), ERR_SYNTAX);
    assert_non_null(strstr(sheet.complaints.data,
                           "a.csv:1: no column \"state\" (columns.state); the table has \"SITE\", "
                           "\"status\""));
    assert_null(strstr(sheet.complaints.data, "columns.site"));
    feed_sheet_done(&sheet);
    inventory_free(inv);
}

static void a_flood_of_mistakes_is_bounded(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct feed_map map = new_map(true);
    struct feed_sheet sheet;
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_str(&text, "site,service,state,at,end,cause,text\n");
    for (int i = 0; i < 10000; i++)
        buf_str(&text, "nowhere,4g,major,,,,\n");
    assert_int_equal(read_table(inv, &map, text.data, &sheet), 0);
    assert_int_equal(sheet.refused, 10000);
    assert_true(sheet.complaints.len < 40000);
    buf_done(&text);
    feed_sheet_done(&sheet);
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_of_states_says_what_its_rows_say),
        cmocka_unit_test(who_has_no_alarm_is_well),
        cmocka_unit_test(a_bad_row_takes_nothing_with_it),
        cmocka_unit_test(a_table_without_its_columns_is_refused),
        cmocka_unit_test(a_flood_of_mistakes_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
