#include "core/pager.h"

#include "core/rule_trial.h"
#include "pager_rig.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

/* A story on ten communes of four masts with the usual rules makes exactly these pages. */
static void expect(const char *story, const char *pages)
{
    struct pager_rig f;
    pager_rig_open(&f, 4);
    assert_string_equal(pager_rig_told(&f, story), pages);
    pager_rig_close(&f);
}

static void an_outage_is_told_once_after_settling(void **state)
{
    (void)state;
    expect("at 60s down m20\nat 10min end\n",
           "00:01:20 shift fired critical out: KHAN CAP SC1 00:01 22/11 m20: mat lien lac, 1 tram, "
           "NN thiet bi. Da bao shift. Tra loi TN 1\n");
}

static void what_is_back_within_the_settling_is_not_told(void **state)
{
    (void)state;
    expect("at 60s down m20\nat 75s up m20\nat 10min end\n", "");
}

/* Registered before it fails: nobody is called while it lasts, nor for what works again by then.
 * What does not is an outage from its end on, told after settling. */
static void what_fails_in_maintenance_is_told_only_if_it_outlasts_it(void **state)
{
    (void)state;
    expect("at 10s maintenance m20 30min\nat 5min down m20\nat 20min up m20\nat 2h end\n", "");
    expect("at 10s maintenance m20 30min\nat 5min down m20\nat 2h end\n",
           "00:30:30 shift fired critical out: KHAN CAP SC1 00:30 22/11 m20: mat lien lac, 1 tram, "
           "NN thiet bi. Da bao shift. Tra loi TN 1\n");
}

static void four_hundred_sites_without_power_are_one_page(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 80);
    const char *pages =
        pager_rig_told(&f, "at 60s down area c0 area c1\nat 70s down area c2 area c3 area c4\n"
                           "at 20min up area c0\nat 21min up area c1 area c2\n"
                           "at 25min up area c3 area c4\nat 1h end\n");
    assert_int_equal(pager_rig_lines(pages), 1);
    assert_non_null(strstr(pages, "00:01:20 shift fired"));
    assert_non_null(strstr(pages, " p: mat lien lac, 400 tram, 500 dan"));
    pager_rig_close(&f);
}

static void many_at_once_that_are_no_area_are_bounded_by_a_digest(void **state)
{
    (void)state;
    struct pager_rig f;
    char story[4096];
    size_t at = 0;
    pager_rig_open(&f, 80);
    f.rules.area_share = 0.9;
    at += (size_t)snprintf(story, sizeof story, "at 60s down");
    for (int i = 10; i < 56; i++)
        at += (size_t)snprintf(story + at, sizeof story - at, " m%d", i * 14);
    snprintf(story + at, sizeof story - at, "\nat 10min end\n");
    const char *pages = pager_rig_told(&f, story);
    assert_int_equal(pager_rig_lines(pages), 10);
    assert_non_null(strstr(pages, "digest critical"));
    assert_non_null(strstr(pages, "va 36 su co khac"));
    pager_rig_close(&f);
}

static void a_backlog_of_a_day_pages_nobody(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    const char *pages =
        pager_rig_told(&f, "at 60s silent m20\nat 26h backlog m20 down 2h 25h\nat 27h end\n");
    assert_string_equal(pages, "");
    pager_rig_close(&f);
}

static void late_evidence_does_not_take_an_acknowledgement_away(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    f.rules.rule[0].step[0] = (struct rule_step){900000, 1};
    f.rules.rule[0].steps = 1;
    const char *pages = pager_rig_told(&f, "at 60s silent m20\nat 1h down m21\nat 61min ack 2\n"
                                           "at 70min backlog m20 down 5min 50min\nat 3h end\n");
    assert_int_equal(pager_rig_lines(pages), 1);
    pager_rig_close(&f);
}

static void the_broker_away_pages_nobody_and_recovers_nobody(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    f.rules.target[0].recovery = true;
    const char *pages =
        pager_rig_told(&f, "at 60s down m20\nat 3min deaf\nat 33min hearing\nat 40min end\n");
    assert_int_equal(pager_rig_lines(pages), 1); /* m20, before */
    pager_rig_close(&f);
}

