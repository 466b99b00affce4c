/* What each kind of rule promises, told as stories: when somebody is told, and when nobody is. */
#include "core/pager.h"

#include "pager_rig.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { HOUR_MS = 3600000, MINUTE_MS = 60000, DAY_MS = 24 * HOUR_MS };

/* One rule, told with its ends to the one target, and nothing taken as an area. */
static struct rule *open_with(struct pager_rig *f, enum rule_condition condition)
{
    pager_rig_open(f, 4);
    f->rules.area_sites = 100;
    f->rules.rule[0].condition = condition;
    f->rules.rule[0].keep_ms = 0;
    f->rules.target[0].recovery = true;
    f->rules.target[0].cap = 0;
    return &f->rules.rule[0];
}

/* Exactly these pages come, each line ending with one of the texts. */
static void expect_pages(struct pager_rig *f, const char *story, const char *pages)
{
    assert_string_equal(pager_rig_told(f, story), pages);
    pager_rig_close(f);
}

/* ---- expected restore time ---- */

static void what_lasts_longer_than_somebody_said_is_told_though_somebody_has_it(void **state)
{
    (void)state;
    struct pager_rig f;
    open_with(&f, RULE_OVERDUE);
    /* Said in the second that ends at 3 min: 10 min later it is 00:12:59, seen a second later. */
    expect_pages(
        &f, "at 60s down m20\nat 3min expect 1 10min\nat 5min ack 1\nat 30min up m20\nat 1h end\n",
        "00:12:59 shift fired critical out: KHAN CAP SC1 00:12 22/11 m20: qua han khoi "
        "phuc, 00:12 22/11, NN chua ro. Da bao shift. Tra loi TN 1\n"
        "00:30:00 shift recovered critical out: KHAN CAP SC1 da khoi phuc 00:12 22/11 m20: "
        "qua han khoi phuc, 00:12 22/11, NN chua ro.\n");
}

static void what_ends_in_time_or_is_expected_later_is_not_overdue(void **state)
{
    (void)state;
    struct pager_rig f;
    open_with(&f, RULE_OVERDUE);
    expect_pages(&f,
                 "at 60s down m20 m24\nat 3min expect 1 10min\nat 3min expect 2 10min\n"
                 "at 8min up m20\nat 9min expect 2 2h\nat 1h up m24\nat 3h end\n",
                 "");
}

/* ---- figures of areas ---- */

static void live_coverage_below_the_declared_one_is_told(void **state)
{
    (void)state;
    struct pager_rig f;
    struct rule *rule = open_with(&f, RULE_DROP);
    rule->technology = TECHNOLOGY_4G;
    rule->set = 0.15;
    rule->clear = 0.05;
    /* One commune is 10 points, two are 20: the first alone is too little, and one left of two is
     * more than what ends it. */
    expect_pages(&f,
                 "at 60s down area c5\nat 5min down area c6\nat 10min up area c5\n"
                 "at 20min up area c6\nat 1h end\n",
                 "00:05:00 shift fired critical out: KHAN CAP CB1 00:05 22/11 p: vung phu thap hon "
                 "cong bo, 20,00%, NN chua ro. Da bao shift.\n"
                 "00:20:00 shift recovered critical out: KHAN CAP CB1 da khoi phuc 00:05 22/11 p: "
                 "vung phu thap hon cong bo, 10,00%, NN chua ro.\n");
}

static struct rule *open_availability(struct pager_rig *f, enum rule_condition condition)
{
    struct rule *rule = open_with(f, condition);
    rule->scope.kind = SITE_BTS;
    snprintf(rule->scope.area, sizeof rule->scope.area, "c5");
    rule->window_ms = HOUR_MS;
    return rule;
}

/* When the first and the last page came, in seconds; false if there were not two. */
static bool times(const char *pages, int ret_s[2])
{
    int h = 0, m = 0, s = 0;
    const char *second = strchr(pages, '\n');
    if (pager_rig_lines(pages) != 2 || sscanf(pages, "%d:%d:%d", &h, &m, &s) != 3)
        return false;
    ret_s[0] = h * 3600 + m * 60 + s;
    if (sscanf(second + 1, "%d:%d:%d", &h, &m, &s) != 3)
        return false;
    ret_s[1] = h * 3600 + m * 60 + s;
    return true;
}

