#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY = 24 * 3600 * 1000 };

static const int64_t first = 1790000000000; /* the first load; reloads follow day by day */
static const int64_t second = 1790000000000 + DAY;
static const int64_t third = 1790000000000 + 2 * (int64_t)DAY;

/* One tree of two areas, one site and one unit, with the changing part at its end. */
static struct inventory *load(struct inventory *old, const char *tables, int64_t reload)
{
    char text[2048];
    snprintf(text, sizeof text, "%s%s",
             "[areas]\nid,level,name\np,province,P\nv,village,V\nw,village,W\n"
             "[sites]\nid,kind,area\ns,bts,p\nt,bts,p\n",
             tables);
    struct inventory *inv = sample_inventory(old, text, reload);
    inventory_free(old);
    return inv;
}

static const char *site_name(const struct inventory *inv, int64_t t)
{
    const struct site_row *row = inventory_site(inv, sample_site(inv, "s"), (struct wall_ms){t});
    return row ? row->name : NULL;
}

static struct inventory *load_name(struct inventory *old, const char *name, int64_t reload)
{
    char text[512];
    snprintf(text, sizeof text, "%s%s%s%s",
             "[areas]\nid,level,name\np,province,P\n[sites]\nid,name,kind,area\nx,X,bts,p\n",
             name ? "s," : "", name ? name : "", name ? ",bts,p\n" : "");
    struct inventory *inv = sample_inventory(old, text, reload);
    inventory_free(old);
    return inv;
}

static void a_new_thing_holds_from_the_beginning_of_time(void **state)
{
    (void)state;
    struct inventory *inv = load_name(NULL, NULL, first);
    inv = load_name(inv, "One", second);
    assert_string_equal(site_name(inv, INT64_MIN), "One");
    assert_string_equal(site_name(inv, third), "One");
    inventory_free(inv);
}

static void a_change_holds_from_the_reload(void **state)
{
    (void)state;
    struct inventory *inv = load_name(NULL, "One", first);
    inv = load_name(inv, "Two", second);
    assert_string_equal(site_name(inv, second - 1), "One");
    assert_string_equal(site_name(inv, second), "Two");
    inv = load_name(inv, NULL, third);
    assert_string_equal(site_name(inv, third - 1), "Two");
    assert_null(site_name(inv, third));
    inv = load_name(inv, "Two", third + DAY);
    assert_null(site_name(inv, third + DAY - 1));
    assert_string_equal(site_name(inv, third + DAY), "Two");
    assert_string_equal(site_name(inv, INT64_MIN), "One");
    inventory_free(inv);
}

static void an_unchanged_load_changes_nothing(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, first);
    struct inventory *again = sample_inventory(inv, sample_province, second);
    assert_int_equal(again->area_rows.len, inv->area_rows.len);
    assert_int_equal(again->site_rows.len, inv->site_rows.len);
    assert_int_equal(again->unit_rows.len, inv->unit_rows.len);
    assert_int_equal(again->serves_rows.len, inv->serves_rows.len);
    assert_int_equal(again->depends_rows.len, inv->depends_rows.len);
    assert_int_equal(again->probe_rows.len, inv->probe_rows.len);
    for (size_t i = 0; i < inv->serves_rows.len; i++) {
        const struct serves_row *before = vec_at(&inv->serves_rows, i);
        const struct serves_row *after = vec_at(&again->serves_rows, i);
        assert_int_equal(before->unit, after->unit);
        assert_int_equal(before->area, after->area);
        assert_true(after->valid.from.ms == INT64_MIN && after->valid.to.ms == WALL_NEVER_MS);
    }
    inventory_free(inv);
    inventory_free(again);
}

static void numbers_stay(void **state)
{
    (void)state;
    struct inventory *inv = load(NULL, "[units]\nsite,service\ns,4g\nt,4g\n", first);
    uint32_t unit = sample_unit(inv, "t/4g"), site = sample_site(inv, "t");
    inv = load(inv, "[units]\nsite,service\ns,5g\nt,4g\n", second);
    assert_int_equal(sample_unit(inv, "t/4g"), unit);
    assert_int_equal(sample_site(inv, "t"), site);
    assert_int_equal(sample_unit(inv, "s/5g"), 2);
    assert_int_equal(inventory_find_unit(inv, sample_site(inv, "s"), slice_of("4g")), 0);
    inventory_free(inv);
}

