#include "core/availability.h"

#include "base/err.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>

/* A site whose one required check speaks every 10 s; instants are seconds from zero. */
enum { ZERO_S = 1772323200, STEP_S = 10, TTL_S = 25, HOUR_S = 3600 };

struct stage {
    struct inventory *inv;
    struct world *w;
    uint32_t probe, site;
    uint32_t units[3];
    int64_t s;   /* next result */
    int64_t cut; /* when we listened last */
};

static struct wall_ms at(int64_t s)
{
    return (struct wall_ms){(ZERO_S + s) * 1000};
}

static void stage_open(struct stage *st, const char *extra)
{
    char text[8192];
    snprintf(text, sizeof text, "%s%s", sample_province, extra);
    *st = (struct stage){.inv = sample_inventory(NULL, text, at(-1).ms)};
    struct world_options options = world_options_default();
    st->w = world_new(st->inv, &options);
    assert_non_null(st->w);
    st->probe = sample_probe(st->inv, "p1");
    st->site = sample_site(st->inv, "bts-1");
    st->units[0] = sample_unit(st->inv, "bts-1/4g@a");
    struct check_entry entry = {
        .name = slice_of("icmp/core"),
        .site = st->site,
        .units = st->units,
        .n_units = 1,
        .interval_ms = STEP_S * 1000,
        .timeout_ms = 5000,
        .ttl_ms = TTL_S * 1000,
        .role = ROLE_REQUIRED,
        .cause = CAUSE_POWER,
    };
    assert_int_equal(world_list(st->w, st->probe, at(0), &entry, 1), 0);
}

static void stage_close(struct stage *st)
{
    world_free(st->w);
    inventory_free(st->inv);
}

/* Results of one verdict until `until` (exclusive), each received at once; we listen all the time.
 */
static void say(struct stage *st, int64_t until, enum verdict verdict)
{
    for (; st->s < until; st->s += STEP_S) {
        enum world_fate fate;
        assert_int_equal(world_listened(st->w, at(st->cut), at(st->s)), 0);
        st->cut = st->s;
        assert_int_equal(world_advance(st->w, at(st->s)), 0);
        assert_int_equal(world_result(st->w, st->probe, st->site, slice_of("icmp/core"), at(st->s),
                                      verdict, at(st->s), &fate),
                         0);
        assert_int_equal(fate, WORLD_TAKEN);
    }
}

static void pass(struct stage *st, int64_t until)
{
    assert_int_equal(world_listened(st->w, at(st->cut), at(until)), 0);
    st->cut = st->s = until;
    assert_int_equal(world_advance(st->w, at(until)), 0);
}

static struct availability hour(const struct stage *st)
{
    return availability_of_unit(st->w, st->units[0],
                                availability_window(AVAILABILITY_1H, at(HOUR_S)));
}

static void an_hour_with_one_failure(void **state)
{
    (void)state;
    struct stage st;
    stage_open(&st, "");
    say(&st, 600, VERDICT_OK);
    say(&st, 900, VERDICT_FAILED);
    say(&st, HOUR_S, VERDICT_OK);
    pass(&st, HOUR_S);
    struct availability a = hour(&st);
    assert_int_equal(a.state_ms[STATE_DOWN], 300 * 1000);
    assert_int_equal(a.cause_ms[CAUSE_POWER], 300 * 1000);
    assert_int_equal(availability_up_ms(&a), 3300 * 1000);
    assert_int_equal(a.outages, 1);
    assert_int_equal(a.unverified, 0);
    assert_int_equal(a.uncertainty_ms, 2 * STEP_S * 1000);
    assert_int_equal(availability_mttr_ms(&a), 300 * 1000);
    assert_int_equal(availability_mtbf_ms(&a), 3300 * 1000);
    double figure = 0;
    assert_true(availability_confirmed(&a, &figure));
    assert_true(figure == 3300.0 / 3600.0);
    /* 20 s of 3600 are 0.56 %: whole percents are all that can be said. */
    assert_int_equal(availability_decimals(&a), 0);
    a.uncertainty_ms = 3600; /* 0.1 % */
    assert_int_equal(availability_decimals(&a), 1);
    a.uncertainty_ms = 0;
    assert_int_equal(availability_decimals(&a), AVAILABILITY_DECIMALS_MAX);
    stage_close(&st);
}