static void availability_of_the_last_hour_is_told_and_ends_when_it_is_better(void **state)
{
    (void)state;
    struct pager_rig f;
    int s[2];
    struct rule *rule = open_availability(&f, RULE_AVAILABILITY);
    rule->set = 0.9;
    rule->clear = 0.95;
    const char *pages = pager_rig_told(&f, "at 2h down m20 m21\nat 140min up m20 m21\nat 5h end\n");
    assert_true(times(pages, s));
    /* Two of four out: 10 % of the hour after 12 min. The 20 min of both leave it from 3 h on; 5 %
     * are left when 14 min have. A figure is looked at every 30 s. */
    assert_in_range(s[0], 7200 + 720, 7200 + 720 + 32);
    assert_in_range(s[1], 10800 + 840, 10800 + 840 + 32);
    pager_rig_close(&f);
}

static void too_little_observed_is_no_availability(void **state)
{
    (void)state;
    struct pager_rig f;
    struct rule *rule = open_availability(&f, RULE_AVAILABILITY);
    rule->set = 0.9;
    rule->clear = 0.95;
    rule->window_ms = DAY_MS;
    expect_pages(&f, "at 60s down m20 m21 m22 m23\nat 3h end\n", "");
}

/* A month that began with the story: after an hour of which one of four was out for 3 min, the rest
 * of the month at 98.75 % makes it miss 99 %. */
static void a_month_that_will_be_missed_is_told_before_it_is(void **state)
{
    (void)state;
    struct pager_rig f;
    int s[2];
    struct rule *rule = open_availability(&f, RULE_BUDGET);
    f.start.ms += 9 * (int64_t)DAY_MS; /* 1 December */
    rule->set = 0.99;
    rule->clear = 0.995;
    const char *pages = pager_rig_told(&f, "at 2h down m20\nat 123min up m20\nat 5h end\n");
    assert_true(times(pages, s));
    assert_in_range(s[0], 7200 + 144, 7200 + 144 + 32);   /* 1 % of four hours */
    assert_in_range(s[1], 10800 + 108, 10800 + 108 + 32); /* half a percent is left: 72 s */
    pager_rig_close(&f);
}

/* Two figures of one area are two things, though their alert has one number. */
static void each_figure_of_an_area_is_told_with_its_own_value(void **state)
{
    (void)state;
    struct pager_rig f;
    struct rule *rule = open_with(&f, RULE_COVERAGE);
    rule->technology = TECHNOLOGY_4G;
    rule->set = 0.95;
    rule->clear = 0.99;
    f.rules.len = 2;
    f.rules.rule[1] = *rule;
    f.rules.rule[1].condition = RULE_SHARE;
    f.rules.rule[1].set = 0.05;
    f.rules.rule[1].clear = 0.01;
    snprintf(f.rules.rule[1].name, RULE_NAME_MAX, "share");
    const char *pages = pager_rig_told(&f, "at 60s down area c5\nat 10min end\n");
    assert_int_equal(pager_rig_lines(pages), 2);
    assert_non_null(strstr(pages, "p: vung phu giam, 90,00%"));
    assert_non_null(strstr(pages, "p: nhieu tram mat lien lac, 9,76%")); /* 4 of 41 */
    pager_rig_close(&f);
}

/* ---- readings ---- */

static struct rule *open_metric(struct pager_rig *f, enum rule_condition condition)
{
    struct rule *rule = open_with(f, condition);
    snprintf(rule->check, sizeof rule->check, "sfp");
    snprintf(rule->metric, sizeof rule->metric, "rx_power");
    rule->sense = RULE_BELOW;
    rule->set = -27;
    rule->clear = -25;
    return rule;
}