static void silent_is_not_down(void **state)
{
    (void)state;
    struct pager_rig f;
    expect("at 60s silent m20\nat 30min end\n", "");
    pager_rig_open(&f, 4);
    f.rules.rule[0].condition = RULE_SILENT;
    f.rules.rule[0].severity = SEVERITY_WARNING;
    const char *pages = pager_rig_told(&f, "at 60s silent m20\nat 10min down m21\nat 30min end\n");
    assert_int_equal(pager_rig_lines(pages), 1);
    assert_non_null(strstr(pages, "m20: mat tin hieu giam sat (chua xac minh)"));
    pager_rig_close(&f);
}

static void nothing_has_recovered_because_its_data_stopped(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    f.rules.target[0].recovery = true;
    const char *pages =
        pager_rig_told(&f, "at 60s down m20\nat 5min silent m20\nat 2h up m20\nat 3h end\n");
    assert_int_equal(pager_rig_lines(pages), 2);
    assert_non_null(strstr(pages, "02:02:"));
    assert_non_null(strstr(pages, "recovered critical out: KHAN CAP SC1 da khoi phuc"));
    pager_rig_close(&f);
}

static void flapping_is_one(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    f.rules.target[0].recovery = true;
    const char *pages = pager_rig_told(&f, "at 1min down m20\nat 2min up m20\nat 3min down m20\n"
                                           "at 4min up m20\nat 5min down m20\nat 6min up m20\n"
                                           "at 7min down m20\nat 8min up m20\nat 14min down m20\n"
                                           "at 15min up m20\nat 1h end\n");
    assert_int_equal(pager_rig_lines(pages), 2);
    assert_non_null(strstr(pages, "00:25:"));
    pager_rig_close(&f);
}

static void nobody_answering_is_escalated_until_somebody_does(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    f.rules.rule[0].step[0] = (struct rule_step){300000, 2};
    f.rules.rule[0].steps = 1;
    f.rules.targets = 2;
    f.rules.target[1] = f.rules.target[0];
    snprintf(f.rules.target[1].name, RULE_NAME_MAX, "boss");
    const char *pages =
        pager_rig_told(&f, "at 60s down m20\nat 60s down m24\nat 3min ack 1\nat 1h end\n");
    assert_int_equal(pager_rig_lines(pages), 3);
    assert_non_null(strstr(pages, "00:06:20 boss escalated critical out: KHAN CAP SC2 CHUA TIEP "
                                  "NHAN"));
    pager_rig_close(&f);
}

/* Three in line, each after the other: 5, 10 and 20 min after the first page. */
static void open_line(struct pager_rig *f)
{
    static const char *const names[] = {"shift", "leader", "head", "boss"};
    pager_rig_open(f, 4);
    f->rules.rule[0].steps = 3;
    for (size_t i = 0; i < 4; i++) {
        f->rules.target[i] = f->rules.target[0];
        snprintf(f->rules.target[i].name, RULE_NAME_MAX, "%s", names[i]);
    }
    f->rules.targets = 4;
    f->rules.rule[0].step[0] = (struct rule_step){300000, 2};
    f->rules.rule[0].step[1] = (struct rule_step){600000, 4};
    f->rules.rule[0].step[2] = (struct rule_step){1200000, 8 | 2};
}

/* Who was told when, without what. */
static void assert_line(const struct pager_rig *f, const char *expected)
{
    char told[512] = "";
    size_t len = 0;
    for (const char *at = f->out.data ? f->out.data : ""; *at; at = strchr(at, '\n') + 1) {
        const char *end = strchr(strchr(strchr(at, ' ') + 1, ' ') + 1, ' ');
        len += (size_t)snprintf(told + len, sizeof told - len, "%.*s\n", (int)(end - at), at);
    }
    assert_string_equal(told, expected);
}

