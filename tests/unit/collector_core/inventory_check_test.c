#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AREAS "[areas]\nid,parent,level,name,population\n"
#define PLACE AREAS "p,,province,P,\n"
#define SITES "[sites]\nid,kind,area\n"
#define UNITS "[units]\nsite,service,operator,anchor\n"
#define OPERATORS "[operators]\nid,name\na,A\n"

static void assert_refused(const char *text, const char *messages)
{
    char *told = sample_inventory_refused(NULL, text, 1790000000000);
    assert_string_equal(told, messages);
    free(told);
}

static void says_which_cell_is_wrong(void **state)
{
    (void)state;

    static const struct {
        const char *text, *messages;
    } cases[] = {
        {AREAS "c 1,,x,X,\n",
         "areas.csv:2: id: \"c 1\" is no id: letters, digits and -._: only, at most 64\n"},
        {AREAS ",,x,X,\n", "areas.csv:2: id: is empty\n"},
        {AREAS "c,,x,X,590.467\n",
         "areas.csv:2: population: \"590.467\" is no whole number (digits only, no separators)\n"},
        {AREAS "c,,x,\xff,\n", "areas.csv:2: name: not UTF-8\n"},
        {AREAS "c,,x,X,,7\n", "areas.csv:2: 6 cells under a header of 5\n"},
        {PLACE SITES "s,bst,p\n",
         "sites.csv:2: kind: \"bst\" is none of: bts, fibre, network, service, link, feeder\n"},
        {PLACE "[sites]\nid,kind,area,lat,lon\ns,bts,p,108.9,11.6\n",
         "sites.csv:2: lat: 108.9 is outside -90..90 degrees; lat and lon swapped?\n"},
        {PLACE "[sites]\nid;kind;area;lat;lon\ns;bts;p;11,6;\n",
         "sites.csv:2: lat and lon go together\n"},
        {PLACE "[sites]\nid;kind;area;lat;lon\ns;bts;p;11,6,1;108,9\n",
         "sites.csv:2: lat: \"11,6,1\" is no number\n"},
        {PLACE SITES "s,bts,p\n" OPERATORS "[units]\nsite,service,operator,commissioned\n"
                     "s,4g,a,31/12/2022\ns,5g,a,2022-02-30\n",
         "units.csv:2: commissioned: \"31/12/2022\" is no date (2026-11-22 or "
         "2026-11-22T14:05:00+07:00)\n"
         "units.csv:3: commissioned: \"2022-02-30\" is a date that does not exist\n"},
        {PLACE SITES "s,bts,p\n[units]\nsite,service,operator,commissioned,decommissioned\n"
                     "s,4g,,2022-01-02,2022-01-02\n",
         "units.csv:2: decommissioned is not after commissioned\n"},
        {"[areas]\nid,level,name,valid_from,valid_to\nc,x,X,2025-01-01,2024-01-01\n",
         "areas.csv:2: its end is not after its start\n"},
        {PLACE
         "[declared]\narea,indicator,numerator,denominator,as_of\np,x,1,0,2022\np,y,1,2,now\n",
         "declared.csv:2: denominator is not positive\n"
         "declared.csv:3: as_of: is no date (2022-12-31 or 2022)\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(cases[i].text, cases[i].messages);
}

static void says_what_is_wrong_with_a_header(void **state)
{
    (void)state;
    assert_refused("[areas]\nid,parent,levl,name,name,colour\n1,2,3,4\n",
                   "areas.csv:1: unknown column \"levl\"; did you mean \"level\"?\n"
                   "areas.csv:1: column \"name\" stands twice\n"
                   "areas.csv:1: unknown column \"colour\"\n"
                   "areas.csv:1: column \"level\" is missing\n");
    assert_refused("[areas]\n", "areas.csv:1: no header\n");
    assert_refused("[aeras]\nid\n", "aeras.csv:1: \"aeras\" is no table of the inventory\n");
    assert_refused(PLACE AREAS, "areas.csv:1: \"areas\" is another file's table already\n");
}

static void suggests_the_name_that_was_meant(void **state)
{
    (void)state;
    assert_refused(AREAS "22738,,province,P,\n22741,2273,commune,C,\n" SITES "bts-1,bts,22739\n",
                   "areas.csv:3: parent: unknown area \"2273\"; did you mean \"22738\"?\n"
                   "sites.csv:2: area: unknown area \"22739\"; did you mean \"22738\"?\n");
    assert_refused(PLACE SITES "bts-1,bts,p\n" OPERATORS UNITS "bts-2,4g,x,\n",
                   "units.csv:2: site: unknown site \"bts-2\"; did you mean \"bts-1\"?\n"
                   "units.csv:2: operator: unknown operator \"x\"; did you mean \"a\"?\n");
    assert_refused(PLACE SITES "s,bts,p\n[probes]\nprobe,site,also\np1,s,s far\n",
                   "probes.csv:2: also: unknown site \"far\"\n");
}

static void says_which_unit_is_unknown(void **state)
{
    (void)state;
    static const char units[] = PLACE SITES "s,bts,p\nt,bts,p\n[operators]\nid,name\na,A\nb,B\n";
    char text[1024];

    static const struct {
        const char *rows, *messages;
    } cases[] = {
        {UNITS "s,4g,a,3g\n", "units.csv:2: anchor: unknown unit \"3g\" at site \"s\"\n"},
        {UNITS "s,4g,a,\ns,4g,b,\ns,5g,a,4g\n",
         "units.csv:4: anchor: more than one unit \"4g\" at site \"s\"; add @operator\n"},
        {UNITS "s,4g,a,\n[serves]\nsite,service,operator,area\ns,4g,b,p\n",
         "serves.csv:2: unknown unit \"4g@b\" at site \"s\"\n"},
        {UNITS "s,4g,a,\n[depends]\nchild,on,kind\nt,s/5g,power\nt,x/4g,power\n",
         "depends.csv:2: on: unknown unit \"5g\" at site \"s\"\n"
         "depends.csv:3: on: unknown site \"x\"; did you mean \"s\"?\n"},
        {UNITS "s,4g,a,\n[declarations]\ntarget,kind,from,to\ns/5g,asleep,2026-01-01,2026-01-02\n",
         "declarations.csv:2: target: unknown unit \"5g\" at site \"s\"\n"},
        {UNITS "s,4g,a,\n[declarations]\ntarget,kind,from,to,repeat,until\n"
               "s,maintenance,2026-01-01,2026-01-02,monthly,2026-03-01\n"
               "s,maintenance,2026-01-01,2026-01-02,daily,\n"
               "s,maintenance,2026-01-01,2026-01-02,,2026-03-01\n"
               "s,maintenance,2026-01-01,2026-01-03,daily,2026-03-01\n"
               "s,maintenance,2026-01-01,2026-01-02,daily,2028-01-01\n"
               "s,maintenance,2026-01-01,2026-01-02,daily,soon\n",
         "declarations.csv:2: repeat: must be daily, weekly or empty\n"
         "declarations.csv:3: repeat and until go together\n"
         "declarations.csv:4: repeat and until go together\n"
         "declarations.csv:5: it lasts longer than until it comes again\n"
         "declarations.csv:6: it comes more than 400 times\n"
         "declarations.csv:7: until: is no date (2026-11-22 or 2026-11-22T14:05:00+07:00)\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(text, sizeof text, "%s%s", units, cases[i].rows);
        assert_refused(text, cases[i].messages);
    }
}

static void finds_duplicates(void **state)
{
    (void)state;
    assert_refused(AREAS "p,,x,P,\nc,p,x,X,\np,,x,Q,\n",
                   "areas.csv:4: says again what line 2 says, for the same time\n");
    assert_refused("[areas]\nid,level,name,valid_from,valid_to\np,x,P,,2025-07-01\n"
                   "p,x,Q,2025-06-30,\nq,x,P,,2025-07-01\nq,x,Q,2025-07-01,\n",
                   "areas.csv:3: says again what line 2 says, for the same time\n");
    assert_refused(PLACE SITES "s,bts,p\ns,link,p\n" UNITS "s,4g,,\ns,4g,,\n" OPERATORS "a,B\n",
                   "operators.csv:3: operator \"a\" stands on line 2 already\n"
                   "sites.csv:3: site \"s\" stands on line 2 already\n"
                   "units.csv:3: unit \"s/4g\" stands on line 2 already\n");
    assert_refused(PLACE SITES "s,bts,p\nt,bts,p\n" UNITS "s,4g,,\n"
                               "[serves]\nsite,service,operator,area,from,to\n"
                               "s,4g,,p,,2025-01-01\ns,4g,,p,2025-01-01,\ns,4g,,p,2026-01-01,\n"
                               "[depends]\nchild,on,kind\ns,t,power\ns,t,transport\ns,t,power\n"
                               "[declarations]\ntarget,kind,from,to\n"
                               "s,asleep,2026-01-01,2026-01-02\ns,asleep,2026-01-01,2026-01-03\n"
                               "s,asleep,2026-01-01,2026-01-02\n"
                               "[probes]\nprobe,site,valid_to\np1,s,2025-01-01\np1,t,\np1,s,\n",
                   "serves.csv:4: says again what line 3 says, for the same time\n"
                   "depends.csv:4: says again what line 2 says, for the same time\n"
                   "probes.csv:4: says again what line 3 says, for the same time\n"
                   "declarations.csv:4: says again what line 2 says\n");
}

static void finds_circles(void **state)
{
    (void)state;
    assert_refused(AREAS "a,c,x,A,\nb,a,x,B,\nc,b,x,C,\nd,c,x,D,\n",
                   "areas.csv:2: \"a\" lies within itself: a > c > b > a\n");
    assert_refused(AREAS "a,a,x,A,\n", "areas.csv:2: \"a\" lies within itself: a > a\n");
    assert_refused("[areas]\nid,parent,level,name,valid_from,valid_to\na,,x,A,,2025-07-01\n"
                   "a,b,x,A,2025-07-01,\nb,a,x,B,,\n",
                   "areas.csv:3: \"a\" lies within itself: a > b > a\n");
    assert_refused(PLACE SITES "s,bts,p\n" UNITS "s,4g,,5g\ns,5g,,4g\n",
                   "units.csv:2: \"s/4g\" is its own anchor: s/4g > s/5g > s/4g\n");
    assert_refused(PLACE SITES "s,bts,p\nt,bts,p\nu,bts,p\nv,bts,p\n"
                               "[depends]\nchild,on,kind,group\nv,s,power,\ns,t,power,g\n"
                               "s,u,power,g\nt,u,transport,\nu,s,power,\n",
                   "depends.csv:6: site \"s\" depends on itself: s > t > u > s\n");
    assert_refused(PLACE SITES "s,bts,p\n[depends]\nchild,on,kind\ns,s,power\n",
                   "depends.csv:2: site \"s\" depends on itself\n");
}

static void an_area_may_change_places_with_time(void **state)
{
    (void)state;
    inventory_free(
        sample_inventory(NULL,
                         "[areas]\nid,parent,level,name,valid_from,valid_to\na,,x,A,,2025-07-01\n"
                         "a,b,x,A,2025-07-01,\nb,a,x,B,,2025-07-01\nb,,x,B,2025-07-01,\n",
                         0));
}

static void villages_fit_into_what_is_above_them(void **state)
{
    (void)state;
    assert_refused("[areas]\nid,parent,level,name,population,households\n"
                   "c,,commune,C,99,20\nv,c,village,V,60,10\nw,c,village,W,40,11\n",
                   "areas.csv:2: the villages of area \"c\" have 100 people, itself 99\n"
                   "areas.csv:2: the villages of area \"c\" have 21 households, itself 20\n");
    inventory_free(
        sample_inventory(NULL, AREAS "c,,commune,C,100\nv,c,village,V,60\nw,c,village,W,40\n", 0));
    assert_refused("[areas]\nid,parent,level,name,valid_from,valid_to\n"
                   "p,,province,P,,2025-07-01\nc,p,commune,C,,\n",
                   "areas.csv:3: area \"c\" is valid while its parent \"p\" is not\n");
}

static void tells_every_error_of_every_file(void **state)
{
    (void)state;
    assert_refused(AREAS "p,,x,P,\n\"open,,x,P,\nq,r,x,Q,x\n" SITES "s,bts,p,\nt,bts,\n,bts,p\n",
                   "areas.csv:3: a quote is opened and never closed\n"
                   "areas.csv:4: parent: unknown area \"r\"; did you mean \"p\"?\n"
                   "areas.csv:4: population: \"x\" is no whole number (digits only, no "
                   "separators)\n"
                   "sites.csv:3: area: is empty\n"
                   "sites.csv:4: id: is empty\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_which_cell_is_wrong),
        cmocka_unit_test(says_what_is_wrong_with_a_header),
        cmocka_unit_test(suggests_the_name_that_was_meant),
        cmocka_unit_test(says_which_unit_is_unknown),
        cmocka_unit_test(finds_duplicates),
        cmocka_unit_test(finds_circles),
        cmocka_unit_test(an_area_may_change_places_with_time),
        cmocka_unit_test(villages_fit_into_what_is_above_them),
        cmocka_unit_test(tells_every_error_of_every_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
