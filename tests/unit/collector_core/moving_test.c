/* A figure kept in step is the figure asked anew, at every instant, whatever the units do. */
#include "core/moving.h"

#include "base/rng.h"
#include "sample_inventory.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>

enum { STEPS = 4000, STEP_MS = 17000, MAST_UNITS = 3, TTL_MS = 60000, SEEDS = 6 };

/* 31 October 2026, 17:00 in Vietnam: the month turns while the test runs. */
static const int64_t BEGIN_MS = INT64_C(1793440800000);
static const int64_t ZONE_MS = INT64_C(7) * 3600000;

struct stage {
    struct inventory *inv;
    struct world *w;
    uint32_t probe, site;
    uint32_t units[MAST_UNITS];
    enum verdict verdict[MAST_UNITS];
    bool quiet;
    struct wall_ms now;
};

static const char MAST[] =
    "[areas]\nid,parent,level,name,population,households,year\n"
    "p,,province,Tỉnh,,,2019\nc,p,commune,Xã,,,2019\n"
    "[operators]\nid,name,noc_phone,contact\na,A,,\n"
    "[sites]\nid,code,name,kind,area\nm,,Trạm,bts,c\n"
    "[units]\nsite,service,operator,commissioned,decommissioned,anchor\n"
    "m,3g,a,,,\nm,4g,a,,,\nm,5g,a,,,\n[probes]\nprobe,site,also,valid_to\np1,m,,\n";

static void stage_open(struct stage *s)
{
    static const char *const names[MAST_UNITS] = {"m/3g@a", "m/4g@a", "m/5g@a"};
    static const char *const checks[MAST_UNITS] = {"icmp/3g", "icmp/4g", "icmp/5g"};
    *s = (struct stage){.inv = sample_inventory(NULL, MAST, BEGIN_MS - 1), .now = {BEGIN_MS}};
    struct world_options options = world_options_default();
    s->w = world_new(s->inv, &options);
    s->probe = sample_probe(s->inv, "p1");
    s->site = sample_site(s->inv, "m");
    struct check_entry entries[MAST_UNITS];
    for (size_t i = 0; i < MAST_UNITS; i++) {
        s->units[i] = sample_unit(s->inv, names[i]);
        entries[i] = (struct check_entry){.name = slice_of(checks[i]),
                                          .site = s->site,
                                          .units = &s->units[i],
                                          .n_units = 1,
                                          .interval_ms = STEP_MS,
                                          .timeout_ms = 1000,
                                          .ttl_ms = TTL_MS,
                                          .role = ROLE_REQUIRED,
                                          .cause = CAUSE_FAULT};
    }
    assert_int_equal(world_connected(s->w, s->now), 0);
    assert_int_equal(world_list(s->w, s->probe, s->now, entries, MAST_UNITS), 0);
    assert_int_equal(world_heard(s->w, s->probe, s->now), 0);
}

static void stage_close(struct stage *s)
{
    world_free(s->w);
    inventory_free(s->inv);
}

static void step(struct stage *s, struct rng *rng)
{
    static const char *const checks[MAST_UNITS] = {"icmp/3g", "icmp/4g", "icmp/5g"};
    enum world_fate fate;
    struct wall_ms before = s->now;
    s->now = wall_add(s->now, STEP_MS);
    assert_int_equal(world_listened(s->w, before, s->now), 0);
    if (rng_below(rng, s->quiet ? 60 : 1500) == 0)
        s->quiet = !s->quiet;
    for (size_t i = 0; i < MAST_UNITS; i++) {
        if (rng_below(rng, 40) == 0)
            s->verdict[i] = rng_below(rng, 3) ? VERDICT_OK : VERDICT_FAILED;
        if (!s->quiet)
            assert_int_equal(world_result(s->w, s->probe, s->site, slice_of(checks[i]), s->now,
                                          s->verdict[i], s->now, &fate),
                             0);
    }
    assert_int_equal(world_advance(s->w, s->now), 0);
}

