#include "core/feed_cover.h"

#include "base/err.h"
#include "sample_inventory.h"
#include "unit.h"

#include <string.h>

/* The table as operator a's, true at 2026-11-22 14:00. */
static int read_table(const struct inventory *inv, const char *text, struct feed_sheet *sheet)
{
    static const struct feed_map map = {.column = {[FEED_SITE] = "site",
                                                   [FEED_SERVICE] = "tech",
                                                   [FEED_OPERATOR] = "operator",
                                                   [FEED_AREA] = "area",
                                                   [FEED_FROM] = "from",
                                                   [FEED_TO] = "to",
                                                   [FEED_REASON] = "why"},
                                        .word = {[FEED_SERVICES] = {1, {"LTE=4g"}}},
                                        .content = FEED_COVER,
                                        .zone_min = SAMPLE_ZONE_MIN};
    struct feed_source source = {.map = &map,
                                 .inv = inv,
                                 .op = sample_operator(inv, "a"),
                                 .file = "c.csv",
                                 .text = slice_of(text),
                                 .as_of = {sample_ms("2026-11-22T14:00")}};
    feed_sheet_init(sheet);
    return feed_cover_read(&source, sheet);
}

#define HEADER "site;tech;operator;area;from;to;why\n"

static void rows_are_units_that_serve_an_area_for_a_while(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct feed_sheet sheet;
    assert_int_equal(read_table(inv,
                                HEADER "BTS02;LTE;a;v11;22/11/2026 12:00;22/11/2026 18:00;Xoay\n"
                                       "bts-1;;Nhà mạng A;c2;;;\n",
                                &sheet),
                     0);
    assert_int_equal(sheet.complaints.len, 0);
    assert_int_equal(sheet.covers.len, 3); /* of bts-1 both units of a, and none of b */
    for (size_t i = 0; i < 3; i++) {
        const struct feed_cover *c = vec_at(&sheet.covers, i);
        bool turned = c->unit == sample_unit(inv, "bts-2/4g@a");
        assert_true(turned || c->unit == sample_unit(inv, "bts-1/4g@a") ||
                    c->unit == sample_unit(inv, "bts-1/5g@a"));
        assert_int_equal(c->area, sample_area(inv, turned ? "v11" : "c2"));
        assert_int_equal(c->unsaid, !turned);
        assert_int_equal(c->valid.from.ms,
                         sample_ms(turned ? "2026-11-22T12:00" : "2026-11-22T14:00"));
        assert_int_equal(c->valid.to.ms, turned ? sample_ms("2026-11-22T18:00") : WALL_NEVER_MS);
        assert_string_equal(sheet.texts.data + c->text, turned ? "Xoay" : "");
    }
    feed_sheet_done(&sheet);
    inventory_free(inv);
}

static void each_mistake_is_told_with_its_line_and_takes_nothing_with_it(void **state)
{
    (void)state;
    static const char *const told[] = {
        "c.csv:2: unknown site \"bts-9\"",
        "c.csv:3: unknown service \"6g\"",
        "c.csv:4: not the operator of this feed: \"b\"",
        "c.csv:5: unknown area \"v99\"",
        "c.csv:6: no date and time \"soon\"",
        "c.csv:7: it ends before it begins: \"21/11/2026\"",
        "c.csv:8: no unit of this operator at site \"bts-3\"",
        "c.csv:10: says again what line 9 says, for the same time",
        "c.csv:11: 3 cells where the header has 7: is the row cut off?",
    };
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct feed_sheet sheet;
    assert_int_equal(read_table(inv,
                                HEADER "bts-9;;;v11;;;\n"
                                       "bts-2;6g;;v11;;;\n"
                                       "bts-2;;b;v11;;;\n"
                                       "bts-2;;;v99;;;\n"
                                       "bts-2;;;v11;soon;;\n"
                                       "bts-2;;;v11;22/11/2026;21/11/2026;\n"
                                       "bts-3;;;v11;;;\n"
                                       "bts-2;;;v11;22/11/2026;24/11/2026;\n"
                                       "bts-2;;;v11;23/11/2026;;\n"
                                       "bts-2;;v1",
                                &sheet),
                     0);
    assert_int_equal(sheet.rows, 10);
    assert_int_equal(sheet.refused, 9);
    assert_int_equal(sheet.strangers, 1);
    assert_int_equal(sheet.covers.len, 1);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        assert_non_null(strstr(sheet.complaints.data, told[i]));
    feed_sheet_done(&sheet);
    inventory_free(inv);
}

static void a_table_without_its_columns_is_none(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct feed_sheet sheet;
    assert_int_equal(read_table(inv, "site;tech;operator;from;to;why\n", &sheet), ERR_SYNTAX);
    assert_non_null(strstr(sheet.complaints.data, "c.csv:1: no column \"area\" (columns.area)"));
    feed_sheet_done(&sheet);
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_units_that_serve_an_area_for_a_while),
        cmocka_unit_test(each_mistake_is_told_with_its_line_and_takes_nothing_with_it),
        cmocka_unit_test(a_table_without_its_columns_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
