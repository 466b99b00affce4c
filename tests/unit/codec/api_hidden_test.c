#include "centre_rig.h"
#include "codec/api_hidden.h"
#include "unit.h"

static const char *const places = "[areas]\nid,parent,level,name\np,,province,P\n"
                                  "[operators]\nid,name\na,A\n"
                                  "[sites]\nid,code,name,kind,area,visibility,aliases\n"
                                  "bts-1,NT-001,Trạm mở,bts,p,public,Ngoài\n"
                                  "kin-7,BM-0007,Trạm kín,bts,p,restricted,Đồi Mây | Núi;K7\n"
                                  "[units]\nsite,service,operator\nbts-1,4g,a\nkin-7,4g,a\n"
                                  "[probes]\nprobe,site\np1,bts-1\n";

static void names_of_restricted_sites_are_found_in_any_text(void **state)
{
    static const struct {
        const char *text;
        bool told;
    } cases[] = {
        {"", false},
        {"1.csv:3: unknown service \"6g\"", false},
        {"1.csv:3: no unit of this operator at site \"bts-1\"", false},
        {"1.csv:3: no unit of this operator at site \"kin-7\"", true},
        {"BM-0007", true},
        {"BM-000", false},
        {"at Trạm kín, since today", true},
        {"Trạm mở", false},
        {"beyond Đồi Mây", true},
        {"K7", true},
        {"Ngoài Nú", false},
        {"Ngoài Núi", true},
    };
    struct rig rig;
    struct api_hidden hidden;
    (void)state;
    rig_init(&rig, places);
    struct api_scope scope = {.centre = rig.centre, .now = rig_at(0)};
    api_hidden_init(&hidden, &scope);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (api_hidden_told(&hidden, slice_of(cases[i].text)) != cases[i].told)
            fail_msg("\"%s\"", cases[i].text);
    api_hidden_done(&hidden);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_restricted_sites_are_found_in_any_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
