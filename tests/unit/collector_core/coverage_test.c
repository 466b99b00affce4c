#include "core/coverage.h"

#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static const struct wall_ms now = {1790000000000};

static void set(struct coverage *c, const struct inventory *inv, const char *unit,
                enum unit_state beneath)
{
    struct unit_view view = {.state = beneath, .beneath = beneath};
    coverage_unit(c, sample_unit(inv, unit), &view);
}

static void set_all(struct coverage *c, const struct inventory *inv, enum unit_state beneath)
{
    struct unit_view view = {.state = beneath, .beneath = beneath};
    for (uint32_t unit = 0; unit < inv->units.len; unit++)
        coverage_unit(c, unit, &view);
}

/* "nominal live+unknown/total" of villages, households and population. */
static void assert_figure(const struct coverage *c, const struct inventory *inv, const char *area,
                          enum technology technology, uint32_t who, const char *expected)
{
    struct coverage_figure f = coverage_figure(c, sample_area(inv, area), technology, who);
    char text[256];
    snprintf(text, sizeof text, "%d %d+%d/%d, %d %d+%d/%d, %d %d+%d/%d", (int)f.nominal.villages,
             (int)f.live.villages, (int)f.unknown.villages, (int)f.total.villages,
             (int)f.nominal.households, (int)f.live.households, (int)f.unknown.households,
             (int)f.total.households, (int)f.nominal.population, (int)f.live.population,
             (int)f.unknown.population, (int)f.total.population);
    assert_string_equal(text, expected);
}

/* In the sample a's 4G serves v11 v12 v21 v22, b's 4G serves v11 v21 v22, a's 5G v11 v12. */
static void counts_each_village_once(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct coverage *c = coverage_new(inv, now);
    uint32_t a = sample_operator(inv, "a"), b = sample_operator(inv, "b");
    assert_figure(c, inv, "p", TECHNOLOGY_4G, COVERAGE_ANY,
                  "4 0+4/4, 250 0+250/250, 1000 0+1000/1000");
    set_all(c, inv, STATE_UP);
    assert_figure(c, inv, "p", TECHNOLOGY_4G, COVERAGE_ANY,
                  "4 4+0/4, 250 250+0/250, 1000 1000+0/1000");
    assert_figure(c, inv, "p", TECHNOLOGY_4G, COVERAGE_ALL,
                  "3 3+0/4, 200 200+0/250, 800 800+0/1000");
    assert_figure(c, inv, "p", TECHNOLOGY_4G, a, "4 4+0/4, 250 250+0/250, 1000 1000+0/1000");
    assert_figure(c, inv, "c1", TECHNOLOGY_4G, b, "1 1+0/2, 25 25+0/75, 100 100+0/300");
    assert_figure(c, inv, "v12", TECHNOLOGY_4G, b, "0 0+0/1, 0 0+0/50, 0 0+0/200");
    assert_figure(c, inv, "p", TECHNOLOGY_FIBRE, COVERAGE_ALL,
                  "2 2+0/4, 175 175+0/250, 700 700+0/1000");
    set(c, inv, "bts-2/4g@a", STATE_DOWN);
    set(c, inv, "bts-1/4g@a", STATE_SILENT);
    assert_figure(c, inv, "p", TECHNOLOGY_4G, COVERAGE_ANY,
                  "4 3+1/4, 250 200+50/250, 1000 800+200/1000");
    assert_figure(c, inv, "p", TECHNOLOGY_4G, a, "4 0+2/4, 250 0+75/250, 1000 0+300/1000");
    assert_figure(c, inv, "p", TECHNOLOGY_4G, COVERAGE_ALL,
                  "3 0+1/4, 200 0+25/250, 800 0+100/1000");
    coverage_free(c);
    inventory_free(inv);
}