static void a_metric_ends_on_the_other_side_of_its_clear_threshold(void **state)
{
    (void)state;
    struct pager_rig f;
    open_metric(&f, RULE_METRIC);
    expect_pages(
        &f,
        "at 60s metric m20 sfp/uplink/rx_power -26.9\n"
        "at 5min metric m20 sfp/uplink/rx_power -27.4\n"
        "at 10min metric m20 sfp/uplink/rx_power -25.5\n"
        "at 15min metric m20 sfp/uplink/rx_power -24.9\n"
        "at 16min metric m20 sfp/uplink/rx_power -26.9\n"
        "at 20min metric m21 icmp/core/rx_power -99\n"
        "at 20min metric m22 sfp/uplink/tx_power -99\nat 1h end\n",
        "00:05:00 shift fired critical out: KHAN CAP CB1 00:05 22/11 m20: chi so vuot "
        "nguong, sfp/uplink/rx_power -27.4, NN chua ro. Da bao shift.\n"
        "00:15:00 shift recovered critical out: KHAN CAP CB1 da khoi phuc 00:05 22/11 m20: "
        "chi so vuot nguong, sfp/uplink/rx_power -25.5, NN chua ro.\n");
}

static void a_metric_has_to_stay_beyond_for_so_long(void **state)
{
    (void)state;
    struct pager_rig f;
    struct rule *rule = open_metric(&f, RULE_METRIC);
    rule->for_ms = 2 * MINUTE_MS;
    const char *pages = pager_rig_told(&f, "at 60s metric m20 sfp/uplink/rx_power -30\n"
                                           "at 2min metric m20 sfp/uplink/rx_power -20\n"
                                           "at 10min metric m20 sfp/uplink/rx_power -30\n"
                                           "at 1h end\n");
    assert_int_equal(pager_rig_lines(pages), 1);
    assert_memory_equal(pages, "00:12:0", 7);
    pager_rig_close(&f);
}

static struct reading reading_at(struct wall_ms t, double value)
{
    return (struct reading){.site = slice_of("m20"),
                            .check = slice_of("sfp/uplink"),
                            .metric = slice_of("rx_power"),
                            .time_us = t.ms * 1000,
                            .kind = READING_NUMBER,
                            .number = value};
}

static void readings_of_the_past_neither_begin_nor_end_anything(void **state)
{
    (void)state;
    struct pager_rig f;
    open_metric(&f, RULE_METRIC);
    const char *pages = pager_rig_told(&f, "at 60s metric m20 sfp/uplink/rx_power -20\n"
                                           "at 10min end\n");
    assert_string_equal(pages, "");
    struct wall_ms now = world_now(f.centre->world);
    struct reading late = reading_at(wall_add(now, -MINUTE_MS), -40);
    struct reading ahead = reading_at(wall_add(now, 2 * MINUTE_MS), -40);
    struct reading fresh = reading_at(wall_add(now, -1000), -40);
    struct reading well = reading_at(wall_add(now, -MINUTE_MS), -10);
    assert_int_equal(pager_readings(f.pager, slice_of("p20"), &late, 1, now), 0);
    assert_int_equal(pager_readings(f.pager, slice_of("p20"), &ahead, 1, now), 0);
    assert_int_equal(pager_readings(f.pager, slice_of("p21"), &fresh, 1, now), 0); /* unlisted */
    assert_int_equal(pager_readings(f.pager, slice_of("nobody"), &fresh, 1, now), 0);
    assert_int_equal(pager_alerts(f.pager)->open, 0);
    assert_int_equal(pager_readings(f.pager, slice_of("p20"), &fresh, 1, now), 0);
    assert_int_equal(pager_alerts(f.pager)->open, 1);
    assert_int_equal(pager_readings(f.pager, slice_of("p20"), &well, 1, now), 0);
    assert_int_equal(pager_advance(f.pager, now), 0);
    assert_int_equal(pager_alerts(f.pager)->open, 1);
    assert_int_equal(pager_box(f.pager)->pages.len, 1);
    pager_rig_close(&f);
}

static void a_site_in_maintenance_tells_nothing_of_its_metrics(void **state)
{
    (void)state;
    struct pager_rig f;
    open_metric(&f, RULE_METRIC);
    const char *pages = pager_rig_told(&f, "at 60s metric m20 sfp/uplink/rx_power -20\n"
                                           "at 2min maintenance m20 30min\n"
                                           "at 5min metric m20 sfp/uplink/rx_power -40\n"
                                           "at 20min metric m20 sfp/uplink/rx_power -20\n"
                                           "at 40min metric m20 sfp/uplink/rx_power -40\n"
                                           "at 1h end\n");
    assert_int_equal(pager_rig_lines(pages), 1);
    assert_memory_equal(pages, "00:40:0", 7);
    pager_rig_close(&f);
}

