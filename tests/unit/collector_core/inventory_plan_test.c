#include "core/inventory_plan.h"

#include "base/err.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static const int64_t NOW_MS = INT64_C(1795280400000);
static const int64_t HOUR_MS = 3600000;

/* A chain a > b > c; d has another way beside b, e two that both lead through a. */
static const char TREE[] =
    "[areas]\nid,parent,level,name,population,households,year\n"
    "p,,province,Tỉnh,,,2019\n[operators]\nid,name,noc_phone,contact\n"
    "o,O,,\n[sites]\nid,code,name,kind,area\na,,A,network,p\nb,,B,network,p\n"
    "c,,C,bts,p\nd,,D,bts,p\ne,,E,bts,p\nf,,F,network,p\n"
    "[units]\nsite,service,operator,commissioned,decommissioned,anchor\n"
    "c,4g,o,,,\n[depends]\nchild,on,kind,group\nb,a,transport,\n"
    "c,b,transport,\nd,b,transport,g\nd,f,transport,g\ne,b,transport,h\n"
    "e,c,transport,h\n";

static struct inventory *tree(void)
{
    return sample_inventory(NULL, TREE, NOW_MS - 1000);
}

static void names_of(const struct inventory *inv, const struct vec *sites, char *to, size_t max)
{
    to[0] = '\0';
    for (size_t i = 0; i < sites->len; i++) {
        size_t len = strlen(to);
        snprintf(to + len, max - len, "%s",
                 names_text(&inv->sites, *(const uint32_t *)vec_at(sites, i)));
    }
}

static void a_site_takes_with_it_what_has_no_other_way(void **state)
{
    (void)state;

    static const struct {
        const char *root, *names;
    } cases[] = {{"a", "abce"}, {"b", "bce"}, {"c", "c"}, {"f", "f"}};
    struct inventory *inv = tree();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char names[16];
        struct vec sites;
        vec_init(&sites, sizeof(uint32_t), INVENTORY_PLAN_MAX);
        assert_int_equal(inventory_plan_subtree(inv, sample_site(inv, cases[i].root),
                                                (struct wall_ms){NOW_MS}, &sites),
                         0);
        names_of(inv, &sites, names, sizeof names);
        assert_string_equal(names, cases[i].names);
        vec_done(&sites);
    }
    inventory_free(inv);
}

static void works_that_come_again_are_declared_one_by_one(void **state)
{
    (void)state;
    struct inventory *inv = tree();
    struct vec wishes;
    struct inventory_plan plan = {.wish = {.site = sample_site(inv, "b"),
                                           .unit = INV_NONE,
                                           .span = {{NOW_MS + HOUR_MS}, {NOW_MS + 2 * HOUR_MS}},
                                           .reason = "x",
                                           .by = "An"},
                                  .dependents = true,
                                  .every_ms = 168 * HOUR_MS,
                                  .times = 4};
    vec_init(&wishes, sizeof(struct inventory_wish), INVENTORY_PLAN_MAX);
    assert_int_equal(inventory_plan_wishes(inv, &plan, (struct wall_ms){NOW_MS}, &wishes), 0);
    assert_int_equal(wishes.len, 3 * 4);
    const struct inventory_wish *last = vec_at(&wishes, 11);
    assert_int_equal(last->site, sample_site(inv, "e"));
    assert_int_equal(last->span.from.ms, NOW_MS + HOUR_MS + 3 * 168 * HOUR_MS);
    assert_int_equal(last->span.to.ms - last->span.from.ms, HOUR_MS);
    wishes.len = 0;
    plan.times = 400;
    assert_int_equal(inventory_plan_wishes(inv, &plan, (struct wall_ms){NOW_MS}, &wishes),
                     ERR_FULL);
    vec_done(&wishes);
    inventory_free(inv);
}

static void those_of_one_request_are_found_again_and_withdrawn_together(void **state)
{
    (void)state;
    struct inventory *inv = tree();
    int64_t first = 0;
    struct inventory_wish wishes[2] = {{.site = sample_site(inv, "b"),
                                        .unit = INV_NONE,
                                        .span = {{NOW_MS + HOUR_MS}, {NOW_MS + 2 * HOUR_MS}},
                                        .reason = "x",
                                        .by = "An"}};
    wishes[1] = wishes[0];
    wishes[1].site = sample_site(inv, "c");
    assert_int_equal(inventory_declare_all(inv, wishes, 2, (struct wall_ms){NOW_MS}, &first), 0);
    assert_int_equal(first, 1);
    assert_true(inventory_plan_like(inventory_declared(inv, 1), inventory_declared(inv, 2)));
    const int64_t numbers[] = {1, 2};
    const int64_t wrong[] = {1, 3};
    assert_int_equal(inventory_withdraw_all(inv, wrong, 2, (struct wall_ms){NOW_MS + 1}),
                     ERR_NOT_FOUND);
    assert_int_equal(inventory_declared(inv, 1)->withdrawn.ms, 0);
    assert_int_equal(inventory_withdraw_all(inv, numbers, 2, (struct wall_ms){NOW_MS + 1}), 0);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(inventory_declared(inv, numbers[i])->withdrawn.ms, NOW_MS + 1);
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_site_takes_with_it_what_has_no_other_way),
        cmocka_unit_test(works_that_come_again_are_declared_one_by_one),
        cmocka_unit_test(those_of_one_request_are_found_again_and_withdrawn_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