static bool serves_at(const struct inventory *inv, const char *area, int64_t t)
{
    size_t n;
    const struct serves_row *rows = inventory_serves(inv, sample_unit(inv, "s/4g"), &n);
    for (size_t i = 0; i < n; i++)
        if (rows[i].area == sample_area(inv, area) && rows[i].valid.from.ms <= t &&
            t < rows[i].valid.to.ms)
            return true;
    return false;
}

#define SERVES "[units]\nsite,service\ns,4g\n[serves]\nsite,service,area,from,to\n"

static void what_a_known_unit_serves_changes_from_the_reload(void **state)
{
    (void)state;
    struct inventory *inv = load(NULL, SERVES "s,4g,v,,\n", first);
    assert_true(serves_at(inv, "v", INT64_MIN));
    inv = load(inv, SERVES "s,4g,w,,\n", second);
    assert_true(serves_at(inv, "v", second - 1) && !serves_at(inv, "v", second));
    assert_true(!serves_at(inv, "w", second - 1) && serves_at(inv, "w", second));
    inventory_free(inv);
}

static void a_dated_row_holds_from_its_date(void **state)
{
    (void)state;
    int64_t from = sample_ms("2026-09-01"), to = sample_ms("2026-09-03");
    assert_true(to < first);
    struct inventory *inv = load(NULL, SERVES "s,4g,v,,\n", first);
    inv = load(inv, SERVES "s,4g,v,,\ns,4g,w,2026-09-01,2026-09-03\n", second);
    assert_true(!serves_at(inv, "w", from - 1) && serves_at(inv, "w", from));
    assert_true(serves_at(inv, "w", to - 1) && !serves_at(inv, "w", to));
    assert_true(serves_at(inv, "v", INT64_MIN) && serves_at(inv, "v", third));
    inv = load(inv, SERVES "s,4g,v,,2026-09-02\n", third);
    assert_true(serves_at(inv, "v", sample_ms("2026-09-02") - 1));
    assert_false(serves_at(inv, "v", sample_ms("2026-09-02")));
    assert_true(serves_at(inv, "w", from));
    inventory_free(inv);
}

static void areas_hold_by_their_dates(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL,
                                             "[areas]\nid,level,name,valid_from,valid_to\n"
                                             "c,commune,Old,,2025-07-01\nc,ward,New,2025-07-01,\n",
                                             first);
    uint32_t c = sample_area(inv, "c");
    struct wall_ms reform = {sample_ms("2025-07-01")};
    assert_string_equal(inventory_area(inv, c, wall_add(reform, -1))->name, "Old");
    assert_string_equal(inventory_area(inv, c, reform)->name, "New");
    struct inventory *next =
        sample_inventory(inv,
                         "[areas]\nid,level,name,valid_from,valid_to\n"
                         "c,commune,Old,,2025-07-01\nc,ward,Newer,2025-07-01,\n",
                         second);
    assert_string_equal(inventory_area(next, c, wall_add(reform, -1))->name, "Old");
    assert_string_equal(inventory_area(next, c, reform)->name, "Newer");
    inventory_free(inv);
    inventory_free(next);
}

static bool exists_at(const struct inventory *inv, int64_t t)
{
    return inventory_unit_exists(inv, sample_unit(inv, "s/4g"), (struct wall_ms){t});
}

#define DATED_UNITS "[units]\nsite,service,commissioned,decommissioned\n"

static void a_unit_ends_when_its_new_date_says(void **state)
{
    (void)state;
    int64_t end = sample_ms("2026-09-01"), planned = sample_ms("2027-01-01");
    struct inventory *inv = load(NULL, DATED_UNITS "s,4g,,\n", first);
    assert_true(exists_at(inv, INT64_MIN));
    inv = load(inv, DATED_UNITS "s,4g,,2026-09-01\n", second);
    assert_true(exists_at(inv, end - 1) && !exists_at(inv, end) && !exists_at(inv, third));
    inv = load(inv, DATED_UNITS "s,4g,,\n", third);
    assert_true(!exists_at(inv, third - 1) && exists_at(inv, third));
    inv = load(inv, DATED_UNITS "s,4g,2027-01-01,\n", third + DAY);
    assert_true(exists_at(inv, third + DAY - 1) && !exists_at(inv, third + DAY));
    assert_true(exists_at(inv, planned) && exists_at(inv, INT64_MIN));
    inventory_free(inv);
}

