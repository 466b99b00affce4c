#include "sample_inventory.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct wall_ms anytime = {1790000000000};

static void reads_a_province(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    const struct area_row *village = inventory_area(inv, sample_area(inv, "v12"), anytime);
    assert_non_null(village);
    assert_string_equal(village->name, "Thôn Hai");
    assert_true(village->village);
    assert_int_equal(village->parent, sample_area(inv, "c1"));
    assert_int_equal(village->population, 200);
    assert_int_equal(village->households, 50);
    assert_int_equal(village->year, 2019);
    assert_true(village->lat == 11.62 && village->lon == 108.92);
    const struct site_row *link = inventory_site(inv, sample_site(inv, "link-1"), anytime);
    assert_int_equal(link->kind, SITE_LINK);
    assert_true(isnan(link->lat));
    inventory_free(inv);
}

static void finds_units_by_site_and_name(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    uint32_t site = sample_site(inv, "bts-1"), unit = sample_unit(inv, "bts-1/5g@a");
    size_t n;
    const uint32_t *units = inventory_site_units(inv, site, &n);
    assert_int_equal(n, 3);
    assert_int_equal(units[1], unit);
    assert_int_equal(inventory_find_unit(inv, site, slice_of("5g@a")), unit);
    assert_int_equal(inventory_find_unit(inv, site, slice_of("5g")), unit);
    assert_int_equal(inventory_find_unit(inv, site, slice_of("4g")), INV_NONE);
    assert_int_equal(inventory_find_unit(inv, site, slice_of("3g")), INV_NONE);
    const struct unit_id *id = inventory_unit_id(inv, unit);
    assert_int_equal(id->site, site);
    assert_int_equal(id->family, FAMILY_MOBILE);
    assert_int_equal(id->generation, 5);
    assert_int_equal(inventory_unit(inv, unit, anytime)->anchor, sample_unit(inv, "bts-1/4g@a"));
    const struct unit_id *fibre = inventory_unit_id(inv, sample_unit(inv, "bts-3/fibre@b"));
    assert_int_equal(fibre->family, FAMILY_FIBRE);
    inventory_free(inv);
}

static void knows_what_serves_depends_and_speaks(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(NULL, sample_province, 0);
    size_t n;
    const struct serves_row *serves = inventory_serves(inv, sample_unit(inv, "bts-1/4g@a"), &n);
    assert_int_equal(n, 2);
    assert_int_equal(serves[1].area, sample_area(inv, "v12"));
    const struct depends_row *depends = inventory_depends(inv, sample_site(inv, "bts-1"), &n);
    assert_int_equal(n, 2);
    assert_int_not_equal(depends[0].group, depends[1].group);
    assert_int_equal(depends[0].on_unit, INV_NONE);
    inventory_depends(inv, sample_site(inv, "bts-2"), &n);
    assert_int_equal(n, 0);
    uint32_t p1 = sample_probe(inv, "p1");
    bool own = false;
    assert_true(inventory_may_speak(inv, p1, sample_site(inv, "bts-1"), anytime, &own) && own);
    assert_true(inventory_may_speak(inv, p1, sample_site(inv, "bts-2"), anytime, &own) && !own);
    assert_false(inventory_may_speak(inv, p1, sample_site(inv, "bts-3"), anytime, &own));
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_province),
        cmocka_unit_test(finds_units_by_site_and_name),
        cmocka_unit_test(knows_what_serves_depends_and_speaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
