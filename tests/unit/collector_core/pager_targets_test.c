/* Who is told and who is not: severities and hours of targets, many rules of one thing, a share of
 * an area, and that every SMS is one SMS. */
#include "core/pager.h"

#include "pager_rig.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static void a_target_hears_nothing_less_grave_than_it_wants(void **state)
{
    (void)state;

    static const enum severity least[] = {SEVERITY_CRITICAL, SEVERITY_MAJOR, SEVERITY_WARNING};

    for (size_t i = 0; i < sizeof least / sizeof *least; i++) {
        struct pager_rig f;
        pager_rig_open(&f, 4);
        f.rules.rule[0].severity = SEVERITY_MAJOR;
        f.rules.target[0].least = least[i];
        f.rules.target[0].recovery = true;
        size_t lines =
            pager_rig_lines(pager_rig_told(&f, "at 60s down m20\nat 5min up m20\nat 20min end\n"));
        assert_int_equal(lines, least[i] < SEVERITY_MAJOR ? 0 : 2);
        pager_rig_close(&f);
    }
}

/* The story begins at midnight: what fires at 00:01 is told at night only, its escalation too. */
static void a_target_hears_of_nothing_outside_its_hours(void **state)
{
    (void)state;

    static const struct {
        int from_min, to_min;
        size_t lines;
    } cases[] = {{7 * 60, 17 * 60, 0}, {22 * 60, 6 * 60, 2}, {0, 0, 2}, {2, 17 * 60, 1}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pager_rig f;
        pager_rig_open(&f, 4);
        f.rules.target[0].from_min = cases[i].from_min;
        f.rules.target[0].to_min = cases[i].to_min;
        f.rules.rule[0].steps = 1;
        f.rules.rule[0].step[0] = (struct rule_step){600000, 1};
        size_t lines = pager_rig_lines(pager_rig_told(&f, "at 60s down m20\nat 30min end\n"));
        assert_int_equal(lines, cases[i].lines);
        pager_rig_close(&f);
    }
}

/* A quarter of the province's forty masts, then fewer. */
static void a_share_of_an_area_that_is_out_is_told_and_ends_below_its_clear_threshold(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    f.rules.rule[0] = (struct rule){.name = "many",
                                    .condition = RULE_SHARE,
                                    .severity = SEVERITY_MAJOR,
                                    .scope = {.kind = RULE_ANY_KIND},
                                    .set = 0.2,
                                    .clear = 0.1,
                                    .targets = 1};
    f.rules.target[0].recovery = true;
    const char *pages =
        pager_rig_told(&f, "at 60s down area c2 area c3\nat 2min end\n"); /* 8 of 41: below */
    assert_string_equal(pages, "");
    pages = pager_rig_told(&f, "at 60s down m8 m9 m10 m11 m12 m13 m14 m15 m16 m17\n"
                               "at 5min up m8 m9 m10 m11\nat 10min up m12 m13\nat 20min end\n");
    assert_int_equal(pager_rig_lines(pages), 2);
    assert_non_null(strstr(pages, "fired major many: NGHIEM TRONG CB"));
    assert_non_null(strstr(pages, "p: nhieu tram mat lien lac, 24,39%"));
    assert_non_null(strstr(pages, "recovered major many"));
    pager_rig_close(&f);
}

enum { MANY = 20 };

/* However many rules hold of one thing, the gravest is the one that is told, and its end is the end
 * of the last. */
static void of_many_rules_about_one_thing_the_gravest_is_told(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    for (size_t i = 0; i < MANY; i++) {
        f.rules.rule[i] = f.rules.rule[0];
        f.rules.rule[i].severity = SEVERITY_MINOR;
        snprintf(f.rules.rule[i].name, RULE_NAME_MAX, "rule-%zu", i);
    }
    f.rules.rule[MANY - 1].severity = SEVERITY_CRITICAL;
    f.rules.len = MANY;
    f.rules.target[0].recovery = true;
    const char *pages = pager_rig_told(
        &f, "at 60s down m0\nat 70s down link-1 m1\nat 5min up m0\nat 10min up link-1 m1\n"
            "at 30min end\n");
    assert_int_equal(pager_rig_lines(pages), 2);
    assert_non_null(strstr(pages, "fired critical rule-19: KHAN CAP"));
    assert_non_null(strstr(pages, "00:12:"));
    assert_non_null(strstr(pages, "recovered "));
    pager_rig_close(&f);
}

static void as_many_rules_as_a_file_has_survive_a_restart(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    for (size_t i = 0; i < RULES_MAX; i++) {
        f.rules.rule[i] = f.rules.rule[0];
        snprintf(f.rules.rule[i].name, RULE_NAME_MAX, "%02zu-%044d", i, 0);
    }
    f.rules.len = RULES_MAX;
    pager_rig_told(&f, "at 60s down m20\nat 5min end\n");
    size_t pages = pager_box(f.pager)->pages.len;
    pager_rig_restart(&f);
    const struct alert *a = alert_at(pager_alerts(f.pager), 0);
    assert_int_equal(a->watches, RULES_MAX);
    for (size_t i = 0; i < a->watches; i++)
        assert_true(a->watch[i].fired && a->watch[i].holds == 1);
    assert_int_equal(pager_box(f.pager)->pages.len, pages);
    pager_rig_close(&f);
}

/* Names as long as a file may have them. */
static void every_sms_is_one_sms_of_gsm_letters(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 80);
    f.rules.targets = RULE_TARGETS_MAX;
    for (size_t i = 0; i < RULE_TARGETS_MAX; i++) {
        f.rules.target[i] = f.rules.target[0];
        f.rules.target[i].recovery = true;
        snprintf(f.rules.target[i].name, RULE_NAME_MAX, "%.*s-%zu", 40,
                 "người trực ca có tên dài quá là dài vô cùng tận", i);
    }
    f.rules.rule[0].targets = (1U << RULE_TARGETS_MAX) - 1;
    pager_rig_told(&f, "at 60s down area c0 area c1 area c2\nat 20min up area c0 area c1 area c2\n"
                       "at 30min down link-1\nat 1h end\n");
    const struct vec *pages = &pager_box(f.pager)->pages;
    assert_true(pages->len >= 3 * RULE_TARGETS_MAX);
    for (size_t i = 0; i < pages->len; i++) {
        const struct page *page = vec_at(pages, i);
        size_t len = strlen(page->sms);
        assert_true(len > 0 && len <= 160);
        for (size_t c = 0; c < len; c++)
            assert_true(page->sms[c] >= ' ' && page->sms[c] < 127 &&
                        !strchr("`[]{}\\^~|", page->sms[c]));
        if (page->transition == PAGE_FIRED)
            assert_non_null(strstr(page->sms, "Tra loi TN "));
    }
    pager_rig_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_hears_nothing_less_grave_than_it_wants),
        cmocka_unit_test(a_target_hears_of_nothing_outside_its_hours),
        cmocka_unit_test(a_share_of_an_area_that_is_out_is_told_and_ends_below_its_clear_threshold),
        cmocka_unit_test(of_many_rules_about_one_thing_the_gravest_is_told),
        cmocka_unit_test(as_many_rules_as_a_file_has_survive_a_restart),
        cmocka_unit_test(every_sms_is_one_sms_of_gsm_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