static void a_probe_moves_at_the_end_of_its_row(void **state)
{
    (void)state;
    struct inventory *inv =
        load(NULL, "[probes]\nprobe,site,also,valid_to\np1,t,,\np1,s,t,2026-09-01\n", first);
    uint32_t p1 = sample_probe(inv, "p1");
    struct wall_ms move = {sample_ms("2026-09-01")};
    assert_int_equal(inventory_probe(inv, p1, wall_add(move, -1))->site, sample_site(inv, "s"));
    assert_int_equal(inventory_probe(inv, p1, move)->site, sample_site(inv, "t"));
    inv = load(inv, "[probes]\nprobe,site,also,valid_to\np1,s,t,\n", second);
    struct wall_ms now = {second};
    bool own = false;
    assert_int_equal(inventory_probe(inv, p1, wall_add(now, -1))->site, sample_site(inv, "t"));
    assert_true(inventory_may_speak(inv, p1, sample_site(inv, "t"), now, &own) && !own);
    inventory_free(inv);
}

#define DECLARED "[units]\nsite,service\ns,4g\n[declarations]\ntarget,kind,from,to\n"

/* "from-to@registered" of all declarations, in days after the first load. */
static void assert_declared(const struct inventory *inv, const char *expected)
{
    char text[256] = "";
    size_t n;
    const struct declaration *rows = inventory_declarations(inv, sample_site(inv, "s"), &n);
    for (size_t i = 0; i < n; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%g-%g@%g", i ? " " : "",
                 (double)(rows[i].span.from.ms - first) / DAY,
                 (double)(rows[i].span.to.ms - first) / DAY,
                 (double)(rows[i].registered.ms - first) / DAY);
    assert_string_equal(text, expected);
}

static void declarations_keep_the_reload_that_first_showed_them(void **state)
{
    (void)state;
    /* the first load is at 2026-09-21T21:13:20+07:00 */
    assert_int_equal(first, sample_ms("2026-09-21T21:13:20"));
    struct inventory *inv =
        load(NULL, DECLARED "s,maintenance,2026-09-26T21:13:20,2026-09-28T21:13:20\n", first);
    assert_declared(inv, "5-7@0");
    inv = load(inv, DECLARED "s,maintenance,2026-09-26T21:13:20,2026-09-28T21:13:20\n", second);
    assert_declared(inv, "5-7@0");
    /* longer: only what is new is registered now */
    inv = load(inv, DECLARED "s,maintenance,2026-09-25T21:13:20,2026-09-30T21:13:20\n", third);
    assert_declared(inv, "4-5@2 5-7@0 7-9@2");
    /* over early: the date says so, whenever it is written */
    inv = load(inv, DECLARED "s,maintenance,2026-09-25T21:13:20,2026-09-27T21:13:20\n",
               first + 6 * (int64_t)DAY);
    assert_declared(inv, "4-5@2 5-6@0");
    inventory_free(inv);
}

#define REPEATED "[units]\nsite,service\ns,4g\n[declarations]\ntarget,kind,from,to,repeat,until\n"

/* One row each day or week; what begins before the load that first shows it is registered late. */
static void a_declaration_that_repeats_is_registered_before_each_start(void **state)
{
    (void)state;
    struct inventory *inv = load(NULL,
                                 REPEATED "s,maintenance,2026-09-20T21:13:20,2026-09-21T09:13:20,"
                                          "daily,2026-09-23T21:13:20\n",
                                 first);
    assert_declared(inv, "-1--0.5@0 0-0.5@0 1-1.5@0");
    inventory_free(inv);
    inv = load(NULL,
               REPEATED "s,maintenance,2026-09-22T21:13:20,2026-09-23T09:13:20,"
                        "weekly,2026-10-07T00:00:00\n",
               first);
    assert_declared(inv, "1-1.5@0 8-8.5@0 15-15.5@0");
    inv = load(inv,
               REPEATED "s,maintenance,2026-09-22T21:13:20,2026-09-23T09:13:20,"
                        "weekly,2026-10-14T00:00:00\n",
               second);
    assert_declared(inv, "1-1.5@0 8-8.5@0 15-15.5@0 22-22.5@1");
    inventory_free(inv);
}

