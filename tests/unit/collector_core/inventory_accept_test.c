#include "core/inventory_accept.h"

#include "base/err.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>

enum { HOUR = 3600 * 1000 };

static const int64_t first = 1790000000000;

static struct inventory *load(const struct inventory *old, const char *commissioned, int64_t reload)
{
    char text[512];
    snprintf(text, sizeof text,
             "[areas]\nid,level,name\np,province,P\n[sites]\nid,kind,area\ns,bts,p\n"
             "[units]\nsite,service,commissioned\ns,4g,%s\ns,5g,\n",
             commissioned);
    return sample_inventory(old, text, reload);
}

static bool exists(const struct inventory *inv, const char *unit, int64_t t)
{
    return inventory_unit_exists(inv, sample_unit(inv, unit), (struct wall_ms){t});
}

static void a_unit_waits_until_it_is_accepted(void **state)
{
    (void)state;
    struct inventory *inv = load(NULL, "accept", first), *fresh = NULL;
    uint32_t unit = sample_unit(inv, "s/4g");
    struct wall_ms now = {first + HOUR}, at = {first + HOUR / 2};
    assert_true(inventory_awaits(inv, unit, now));
    assert_false(exists(inv, "s/4g", now.ms));
    assert_true(exists(inv, "s/5g", now.ms));
    assert_int_equal(inventory_accept(inv, unit, at, now, &fresh), 0);
    assert_false(inventory_awaits(fresh, unit, now));
    assert_false(exists(fresh, "s/4g", at.ms - 1));
    assert_true(exists(fresh, "s/4g", at.ms));
    struct inventory *again = NULL;
    assert_int_equal(inventory_accept(fresh, unit, now, now, &again), ERR_NOT_FOUND);
    assert_int_equal(inventory_accept(inv, sample_unit(inv, "s/5g"), now, now, &again),
                     ERR_NOT_FOUND);
    inventory_free(inv);
    inventory_free(fresh);
}

static void a_reload_keeps_what_was_accepted(void **state)
{
    (void)state;
    struct inventory *inv = load(NULL, "accept", first), *fresh = NULL;
    struct wall_ms at = {first + HOUR};
    assert_int_equal(inventory_accept(inv, sample_unit(inv, "s/4g"), at, at, &fresh), 0);
    struct inventory *reloaded = load(fresh, "accept", first + 2 * HOUR);
    assert_true(exists(reloaded, "s/4g", at.ms));
    assert_false(exists(reloaded, "s/4g", at.ms - 1));
    assert_true(exists(reloaded, "s/4g", first + 3 * HOUR));
    struct inventory *dated = load(reloaded, "2027-01-01", first + 4 * HOUR);
    assert_false(
        exists(dated, "s/4g", first + 5 * HOUR)); /* whoever writes the file has the last word */
    inventory_free(inv);
    inventory_free(fresh);
    inventory_free(reloaded);
    inventory_free(dated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_unit_waits_until_it_is_accepted),
        cmocka_unit_test(a_reload_keeps_what_was_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