static void alerts_of_metrics_survive_a_restart_by_their_names(void **state)
{
    (void)state;
    struct pager_rig f;
    open_metric(&f, RULE_METRIC);
    f.rules.rule[0].step[0] = (struct rule_step){HOUR_MS, 1};
    f.rules.rule[0].steps = 1;
    pager_rig_told(&f, "at 60s metric m21 sfp/uplink/rx_power -40\n"
                       "at 2min metric m20 sfp/uplink/rx_power -40\n"
                       "at 3min metric m21 sfp/uplink/rx_power -20\nat 5min end\n");
    pager_rig_restart(&f);
    assert_int_equal(pager_alerts(f.pager)->open, 1);
    assert_int_equal(pager_box(f.pager)->pages.len, 3);
    struct wall_ms now = world_now(f.centre->world);
    struct reading still = reading_at(now, -26);
    struct reading well = reading_at(now, -24);
    assert_int_equal(pager_readings(f.pager, slice_of("p20"), &still, 1, now), 0);
    assert_int_equal(pager_advance(f.pager, wall_add(now, 1000)), 0);
    assert_int_equal(pager_box(f.pager)->pages.len, 3);
    assert_int_equal(pager_readings(f.pager, slice_of("p20"), &well, 1, now), 0);
    assert_int_equal(pager_advance(f.pager, wall_add(now, 2000)), 0);
    assert_int_equal(pager_alerts(f.pager)->open, 0);
    const struct page *last = vec_at(&pager_box(f.pager)->pages, 3);
    assert_int_equal(last->transition, PAGE_RECOVERED);
    assert_string_equal(last->place, "m20");
    pager_rig_close(&f);
}

static struct rule *open_change(struct pager_rig *f)
{
    struct rule *rule = open_metric(f, RULE_CHANGE);
    rule->sense = RULE_EITHER;
    rule->set = 5;
    rule->clear = 2;
    rule->half_ms = DAY_MS;
    rule->learn_ms = HOUR_MS;
    return rule;
}

static void a_drift_from_what_is_usual_is_told_though_no_threshold_is_near(void **state)
{
    (void)state;
    struct pager_rig f;
    open_change(&f);
    /* -18 dBm for two hours; a day at -26 does not make that usual. */
    const char *pages = pager_rig_told(&f, "at 10s metric m20 sfp/uplink/rx_power -18\n"
                                           "at 30min metric m21 sfp/uplink/rx_power -18\n"
                                           "at 40min metric m21 sfp/uplink/rx_power -26\n"
                                           "at 2h metric m20 sfp/uplink/rx_power -22\n"
                                           "at 3h metric m20 sfp/uplink/rx_power -26\n"
                                           "at 27h metric m20 sfp/uplink/rx_power -18\n"
                                           "at 28h end\n");
    assert_int_equal(pager_rig_lines(pages), 2); /* m21 was not known for long enough */
    assert_memory_equal(pages, "03:00:0", 7);
    assert_non_null(strstr(pages, "m20: chi so lech muc nen, sfp/uplink/rx_power -26"));
    assert_non_null(strstr(pages, "\n27:00:0"));
    pager_rig_close(&f);
}

static void work_on_it_makes_a_new_baseline(void **state)
{
    (void)state;
    struct pager_rig f;
    open_change(&f);
    expect_pages(&f,
                 "at 10s metric m20 sfp/uplink/rx_power -18\nat 2h maintenance m20 30min\n"
                 "at 125min metric m20 sfp/uplink/rx_power -10\nat 6h end\n",
                 "");
}

static void what_was_learnt_survives_a_restart(void **state)
{
    (void)state;
    struct pager_rig f;
    open_change(&f);
    pager_rig_told(&f, "at 10s metric m20 sfp/uplink/rx_power -18\nat 2h end\n");
    pager_rig_restart(&f);
    struct wall_ms now = world_now(f.centre->world);
    struct reading off = reading_at(now, -26);
    assert_int_equal(pager_readings(f.pager, slice_of("p20"), &off, 1, now), 0);
    assert_int_equal(pager_alerts(f.pager)->open, 1);
    pager_rig_close(&f);
}