static void the_line_is_walked_step_by_step(void **state)
{
    (void)state;
    struct pager_rig f;
    open_line(&f);
    pager_rig_told(&f, "at 60s down m20\nat 3h end\n");
    assert_line(&f, "00:01:20 shift fired\n00:06:20 leader escalated\n00:11:20 head escalated\n"
                    "00:21:20 leader escalated\n00:21:20 boss escalated\n");
    size_t last = pager_box(f.pager)->pages.len - 1;
    assert_int_equal(((struct page *)vec_at(&pager_box(f.pager)->pages, last))->step, 3);
    assert_int_equal(((struct page *)vec_at(&pager_box(f.pager)->pages, 0))->step, 0);
    pager_rig_close(&f);
}

static void whoever_takes_it_stops_the_line_where_it_is(void **state)
{
    (void)state;
    struct pager_rig f;
    open_line(&f);
    pager_rig_told(&f, "at 60s down m20\nat 8min ack 1\nat 3h end\n");
    assert_line(&f, "00:01:20 shift fired\n00:06:20 leader escalated\n");
    pager_rig_close(&f);
    open_line(&f); /* what is over is not told further either */
    pager_rig_told(&f, "at 60s down m20\nat 7min up m20\nat 3h end\n");
    assert_line(&f, "00:01:20 shift fired\n00:06:20 leader escalated\n");
    pager_rig_close(&f);
}

/* Two rules of one thing walk one line, the graver one's. */
static void several_rules_are_one_line(void **state)
{
    (void)state;
    struct pager_rig f;
    open_line(&f);
    f.rules.rule[1] = f.rules.rule[0];
    f.rules.rule[1].severity = SEVERITY_MINOR;
    f.rules.rule[1].step[0] = (struct rule_step){60000, 8};
    snprintf(f.rules.rule[1].name, RULE_NAME_MAX, "lesser");
    f.rules.len = 2;
    pager_rig_told(&f, "at 60s down m20\nat 3h end\n");
    assert_line(&f, "00:01:20 shift fired\n00:06:20 leader escalated\n00:11:20 head escalated\n"
                    "00:21:20 leader escalated\n00:21:20 boss escalated\n");
    pager_rig_close(&f);
}

/* Ten minutes without a collector: what came due meanwhile is not told all at once. */
static void the_line_goes_on_behind_a_restart_step_by_step(void **state)
{
    (void)state;
    struct pager_rig f;
    open_line(&f);
    pager_rig_told(&f, "at 60s down m20\nat 7min end\n");
    pager_rig_restart(&f);
    assert_int_equal(pager_set_rules(f.pager, &f.rules), 0);
    size_t before = pager_box(f.pager)->pages.len;
    struct wall_ms start = world_now(f.centre->world); /* 00:07 */

    static const struct {
        int min;
        size_t told;
    } seen[] = {
        {18, 1}, {20, 1}, {27, 1}, {28, 3}, {60, 3}}; /* head at 18, the last 10 min later */

    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        struct wall_ms t = wall_add(start, (seen[i].min - 7) * INT64_C(60000));
        assert_int_equal(pager_advance(f.pager, t), 0);
        assert_int_equal(pager_box(f.pager)->pages.len - before, seen[i].told);
    }
    pager_rig_close(&f);
}

/* Two rules as grave as each other hold of one root before it is told: the file says which of them
 * is, not whose evidence came first. m3 is the one that "core" speaks of. */
static void of_rules_as_grave_the_first_of_the_file_is_told(void **state)
{
    (void)state;

    static const char *const stories[] = {
        "at 60s down link-1\nat 65s down m0 m1 m2 m3\nat 10min end\n",
        "at 60s down m0 m1 m2 m3\nat 65s down link-1\nat 10min end\n",
        "at 60s down m0 m1 m2 m3 link-1\nat 10min end\n",
    };

    for (size_t i = 0; i < 2 * sizeof stories / sizeof *stories; i++) {
        struct pager_rig f;
        pager_rig_open(&f, 4);
        struct rule *core = &f.rules.rule[i % 2];
        struct rule *people = &f.rules.rule[1 - i % 2];
        const struct rule usual = f.rules.rule[0];
        *core = usual;
        snprintf(core->name, RULE_NAME_MAX, "core");
        snprintf(core->scope.criticality, sizeof core->scope.criticality, "high");
        *people = usual;
        people->condition = RULE_PEOPLE;
        people->set = 50;
        f.rules.len = 2;
        const char *words = i % 2 ? "link-1: mat dich vu hoan toan, 5 tram, 100 dan"
                                  : "link-1: mat lien lac, 5 tram, 100 dan";
        const char *pages = pager_rig_told(&f, stories[i / 2]);
        if (pager_rig_lines(pages) != 1 || !strstr(pages, words))
            fail_msg("story %zu, %zu: %s", i / 2, i % 2, pages);
        pager_rig_close(&f);
    }
}