/* An hour that is up, and silent between 990 s, the last result, and 1100 s. */
static void stage_open_with_a_silence(struct stage *st)
{
    stage_open(st, "");
    say(st, 1000, VERDICT_OK);
    pass(st, 1100);
    say(st, HOUR_S, VERDICT_OK);
    pass(st, HOUR_S);
}

static void silence_lowers_the_lower_bound_only(void **state)
{
    (void)state;
    struct stage st;
    stage_open_with_a_silence(&st);
    struct availability a = hour(&st);
    assert_int_equal(a.state_ms[STATE_SILENT], 110 * 1000);
    assert_int_equal(a.state_ms[STATE_DOWN], 0);
    assert_int_equal(a.outages, 0);
    assert_int_equal(a.unverified, 1);
    double confirmed = 0, lower = 0, observed = 0;
    assert_true(availability_confirmed(&a, &confirmed) && availability_lower(&a, &lower) &&
                availability_observed(&a, &observed));
    assert_true(confirmed == 1.0);
    assert_true(lower == 3490.0 / 3600.0 && observed == lower);
    assert_int_equal(availability_mttr_ms(&a), -1);
    assert_true(availability_enough(&a, AVAILABILITY_ENOUGH));
    assert_false(availability_enough(&a, 0.98));
    stage_close(&st);
}

/* Both ends of a silence lie in one gap, between 990 s and 1100 s: no figure is further off. */
static void a_gap_is_uncertain_once(void **state)
{
    (void)state;
    struct stage st;
    stage_open_with_a_silence(&st);
    assert_int_equal(hour(&st).unverified, 1);
    assert_int_equal(hour(&st).uncertainty_ms, 110 * 1000);
    struct validity behind = {at(1050), at(HOUR_S)};
    assert_int_equal(availability_of_unit(st.w, st.units[0], behind).uncertainty_ms, 50 * 1000);
    struct availability longer = {.state_ms[STATE_SILENT] = 70, .uncertainty_ms = 100};
    assert_int_equal(availability_uncertainty_ms(&longer), 70);
    struct validity within = {at(1000), at(1080)};
    assert_int_equal(availability_of_unit(st.w, st.units[0], within).uncertainty_ms, 80 * 1000);
    stage_close(&st);
}

static void silence_then_failure_is_one_outage(void **state)
{
    (void)state;
    struct stage st;
    stage_open(&st, "");
    say(&st, 1000, VERDICT_OK);
    pass(&st, 1100);
    say(&st, 1200, VERDICT_FAILED);
    say(&st, HOUR_S, VERDICT_OK);
    pass(&st, HOUR_S);
    struct availability a = hour(&st);
    assert_int_equal(a.outages, 1);
    assert_int_equal(a.unverified, 0);
    assert_int_equal(a.state_ms[STATE_SILENT], 110 * 1000);
    assert_int_equal(a.state_ms[STATE_DOWN], 100 * 1000);
    /* A window in which that outage is silent only: it is verified elsewhere, so neither count. */
    a = availability_of_unit(st.w, st.units[0], (struct validity){at(1000), at(1050)});
    assert_int_equal(a.state_ms[STATE_SILENT], 50 * 1000);
    assert_int_equal(a.outages + a.unverified, 0);
    stage_close(&st);
}

static void maintenance_leaves_the_figure(void **state)
{
    (void)state;
    struct stage st;
    stage_open(&st, "[declarations]\ntarget,kind,from,to,reason\n"
                    "bts-1,maintenance,2026-03-01T00:10:00Z,2026-03-01T00:20:00Z,test\n");
    say(&st, 300, VERDICT_OK);
    say(&st, 1500, VERDICT_FAILED); /* down at 300, in maintenance 600 to 1200, still down after */
    say(&st, HOUR_S, VERDICT_OK);
    pass(&st, HOUR_S);
    struct availability a = hour(&st);
    assert_int_equal(a.state_ms[STATE_MAINTENANCE], 600 * 1000);
    assert_int_equal(a.state_ms[STATE_DOWN], 600 * 1000);
    assert_int_equal(a.outages, 1); /* maintenance in between does not end it */
    double confirmed = 0, observed = 0;
    assert_true(availability_confirmed(&a, &confirmed) && availability_observed(&a, &observed));
    assert_true(confirmed == 2400.0 / 3000.0 && observed == 1.0);
    stage_close(&st);
}