/* The figure by core/availability.h; NaN if there is none. */
static double asked(const struct stage *s, struct validity window)
{
    struct availability_area area;
    double ratio = 0;
    struct availability_query query = {.area = names_find(&s->inv->areas, slice_of("c")),
                                       .kind = SITE_BTS,
                                       .op = INV_NONE,
                                       .window = window,
                                       .enough = AVAILABILITY_ENOUGH};
    assert_int_equal(availability_of_area(s->w, s->inv, &query, &area), 0);
    return availability_confirmed(&area.sum, &ratio) ? ratio : (double)NAN;
}

static void follow(struct stage *s, struct moving *m)
{
    size_t n = 0;
    const struct world_change *changes = world_changes(s->w, &n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(moving_look(m, s->w, changes[i].unit), 0);
    assert_int_equal(moving_advance(m, s->w, s->inv), 0);
}

/* True if there was a figure. */
static bool compare(const struct stage *s, const struct moving *m, struct validity window)
{
    double ratio = (double)NAN;
    double want = asked(s, window);
    (void)moving_ratio(m, s->now, &ratio);
    if (isnan(want) != isnan(ratio) || fabs(want - ratio) > 1e-9)
        fail_msg("at %lld: asked %.9f, kept %.9f", (long long)(s->now.ms - BEGIN_MS), want, ratio);
    return !isnan(want);
}

static void a_kept_figure_is_the_asked_one(void **state)
{
    (void)state;
    size_t hours = 0, months = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct stage s;
        struct rng rng = {seed};
        struct moving hour, month;
        stage_open(&s);
        struct moving_query query = {.area = names_find(&s.inv->areas, slice_of("c")),
                                     .kind = SITE_BTS,
                                     .op = INV_NONE,
                                     .length_ms = 3600000,
                                     .zone_ms = ZONE_MS};
        moving_init(&hour, &query);
        query.length_ms = 0;
        moving_init(&month, &query);
        for (int i = 0; i < STEPS; i++) {
            step(&s, &rng);
            follow(&s, &hour);
            follow(&s, &month);
            world_changes_clear(s.w);
            struct validity of_hour = {{s.now.ms - 3600000}, s.now};
            struct validity of_month = {month.month.from, s.now};
            hours += compare(&s, &hour, of_hour);
            months += compare(&s, &month, of_month);
        }
        moving_done(&hour);
        moving_done(&month);
        stage_close(&s);
    }
    size_t all = (size_t)SEEDS * STEPS;
    assert_in_range(hours, all / 4, all - 1); /* there was a figure, and there was none */
    assert_in_range(months, all / 4, all - 1);
}

/* Ten days of thirty are over at 99 %; the rest at 90 %: 93 %. */
static void the_rest_of_the_month_goes_on_at_the_rate(void **state)
{
    (void)state;
    static const int64_t day_ms = 86400000;
    double ratio = 0;
    struct moving m;
    moving_init(&m, &(struct moving_query){.zone_ms = 0});
    assert_false(moving_projected(&m, 0.9, (struct wall_ms){10 * day_ms}, &ratio));
    m.counted = 4;
    m.month = (struct validity){{0}, {30 * day_ms}};
    m.up.at = 4 * 10 * day_ms / 100 * 99;
    m.down.at = 4 * 10 * day_ms / 100;
    assert_true(moving_projected(&m, 0.9, (struct wall_ms){10 * day_ms}, &ratio));
    assert_true(fabs(ratio - 0.93) < 1e-12);
    moving_done(&m);
}

static void before_the_first_look_at_a_clock_there_is_nothing(void **state)
{
    (void)state;
    struct stage s;
    struct moving m;
    double ratio = 0;
    stage_open(&s);
    moving_init(&m, &(struct moving_query){.zone_ms = ZONE_MS});
    assert_int_equal(moving_build(&m, s.w, s.inv), 0);
    assert_int_equal(moving_look(&m, s.w, s.units[0]), 0);
    assert_int_equal(moving_advance(&m, s.w, s.inv), 0);
    assert_false(moving_ratio(&m, s.now, &ratio));
    moving_done(&m);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kept_figure_is_the_asked_one),
        cmocka_unit_test(the_rest_of_the_month_goes_on_at_the_rate),
        cmocka_unit_test(before_the_first_look_at_a_clock_there_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
