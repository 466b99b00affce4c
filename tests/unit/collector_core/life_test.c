/* What a life of an outage says after which acts, and what is refused. */
#include "core/life.h"

#include "base/buf.h"
#include "base/err.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static const int64_t START_MS = INT64_C(1790000000000);

static struct wall_ms at(int64_t minutes)
{
    return (struct wall_ms){START_MS + minutes * 60000};
}

static struct life_act make(enum life_deed deed, int64_t minutes, const char *text)
{
    return (struct life_act){.deed = deed,
                             .at = at(minutes),
                             .until = {WALL_NEVER_MS},
                             .by = "lan",
                             .text = text,
                             .to = deed == LIFE_ASSIGN ? "VNPT" : "",
                             .ticket = deed == LIFE_ASSIGN ? "T-77" : ""};
}

static void does(struct life *life, struct life_act act, bool open)
{
    struct life_view v = life_at(life, open, act.at);
    assert_null(life_refusal(&v, open, &act));
    assert_int_equal(life_add(life, &act), 0);
}

static void refused(const struct life *life, struct life_act act, bool open)
{
    struct life_view v = life_at(life, open, act.at);
    assert_non_null(life_refusal(&v, open, &act));
}

static enum life_stage stage(const struct life *life, bool open, int64_t minutes)
{
    return life_at(life, open, at(minutes)).stage;
}

static void from_new_to_closed(void **state)
{
    (void)state;
    struct life life = {0};
    assert_int_equal(stage(NULL, true, 0), LIFE_NEW);
    assert_int_equal(stage(NULL, false, 0), LIFE_RESTORED);
    does(&life, make(LIFE_ACKNOWLEDGE, 1, ""), true);
    assert_int_equal(stage(&life, true, 1), LIFE_ACKNOWLEDGED);
    does(&life, make(LIFE_ASSIGN, 2, ""), true);
    assert_int_equal(stage(&life, true, 2), LIFE_ASSIGNED);
    struct life_act work = make(LIFE_PROGRESS, 3, "");
    work.wait = LIFE_WAITS_MAINS;
    does(&life, work, true);
    struct life_view v = life_at(&life, true, at(3));
    assert_int_equal(v.stage, LIFE_IN_PROGRESS);
    assert_int_equal(v.work->wait, LIFE_WAITS_MAINS);
    assert_string_equal(v.party->to, "VNPT");
    assert_string_equal(v.party->ticket, "T-77");
    assert_int_equal(v.first->at.ms, at(1).ms);
    assert_int_equal(stage(&life, false, 4), LIFE_RESTORED);
    does(&life, make(LIFE_CLOSE, 5, ""), false);
    assert_int_equal(stage(&life, false, 5), LIFE_CLOSED);
    life_done(&life);
}

/* Evidence that comes late may say that it lasts after all: it is as it was before it was closed.
 */
static void what_lasts_is_not_closed_and_stays_acknowledged(void **state)
{
    (void)state;
    struct life life = {0};
    refused(&life, make(LIFE_CLOSE, 0, ""), true);
    does(&life, make(LIFE_ACKNOWLEDGE, 1, ""), true);
    does(&life, make(LIFE_CLOSE, 2, ""), false);
    assert_int_equal(stage(&life, true, 3), LIFE_ACKNOWLEDGED);
    assert_null(life_at(&life, true, at(3)).closed);
    refused(&life, make(LIFE_ACKNOWLEDGE, 3, ""), true);
    does(&life, make(LIFE_PROGRESS, 3, ""), true);
    assert_int_equal(stage(&life, false, 4), LIFE_RESTORED); /* to be closed again */
    does(&life, make(LIFE_CLOSE, 4, ""), false);
    refused(&life, make(LIFE_CLOSE, 5, ""), false);
    refused(&life, make(LIFE_ASSIGN, 5, ""), false);
    does(&life, make(LIFE_COMMENT, 5, "ghi chú"), false);
    life_done(&life);
}

static void an_assignment_is_followed_by_the_next(void **state)
{
    (void)state;
    struct life life = {0};
    does(&life, make(LIFE_PROGRESS, 1, ""), true);
    does(&life, make(LIFE_ASSIGN, 2, ""), true);
    assert_int_equal(stage(&life, true, 2), LIFE_ASSIGNED);
    struct life_act nobody = make(LIFE_ASSIGN, 3, "");
    nobody.to = "";
    refused(&life, nobody, true);
    assert_int_equal(life_at(&life, true, at(3)).first->deed, LIFE_PROGRESS);
    life_done(&life);
}

