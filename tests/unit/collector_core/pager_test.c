#include "core/pager.h"

#include "core/rule_trial.h"
#include "memory_rows.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 1 << 22, COMMUNES = 10 };

static const int64_t ZONE_MS = INT64_C(7) * 3600 * 1000;

/* 2026-11-22 00:00 in Vietnam. */
static const struct wall_ms START = {INT64_C(1795280400000)};

/* A made-up province: COMMUNES communes of `masts` masts each; the first eight hang on link-1. */
static struct inventory *province(int masts)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    buf_str(&text, "[areas]\nid,parent,level,name,population,households,year,lat,lon,valid_from,"
                   "valid_to,successor\np,,province,Tỉnh,,,2019,11.6,108.9,,,\n");
    for (int c = 0; c < COMMUNES; c++)
        buf_printf(&text,
                   "c%d,p,commune,Xã %d,,,2019,11.6,108.9,,,\n"
                   "v%d,c%d,village,Thôn %d,100,25,2019,11.6,108.9,,,\n",
                   c, c, c, c, c);
    buf_str(&text, "[operators]\nid,name,noc_phone,contact\na,A,,\nb,B,,\n[sites]\nid,code,name,"
                   "kind,area,lat,lon,criticality\n");
    for (int i = 0; i < COMMUNES * masts; i++)
        buf_printf(&text, "m%d,,Trạm %d,bts,c%d,11.6,108.9,%s\n", i, i, i / masts,
                   i == 3 ? "high" : "");
    buf_str(&text, "link-1,,Tuyến Một,link,p,,,\n[units]\nsite,service,operator,commissioned,"
                   "decommissioned,anchor\nlink-1,link,,,,\n");
    for (int i = 0; i < COMMUNES * masts; i++)
        buf_printf(&text, "m%d,4g,%s,,,\n", i, i % 2 ? "b" : "a");
    buf_str(&text, "[serves]\nsite,service,operator,area,from,to\n");
    for (int i = 0; i < COMMUNES * masts; i++)
        buf_printf(&text, "m%d,4g,%s,v%d,,\n", i, i % 2 ? "b" : "a", i / masts);
    buf_str(&text, "[depends]\nchild,on,kind,group\n");
    for (int i = 0; i < 8; i++)
        buf_printf(&text, "m%d,link-1,transport,\n", i);
    buf_str(&text, "[probes]\nprobe,site,also,valid_to\npl,link-1,,\n");
    for (int i = 0; i < COMMUNES * masts; i++)
        buf_printf(&text, "p%d,m%d,,\n", i, i);
    assert_int_equal(text.err, 0);
    struct inventory *inv = sample_inventory(NULL, text.data, START.ms - 86400000);
    buf_done(&text);
    return inv;
}

/* One rule for what is down, told to one target with the usual cap. */
static void usual_rules(struct rules *rules)
{
    rules_init(rules);
    rules->len = 1;
    rules->rule[0] = (struct rule){.name = "out",
                                   .condition = RULE_DOWN,
                                   .severity = SEVERITY_CRITICAL,
                                   .scope = {.kind = RULE_ANY_KIND},
                                   .keep_ms = 120000,
                                   .targets = 1};
    rules->targets = 1;
    rules->target[0] = (struct rule_target){.name = "shift",
                                            .least = SEVERITY_INDETERMINATE,
                                            .cap = 10,
                                            .window_ms = 600000,
                                            .fallback = -1};
}

/* A centre with its pager, and what the last story printed. */
struct fixture {
    struct centre *centre;
    struct pager *pager;
    struct rules rules;
    struct buf out;
};

static struct centre *new_centre(struct inventory *inv)
{
    struct centre_options options = {.world = world_options_default(),
                                     .will_hold_ms = 15000,
                                     .derived = {.zone_ms = ZONE_MS, .max = 1 << 16},
                                     .measured = measured_options_default(),
                                     .minutes_back_ms = CENTRE_MINUTES_BACK_MS};
    struct centre *centre = centre_new(inv, &options);
    assert_non_null(centre);
    return centre;
}

