/* The shift log as people read it: each thing once, where it is known, newest first. */
#include "core/shift_log.h"

#include "centre_rig.h"
#include "core/outage_case.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static int init(void **state)
{
    static struct rig rig;
    rig_init(&rig, sample_province);
    *state = &rig;
    return 0;
}

static int done(void **state)
{
    rig_done(*state);
    return 0;
}

/* The mast is down from 110 until 200. */
static void play(struct rig *rig)
{
    rig_list(rig, "p-link", "link-1", "\"link\"", NULL, "fault", 0);
    rig_list(rig, "p1", "bts-1", "\"4g@a\",\"5g@a\"", "\"4g@b\"", "fault", 0);
    rig_results(rig, "p-link", "link-1", 'a', 0, 0, 100, 0);
    rig_results(rig, "p1", "bts-1", 'a', 0, 0, 110, 0);
    rig_results(rig, "p1", "bts-1", 'a', 2, 110, 200, 0);
    rig_advance(rig, 195);
}

static void act(struct rig *rig, enum life_deed deed, double at_s)
{
    struct outage root =
        outages_at(rig->centre->outages, sample_unit(rig->centre->inventory, "bts-1/4g@a"), 0);
    struct life_act a = {.deed = deed,
                         .at = rig_at(at_s),
                         .until = rig_at(at_s + 600),
                         .by = "lan",
                         .text = "x",
                         .to = "vnpt",
                         .ticket = ""};
    struct outage_case found;
    const char *why = NULL;
    assert_int_equal(outage_case_find(rig->centre, root.number, rig_at(at_s), &found), 0);
    assert_int_equal(outage_case_act(rig->centre, &found, &a, &why), 0);
    outage_case_done(&found);
}

static void write_line(const struct shift_line *l, char *text, size_t max)
{
    size_t len = strlen(text);
    snprintf(text + len, max - len, "%lld %s%s%s%s\n",
             (long long)((l->at.ms - rig_at(0).ms) / 1000), shift_kind_word((int)l->kind),
             l->outage ? " SC" : "", l->by[0] ? " by " : "", l->by);
}

static void assert_log(const struct rig *rig, const struct page_box *box, double from_s,
                       double now_s, const char *expected)
{
    struct shift_question question = {
        rig->centre, box, {rig_at(from_s), rig_at(now_s)}, rig_at(now_s)};
    struct vec lines;
    char text[2048] = "";
    assert_int_equal(shift_log_ask(&question, &lines), 0);
    for (size_t i = 0; i < lines.len; i++)
        write_line(vec_at(&lines, i), text, sizeof text);
    assert_string_equal(text, expected);
    vec_done(&lines);
}

static void an_outage_stands_with_what_was_done_about_it(void **state)
{
    struct rig *rig = *state;
    play(rig);
    act(rig, LIFE_ACKNOWLEDGE, 150);
    act(rig, LIFE_ASSIGN, 160);
    act(rig, LIFE_SHELVE, 170);
    assert_log(rig, NULL, 0, 195,
               "170 outage_shelved SC by lan\n160 outage_assigned SC by lan\n"
               "150 outage_acknowledged SC by lan\n"
               "110 outage_opened SC\n110 outage_opened SC\n"); /* 4G's and 5G's */
    rig_results(rig, "p1", "bts-1", 'a', 0, 200, 300, 0);
    rig_results(rig, "p-link", "link-1", 'a', 0, 110, 300, 0);
    rig_advance(rig, 295);
    act(rig, LIFE_CLOSE, 296);
    assert_log(rig, NULL, 165, 300,
               "296 outage_closed SC by lan\n"
               "200 outage_restored SC\n200 outage_restored SC\n"
               "170 outage_shelved SC by lan\n");
    assert_log(rig, NULL, 111, 150, ""); /* from is in it, to is not */
}

static void what_a_new_root_took_over_is_told_once(void **state)
{
    struct rig *rig = *state;
    play(rig);
    act(rig, LIFE_ACKNOWLEDGE, 150);
    rig_results(rig, "p-link", "link-1", 'a', 2, 100, 200, 0);
    rig_advance(rig, 196);
    act(rig, LIFE_COMMENT, 197); /* the mast's number leads to the link's outage now */
    assert_log(rig, NULL, 0, 200,
               "197 outage_comment SC by lan\n150 outage_acknowledged SC by lan\n"
               "100 outage_opened SC\n");
}

static void maintenance_begins_and_ends_or_is_taken_back(void **state)
{
    struct rig *rig = *state;
    play(rig);
    struct inventory_wish wish = {.site = sample_site(rig->centre->inventory, "bts-2"),
                                  .unit = INV_NONE,
                                  .kind = DECLARATION_MAINTENANCE,
                                  .span = {rig_at(250), rig_at(300)},
                                  .reason = "cột",
                                  .by = "hoa"};
    int64_t number = 0;
    assert_int_equal(centre_declare(rig->centre, &wish, rig_at(195), &number), 0);
    assert_log(rig, NULL, 120, 240, "");
    assert_log(rig, NULL, 120, 280, "250 maintenance_began by hoa\n");
    assert_log(rig, NULL, 120, 310, "300 maintenance_ended by hoa\n250 maintenance_began by hoa\n");
    assert_int_equal(centre_withdraw(rig->centre, number, rig_at(260)), 0);
    assert_log(rig, NULL, 120, 310, "260 maintenance_ended by hoa\n250 maintenance_began by hoa\n");
}

static void pages_that_went_further_or_nowhere_and_what_is_kept(void **state)
{
    struct rig *rig = *state;
    struct page_box box;
    page_box_init(&box);
    const struct page pages[] = {
        {.transition = PAGE_FIRED, .made = rig_at(10), .state = PAGE_SENT, .target = "sms"},
        {.transition = PAGE_ESCALATED, .made = rig_at(20), .state = PAGE_SENT, .target = "leader"},
        {.transition = PAGE_FIRED,
         .made = rig_at(10),
         .done = rig_at(30),
         .state = PAGE_FAILED,
         .target = "mail"}};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        *(struct page *)vec_push(&box.pages) = pages[i];
    struct shift_kept note = {
        .kind = SHIFT_NOTE, .at = rig_at(25), .by = "lan", .token = "", .text = "gọi điện lực"};
    assert_int_equal(shift_book_add(&rig->centre->shifts, &note), 0);
    rig_advance(rig, 40);
    assert_log(rig, &box, 0, 40, "30 page_failed\n25 note by lan\n20 escalated\n");
    page_box_done(&box);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_outage_stands_with_what_was_done_about_it, init, done),
        cmocka_unit_test_setup_teardown(what_a_new_root_took_over_is_told_once, init, done),
        cmocka_unit_test_setup_teardown(maintenance_begins_and_ends_or_is_taken_back, init, done),
        cmocka_unit_test_setup_teardown(pages_that_went_further_or_nowhere_and_what_is_kept, init,
                                        done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