static void scopes_say_whom(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    f.rules.len = 2;
    f.rules.rule[1] = f.rules.rule[0];
    snprintf(f.rules.rule[1].name, RULE_NAME_MAX, "core");
    f.rules.rule[0].severity = SEVERITY_MINOR;
    snprintf(f.rules.rule[0].scope.area, 48, "c2");
    snprintf(f.rules.rule[0].scope.op, 48, "a");
    snprintf(f.rules.rule[1].scope.criticality, 48, "high");
    const char *pages = pager_rig_told(&f, "at 60s down m3 m8 m9 m20\nat 10min end\n");
    assert_int_equal(pager_rig_lines(pages), 2);
    assert_non_null(strstr(pages, "critical core: KHAN CAP SC4 00:01 22/11 m3:"));
    assert_non_null(strstr(pages, "minor out: NHE SC1 00:01 22/11 m8:"));
    pager_rig_close(&f);
}

/* A rule of the province speaks of its communes, one of nobody speaks of nothing, and one of a
 * district of what is part of it that day. */
static void a_scope_goes_with_the_tree_as_it_is(void **state)
{
    (void)state;

    static const struct {
        const char *area, *op;
        int kind;
        size_t pages;
    } cases[] = {{"p", "", RULE_ANY_KIND, 3}, {"p", "", SITE_BTS, 2},       {"", "", SITE_LINK, 1},
                 {"d", "", RULE_ANY_KIND, 1}, {"p", "nobody", SITE_BTS, 0}, {"no", "", SITE_BTS, 0},
                 {"p", "b", RULE_ANY_KIND, 2}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pager_rig f;
        pager_rig_open(&f, 4);
        struct rule_scope *scope = &f.rules.rule[0].scope;
        snprintf(scope->area, sizeof scope->area, "%s", cases[i].area);
        snprintf(scope->op, sizeof scope->op, "%s", cases[i].op);
        scope->kind = cases[i].kind;
        const char *pages =
            pager_rig_told(&f, "at 1h down m39\nat 2h up m39\nat 3h down link-1\nat 4h up link-1\n"
                               "at 33h down m37\nat 34h end\n");
        if (pager_rig_lines(pages) != cases[i].pages)
            fail_msg("case %zu: %s", i, pages);
        pager_rig_close(&f);
    }
}

static void people_and_figures_of_areas(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
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
    const char *pages =
        pager_rig_told(&f, "at 60s down m20 m21 m22\nat 5min down m23\nat 10min up m23\n"
                           "at 1h end\n");
    /* With m23 the 100 people of v5 have nothing left: 900 of 1000 have 4G. */
    assert_non_null(strstr(pages, "major cover: NGHIEM TRONG CB"));
    assert_non_null(strstr(pages, "p: vung phu giam, 90,00%"));
    assert_non_null(strstr(pages, "m23: mat dich vu hoan toan, 1 tram, 100 dan"));
    assert_non_null(strstr(pages, "recovered major cover"));
    assert_non_null(
        strstr(pages, "m23: mat dich vu hoan toan, 1 tram, 100 dan, NN thiet bi. Da bao shift."));
    /* Four masts left them without, each for a part of its outage; two of the pages are ends. */
    assert_int_equal(pager_rig_lines(pages), 7);
    pager_rig_close(&f);
}