static void open_fixture(struct fixture *f, int masts)
{
    *f = (struct fixture){0};
    buf_init(&f->out, TEXT_MAX);
    f->centre = new_centre(province(masts));
    f->pager = pager_new(f->centre, ZONE_MS);
    assert_non_null(f->pager);
    usual_rules(&f->rules);
}

static void close_fixture(struct fixture *f)
{
    pager_free(f->pager);
    centre_free(f->centre);
    buf_done(&f->out);
}

/* The pages of a story, a line each. */
static const char *told(struct fixture *f, const char *story)
{
    assert_int_equal(pager_set_rules(f->pager, &f->rules), 0);
    int err = rule_trial_run(f->centre, f->pager, START, "story", slice_of(story), &f->out);
    if (err)
        fail_msg("%s", f->out.data ? f->out.data : "no memory");
    return f->out.data ? f->out.data : "";
}

static size_t lines(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* A story on ten communes of four masts with the usual rules makes exactly these pages. */
static void expect(const char *story, const char *pages)
{
    struct fixture f;
    open_fixture(&f, 4);
    assert_string_equal(told(&f, story), pages);
    close_fixture(&f);
}

static void an_outage_is_told_once_after_settling(void **state)
{
    (void)state;
    expect("at 60s down m20\nat 10min end\n",
           "00:01:20 shift fired critical out: KHAN CAP SC1 00:01 22/11 m20: mat lien lac, 1 tram, "
           "NN thiet bi. Tra loi TN 1\n");
}

static void what_is_back_within_the_settling_is_not_told(void **state)
{
    (void)state;
    expect("at 60s down m20\nat 75s up m20\nat 10min end\n", "");
}

static void children_join_the_root_in_whatever_order(void **state)
{
    (void)state;
    const char *page = "00:01:20 shift fired critical out: KHAN CAP SC1 00:01 22/11 link-1: mat "
                       "lien lac, 9 tram, NN thiet bi. Tra loi TN ";
    struct fixture f;
    open_fixture(&f, 4);
    const char *pages = told(&f, "at 60s down m0 m1 m2 m3 m4 m5 m6 m7\nat 75s down link-1\n"
                                 "at 10min end\n");
    assert_int_equal(lines(pages), 1);
    assert_non_null(strstr(pages, "link-1: mat lien lac, 9 tram"));
    close_fixture(&f);
    open_fixture(&f, 4);
    pages = told(&f, "at 60s down link-1\nat 61s down m0 m1 m2 m3 m4 m5 m6 m7\nat 10min end\n");
    assert_int_equal(lines(pages), 1);
    assert_memory_equal(pages, page, 30);
    close_fixture(&f);
}

static void a_root_one_minute_after_its_children_is_one_page_more(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, 4);
    const char *pages =
        told(&f, "at 60s down m0 m1\nat 2min down link-1 m2 m3 m4 m5 m6 m7\nat 10min end\n");
    assert_int_equal(lines(pages), 3);
    assert_non_null(strstr(pages, "00:02:20 shift fired critical out: KHAN CAP SC"));
    assert_non_null(strstr(pages, "link-1: mat lien lac, 9 tram"));
    close_fixture(&f);
}

static void the_recovery_of_a_root_pages_nobody_for_what_returns_with_it(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, 4);
    const char *pages = told(&f, "at 60s down link-1 m0 m1 m2 m3 m4 m5 m6 m7\nat 5min up link-1\n"
                                 "at 315s up m0 m1 m2 m3 m4 m5 m6\nat 20min end\n");
    /* m7 stays out: it becomes its own. */
    assert_int_equal(lines(pages), 2);
    assert_non_null(strstr(pages, "00:05:20 shift fired"));
    assert_non_null(strstr(pages, " m7: mat lien lac, 1 tram"));
    close_fixture(&f);
}

static void four_hundred_sites_without_power_are_one_page(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, 80);
    const char *pages =
        told(&f, "at 60s down area c0 area c1\nat 70s down area c2 area c3 area c4\n"
                 "at 20min up area c0\nat 21min up area c1 area c2\n"
                 "at 25min up area c3 area c4\nat 1h end\n");
    assert_int_equal(lines(pages), 1);
    assert_non_null(strstr(pages, "00:01:20 shift fired"));
    assert_non_null(strstr(pages, " p: mat lien lac, 400 tram, 500 dan"));
    close_fixture(&f);
}

