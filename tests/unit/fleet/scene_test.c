#include "scene.h"
#include "timetable.h"

#include "base/err.h"
#include "sample_inventory.h"
#include "unit.h"

static const struct plan_times TIMES = {5000, 1000, 15000};
static const struct wall_ms NOW = {1790000000000};

/* A world over the sample province. */
struct stage {
    struct inventory *inventory;
    struct plan plan;
    struct scene scene;
    struct rng rng;
};

static void open_stage(struct stage *s)
{
    struct plan_filter all = {0};
    s->inventory = sample_inventory(NULL, sample_province, NOW.ms);
    s->rng.state = 7;
    assert_int_equal(plan_init(&s->plan, s->inventory, NOW, &TIMES, &all), 0);
    assert_int_equal(scene_init(&s->scene, &s->plan), 0);
}

static void close_stage(struct stage *s)
{
    scene_done(&s->scene);
    plan_done(&s->plan);
    inventory_free(s->inventory);
}

/* Begins or ends a fault given as a person would. */
static void act(struct stage *s, const char *line, bool begins, int64_t after_ms)
{
    char why[FAULT_WHY_MAX];
    struct fault fault;
    struct scene_deed deed;
    assert_int_equal(fault_read(slice_of(line), false, &fault, why), 0);
    assert_int_equal(scene_find(&s->scene, &fault, &s->rng, &deed, why), 0);
    assert_int_equal(scene_apply(&s->scene, &deed, begins, wall_add(NOW, after_ms)), 0);
}

static struct scene_unit unit(const struct stage *s, const char *name)
{
    return scene_unit(&s->scene, sample_unit(s->inventory, name));
}

/* The check of @p probe with that name. */
static const struct plan_check *check(const struct stage *s, const char *probe, const char *name)
{
    for (size_t i = 0; i < s->plan.probes.len; i++) {
        const struct plan_probe *p = plan_probe(&s->plan, i);
        for (uint32_t k = 0; k < p->len; k++) {
            const struct plan_check *c = plan_check(&s->plan, p->first + k);
            if (p->probe == sample_probe(s->inventory, probe) && slice_is(slice_of(name), c->name))
                return c;
        }
    }
    fail_msg("no check %s of %s", name, probe);
    return NULL;
}

static void a_cut_is_felt_behind_the_link(void **state)
{
    struct stage s;
    (void)state;
    open_stage(&s);
    const struct plan_check *centre = check(&s, "p1", "icmp/centre");
    assert_int_equal(scene_verdict(&s.scene, centre, NOW), VERDICT_OK);
    act(&s, "cut link-1", true, 0);
    assert_int_equal(scene_verdict(&s.scene, centre, NOW), VERDICT_FAILED);
    assert_true(unit(&s, "bts-1/4g@a").down);
    assert_int_equal(unit(&s, "bts-1/4g@a").cause, CAUSE_TRANSPORT);
    assert_false(unit(&s, "bts-2/4g@a").down);
    assert_int_equal(scene_life(&s.scene, sample_site(s.inventory, "bts-1")), LIFE_RUNS);
    act(&s, "cut link-1", false, 0);
    assert_false(unit(&s, "bts-1/4g@a").down);
    close_stage(&s);
}

static void faults_that_overlap_end_one_by_one(void **state)
{
    struct stage s;
    (void)state;
    open_stage(&s);
    act(&s, "dark bts-1", true, 0);
    act(&s, "dark bts-1", true, 0);
    act(&s, "cut bts-1", true, 0);
    assert_int_equal(scene_life(&s.scene, sample_site(s.inventory, "bts-1")), LIFE_GASPED);
    assert_int_equal(unit(&s, "bts-1/4g@a").cause, CAUSE_POWER);
    act(&s, "dark bts-1", false, 0);
    assert_int_equal(unit(&s, "bts-1/4g@a").cause, CAUSE_POWER);
    act(&s, "dark bts-1", false, 0);
    assert_int_equal(unit(&s, "bts-1/4g@a").cause, CAUSE_TRANSPORT);
    act(&s, "cut bts-1", false, 0);
    assert_false(unit(&s, "bts-1/4g@a").down);
    close_stage(&s);
}

static void a_5g_unit_falls_with_its_anchor(void **state)
{
    struct stage s;
    (void)state;
    open_stage(&s);
    act(&s, "down bts-1/4g@a", true, 0);
    assert_true(unit(&s, "bts-1/5g@a").down);
    assert_false(unit(&s, "bts-1/4g@b").down);
    assert_int_equal(scene_verdict(&s.scene, check(&s, "p1", "service/5g-a"), NOW), VERDICT_OK);
    assert_int_equal(scene_verdict(&s.scene, check(&s, "p1", "service/4g-a"), NOW), VERDICT_FAILED);
    close_stage(&s);
}

static void mains_leave_stations_on_battery(void **state)
{
    struct stage s;
    (void)state;
    open_stage(&s);
    act(&s, "mains feeder-1", true, 0);
    assert_int_equal(scene_verdict(&s.scene, check(&s, "p1", "power/plant"), NOW),
                     VERDICT_DEGRADED);
    assert_false(unit(&s, "bts-1/4g@a").down);
    close_stage(&s);
}

