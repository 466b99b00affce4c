#include "core/measured.h"

#include "base/err.h"
#include "base/rng.h"
#include "centre_rig.h"
#include "sample_inventory.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>

enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S, POINTS = 12 };

/* Points at the schools of two villages and at one in no village; operators a and b have 4G. */
static const char *const places =
    "[areas]\nid,parent,level,name,population,households\n"
    "p,,province,P,,\nc1,p,commune,C1,,\nc2,p,commune,C2,,\n"
    "v1,c1,village,V1,100,25\nv2,c1,village,V2,200,50\nv3,c2,village,V3,400,90\n"
    "[operators]\nid,name\na,A\nb,B\n"
    "[sites]\nid,name,kind,area\n"
    "s1,S1,network,v1\ns2,S2,network,v2\ns3,S3,network,v3\nm,M,bts,c1\n"
    "[units]\nsite,service,operator\nm,4g,a\nm,4g,b\n"
    "[probes]\nprobe,site,also\np1,s1,s2\np3,s3,\n";

static void say(struct rig *rig, const char *source, const char *run, double at_s)
{
    char topic[64];
    char payload[512];
    snprintf(topic, sizeof topic, "ioc/v1/%s/plain", source);
    snprintf(payload, sizeof payload, "[{\"bn\":\"%s", run);
    (void)rig_say(rig, topic, payload, at_s);
}

/* What one run of a modem says: site, operator, technology, RSRP. */
static void run(struct rig *rig, const char *site, const char *op, const char *technology,
                const char *rsrp, double at_s)
{
    char text[400];
    snprintf(text, sizeof text,
             "%s/modem/%s/\",\"bt\":%.3f,\"n\":\"rsrp\",\"u\":\"dBm\",\"v\":%s},"
             "{\"n\":\"technology\",\"vs\":\"%s\"},{\"n\":\"operator\",\"vs\":\"%s\"}]",
             site, op, (double)RIG_START_MS / 1000 + at_s, rsrp, technology, op);
    say(rig, "school", text, at_s);
}

/* "villages/households/population of points", "unknown" without a point. */
static const char *figure(const struct rig *rig, const char *area, enum technology technology,
                          uint32_t who)
{
    static char text[64];
    const struct centre *c = rig->centre;
    struct measured_figure f;
    if (!measured_figure(c->measured, sample_area(c->inventory, area), technology, who, &f))
        return "unknown";
    snprintf(text, sizeof text, "%d/%d/%d of %d", (int)f.covered.villages,
             (int)f.covered.households, (int)f.covered.population, (int)f.points);
    return text;
}

static void villages_with_a_point_that_hears_enough(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    uint32_t a = sample_operator(rig.centre->inventory, "a");
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_4G, COVERAGE_ANY), "unknown");
    run(&rig, "s1", "a", "4g", "-104.9", 10);
    run(&rig, "s2", "a", "4g", "-105", 11); /* the class begins above it */
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_4G, COVERAGE_ANY), "1/25/100 of 2");
    assert_string_equal(figure(&rig, "c1", TECHNOLOGY_4G, a), "1/25/100 of 2");
    assert_string_equal(figure(&rig, "v2", TECHNOLOGY_4G, COVERAGE_ANY), "0/0/0 of 1");
    assert_string_equal(figure(&rig, "c2", TECHNOLOGY_4G, COVERAGE_ANY), "unknown");
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_5G, COVERAGE_ANY), "unknown");
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_MOBILE, COVERAGE_ANY), "1/25/100 of 2");
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_4G, COVERAGE_ALL), "0/0/0 of 2");
    run(&rig, "s1", "b", "4g", "-80", 12); /* now every operator is heard there */
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_4G, COVERAGE_ALL), "1/25/100 of 3");
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_4G, COVERAGE_ANY), "1/25/100 of 3");
    rig_done(&rig);
}

static void the_newest_run_of_a_point_counts_for_a_day(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    run(&rig, "s3", "a", "4g", "-60", 1000);
    run(&rig, "s3", "a", "4g", "-120", 999); /* earlier than its last: nothing */
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_4G, COVERAGE_ANY), "1/90/400 of 1");
    run(&rig, "s3", "a", "5g", "-120", 1001); /* the same modem on another technology */
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_4G, COVERAGE_ANY), "unknown");
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_5G, COVERAGE_ANY), "0/0/0 of 1");
    rig_advance(&rig, 1001 + DAY_S - 0.001);
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_5G, COVERAGE_ANY), "0/0/0 of 1");
    rig_advance(&rig, 1001 + DAY_S);
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_5G, COVERAGE_ANY), "unknown");
    rig_done(&rig);
}

