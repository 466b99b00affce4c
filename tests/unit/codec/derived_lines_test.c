#include "codec/derived_lines.h"

#include "base/err.h"
#include "unit.h"

#include <math.h>
#include <string.h>

static struct buf out;

static int new_buf(void **state)
{
    (void)state;
    buf_init(&out, 10000);
    return 0;
}

static int free_buf(void **state)
{
    (void)state;
    buf_done(&out);
    return 0;
}

static const struct wall_ms T = {1790000040000};

static void a_unit(void **state)
{
    (void)state;
    struct derived_unit_point p = {
        .t = T,
        .site = slice_of("NT 1"),
        .service = slice_of("5g"),
        .op = slice_of("a"),
        .view = {STATE_MAINTENANCE, STATE_DOWN, CAUSE_MANUAL, CAUSE_POWER, PROVENANCE_DECLARED,
                 false},
    };
    assert_int_equal(derived_lines_unit(&out, &p), 5);
    p.op.len = 0;
    p.view =
        (struct unit_view){STATE_UP, STATE_UP, CAUSE_NONE, CAUSE_NONE, PROVENANCE_MEASURED, false};
    assert_int_equal(derived_lines_unit(&out, &p), 3);
    assert_string_equal(out.data,
                        "ioc_unit_state,operator=a,service=5g,site=NT\\ 1 state=4,beneath=0,"
                        "provenance=2,cause=3,beneath_cause=1 1790000040000000000\n"
                        "ioc_unit_state,service=5g,site=NT\\ 1 state=6,beneath=6,provenance=0 "
                        "1790000040000000000\n");
}

static void a_site(void **state)
{
    (void)state;
    struct derived_site_point p = {.t = T, .site = slice_of("s"), .worst = STATE_DOWN};
    p.units[STATE_DOWN] = 2;
    p.units[STATE_UP] = 3;
    assert_int_equal(derived_lines_site(&out, &p), 10);
    assert_string_equal(out.data,
                        "ioc_site_state,site=s state=0,out=0,units_down=2,units_silent=0,"
                        "units_degraded=0,units_unobserved=0,units_maintenance=0,units_asleep=0,"
                        "units_up=3,units_planned=0 1790000040000000000\n");
}

static void an_availability(void **state)
{
    (void)state;
    struct derived_availability_point p = {
        .t = T,
        .area = slice_of("22738"),
        .kind = slice_of("bts"),
        .op = slice_of("all"),
        .window = slice_of("24h"),
        .confirmed = 0.9962,
        .lower = 0.991,
        .weighted = NAN,
        .observed = 1,
        .up_ms = 86071680,
        .down_ms = 328320,
        .mttr_ms = 328320,
        .mtbf_ms = -1,
        .outages = 1,
        .enough = true,
    };
    assert_int_equal(derived_lines_availability(&out, &p), 9);
    assert_string_equal(out.data,
                        "ioc_availability,area=22738,kind=bts,operator=all,window=24h "
                        "confirmed=0.9962,lower=0.991,observed=1,up_ms=86071680,down_ms=328320,"
                        "silent_ms=0,outages=1,mttr_ms=328320,enough=1 1790000040000000000\n");
}

static void a_coverage(void **state)
{
    (void)state;
    struct derived_coverage_point p = {
        .t = T,
        .area = slice_of("a"),
        .technology = slice_of("5g"),
        .op = slice_of("any"),
        .villages = {10, 9, 7, 2},
        .households = {NAN, NAN, NAN, NAN},
        .population = {1000, 900, 700.5, 200},
        .declared = 0.75,
        .measured = NAN,
        .points = NAN,
    };
    assert_int_equal(derived_lines_coverage(&out, &p), 9);
    assert_string_equal(out.data,
                        "ioc_coverage,area=a,operator=any,technology=5g villages_total=10,"
                        "villages_nominal=9,villages_live=7,villages_unknown=2,"
                        "population_total=1000,population_nominal=900,population_live=700.5,"
                        "population_unknown=200,declared=0.75 1790000040000000000\n");
}

static void an_outage(void **state)
{
    (void)state;
    struct derived_outage_point p = {
        .t = T,
        .number = 1042,
        .site = slice_of("s"),
        .start = {1790000041000},
        .end = {WALL_NEVER_MS},
        .downtime_ms = 5000,
        .cause = CAUSE_POWER,
        .root = 1040,
        .units = 3,
        .exposed = 1200,
        .without = 300,
    };
    assert_int_equal(derived_lines_outage(&out, &p), 12);
    p.end.ms = 1790000046000;
    assert_int_equal(derived_lines_outage(&out, &p), 12);
    assert_string_equal(
        out.data,
        "ioc_outage,outage=1042,site=s "
        "open=1,start_ms=1790000041000,end_ms=0,root=1040,downtime_ms=5000,silent_ms=0,"
        "start_uncertainty_ms=0,end_uncertainty_ms=0,cause=1,units=3,exposed=1200,"
        "without_service=300 1790000040000000000\n"
        "ioc_outage,outage=1042,site=s open=0,start_ms=1790000041000,end_ms=1790000046000,"
        "root=1040,downtime_ms=5000,silent_ms=0,start_uncertainty_ms=0,end_uncertainty_ms=0,cause="
        "1,units=3,"
        "exposed=1200,without_service=300 1790000040000000000\n");
}

static void names_no_database_holds_give_no_line(void **state)
{
    (void)state;
    struct derived_site_point p = {.t = T, .site = slice_of("a\\"), .worst = STATE_UP};
    assert_int_equal(derived_lines_site(&out, &p), 0);
    assert_int_equal(out.len, 0);
    assert_int_equal(out.err, 0);
    p.site = slice_of("a");
    p.t.ms = INT64_MAX;
    assert_int_equal(derived_lines_site(&out, &p), 0);
    assert_int_equal(out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_unit, new_buf, free_buf),
        cmocka_unit_test_setup_teardown(a_site, new_buf, free_buf),
        cmocka_unit_test_setup_teardown(an_availability, new_buf, free_buf),
        cmocka_unit_test_setup_teardown(a_coverage, new_buf, free_buf),
        cmocka_unit_test_setup_teardown(an_outage, new_buf, free_buf),
        cmocka_unit_test_setup_teardown(names_no_database_holds_give_no_line, new_buf, free_buf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