static void received_power_drifts(void **state)
{
    struct stage s;
    uint32_t link;
    (void)state;
    open_stage(&s);
    link = sample_site(s.inventory, "link-1");
    act(&s, "drift link-1 -26 40s", true, 0);
    assert_near(scene_level(&s.scene, link, NOW), -18, 1e-9);
    assert_near(scene_level(&s.scene, link, wall_add(NOW, 20000)), -22, 1e-9);
    assert_near(scene_level(&s.scene, link, wall_add(NOW, 90000)), -26, 1e-9);
    close_stage(&s);
}

static void another_vantage_sees_what_is_left(void **state)
{
    struct stage s;
    (void)state;
    open_stage(&s);
    const struct plan_check *view = check(&s, "p1", "view/bts-2");
    act(&s, "kill bts-2", true, 0);
    assert_int_equal(scene_life(&s.scene, sample_site(s.inventory, "bts-2")), LIFE_KILLED);
    assert_int_equal(scene_verdict(&s.scene, view, NOW), VERDICT_OK);
    act(&s, "die bts-2", true, 0);
    assert_int_equal(scene_life(&s.scene, sample_site(s.inventory, "bts-2")), LIFE_DEAD);
    assert_int_equal(scene_verdict(&s.scene, view, NOW), VERDICT_FAILED);
    close_stage(&s);
}

static void a_timetable_is_in_order(void **state)
{
    static const char script[] =
        "0:10 down bts-2 5s\n# comment\n0:02 flap bts-1 2 4s\n0:03 kill ?bts";

    static const struct {
        int64_t at_ms;
        bool begins;
        enum fault_action action;
    } expected[] = {
        {2000, true, FAULT_DOWN},   {3000, true, FAULT_KILL},  {4000, false, FAULT_DOWN},
        {6000, true, FAULT_DOWN},   {8000, false, FAULT_DOWN}, {10000, true, FAULT_DOWN},
        {15000, false, FAULT_DOWN},
    };
    struct stage s;
    struct timetable t;
    char why[FAULT_WHY_MAX];
    (void)state;
    open_stage(&s);
    timetable_init(&t);
    assert_int_equal(timetable_read(&t, &s.scene, slice_of(script), &s.rng, why), 0);
    assert_null(timetable_take(&t, 1999));
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct timetable_event *e = timetable_take(&t, 15000);
        assert_non_null(e);
        assert_int_equal(e->at_ms, expected[i].at_ms);
        assert_int_equal(e->begins, expected[i].begins);
        assert_int_equal(e->deed.action, expected[i].action);
    }
    assert_null(timetable_take(&t, INT64_MAX));
    assert_int_equal(
        timetable_read(&t, &s.scene, slice_of("1:00 down bts-1\n\n1:00 down nix"), &s.rng, why),
        ERR_UNKNOWN);
    assert_string_equal(why, "line 3: no site \"nix\"");
    timetable_done(&t);
    close_stage(&s);
}

/* How many deeds begin and end up to an instant. */
static int balance(struct timetable *t, int64_t at_ms)
{
    const struct timetable_event *e;
    int n = 0;
    while ((e = timetable_take(t, at_ms)) != NULL)
        n += e->begins ? 1 : -1;
    return n;
}

static int add_line(struct timetable *t, struct stage *s, const char *line)
{
    char why[FAULT_WHY_MAX];
    struct fault fault;
    assert_int_equal(fault_read(slice_of(line), true, &fault, why), 0);
    return timetable_add(t, &s->scene, &fault, &s->rng, why);
}

static void what_is_mended_ends_once(void **state)
{
    static const char script[] = "0:01 cut link-1\n0:02 down link-1 20s\n0:02 down link-1 30s\n"
                                 "0:03 down bts-1/4g@a\n0:03 down bts-1 1:00\n0:03 drift link-1 "
                                 "-26 5s\n1:30 down link-1 5s";
    struct stage s;
    struct timetable t;
    char why[FAULT_WHY_MAX];
    (void)state;
    open_stage(&s);
    timetable_init(&t);
    assert_int_equal(timetable_read(&t, &s.scene, slice_of(script), &s.rng, why), 0);
    assert_int_equal(balance(&t, 4000), 6);
    assert_int_equal(add_line(&t, &s, "0:10 mend link-1"), 0);
    assert_int_equal(balance(&t, 9999), -1); /* the drift, by itself */
    assert_int_equal(balance(&t, 10000), -3);
    assert_int_equal(add_line(&t, &s, "0:11 mend link-1"), ERR_NOT_FOUND);
    assert_int_equal(add_line(&t, &s, "0:12 mend bts-1/4g@a"), 0); /* of the site all is down */
    assert_int_equal(balance(&t, 59999), -1);
    assert_int_equal(balance(&t, 65000), -1);
    assert_int_equal(balance(&t, 90000), 1); /* what comes later comes */
    timetable_done(&t);
    close_stage(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_is_felt_behind_the_link),
        cmocka_unit_test(faults_that_overlap_end_one_by_one),
        cmocka_unit_test(a_5g_unit_falls_with_its_anchor),
        cmocka_unit_test(mains_leave_stations_on_battery),
        cmocka_unit_test(received_power_drifts),
        cmocka_unit_test(another_vantage_sees_what_is_left),
        cmocka_unit_test(a_timetable_is_in_order),
        cmocka_unit_test(what_is_mended_ends_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