static void alerts_and_acknowledgements_survive_a_restart_and_a_reload(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    f.rules.rule[0].step[0] = (struct rule_step){300000, 1};
    f.rules.rule[0].steps = 1;
    pager_rig_told(&f, "at 60s down m20 m24\nat 2min ack 1\nat 3min end\n");
    size_t pages = pager_box(f.pager)->pages.len;
    assert_int_equal(pages, 2);
    pager_rig_restart(&f);
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
    pager_rig_close(&f);
}

enum { DOWN_S = 60, UP_S = 300, END_S = 700 };

/* Two rules and two targets: m20 is told, told on, and told to be well again. */
static void open_life(struct pager_rig *f)
{
    pager_rig_open(f, 4);
    f->rules.rule[0].step[0] = (struct rule_step){120000, 2};
    f->rules.rule[0].steps = 1;
    f->rules.rule[0].keep_ms = 60000;
    f->rules.rule[1] = f->rules.rule[0];
    f->rules.rule[1].condition = RULE_SILENT;
    snprintf(f->rules.rule[1].name, RULE_NAME_MAX, "silent");
    f->rules.len = 2;
    f->rules.target[0].recovery = true;
    f->rules.target[1] = f->rules.target[0];
    snprintf(f->rules.target[1].name, RULE_NAME_MAX, "boss");
    f->rules.targets = 2;
}

/* What there is of the life of the outage from `from` to `to`, as a story of its own. */
static void play_life(struct pager_rig *f, int from, int to)
{
    char story[256];
    int at =
        snprintf(story, sizeof story, "%s", from > DOWN_S && from < UP_S ? "at 0s down m20\n" : "");
    if (from <= DOWN_S && to > DOWN_S)
        at += snprintf(story + at, sizeof story - (size_t)at, "at %ds down m20\n", DOWN_S - from);
    if (from <= UP_S && to > UP_S)
        at += snprintf(story + at, sizeof story - (size_t)at, "at %ds up m20\n", UP_S - from);
    snprintf(story + at, sizeof story - (size_t)at, "at %ds end\n", to - from);
    f->start = from ? world_now(f->centre->world) : f->start;
    pager_rig_told(f, story);
}

/* Target and transition of each line, without when. */
static void deeds(const char *pages, char to[256])
{
    int len = 0;
    for (const char *line = pages; *line; line = strchr(line, '\n') + 1) {
        const char *words = line + strlen("00:00:00 ");
        const char *end = strchr(strchr(words, ' ') + 1, ' ');
        len += snprintf(to + len, 256 - (size_t)len, "%.*s;", (int)(end - words), words);
    }
}

/* While it settles, after it was told, after it was told on, while it may come back, at the end. */
static void a_kill_or_a_reload_at_any_step_tells_the_same(void **state)
{
    (void)state;
    static const int cuts[] = {30, 66, 75, 85, 150, 195, 210, 250, 310, 350, 380, 500};
    for (size_t i = 0; i < 2 * sizeof cuts / sizeof *cuts; i++) {
        char told[256] = "";
        struct pager_rig f;
        bool killed = i % 2 == 0;
        open_life(&f);
        play_life(&f, 0, cuts[i / 2]);
        if (killed) {
            pager_rig_restart(&f);
        } else { /* the same rules in another order */
            struct rule first = f.rules.rule[0];
            f.rules.rule[0] = f.rules.rule[1];
            f.rules.rule[1] = first;
        }
        play_life(&f, cuts[i / 2], END_S);
        deeds(f.out.data ? f.out.data : "", told);
        if (strcmp(told, "shift fired;boss escalated;shift recovered;boss recovered;") != 0)
            fail_msg("cut at %d s, %s: %s", cuts[i / 2], killed ? "killed" : "reloaded", told);
        pager_rig_close(&f);
    }
}

static size_t standing(struct pager_rig *f, size_t target, struct page *last)
{
    uint32_t at = 0;
    size_t n = 0;
    while (pager_standing(f->pager, target, &at, last) == 0)
        n++;
    return n;
}