static void a_certificate_is_told_before_it_expires(void **state)
{
    (void)state;
    struct pager_rig f;
    struct rule *rule = open_with(&f, RULE_CERTIFICATE);
    rule->sense = RULE_BELOW;
    rule->set = 21;
    rule->clear = 28;
    const char *pages = pager_rig_told(&f, "at 60s metric m20 http/portal/cert_days 21.01\n"
                                           "at 2h metric m20 http/portal/cert_days 20.9\n"
                                           "at 9h metric m20 http/portal/cert_days 89.9\n"
                                           "at 10h end\n");
    assert_int_equal(pager_rig_lines(pages), 2);
    assert_memory_equal(pages, "02:00:0", 7);
    assert_non_null(strstr(pages, "m20: chung thu sap het han, http/portal/cert_days 20.9"));
    pager_rig_close(&f);
}

/* ---- absence ---- */

static void a_probe_that_never_came_is_told_by_the_inventory(void **state)
{
    (void)state;
    struct pager_rig f;
    struct rule *rule = open_with(&f, RULE_NEVER);
    rule->for_ms = HOUR_MS;
    const char *pages = pager_rig_told(&f, "at 0s absent m20\nat 2h end\n");
    assert_int_equal(pager_rig_lines(pages), 1);
    assert_memory_equal(pages, "01:0", 4);
    assert_non_null(strstr(pages, "p20: thiet bi giam sat chua tung bao"));
    pager_rig_close(&f);
}

static void a_probe_is_late_by_listening_time_and_recovers_when_it_speaks(void **state)
{
    (void)state;
    struct pager_rig f;
    int s[2];
    struct rule *rule = open_with(&f, RULE_LATE);
    rule->set = HOUR_MS;
    /* Half an hour of its silence nobody listened: it counts from the end of that. */
    const char *pages = pager_rig_told(&f, "at 10min silent m20\nat 20min deaf\n"
                                           "at 50min hearing\nat 4h up m20\nat 5h end\n");
    assert_true(times(pages, s));
    assert_in_range(s[0], 50 * 60 + 3600, 50 * 60 + 3600 + 15);
    assert_in_range(s[1], 4 * 3600, 4 * 3600 + 25);
    assert_non_null(strstr(pages, "p20: thiet bi giam sat im lang"));
    pager_rig_close(&f);
}

static void a_probe_that_is_away_during_work_on_its_site_is_not_late(void **state)
{
    (void)state;
    struct pager_rig f;
    struct rule *rule = open_with(&f, RULE_LATE);
    rule->set = HOUR_MS;
    expect_pages(&f, "at 10min maintenance m20 5h\nat 11min silent m20\nat 5h up m20\nat 7h end\n",
                 "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lasts_longer_than_somebody_said_is_told_though_somebody_has_it),
        cmocka_unit_test(what_ends_in_time_or_is_expected_later_is_not_overdue),
        cmocka_unit_test(live_coverage_below_the_declared_one_is_told),
        cmocka_unit_test(availability_of_the_last_hour_is_told_and_ends_when_it_is_better),
        cmocka_unit_test(too_little_observed_is_no_availability),
        cmocka_unit_test(a_month_that_will_be_missed_is_told_before_it_is),
        cmocka_unit_test(each_figure_of_an_area_is_told_with_its_own_value),
        cmocka_unit_test(a_metric_ends_on_the_other_side_of_its_clear_threshold),
        cmocka_unit_test(a_metric_has_to_stay_beyond_for_so_long),
        cmocka_unit_test(readings_of_the_past_neither_begin_nor_end_anything),
        cmocka_unit_test(a_site_in_maintenance_tells_nothing_of_its_metrics),
        cmocka_unit_test(alerts_of_metrics_survive_a_restart_by_their_names),
        cmocka_unit_test(a_drift_from_what_is_usual_is_told_though_no_threshold_is_near),
        cmocka_unit_test(work_on_it_makes_a_new_baseline),
        cmocka_unit_test(what_was_learnt_survives_a_restart),
        cmocka_unit_test(a_certificate_is_told_before_it_expires),
        cmocka_unit_test(a_probe_that_never_came_is_told_by_the_inventory),
        cmocka_unit_test(a_probe_that_is_away_during_work_on_its_site_is_not_late),
        cmocka_unit_test(a_probe_is_late_by_listening_time_and_recovers_when_it_speaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