static void nothing_known_is_null_not_zero(void **state)
{
    (void)state;
    struct stage st;
    stage_open(&st, "");
    pass(&st, HOUR_S);
    struct availability a = hour(&st);
    double figure = 7;
    assert_int_equal(a.state_ms[STATE_UNOBSERVED], HOUR_S * 1000);
    assert_false(availability_confirmed(&a, &figure));
    assert_false(availability_lower(&a, &figure));
    assert_true(figure == 7);
    assert_true(availability_observed(&a, &figure) && figure == 0);
    assert_false(availability_enough(&a, AVAILABILITY_ENOUGH));
    stage_close(&st);
}

static void an_area_sums_units_with_enough_data(void **state)
{
    (void)state;
    struct stage st;
    stage_open(&st, "");
    say(&st, 1800, VERDICT_FAILED);
    say(&st, HOUR_S, VERDICT_OK);
    pass(&st, HOUR_S);
    struct availability_query query = {
        .area = sample_area(st.inv, "c1"),
        .kind = SITE_BTS,
        .op = INV_NONE,
        .window = availability_window(AVAILABILITY_1H, at(HOUR_S)),
        .enough = AVAILABILITY_ENOUGH,
    };
    struct availability_area area;
    assert_int_equal(availability_of_area(st.w, st.inv, &query, &area), 0);
    /* bts-1 has 4g@a (measured), 5g@a (down with its anchor, else unobserved) and 4g@b (never). */
    assert_int_equal(area.units, 3);
    assert_int_equal(area.enough, 1);
    assert_int_equal(area.sum.state_ms[STATE_DOWN], 1800 * 1000);
    assert_int_equal(area.all.state_ms[STATE_DOWN], 2 * 1800 * 1000);
    assert_int_equal(area.sum.outages, 1);
    double weighted = 0;
    assert_true(availability_weighted(&area, &weighted) && weighted == 0.5);
    query.op = sample_operator(st.inv, "b");
    assert_int_equal(availability_of_area(st.w, st.inv, &query, &area), 0);
    assert_int_equal(area.units, 1);
    assert_int_equal(area.enough, 0);
    assert_false(availability_weighted(&area, &weighted));
    query.area = sample_area(st.inv, "c2");
    query.kind = SITE_FIBRE;
    assert_int_equal(availability_of_area(st.w, st.inv, &query, &area), 0);
    assert_int_equal(area.units, 0);
    stage_close(&st);
}

static void weights_count_people_of_distinct_villages(void **state)
{
    (void)state;
    struct stage st;
    stage_open(&st, "");
    int64_t people = 0;
    assert_int_equal(availability_population(st.inv, st.units[0], at(HOUR_S), &people), 0);
    assert_int_equal(people, 300);
    uint32_t whole = sample_unit(st.inv, "bts-3/4g@b"); /* serves c2 as a whole: v21 and v22 */
    assert_int_equal(availability_population(st.inv, whole, at(HOUR_S), &people), 0);
    assert_int_equal(people, 700);
    stage_close(&st);
}

static void windows_have_words(void **state)
{
    (void)state;
    enum availability_window which = AVAILABILITY_1H;
    assert_string_equal(availability_window_word(AVAILABILITY_7D), "7d");
    assert_string_equal(availability_window_word(AVAILABILITY_WINDOWS), "");
    assert_int_equal(availability_window_read(slice_of("30d"), &which), 0);
    assert_int_equal(which, AVAILABILITY_30D);
    assert_int_equal(availability_window_read(slice_of("year"), &which), ERR_UNKNOWN);
    struct validity day = availability_window(AVAILABILITY_24H, at(0));
    assert_true(day.to.ms - day.from.ms == INT64_C(86400000) && day.to.ms == at(0).ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_with_one_failure),
        cmocka_unit_test(silence_lowers_the_lower_bound_only),
        cmocka_unit_test(a_gap_is_uncertain_once),
        cmocka_unit_test(silence_then_failure_is_one_outage),
        cmocka_unit_test(maintenance_leaves_the_figure),
        cmocka_unit_test(nothing_known_is_null_not_zero),
        cmocka_unit_test(an_area_sums_units_with_enough_data),
        cmocka_unit_test(weights_count_people_of_distinct_villages),
        cmocka_unit_test(windows_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
