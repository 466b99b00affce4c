#include "codec/derived_areas.h"

#include "base/err.h"
#include "centre_rig.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { MINUTE_S = 60, HOUR_S = 3600, TEXT_MAX = 1 << 16 };

static const char *const places =
    "[areas]\nid,parent,level,name,population,households\n"
    "p,,province,P,,\nq,,province,Q,,\nv1,p,village,V1,100,25\nv2,p,village,V2,200,50\n"
    "[operators]\nid,name\na,A\n"
    "[sites]\nid,name,kind,area\nm,M,bts,p\nn,N,bts,q\ns1,S1,network,v1\n"
    "[units]\nsite,service,operator\nm,4g,a\nn,4g,a\n"
    "[probes]\nprobe,site\npm,m\n"
    "[serves]\nsite,service,operator,area\nm,4g,a,p\n";

/* All lines of the spans, looking at `step` units at a time. */
static void work(const struct rig *rig, const struct derived_span *spans, size_t n, double now_s,
                 size_t step, struct buf *out)
{
    struct derived_areas areas;
    derived_areas_init(&areas, rig->centre, 0);
    derived_areas_begin(&areas, rig_at(now_s), spans, n);
    for (size_t units = 0; units == 0;) {
        units = step;
        assert_int_equal(derived_areas_work(&areas, &units, out), 0);
    }
    derived_areas_done(&areas);
}

static struct derived_span span_of(const struct rig *rig, const char *area, enum derived_kind kind,
                                   enum derived_grid grid, double from_s, double to_s)
{
    return (struct derived_span){.kind = kind,
                                 .thing = sample_area(rig->centre->inventory, area),
                                 .from = derived_grid_floor(grid, 0, rig_at(from_s)),
                                 .to = derived_grid_floor(grid, 0, rig_at(to_s))};
}

/* The line of coverage of p by 4G of any operator at a whole minute, as rendered at `now_s`. */
static void render(struct rig *rig, double at_s, double now_s, char line[TEXT_MAX])
{
    struct derived_span span =
        span_of(rig, "p", DERIVED_AREA, DERIVED_MINUTE, at_s, at_s + MINUTE_S);
    struct buf out;
    buf_init(&out, TEXT_MAX);
    work(rig, &span, 1, now_s, 1000, &out);
    buf_char(&out, 0);
    const char *found = strstr(out.data, "ioc_coverage,area=p,operator=any,technology=4g ");
    assert_non_null(found);
    snprintf(line, TEXT_MAX, "%.*s", (int)strcspn(found, "\n"), found);
    assert_null(strstr(out.data, "technology=2g")); /* only implied: no unit has it */
    buf_done(&out);
}

static size_t count(const char *text, const char *word)
{
    size_t n = 0;
    for (; (text = strstr(text, word)); text++)
        n++;
    return n;
}

/* Instants that several spans share, or that one leaves out, and periods of two kinds. */
static void steps_of_any_size_write_the_same(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    rig_listen(&rig, 0, 3 * HOUR_S);
    rig_list(&rig, "pm", "m", "\"4g@a\"", NULL, "fault", 1);
    rig_results(&rig, "pm", "m", 'a', VERDICT_OK, 10, 9000, 9000);
    rig_advance(&rig, 3 * HOUR_S);
    const struct derived_span spans[] = {
        span_of(&rig, "p", DERIVED_AREA, DERIVED_MINUTE, 3600, 3600 + 3 * MINUTE_S),
        span_of(&rig, "q", DERIVED_AREA, DERIVED_MINUTE, 3600 + MINUTE_S, 3600 + 2 * MINUTE_S),
        span_of(&rig, "p", DERIVED_AREA, DERIVED_MINUTE, 8000, 8000 + MINUTE_S),
        span_of(&rig, "p", DERIVED_AREA_HOUR, DERIVED_HOUR, 0, 2 * HOUR_S),
        span_of(&rig, "p", DERIVED_UNIT, DERIVED_MINUTE, 0, HOUR_S), /* not of an area */
    };
    struct buf at_once, one_by_one;
    buf_init(&at_once, TEXT_MAX);
    buf_init(&one_by_one, TEXT_MAX);
    work(&rig, spans, sizeof spans / sizeof *spans, 3 * HOUR_S, 1000, &at_once);
    work(&rig, spans, sizeof spans / sizeof *spans, 3 * HOUR_S, 1, &one_by_one);
    assert_int_equal(at_once.len, one_by_one.len);
    assert_memory_equal(at_once.data, one_by_one.data, at_once.len);
    buf_char(&at_once, 0);
    assert_int_equal(count(at_once.data, "ioc_coverage,area=p,operator=any,technology=4g "), 4);
    assert_int_equal(
        count(at_once.data, "ioc_availability,area=q,kind=bts,operator=all,window=24h "), 1);
    assert_int_equal(
        count(at_once.data, "ioc_availability,area=p,kind=bts,operator=all,window=24h "), 4);
    assert_int_equal(
        count(at_once.data, "ioc_availability,area=p,kind=bts,operator=all,window=hour "), 2);
    assert_null(strstr(at_once.data, "ioc_unit"));
    buf_done(&at_once);
    buf_done(&one_by_one);
    rig_done(&rig);
}

static void another_inventory_begins_anew(void **state)
{
    (void)state;
    struct rig rig;
    struct buf out;
    struct derived_areas areas;
    size_t units = 1;
    rig_init(&rig, places);
    rig_advance(&rig, HOUR_S);
    struct derived_span span = span_of(&rig, "p", DERIVED_AREA, DERIVED_MINUTE, 60, 120);
    buf_init(&out, TEXT_MAX);
    derived_areas_init(&areas, rig.centre, 0);
    derived_areas_begin(&areas, rig_at(HOUR_S), &span, 1);
    assert_int_equal(derived_areas_work(&areas, &units, &out), 0);
    assert_int_equal(units, 0);
    assert_int_equal(out.len, 0);
    struct wall_ms now = rig_at(HOUR_S);
    struct inventory *next = sample_inventory(rig.centre->inventory, places, now.ms);
    assert_int_equal(centre_set_inventory(rig.centre, next, now), 0);
    units = 1000;
    assert_int_equal(derived_areas_work(&areas, &units, &out), ERR_BUSY);
    derived_areas_begin(&areas, rig_at(HOUR_S), &span, 1);
    assert_int_equal(derived_areas_work(&areas, &units, &out), 0);
    assert_true(out.len > 0 && units > 0);
    derived_areas_done(&areas);
    buf_done(&out);
    rig_done(&rig);
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
        cmocka_unit_test(steps_of_any_size_write_the_same),
        cmocka_unit_test(another_inventory_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