static void what_is_no_run_of_a_point_in_a_village_counts_nothing(void **state)
{
    static const char *const others[] = {
        "m/modem/x/\",\"n\":\"rsrp\",\"v\":-60},{\"n\":\"technology\",\"vs\":\"4g\"}]",
        "s1/modem/x/\",\"n\":\"rsrp\",\"v\":-60}]", /* of no technology */
        "s1/modem/x/\",\"n\":\"rsrp\",\"v\":-60},{\"n\":\"technology\",\"vs\":\"fibre\"}]",
        "s1/icmp/x/\",\"n\":\"rsrp\",\"v\":-60},{\"n\":\"technology\",\"vs\":\"4g\"}]",
    };

    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        say(&rig, "school", others[i], 10);
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_MOBILE, COVERAGE_ANY), "unknown");
    rig_done(&rig);
}

/* Without a signal there is no RSRP, which is a measurement too; an operator nobody knows counts
 * for any. */
static void no_signal_is_measured(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    say(&rig, "school",
        "s1/modem/x/\",\"n\":\"technology\",\"vs\":\"4g\"},{\"n\":\"operator\",\"vs\":\"zz\"}]",
        10);
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_4G, COVERAGE_ANY), "0/0/0 of 1");
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_4G, INV_NONE), "0/0/0 of 1");
    rig_done(&rig);
}

static void pack(struct rig *rig, const char *probe, const char *site, double at_s)
{
    char payload[256];
    snprintf(payload, sizeof payload,
             "[{\"bn\":\"%s/modem/a/\",\"bt\":%d,\"n\":\"rsrp\",\"v\":-80},"
             "{\"n\":\"technology\",\"vs\":\"4g\"}]",
             site, (int)(RIG_START_MS / 1000));
    (void)rig_pack(rig, probe, payload, at_s);
}

/* A probe's stream speaks for its own sites only. */
static void a_stream_measures_where_its_probe_may_speak(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    pack(&rig, "p1", "s3", 1);
    assert_string_equal(figure(&rig, "p", TECHNOLOGY_4G, COVERAGE_ANY), "unknown");
    pack(&rig, "p1", "s2", 2);
    assert_string_equal(figure(&rig, "v2", TECHNOLOGY_4G, COVERAGE_ANY), "1/50/200 of 1");
    rig_done(&rig);
}

static void it_survives_a_restart(void **state)
{
    (void)state;
    struct rig rig;
    struct rig fresh;
    rig_init(&rig, places);
    run(&rig, "s1", "a", "4g", "-80", 10);
    run(&rig, "s2", "b", "4g", "-120", 11);
    rig_restart(&rig, places, &fresh);
    assert_string_equal(figure(&fresh, "p", TECHNOLOGY_4G, COVERAGE_ANY), "1/25/100 of 2");
    rig_advance(&fresh, 10 + DAY_S);
    assert_string_equal(figure(&fresh, "p", TECHNOLOGY_4G, COVERAGE_ANY), "0/0/0 of 1");
    rig_done(&rig);
    rig_done(&fresh);
}

static void a_run_touches_its_village_and_what_is_above(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, places);
    run(&rig, "s1", "a", "4g", "-80", 10);
    uint64_t before = measured_touched(rig.centre->measured);
    run(&rig, "s1", "a", "4g", "-120", 11);
    /* out and in again, 4G and mobile, three columns, the village and two above */
    assert_int_equal(measured_touched(rig.centre->measured) - before, 2 * 2 * 3 * 3);
    rig_done(&rig);
}

static void classes(void **state)
{
    static const struct {
        double dbm;
        const char *word;
    } cases[] = {{-69.9, "excellent"}, {-70, "good"},  {-85, "fair"},  {-95, "weak"},
                 {-105, "very_weak"},  {-115, "none"}, {-200, "none"}, {NAN, "none"}};

    (void)state;
    struct measured_options options = measured_options_default();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(
            measured_class_word((int)measured_class(&options, TECHNOLOGY_4G, cases[i].dbm)),
            cases[i].word);
    options.above_dbm[TECHNOLOGY_5G][SIGNAL_GOOD] = -90;
    assert_int_equal(measured_class(&options, TECHNOLOGY_5G, -89), SIGNAL_GOOD);
    assert_int_equal(measured_class(&options, TECHNOLOGY_4G, -89), SIGNAL_FAIR);
}