static void many_at_once_that_are_no_area_are_bounded_by_a_digest(void **state)
{
    (void)state;
    struct fixture f;
    char story[4096];
    size_t at = 0;
    open_fixture(&f, 80);
    f.rules.area_share = 0.9;
    at += (size_t)snprintf(story, sizeof story, "at 60s down");
    for (int i = 10; i < 56; i++)
        at += (size_t)snprintf(story + at, sizeof story - at, " m%d", i * 14);
    snprintf(story + at, sizeof story - at, "\nat 10min end\n");
    const char *pages = told(&f, story);
    assert_int_equal(lines(pages), 10);
    assert_non_null(strstr(pages, "digest critical"));
    assert_non_null(strstr(pages, "va 36 su co khac"));
    close_fixture(&f);
}

static void a_backlog_of_a_day_pages_nobody(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, 4);
    const char *pages = told(&f, "at 60s silent m20\nat 26h backlog m20 down 2h 25h\nat 27h end\n");
    assert_string_equal(pages, "");
    close_fixture(&f);
}

static void late_evidence_does_not_take_an_acknowledgement_away(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, 4);
    f.rules.rule[0].escalate_ms = 900000;
    f.rules.rule[0].escalate_to = 1;
    const char *pages = told(&f, "at 60s silent m20\nat 1h down m21\nat 61min ack 2\n"
                                 "at 70min backlog m20 down 5min 50min\nat 3h end\n");
    assert_int_equal(lines(pages), 1);
    close_fixture(&f);
}

static void the_broker_away_pages_nobody_and_recovers_nobody(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, 4);
    f.rules.target[0].recovery = true;
    const char *pages = told(&f, "at 60s down m20\nat 3min deaf\nat 33min hearing\nat 40min end\n");
    assert_int_equal(lines(pages), 1); /* m20, before */
    close_fixture(&f);
}

static void silent_is_not_down(void **state)
{
    (void)state;
    struct fixture f;
    expect("at 60s silent m20\nat 30min end\n", "");
    open_fixture(&f, 4);
    f.rules.rule[0].condition = RULE_SILENT;
    f.rules.rule[0].severity = SEVERITY_WARNING;
    const char *pages = told(&f, "at 60s silent m20\nat 10min down m21\nat 30min end\n");
    assert_int_equal(lines(pages), 1);
    assert_non_null(strstr(pages, "m20: mat tin hieu giam sat (chua xac minh)"));
    close_fixture(&f);
}

static void nothing_has_recovered_because_its_data_stopped(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, 4);
    f.rules.target[0].recovery = true;
    const char *pages = told(&f, "at 60s down m20\nat 5min silent m20\nat 2h up m20\nat 3h end\n");
    assert_int_equal(lines(pages), 2);
    assert_non_null(strstr(pages, "02:02:"));
    assert_non_null(strstr(pages, "recovered critical out: KHAN CAP SC1 da khoi phuc"));
    close_fixture(&f);
}

static void flapping_is_one(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, 4);
    f.rules.target[0].recovery = true;
    const char *pages = told(&f, "at 1min down m20\nat 2min up m20\nat 3min down m20\n"
                                 "at 4min up m20\nat 5min down m20\nat 6min up m20\n"
                                 "at 7min down m20\nat 8min up m20\nat 14min down m20\n"
                                 "at 15min up m20\nat 1h end\n");
    assert_int_equal(lines(pages), 2);
    assert_non_null(strstr(pages, "00:25:"));
    close_fixture(&f);
}

static void nobody_answering_is_escalated_until_somebody_does(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, 4);
    f.rules.rule[0].escalate_ms = 300000;
    f.rules.rule[0].escalate_to = 2;
    f.rules.targets = 2;
    f.rules.target[1] = f.rules.target[0];
    snprintf(f.rules.target[1].name, RULE_NAME_MAX, "boss");
    const char *pages = told(&f, "at 60s down m20\nat 60s down m24\nat 3min ack 1\nat 1h end\n");
    assert_int_equal(lines(pages), 3);
    assert_non_null(strstr(pages, "00:06:20 boss escalated critical out: KHAN CAP SC2 CHUA TIEP "
                                  "NHAN"));
    close_fixture(&f);
}