static void what_goes_on_can_be_told_again_to_whoever_was_told(void **state)
{
    (void)state;
    struct pager_rig f;
    struct page page = {0};
    pager_rig_open(&f, 4);
    f.rules.target[1] = f.rules.target[0];
    f.rules.target[1].name[0] = 'x';
    f.rules.target[0].mirror = true;
    f.rules.targets = 2;
    pager_rig_told(&f, "at 60s down m20\nat 2min down m30\nat 5min up m20\nat 10min end\n");
    size_t pages = pager_box(f.pager)->pages.len;
    assert_int_equal(standing(&f, 0, &page), 1);
    assert_string_equal(page.place, "m30");
    assert_string_equal(page.rule, "out");
    assert_int_equal(page.ended.ms, 0);
    assert_non_null(strstr(page.sms, "m30: mat lien lac, 1 tram"));
    assert_int_equal(standing(&f, 1, &page), 0); /* was told of nothing */
    assert_int_equal(pager_box(f.pager)->pages.len, pages);
    pager_rig_restart(&f);
    assert_int_equal(standing(&f, 0, &page), 1);
    pager_rig_close(&f);
}

static void books_that_do_not_balance_are_an_alarm_of_their_own(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    f.rules.rule[0].condition = RULE_LEDGER;
    assert_int_equal(pager_set_rules(f.pager, &f.rules), 0);
    assert_int_equal(pager_ledger(f.pager, true, PAGER_RIG_START), 0);
    assert_true(pager_is_due(f.pager, PAGER_RIG_START));
    assert_int_equal(pager_advance(f.pager, PAGER_RIG_START), 0);
    assert_int_equal(pager_box(f.pager)->pages.len, 1);
    const struct page *page = vec_at(&pager_box(f.pager)->pages, 0);
    assert_non_null(strstr(page->vi, "[khẩn cấp] CB1 00:00 22/11: trung tâm"));
    assert_non_null(strstr(page->vi, "sổ cái không cân"));
    pager_rig_close(&f);
}

static void a_story_with_mistakes_says_where(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    assert_int_equal(pager_set_rules(f.pager, &f.rules), 0);
    int err = rule_trial_run(f.centre, f.pager, PAGER_RIG_START, "story",
                             slice_of("# fine\nat 60s down m999\n"), &f.out);
    assert_int_equal(err, -3);
    assert_string_equal(f.out.data, "story:2: there is no site or unit \"m999\"\n");
    pager_rig_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outage_is_told_once_after_settling),
        cmocka_unit_test(what_is_back_within_the_settling_is_not_told),
        cmocka_unit_test(what_fails_in_maintenance_is_told_only_if_it_outlasts_it),
        cmocka_unit_test(four_hundred_sites_without_power_are_one_page),
        cmocka_unit_test(many_at_once_that_are_no_area_are_bounded_by_a_digest),
        cmocka_unit_test(a_backlog_of_a_day_pages_nobody),
        cmocka_unit_test(late_evidence_does_not_take_an_acknowledgement_away),
        cmocka_unit_test(the_broker_away_pages_nobody_and_recovers_nobody),
        cmocka_unit_test(silent_is_not_down),
        cmocka_unit_test(nothing_has_recovered_because_its_data_stopped),
        cmocka_unit_test(flapping_is_one),
        cmocka_unit_test(nobody_answering_is_escalated_until_somebody_does),
        cmocka_unit_test(the_line_is_walked_step_by_step),
        cmocka_unit_test(whoever_takes_it_stops_the_line_where_it_is),
        cmocka_unit_test(several_rules_are_one_line),
        cmocka_unit_test(the_line_goes_on_behind_a_restart_step_by_step),
        cmocka_unit_test(of_rules_as_grave_the_first_of_the_file_is_told),
        cmocka_unit_test(scopes_say_whom),
        cmocka_unit_test(a_scope_goes_with_the_tree_as_it_is),
        cmocka_unit_test(people_and_figures_of_areas),
        cmocka_unit_test(alerts_and_acknowledgements_survive_a_restart_and_a_reload),
        cmocka_unit_test(a_kill_or_a_reload_at_any_step_tells_the_same),
        cmocka_unit_test(what_goes_on_can_be_told_again_to_whoever_was_told),
        cmocka_unit_test(books_that_do_not_balance_are_an_alarm_of_their_own),
        cmocka_unit_test(a_story_with_mistakes_says_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