static void higher_generations_count_as_lower_ones_nominally_only(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct coverage *c = coverage_new(inv, now);
    set_all(c, inv, STATE_UP);
    set(c, inv, "bts-1/4g@a", STATE_DOWN);
    assert_figure(c, inv, "c1", TECHNOLOGY_3G, COVERAGE_ANY, "2 0+0/2, 75 0+0/75, 300 0+0/300");
    assert_figure(c, inv, "c1", TECHNOLOGY_4G, COVERAGE_ANY, "2 1+0/2, 75 25+0/75, 300 100+0/300");
    assert_figure(c, inv, "c1", TECHNOLOGY_5G, COVERAGE_ANY, "2 2+0/2, 75 75+0/75, 300 300+0/300");
    assert_figure(c, inv, "c1", TECHNOLOGY_MOBILE, COVERAGE_ANY,
                  "2 2+0/2, 75 75+0/75, 300 300+0/300");
    assert_figure(c, inv, "c2", TECHNOLOGY_5G, COVERAGE_ANY, "0 0+0/2, 0 0+0/175, 0 0+0/700");
    coverage_free(c);
    inventory_free(inv);
}

static void follows_what_lies_beneath_overlays(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct coverage *c = coverage_new(inv, now);
    struct unit_view view = {.state = STATE_MAINTENANCE, .beneath = STATE_DEGRADED};
    coverage_unit(c, sample_unit(inv, "bts-1/5g@a"), &view);
    assert_figure(c, inv, "c1", TECHNOLOGY_5G, COVERAGE_ANY, "2 2+0/2, 75 75+0/75, 300 300+0/300");
    view.beneath = STATE_DOWN;
    coverage_unit(c, sample_unit(inv, "bts-1/5g@a"), &view);
    assert_figure(c, inv, "c1", TECHNOLOGY_5G, COVERAGE_ANY, "2 0+0/2, 75 0+0/75, 300 0+0/300");
    coverage_free(c);
    inventory_free(inv);
}

static void a_change_touches_its_villages_and_what_is_above(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct coverage *c = coverage_new(inv, now);
    size_t n;
    set_all(c, inv, STATE_UP);
    coverage_changed_clear(c);
    uint64_t before = coverage_touched(c);
    set(c, inv, "bts-1/5g@a", STATE_DOWN);
    assert_int_equal(coverage_touched(c) - before, 2 * 3); /* v11 and v12, each with c1 and p */
    const uint32_t *changed = coverage_changed(c, &n);
    assert_int_equal(n, 4);
    for (size_t i = 0; i < n; i++)
        assert_true(changed[i] == sample_area(inv, "v11") || changed[i] == sample_area(inv, "c1") ||
                    changed[i] == sample_area(inv, "v12") || changed[i] == sample_area(inv, "p"));
    coverage_changed_clear(c);
    before = coverage_touched(c);
    set(c, inv, "bts-1/5g@a", STATE_DOWN);
    set(c, inv, "link-1/link", STATE_DOWN);
    set(c, inv, "bts-1/4g@a", STATE_DEGRADED); /* was up: lives as before */
    coverage_changed(c, &n);
    assert_int_equal(coverage_touched(c), before);
    assert_int_equal(n, 0);
    coverage_free(c);
    inventory_free(inv);
}

static void lists_dark_villages(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct coverage *c = coverage_new(inv, now);
    struct vec dark;
    vec_init(&dark, sizeof(uint32_t), 100);
    set_all(c, inv, STATE_UP);
    set(c, inv, "bts-1/5g@a", STATE_DOWN);
    uint32_t p = sample_area(inv, "p");
    assert_int_equal(coverage_dark(c, p, TECHNOLOGY_MOBILE, COVERAGE_ANY, &dark), 0);
    assert_int_equal(dark.len, 0);
    set(c, inv, "bts-1/4g@a", STATE_DOWN);
    assert_int_equal(coverage_dark(c, p, TECHNOLOGY_MOBILE, COVERAGE_ANY, &dark), 0);
    assert_int_equal(dark.len, 1);
    uint32_t v12 = sample_area(inv, "v12");
    assert_int_equal(*(uint32_t *)vec_at(&dark, 0), v12);
    assert_int_equal(coverage_village(c, v12, TECHNOLOGY_MOBILE, COVERAGE_ANY), COVERAGE_DARK);
    assert_int_equal(coverage_village(c, v12, TECHNOLOGY_FIBRE, COVERAGE_ANY), COVERAGE_UNSERVED);
    set(c, inv, "bts-1/4g@a", STATE_UNOBSERVED);
    assert_int_equal(coverage_village(c, v12, TECHNOLOGY_MOBILE, COVERAGE_ANY), COVERAGE_UNKNOWN);
    assert_int_equal(coverage_village(c, sample_area(inv, "v11"), TECHNOLOGY_4G, COVERAGE_ANY),
                     COVERAGE_LIVE);
    assert_int_equal(coverage_village(c, p, TECHNOLOGY_4G, COVERAGE_ANY), COVERAGE_UNSERVED);
    vec_done(&dark);
    coverage_free(c);
    inventory_free(inv);
}

