#include "core/feed_sites.h"

#include "sample_inventory.h"
#include "unit.h"

static void sites_are_found_by_id_code_and_alias(void **state)
{
    (void)state;
    struct inventory *inv = sample_inventory(
        NULL,
        "[areas]\nid,level,name\np,province,P\n"
        "[sites]\nid,code,kind,area,aliases\n"
        "s1,NTN001,bts,p,Old One | eNB-7\ns2,NTN002,bts,p,eNB-7|NTN9\ns3,s1,bts,p,\n",
        0);

    static const struct {
        const char *name, *site;
        bool several;
    } cases[] = {{"s1", "s1", false},   {"NTN002", "s2", false}, {"Old One", "s1", false},
                 {"NTN9", "s2", false}, {"eNB-7", NULL, true},   {"ntn002", NULL, false},
                 {"", NULL, false}};

    struct feed_sites sites;
    assert_int_equal(feed_sites_init(&sites, inv, (struct wall_ms){0}), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool several = true;
        uint32_t wanted = cases[i].site ? sample_site(inv, cases[i].site) : INV_NONE;
        assert_int_equal(feed_sites_find(&sites, slice_of(cases[i].name), &several), wanted);
        assert_int_equal(several, cases[i].several);
    }
    feed_sites_done(&sites);
    inventory_free(inv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sites_are_found_by_id_code_and_alias),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