static void a_withdrawn_declaration_ends_at_the_reload(void **state)
{
    (void)state;
    static const char declared[] =
        DECLARED "s,maintenance,2026-09-22T09:13:20,2026-09-24T21:13:20\n"
                 "s/4g,maintenance,2026-09-26T21:13:20,2026-09-28T21:13:20\n";
    struct inventory *inv = load(NULL, declared, first);
    assert_declared(inv, "0.5-3@0 5-7@0");
    inv = load(inv, DECLARED, second);
    assert_declared(inv, "0.5-1@0");
    inv = load(inv, DECLARED, third);
    assert_declared(inv, "0.5-1@0");
    inventory_free(inv);
}

static void a_start_that_is_moved_keeps_what_has_been(void **state)
{
    (void)state;
    struct inventory *inv =
        load(NULL, DECLARED "s,maintenance,2026-09-22T21:13:20,2026-09-28T21:13:20\n", first);
    assert_declared(inv, "1-7@0");
    inv = load(inv, DECLARED "s,maintenance,2026-09-26T21:13:20,2026-09-28T21:13:20\n", third);
    assert_declared(inv, "1-2@0 5-7@0");
    inv =
        load(inv, DECLARED "s,maintenance,2026-09-26T21:13:20,2026-09-28T21:13:20\n", third + DAY);
    assert_declared(inv, "1-2@0 5-7@0");
    inventory_free(inv);
}

static void operators_that_are_gone_keep_their_row(void **state)
{
    (void)state;
    struct inventory *inv = load(NULL, "[operators]\nid,name\na,A\nb,B\n", first);
    inv = load(inv, "[operators]\nid,name\nb,New B\n", second);
    assert_int_equal(inv->operator_rows.len, 2);
    assert_string_equal(((struct operator_row *)vec_at(&inv->operator_rows, 0))->name, "A");
    assert_string_equal(((struct operator_row *)vec_at(&inv->operator_rows, 1))->name, "New B");
    inventory_free(inv);
}

static void a_name_of_the_past_is_unknown_now(void **state)
{
    (void)state;
    struct inventory *inv = load_name(NULL, "One", first);
    char *told = sample_inventory_refused(
        inv,
        "[areas]\nid,level,name\np,province,P\n[sites]\nid,kind,area\nx,bts,p\n"
        "[units]\nsite,service\ns,4g\n",
        second);
    assert_string_equal(told, "units.csv:2: site: unknown site \"s\"; did you mean \"x\"?\n");
    free(told);
    assert_string_equal(site_name(inv, second), "One");
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_thing_holds_from_the_beginning_of_time),
        cmocka_unit_test(a_change_holds_from_the_reload),
        cmocka_unit_test(an_unchanged_load_changes_nothing),
        cmocka_unit_test(numbers_stay),
        cmocka_unit_test(what_a_known_unit_serves_changes_from_the_reload),
        cmocka_unit_test(a_dated_row_holds_from_its_date),
        cmocka_unit_test(areas_hold_by_their_dates),
        cmocka_unit_test(a_unit_ends_when_its_new_date_says),
        cmocka_unit_test(a_probe_moves_at_the_end_of_its_row),
        cmocka_unit_test(declarations_keep_the_reload_that_first_showed_them),
        cmocka_unit_test(a_declaration_that_repeats_is_registered_before_each_start),
        cmocka_unit_test(a_withdrawn_declaration_ends_at_the_reload),
        cmocka_unit_test(a_start_that_is_moved_keeps_what_has_been),
        cmocka_unit_test(operators_that_are_gone_keep_their_row),
        cmocka_unit_test(a_name_of_the_past_is_unknown_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