static void time_brings_temporary_cover_and_new_units(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(
        NULL,
        "[areas]\nid,parent,level,name,population\nc,,commune,C,100\nv,c,village,V,10\n"
        "w,c,village,W,20\n[operators]\nid,name\na,A\nb,B\n[sites]\nid,kind,area\ns,bts,c\n"
        "[units]\nsite,service,operator,commissioned,decommissioned\n"
        "s,4g,a,,2026-12-01\ns,4g,b,2026-11-01,\n"
        "[serves]\nsite,service,operator,area,from,to\n"
        "s,4g,a,v,,\ns,4g,a,w,2026-10-01,2026-10-02\ns,4g,b,w,,\n",
        0);
    struct wall_ms t = {sample_ms("2026-09-30")};
    struct coverage *c = coverage_new(inv, t);
    set_all(c, inv, STATE_UP);
    assert_figure(c, inv, "c", TECHNOLOGY_4G, COVERAGE_ANY, "1 1+0/2, 0 0+0/0, 10 10+0/30");
    assert_figure(c, inv, "c", TECHNOLOGY_4G, COVERAGE_ALL, "1 1+0/2, 0 0+0/0, 10 10+0/30");
    assert_int_equal(coverage_advance(c, (struct wall_ms){sample_ms("2026-10-01") - 1}), 0);
    assert_figure(c, inv, "c", TECHNOLOGY_4G, COVERAGE_ANY, "1 1+0/2, 0 0+0/0, 10 10+0/30");
    assert_int_equal(coverage_advance(c, (struct wall_ms){sample_ms("2026-10-01")}), 0);
    assert_figure(c, inv, "c", TECHNOLOGY_4G, COVERAGE_ANY, "2 2+0/2, 0 0+0/0, 30 30+0/30");
    assert_int_equal(coverage_advance(c, (struct wall_ms){sample_ms("2026-10-15")}), 0);
    assert_figure(c, inv, "c", TECHNOLOGY_4G, COVERAGE_ANY, "1 1+0/2, 0 0+0/0, 10 10+0/30");
    assert_int_equal(coverage_advance(c, (struct wall_ms){sample_ms("2026-11-01")}), 0);
    assert_figure(c, inv, "c", TECHNOLOGY_4G, COVERAGE_ANY, "2 2+0/2, 0 0+0/0, 30 30+0/30");
    assert_figure(c, inv, "c", TECHNOLOGY_4G, COVERAGE_ALL, "0 0+0/2, 0 0+0/0, 0 0+0/30");
    assert_int_equal(coverage_advance(c, (struct wall_ms){sample_ms("2026-12-01")}), 0);
    assert_figure(c, inv, "c", TECHNOLOGY_4G, COVERAGE_ALL, "1 1+0/2, 0 0+0/0, 20 20+0/30");
    assert_figure(c, inv, "c", TECHNOLOGY_4G, sample_operator(inv, "a"),
                  "0 0+0/2, 0 0+0/0, 0 0+0/30");
    uint64_t builds = coverage_builds(c);
    assert_int_equal(coverage_advance(c, (struct wall_ms){sample_ms("2026-12-02")}), 0);
    assert_int_equal(coverage_advance(c, (struct wall_ms){sample_ms("2026-12-01")}), 0);
    assert_true(coverage_builds(c) == builds); /* nothing happened in between */
    assert_int_equal(coverage_advance(c, (struct wall_ms){sample_ms("2026-12-01") - 1}), 0);
    assert_figure(c, inv, "c", TECHNOLOGY_4G, COVERAGE_ALL, "0 0+0/2, 0 0+0/0, 0 0+0/30");
    assert_int_equal(coverage_advance(c, (struct wall_ms){sample_ms("2026-10-01") - 1}), 0);
    assert_figure(c, inv, "c", TECHNOLOGY_4G, COVERAGE_ANY, "1 1+0/2, 0 0+0/0, 10 10+0/30");
    coverage_free(c);
    inventory_free(inv);
}