static void scopes_say_whom(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, 4);
    f.rules.len = 2;
    f.rules.rule[1] = f.rules.rule[0];
    snprintf(f.rules.rule[1].name, RULE_NAME_MAX, "core");
    f.rules.rule[0].severity = SEVERITY_MINOR;
    snprintf(f.rules.rule[0].scope.area, 48, "c2");
    snprintf(f.rules.rule[0].scope.op, 48, "a");
    snprintf(f.rules.rule[1].scope.criticality, 48, "high");
    const char *pages = told(&f, "at 60s down m3 m8 m9 m20\nat 10min end\n");
    assert_int_equal(lines(pages), 2);
    assert_non_null(strstr(pages, "critical core: KHAN CAP SC4 00:01 22/11 m3:"));
    assert_non_null(strstr(pages, "minor out: NHE SC1 00:01 22/11 m8:"));
    close_fixture(&f);
}

static void people_and_figures_of_areas(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, 4);
    f.rules.area_sites = 100; /* no area is taken as one */
    f.rules.len = 2;
    f.rules.rule[0].condition = RULE_PEOPLE;
    f.rules.rule[0].set = 50;
    f.rules.rule[1] = (struct rule){.name = "cover",
                                    .condition = RULE_COVERAGE,
                                    .severity = SEVERITY_MAJOR,
                                    .scope = {.kind = RULE_ANY_KIND},
                                    .technology = TECHNOLOGY_4G,
                                    .set = 0.95,
                                    .clear = 0.99,
                                    .targets = 1};
    f.rules.target[0].recovery = true;
    const char *pages = told(&f, "at 60s down m20 m21 m22\nat 5min down m23\nat 10min up m23\n"
                                 "at 1h end\n");
    /* With m23 the 100 people of v5 have nothing left: 900 of 1000 have 4G. */
    assert_non_null(strstr(pages, "major cover: NGHIEM TRONG CB"));
    assert_non_null(strstr(pages, "p: vung phu giam, 90,00%"));
    assert_non_null(strstr(pages, "m23: mat dich vu hoan toan, 1 tram, 100 dan"));
    assert_non_null(strstr(pages, "recovered major cover"));
    assert_non_null(strstr(pages, "m23: mat dich vu hoan toan, 1 tram, 100 dan, NN thiet bi.\n"));
    /* Four masts left them without, each for a part of its outage; two of the pages are ends. */
    assert_int_equal(lines(pages), 7);
    close_fixture(&f);
}

/* A second centre and pager from the rows of the first. */
static void restart(struct fixture *f, int masts)
{
    struct memory_rows rows;
    memory_rows_init(&rows);
    struct row_sink sink = memory_rows_sink(&rows);
    assert_int_equal(centre_save(f->centre, &sink), 0);
    assert_int_equal(pager_save(f->pager, &sink), 0);
    struct wall_ms now = world_now(f->centre->world);
    pager_free(f->pager);
    centre_free(f->centre);
    f->centre = new_centre(province(masts));
    f->pager = pager_new(f->centre, ZONE_MS);
    assert_int_equal(pager_set_rules(f->pager, &f->rules), 0);
    for (size_t i = 0; i < rows.rows.len; i++) {
        const struct memory_row *row = vec_at(&rows.rows, i);
        struct slice key = {row->key, row->key_len}, value = {row->value, row->value_len};
        if (row->kind == ROW_ALERT || row->kind == ROW_PAGE)
            assert_int_equal(pager_load(f->pager, row->kind, key, value), 0);
        else if (row->kind < ROW_ARCHIVE)
            assert_int_equal(centre_load(f->centre, row->kind, key, value), 0);
    }
    assert_int_equal(centre_loaded(f->centre), 0);
    assert_int_equal(centre_advance(f->centre, now), 0);
    assert_int_equal(pager_loaded(f->pager), 0);
    assert_int_equal(pager_advance(f->pager, now), 0);
    memory_rows_done(&rows);
}

