#include "core/inventory_tree.h"

#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static const struct wall_ms now = {1790000000000};

/* "v11 v12" for a list of numbers. */
static void assert_areas(const struct inventory *inv, struct vec *numbers, const char *expected)
{
    char text[256] = "";
    size_t len = 0;
    for (size_t i = 0; i < numbers->len && len < sizeof text; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", i ? " " : "",
                                names_text(&inv->areas, *(uint32_t *)vec_at(numbers, i)));
    assert_string_equal(text, expected);
    numbers->len = 0;
}

static void lists_the_villages_below(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    struct vec found;
    vec_init(&found, sizeof(uint32_t), 100);
    assert_int_equal(inventory_tree_villages(inv, sample_area(inv, "p"), now, &found), 0);
    assert_areas(inv, &found, "v11 v12 v21 v22");
    assert_int_equal(inventory_tree_villages(inv, sample_area(inv, "c2"), now, &found), 0);
    assert_areas(inv, &found, "v21 v22");
    assert_int_equal(inventory_tree_villages(inv, sample_area(inv, "v22"), now, &found), 0);
    assert_areas(inv, &found, "v22");
    vec_done(&found);
    inventory_free(inv);
}

static void lists_what_a_unit_serves_once(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(
        NULL,
        "[areas]\nid,parent,level,name\np,,province,P\nc,p,commune,C\nv,c,village,V\n"
        "w,c,village,W\n[sites]\nid,kind,area\ns,bts,c\n[units]\nsite,service\ns,4g\n"
        "[serves]\nsite,service,area,from,to\ns,4g,w,,\ns,4g,c,2026-10-01,2026-11-01\n",
        0);
    uint32_t unit = sample_unit(inv, "s/4g");
    struct vec found;
    vec_init(&found, sizeof(uint32_t), 100);
    struct wall_ms october = {sample_ms("2026-10-01")}, november = {sample_ms("2026-11-01")};
    assert_int_equal(inventory_tree_served(inv, unit, wall_add(october, -1), &found), 0);
    assert_areas(inv, &found, "w");
    assert_int_equal(inventory_tree_served(inv, unit, october, &found), 0);
    assert_areas(inv, &found, "v w");
    assert_int_equal(inventory_tree_served(inv, unit, november, &found), 0);
    assert_areas(inv, &found, "w");
    vec_done(&found);
    inventory_free(inv);
}

static void knows_what_lies_within(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    uint32_t p = sample_area(inv, "p"), c1 = sample_area(inv, "c1"), v11 = sample_area(inv, "v11");
    assert_true(inventory_tree_within(inv, v11, p, now));
    assert_true(inventory_tree_within(inv, v11, v11, now));
    assert_true(inventory_tree_within(inv, v11, c1, now));
    assert_false(inventory_tree_within(inv, v11, sample_area(inv, "c2"), now));
    assert_false(inventory_tree_within(inv, p, v11, now));
    inventory_free(inv);
}

/* A dated row can make a circle with an older file's undated one, in the past only. */
static void a_circle_of_the_past_ends(void **state)
{
    (void)state;
    struct inventory *old =
        sample_inventory(NULL, "[areas]\nid,parent,level,name\na,b,x,A\nb,,x,B\n", 1790000000000);
    struct inventory *inv = sample_inventory(
        old,
        "[areas]\nid,parent,level,name,valid_from\na,,x,A,\nb,a,x,B,2026-01-01\nv,b,village,V,"
        "2026-01-01\n",
        1790000000000 + 1000);
    struct wall_ms between = {sample_ms("2026-06-01")};
    uint32_t a = sample_area(inv, "a"), b = sample_area(inv, "b");
    assert_int_equal(inventory_area(inv, a, between)->parent, b);
    assert_int_equal(inventory_area(inv, b, between)->parent, a);
    assert_false(inventory_tree_within(inv, a, sample_area(inv, "v"), between));
    inventory_free(old);
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_the_villages_below),
        cmocka_unit_test(lists_what_a_unit_serves_once),
        cmocka_unit_test(knows_what_lies_within),
        cmocka_unit_test(a_circle_of_the_past_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