static void a_shelf_has_a_reason_and_an_end(void **state)
{
    (void)state;
    struct life life = {0};
    struct life_act shelve = make(LIFE_SHELVE, 0, "chờ điện lưới");
    refused(&life, shelve, true); /* for ever */
    shelve.until = wall_add(at(0), LIFE_SHELF_MS + 1);
    refused(&life, shelve, true);
    shelve.until = at(0);
    refused(&life, shelve, true);
    shelve.until = at(30);
    shelve.text = "";
    refused(&life, shelve, true);
    refused(&life, make(LIFE_UNSHELVE, 0, ""), true);
    shelve.text = "chờ điện lưới";
    does(&life, shelve, true);
    assert_non_null(life_at(&life, true, wall_add(at(30), -1)).shelf);
    assert_null(life_at(&life, true, at(30)).shelf); /* ends by itself */
    assert_int_equal(stage(&life, true, 10), LIFE_NEW);
    does(&life, make(LIFE_UNSHELVE, 10, ""), true);
    assert_null(life_at(&life, true, at(10)).shelf);
    life_done(&life);
}

static void what_was_expected_is_overdue_while_it_lasts(void **state)
{
    (void)state;
    struct life life = {0};
    struct life_act expect = make(LIFE_EXPECT, 0, "");
    expect.until = at(60);
    refused(&life, expect, false);
    does(&life, expect, true);
    assert_false(life_at(&life, true, at(60)).overdue);
    assert_true(life_at(&life, true, wall_add(at(60), 1)).overdue);
    assert_false(life_at(&life, false, at(61)).overdue);
    expect.at = at(61);
    refused(&life, expect, true); /* in the past */
    expect.until = at(90);
    does(&life, expect, true);
    assert_false(life_at(&life, true, at(62)).overdue);
    does(&life, make(LIFE_EXPECT, 63, ""), true); /* nobody knows */
    assert_null(life_at(&life, true, at(64)).expected);
    life_done(&life);
}

static void a_full_life_forgets_what_says_least(void **state)
{
    (void)state;
    struct life life = {0};
    does(&life, make(LIFE_ACKNOWLEDGE, 0, ""), true);
    for (int i = 1; i <= 3 * LIFE_ACTS_MAX; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", i);
        does(&life, make(i % 3 ? LIFE_COMMENT : LIFE_ASSIGN, i, text), true);
        assert_true(life.len <= LIFE_ACTS_MAX);
    }
    struct life_view v = life_at(&life, true, at(1000));
    assert_int_equal(v.first->at.ms, at(0).ms);
    assert_int_equal(v.party->at.ms, at(3 * LIFE_ACTS_MAX).ms);
    assert_int_equal(life.len, LIFE_ACTS_MAX);
    for (size_t i = 1; i < life.len; i++)
        assert_true(life.acts[i - 1].at.ms < life.acts[i].at.ms);
    life_done(&life);
}

static void long_texts_are_cut_between_characters(void **state)
{
    (void)state;
    char text[LIFE_TEXT_MAX + 8];
    memset(text, 'x', sizeof text);
    memcpy(text + LIFE_TEXT_MAX - 1, "ữ", strlen("ữ"));
    text[sizeof text - 1] = '\0';
    struct life life = {0};
    does(&life, make(LIFE_COMMENT, 0, text), true);
    assert_int_equal(strlen(life.acts[0].text), LIFE_TEXT_MAX - 1);
    life_done(&life);
}

static void bytes_come_back_as_they_were(void **state)
{
    (void)state;
    struct life life = {0};
    struct life back = {0};
    struct buf bytes;
    struct cursor c;
    buf_init(&bytes, 1 << 20);
    does(&life, make(LIFE_ACKNOWLEDGE, 0, ""), true);
    does(&life, make(LIFE_ASSIGN, 1, "gọi đội cáp"), true);
    life_write(&life, &bytes);
    cursor_init(&c, bytes.data, bytes.len);
    assert_int_equal(life_read(&back, &c), 0);
    assert_int_equal(back.len, 2);
    assert_int_equal(back.acts[1].until.ms, WALL_NEVER_MS);
    assert_string_equal(back.acts[1].text, "gọi đội cáp");
    assert_string_equal(back.acts[1].ticket, "T-77");
    life_done(&back);
    for (size_t cut = 0; cut < bytes.len; cut++) {
        cursor_init(&c, bytes.data, cut);
        assert_int_equal(life_read(&back, &c), ERR_CORRUPT);
        life_done(&back);
    }
    buf_done(&bytes);
    life_done(&life);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_new_to_closed),
        cmocka_unit_test(what_lasts_is_not_closed_and_stays_acknowledged),
        cmocka_unit_test(an_assignment_is_followed_by_the_next),
        cmocka_unit_test(a_shelf_has_a_reason_and_an_end),
        cmocka_unit_test(what_was_expected_is_overdue_while_it_lasts),
        cmocka_unit_test(a_full_life_forgets_what_says_least),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(bytes_come_back_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