static void alerts_and_acknowledgements_survive_a_restart_and_a_reload(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, 4);
    f.rules.rule[0].escalate_ms = 300000;
    f.rules.rule[0].escalate_to = 1;
    told(&f, "at 60s down m20 m24\nat 2min ack 1\nat 3min end\n");
    size_t pages = pager_box(f.pager)->pages.len;
    assert_int_equal(pages, 2);
    restart(&f, 4);
    assert_int_equal(pager_alerts(f.pager)->open, 2);
    assert_int_equal(pager_box(f.pager)->pages.len, pages);
    struct wall_ms later = wall_add(world_now(f.centre->world), 240000);
    assert_int_equal(pager_set_rules(f.pager, &f.rules), 0);
    assert_int_equal(pager_advance(f.pager, later), 0);
    assert_int_equal(pager_alerts(f.pager)->open, 2);
    assert_int_equal(pager_box(f.pager)->pages.len, pages + 1); /* SC2, which nobody took over */
    const struct page *last = vec_at(&pager_box(f.pager)->pages, pages);
    assert_int_equal(last->transition, PAGE_ESCALATED);
    assert_int_equal(last->number, 2);
    assert_int_equal(last->state, PAGE_WAITING);
    close_fixture(&f);
}

static void an_absent_probe_is_an_alarm_of_its_own(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, 4);
    f.rules.rule[0].condition = RULE_LEDGER;
    assert_int_equal(pager_set_rules(f.pager, &f.rules), 0);
    assert_int_equal(pager_ledger(f.pager, true, START), 0);
    assert_true(pager_is_due(f.pager, START));
    assert_int_equal(pager_advance(f.pager, START), 0);
    assert_int_equal(pager_box(f.pager)->pages.len, 1);
    const struct page *page = vec_at(&pager_box(f.pager)->pages, 0);
    assert_non_null(strstr(page->vi, "[khẩn cấp] CB1 00:00 22/11: trung tâm"));
    assert_non_null(strstr(page->vi, "sổ cái không cân"));
    close_fixture(&f);
}

static void a_story_with_mistakes_says_where(void **state)
{
    (void)state;
    struct fixture f;
    open_fixture(&f, 4);
    assert_int_equal(pager_set_rules(f.pager, &f.rules), 0);
    int err = rule_trial_run(f.centre, f.pager, START, "story",
                             slice_of("# fine\nat 60s down m999\n"), &f.out);
    assert_int_equal(err, -3);
    assert_string_equal(f.out.data, "story:2: there is no site or unit \"m999\"\n");
    close_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outage_is_told_once_after_settling),
        cmocka_unit_test(what_is_back_within_the_settling_is_not_told),
        cmocka_unit_test(children_join_the_root_in_whatever_order),
        cmocka_unit_test(a_root_one_minute_after_its_children_is_one_page_more),
        cmocka_unit_test(the_recovery_of_a_root_pages_nobody_for_what_returns_with_it),
        cmocka_unit_test(four_hundred_sites_without_power_are_one_page),
        cmocka_unit_test(many_at_once_that_are_no_area_are_bounded_by_a_digest),
        cmocka_unit_test(a_backlog_of_a_day_pages_nobody),
        cmocka_unit_test(late_evidence_does_not_take_an_acknowledgement_away),
        cmocka_unit_test(the_broker_away_pages_nobody_and_recovers_nobody),
        cmocka_unit_test(silent_is_not_down),
        cmocka_unit_test(nothing_has_recovered_because_its_data_stopped),
        cmocka_unit_test(flapping_is_one),
        cmocka_unit_test(nobody_answering_is_escalated_until_somebody_does),
        cmocka_unit_test(scopes_say_whom),
        cmocka_unit_test(people_and_figures_of_areas),
        cmocka_unit_test(alerts_and_acknowledgements_survive_a_restart_and_a_reload),
        cmocka_unit_test(an_absent_probe_is_an_alarm_of_its_own),
        cmocka_unit_test(a_story_with_mistakes_says_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
