/* Outages and their roots: who is paged when one comes, goes or returns, and what the shift log is
 * told. */
#include "core/pager.h"

#include "pager_rig.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static void children_join_the_root_in_whatever_order(void **state)
{
    (void)state;
    const char *page = "00:01:20 shift fired critical out: KHAN CAP SC1 00:01 22/11 link-1: mat "
                       "lien lac, 9 tram, NN thiet bi. Da bao shift. Tra loi TN ";
    struct pager_rig f;
    pager_rig_open(&f, 4);
    const char *pages =
        pager_rig_told(&f, "at 60s down m0 m1 m2 m3 m4 m5 m6 m7\nat 75s down link-1\n"
                           "at 10min end\n");
    assert_int_equal(pager_rig_lines(pages), 1);
    assert_non_null(strstr(pages, "link-1: mat lien lac, 9 tram"));
    pager_rig_close(&f);
    pager_rig_open(&f, 4);
    pages = pager_rig_told(
        &f, "at 60s down link-1\nat 61s down m0 m1 m2 m3 m4 m5 m6 m7\nat 10min end\n");
    assert_int_equal(pager_rig_lines(pages), 1);
    assert_memory_equal(pages, page, 30);
    pager_rig_close(&f);
}

static void a_root_one_minute_after_its_children_is_one_page_more(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    const char *pages = pager_rig_told(
        &f, "at 60s down m0 m1\nat 2min down link-1 m2 m3 m4 m5 m6 m7\nat 10min end\n");
    assert_int_equal(pager_rig_lines(pages), 3);
    assert_non_null(strstr(pages, "00:02:20 shift fired critical out: KHAN CAP SC"));
    assert_non_null(strstr(pages, "link-1: mat lien lac, 9 tram"));
    pager_rig_close(&f);
}

static void the_recovery_of_a_root_pages_nobody_for_what_returns_with_it(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    const char *pages =
        pager_rig_told(&f, "at 60s down link-1 m0 m1 m2 m3 m4 m5 m6 m7\nat 5min up link-1\n"
                           "at 315s up m0 m1 m2 m3 m4 m5 m6\nat 20min end\n");
    /* m7 stays out: it becomes its own. */
    assert_int_equal(pager_rig_lines(pages), 2);
    assert_non_null(strstr(pages, "00:05:20 shift fired"));
    assert_non_null(strstr(pages, " m7: mat lien lac, 1 tram"));
    pager_rig_close(&f);
}

/* All of a commune at once is one; what is still out ten minutes after the rest is its own. */
static void what_is_left_of_an_area_becomes_its_own(void **state)
{
    (void)state;
    struct pager_rig f;
    char story[1024];
    int len = snprintf(story, sizeof story, "at 60s down area c2\nat 20min up");
    for (int i = 40; i < 59; i++)
        len += snprintf(story + len, sizeof story - (size_t)len, " m%d", i);
    snprintf(story + len, sizeof story - (size_t)len, "\nat 1h end\n");
    pager_rig_open(&f, 20);
    const char *pages = pager_rig_told(&f, story);
    assert_int_equal(pager_rig_lines(pages), 2);
    assert_non_null(strstr(pages, "00:01:20 shift fired critical out: "));
    assert_non_null(strstr(pages, " c2: mat lien lac, 20 tram"));
    assert_non_null(strstr(pages, "00:30:"));
    assert_non_null(strstr(pages, " m59: mat lien lac, 1 tram"));
    pager_rig_close(&f);
}

/* What the shift log is told: "SC1 +1 joined SC3;". */
static void assert_rooted(struct pager_rig *f, const char *expected)
{
    char text[256] = "";
    size_t n = 0;
    int len = 0;
    const struct pager_rooted *r = pager_rooted(f->pager, &n);
    for (size_t i = 0; i < n; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, "%s SC%llu +%u %s SC%llu;",
                        names_text(&f->centre->inventory->sites, r[i].site),
                        (unsigned long long)r[i].number, r[i].others,
                        r[i].joined ? "joined" : "left", (unsigned long long)r[i].root);
    assert_string_equal(text, expected);
    pager_rooted_clear(f->pager);
}

static void outages_that_change_their_root_are_told_with_both_numbers(void **state)
{
    (void)state;

    static const struct {
        const char *story, *rooted;
    } cases[] = {
        {"at 60s down m0 m1\nat 2min down link-1\nat 10min end\n", "m0 SC1 +1 joined SC3;"},
        {"at 60s down m0 m1\nat 70s down link-1\nat 10min end\n", ""}, /* while it settles */
        {"at 60s down link-1 m0 m1 m2 m3\nat 5min up link-1\nat 315s up m0 m1\nat 10min end\n",
         "m2 SC4 +1 left SC1;"},
        {"at 60s down link-1 m0 m1\nat 5min up link-1\nat 315s up m0 m1\nat 10min end\n", ""},
        {"at 60s down m0\nat 2min down link-1\nat 5min up link-1\nat 10min end\n",
         "m0 SC1 +0 joined SC2;m0 SC1 +0 left SC2;"},
        {"at 60s down area c0 area c1\nat 20min up area c0\nat 2h end\n", ""}, /* an area's */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pager_rig f;
        pager_rig_open(&f, 4);
        pager_rig_told(&f, cases[i].story);
        assert_rooted(&f, cases[i].rooted);
        pager_rig_close(&f);
    }
}

/* Between the link's end and the settling of what it leaves. */
static void a_restart_does_not_forget_what_an_outage_was_part_of(void **state)
{
    (void)state;
    struct pager_rig f;
    pager_rig_open(&f, 4);
    pager_rig_told(&f, "at 60s down link-1 m0\nat 5min up link-1\nat 310s end\n");
    pager_rig_restart(&f);
    assert_rooted(&f, "");
    f.start = world_now(f.centre->world);
    pager_rig_told(&f, "at 0s down m0\nat 60s end\n");
    assert_rooted(&f, "m0 SC2 +0 left SC1;");
    pager_rig_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(children_join_the_root_in_whatever_order),
        cmocka_unit_test(a_root_one_minute_after_its_children_is_one_page_more),
        cmocka_unit_test(the_recovery_of_a_root_pages_nobody_for_what_returns_with_it),
        cmocka_unit_test(what_is_left_of_an_area_becomes_its_own),
        cmocka_unit_test(outages_that_change_their_root_are_told_with_both_numbers),
        cmocka_unit_test(a_restart_does_not_forget_what_an_outage_was_part_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
