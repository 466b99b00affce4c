#include "core/last_service.h"

#include "centre_rig.h"
#include "sample_inventory.h"
#include "unit.h"

/* v1 hangs on s1 alone; v2 on s1 twice and on s2; v3 on s2; v4 on s1 by fibre. */
static const char *const places =
    "[areas]\nid,parent,level,name,population,households\n"
    "p,,province,P,,\nc1,p,commune,C1,,\n"
    "v1,c1,village,V1,100,25\nv2,c1,village,V2,200,50\nv3,c1,village,V3,400,90\n"
    "v4,c1,village,V4,800,180\n"
    "[operators]\nid,name\na,A\nb,B\n"
    "[sites]\nid,name,kind,area\ns1,S1,bts,c1\ns2,S2,bts,c1\n"
    "[units]\nsite,service,operator\ns1,4g,a\ns1,5g,a\ns1,fibre,a\ns2,4g,b\n"
    "[serves]\nsite,service,operator,area\n"
    "s1,4g,a,v1\ns1,5g,a,v1\ns1,4g,a,v2\ns1,5g,a,v2\ns1,fibre,a,v4\ns2,4g,b,v2\ns2,4g,b,v3\n"
    "[probes]\nprobe,site,also\np1,s1,\np2,s2,\n";

static void expect(const struct rig *rig, const char *site, double at_s, int villages, int people)
{
    const struct centre *c = rig->centre;
    struct coverage_count count;
    uint32_t number = names_find(&c->inventory->sites, slice_of(site));
    assert_int_equal(last_service(c->serving, c->inventory, c->world, number, FAMILY_MOBILE,
                                  rig_at(at_s), &count),
                     0);
    assert_int_equal(count.villages, villages);
    assert_int_equal(count.population, people);
}

static void villages_that_hang_on_one_site(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    rig_listen(&rig, 0, 60);
    rig_list(&rig, "p1", "s1", "\"4g@a\",\"5g@a\",\"fibre@a\"", NULL, "fault", 0);
    rig_list(&rig, "p2", "s2", "\"4g@b\"", NULL, "fault", 0);
    rig_results(&rig, "p1", "s1", 'a', 0, 1, 60, 0);
    rig_results(&rig, "p2", "s2", 'a', 0, 1, 30, 0);
    rig_results(&rig, "p2", "s2", 'a', 2, 31, 60, 0);
    rig_advance(&rig, 55);
    expect(&rig, "s1", 20, 1, 100);
    expect(&rig, "s2", 20, 1, 400);
    expect(&rig, "s1", 45, 2, 300); /* s2 is out: v2 has nobody else, v3 nobody at all */
    expect(&rig, "s2", 45, 0, 0);   /* it serves nobody any more */
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(villages_that_hang_on_one_site),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