static void a_new_inventory_keeps_what_units_are(void **state)
{
    (void)state;
    struct inventory *old = sample_inventory(NULL, sample_province, 0);
    struct coverage *c = coverage_new(old, now);
    set_all(c, old, STATE_UP);
    char text[8192];
    snprintf(text, sizeof text, "%s", sample_province);
    strstr(text, "bts-1,4g,b,v11")[12] = '2'; /* its name "v11" becomes "v21" */
    struct inventory *inv = sample_inventory(old, text, now.ms);
    assert_int_equal(coverage_set_inventory(c, inv, now), 0);
    inventory_free(old);
    assert_figure(c, inv, "c1", TECHNOLOGY_4G, sample_operator(inv, "b"),
                  "0 0+0/2, 0 0+0/75, 0 0+0/300");
    assert_figure(c, inv, "p", TECHNOLOGY_4G, COVERAGE_ANY,
                  "4 4+0/4, 250 250+0/250, 1000 1000+0/1000");
    coverage_free(c);
    inventory_free(inv);
}

static void says_from_which_years_and_what_is_declared(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(
        NULL,
        "[areas]\nid,parent,level,name,population,year\nc,,commune,C,100,2024\n"
        "v,c,village,V,10,2019\nw,c,village,W,20,2023\nx,c,village,X,,\n"
        "[operators]\nid,name\na,A\n[declared]\narea,indicator,numerator,denominator,as_of\n"
        "c,4g_villages,2,3,2022\nc,4g_villages,3,3,2023-06-30\nc,4g_villages@a,1,3,2022\n",
        0);
    struct coverage *c = coverage_new(inv, now);
    uint32_t area = sample_area(inv, "c"), a = sample_operator(inv, "a");
    struct coverage_figure f = coverage_figure(c, area, TECHNOLOGY_4G, COVERAGE_ANY);
    assert_int_equal(f.year_oldest, 2019);
    assert_int_equal(f.year_newest, 2023);
    assert_int_equal(f.without_population, 1);
    assert_int_equal(f.total.villages, 3);
    const struct declared_row *row =
        coverage_declared(inv, area, TECHNOLOGY_4G, COVERAGE_ANY, COVERAGE_VILLAGES);
    assert_string_equal(row->as_of, "2023-06-30");
    assert_true(row->numerator == 3);
    row = coverage_declared(inv, area, TECHNOLOGY_4G, a, COVERAGE_VILLAGES);
    assert_string_equal(row->as_of, "2022");
    assert_null(coverage_declared(inv, area, TECHNOLOGY_5G, COVERAGE_ANY, COVERAGE_VILLAGES));
    assert_null(coverage_declared(inv, area, TECHNOLOGY_4G, COVERAGE_ALL, COVERAGE_VILLAGES));
    coverage_free(c);
    inventory_free(inv);
}

static void technologies_have_words(void **state)
{
    (void)state;
    for (int i = 0; i < TECHNOLOGY_COUNT; i++)
        assert_int_equal(coverage_technology(slice_of(coverage_technology_word(i))), i);
    assert_int_equal(coverage_technology(slice_of("6g")), TECHNOLOGY_COUNT);
    assert_string_equal(coverage_technology_word(TECHNOLOGY_COUNT), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_each_village_once),
        cmocka_unit_test(higher_generations_count_as_lower_ones_nominally_only),
        cmocka_unit_test(follows_what_lies_beneath_overlays),
        cmocka_unit_test(a_change_touches_its_villages_and_what_is_above),
        cmocka_unit_test(lists_dark_villages),
        cmocka_unit_test(time_brings_temporary_cover_and_new_units),
        cmocka_unit_test(a_new_inventory_keeps_what_units_are),
        cmocka_unit_test(says_from_which_years_and_what_is_declared),
        cmocka_unit_test(technologies_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