/* The same by plain scanning. */
struct naive {
    struct {
        bool there, good;
        uint32_t village, op;
        enum technology technology;
    } points[POINTS];
};

static const char *naive_figure(const struct naive *n, const uint32_t *villages, size_t n_villages,
                                const int64_t *people, enum technology technology, uint32_t who)
{
    static char text[64];
    int64_t covered = 0, population = 0, points = 0;
    for (size_t v = 0; v < n_villages; v++) {
        unsigned good = 0;
        for (size_t i = 0; i < POINTS; i++) {
            bool same = technology == TECHNOLOGY_MOBILE || n->points[i].technology == technology;
            bool of = who >= COVERAGE_ANY || n->points[i].op == who;
            if (!n->points[i].there || n->points[i].village != villages[v] || !same || !of)
                continue;
            points++;
            good |= n->points[i].good ? 1U << n->points[i].op : 0;
        }
        bool is = who == COVERAGE_ALL ? good == 3 : good != 0;
        covered += is;
        population += is ? people[v] : 0;
    }
    if (points == 0)
        return "unknown";
    snprintf(text, sizeof text, "%d/%d of %d", (int)covered, (int)population, (int)points);
    return text;
}

static void assert_as_naive(const struct rig *rig, const struct naive *n)
{
    static const int64_t people[] = {100, 200, 400};
    static const uint32_t who[] = {COVERAGE_ANY, COVERAGE_ALL, 0, 1};
    const struct inventory *inv = rig->centre->inventory;
    const uint32_t villages[] = {sample_area(inv, "v1"), sample_area(inv, "v2"),
                                 sample_area(inv, "v3")};
    for (int t = TECHNOLOGY_4G; t <= TECHNOLOGY_MOBILE; t++)
        for (size_t w = 0; w < 4; w++) {
            char fast[64] = "unknown";
            struct measured_figure f;
            if (measured_figure(rig->centre->measured, sample_area(inv, "p"), (enum technology)t,
                                who[w], &f))
                snprintf(fast, sizeof fast, "%d/%d of %d", (int)f.covered.villages,
                         (int)f.covered.population, (int)f.points);
            assert_string_equal(fast,
                                naive_figure(n, villages, 3, people, (enum technology)t, who[w]));
        }
}

static void random_runs_are_counted_as_by_hand(void **state)
{
    static const char *const technologies[] = {"4g", "5g"};
    static const char *const operators[] = {"a", "b"};
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct rig rig;
        struct naive n = {0};
        struct rng rng = {seed};
        rig_init(&rig, places);
        for (int step = 0; step < 60; step++) {
            size_t i = rng_below(&rng, POINTS); /* a point stands still */
            char site[3] = {'s', (char)('1' + i % 3), 0};
            uint64_t t = rng_below(&rng, 2), op = rng_below(&rng, 2);
            bool good = rng_below(&rng, 2);
            char text[400];
            n.points[i].there = true;
            n.points[i].good = good;
            n.points[i].village = sample_area(rig.centre->inventory, (char[]){'v', site[1], 0});
            n.points[i].op = sample_operator(rig.centre->inventory, operators[op]);
            n.points[i].technology = t ? TECHNOLOGY_5G : TECHNOLOGY_4G;
            snprintf(text, sizeof text,
                     "%s/modem/m%zu/\",\"bt\":%.3f,\"n\":\"rsrp\",\"v\":%d},"
                     "{\"n\":\"technology\",\"vs\":\"%s\"},{\"n\":\"operator\",\"vs\":\"%s\"}]",
                     site, i, (double)RIG_START_MS / 1000 + step, good ? -90 : -110,
                     technologies[t], operators[op]);
            say(&rig, "school", text, step);
            assert_as_naive(&rig, &n);
        }
        rig_done(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(villages_with_a_point_that_hears_enough),
        cmocka_unit_test(the_newest_run_of_a_point_counts_for_a_day),
        cmocka_unit_test(what_is_no_run_of_a_point_in_a_village_counts_nothing),
        cmocka_unit_test(no_signal_is_measured),
        cmocka_unit_test(a_stream_measures_where_its_probe_may_speak),
        cmocka_unit_test(it_survives_a_restart),
        cmocka_unit_test(a_run_touches_its_village_and_what_is_above),
        cmocka_unit_test(classes),
        cmocka_unit_test(random_runs_are_counted_as_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
