#include "codec/derived_render.h"

#include "centre_rig.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { MINUTE_S = 60, TEXT_MAX = 1 << 16 };

static const char *const places =
    "[areas]\nid,parent,level,name,population,households\n"
    "p,,province,P,,\nv1,p,village,V1,100,25\nv2,p,village,V2,200,50\n"
    "[operators]\nid,name\na,A\n"
    "[sites]\nid,name,kind,area\nm,M,bts,p\ns1,S1,network,v1\n"
    "[units]\nsite,service,operator\nm,4g,a\n"
    "[serves]\nsite,service,operator,area\nm,4g,a,p\n";

/* The line of coverage of p by 4G of any operator at a whole minute, as rendered at `now_s`. */
static void render(struct rig *rig, double at_s, double now_s, char line[TEXT_MAX])
{
    struct wall_ms at = derived_grid_floor(DERIVED_MINUTE, 0, rig_at(at_s));
    struct derived_span span = {.kind = DERIVED_AREA,
                                .thing = sample_area(rig->centre->inventory, "p"),
                                .from = at,
                                .to = derived_grid_next(DERIVED_MINUTE, 0, at)};
    struct buf out;
    buf_init(&out, TEXT_MAX);
    assert_int_equal(derived_render(rig->centre, 0, rig_at(now_s), &span, 1, &out), 0);
    buf_char(&out, 0);
    const char *found = strstr(out.data, "ioc_coverage,area=p,operator=any,technology=4g ");
    assert_non_null(found);
    snprintf(line, TEXT_MAX, "%.*s", (int)strcspn(found, "\n"), found);
    assert_null(strstr(out.data, "technology=2g")); /* only implied: no unit has it */
    buf_done(&out);
}

static void what_is_measured_is_written_for_the_present_only(void **state)
{
    (void)state;
    static char line[TEXT_MAX];
    char run[256];
    struct rig rig;
    rig_init(&rig, places);
    snprintf(run, sizeof run,
             "[{\"bn\":\"s1/modem/a/\",\"bt\":%lld,\"n\":\"rsrp\",\"v\":-80},"
             "{\"n\":\"technology\",\"vs\":\"4g\"}]",
             (long long)(RIG_START_MS / 1000));
    (void)rig_say(&rig, "ioc/v1/school/plain", run, 1);
    rig_advance(&rig, 60.0 * MINUTE_S);
    render(&rig, 59.0 * MINUTE_S, 60.0 * MINUTE_S, line);
    assert_non_null(strstr(line, "villages_total=2"));
    assert_non_null(strstr(line, "villages_measured=1"));
    assert_non_null(strstr(line, "measuring_points=1"));
    render(&rig, 30.0 * MINUTE_S, 60.0 * MINUTE_S, line);
    assert_non_null(strstr(line, "villages_total=2"));
    assert_null(strstr(line, "measur"));
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_measured_is_written_for_the_present_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
