/* Lives of outages: whose they are, that they follow corrections and restarts, and their bound. */
#include "core/lives.h"

#include "base/buf.h"
#include "base/err.h"
#include "unit.h"

#include <string.h>

enum { UNIT = 3, OTHER = 9 };

static struct outage span(uint32_t unit, uint64_t number, int64_t from, int64_t to)
{
    return (struct outage){.unit = unit, .number = number, .from = {from}, .to = {to}};
}

/* The outages of a unit as the store would give them back. */
static struct outages *told(uint32_t unit, const struct outage *all, size_t n)
{
    struct outages *o = outages_new();
    struct buf key;
    struct buf value;
    assert_non_null(o);
    buf_init(&key, 8);
    buf_init(&value, 4096);
    buf_le32(&key, unit);
    buf_char(&value, 1);
    buf_le64(&value, 1000);
    for (size_t i = 0; i < n; i++) {
        buf_le64(&value, all[i].number);
        buf_le64(&value, (uint64_t)all[i].from.ms);
        buf_le64(&value, (uint64_t)all[i].to.ms);
        buf_le64(&value, (uint64_t)all[i].from.ms);
        buf_char(&value, 1);
    }
    assert_int_equal(
        outages_load(o, (struct slice){key.data, key.len}, (struct slice){value.data, value.len}),
        0);
    buf_done(&key);
    buf_done(&value);
    return o;
}

static void follow(struct lives *l, const struct outage *all, size_t n)
{
    struct outages *o = told(UNIT, all, n);
    assert_int_equal(lives_follow(l, o, UNIT), 0);
    outages_free(o);
}

static void act(struct lives *l, struct outage root, enum life_deed deed, int64_t at)
{
    struct life_act a = {.deed = deed,
                         .at = {at},
                         .until = {WALL_NEVER_MS},
                         .by = "minh",
                         .text = "x",
                         .to = "",
                         .ticket = ""};
    assert_int_equal(lives_act(l, &root, lives_of(l, &root), &a), 0);
}

static enum life_stage stage(const struct lives *l, struct outage o)
{
    return life_at(lives_of(l, &o), true, (struct wall_ms){500}).stage;
}

static void a_life_goes_on_with_the_outage_that_covers_its_time(void **state)
{
    (void)state;
    struct lives *l = lives_new();
    struct outage first = span(UNIT, 10, 100, 200);
    struct outage second = span(UNIT, 11, 300, WALL_NEVER_MS);
    act(l, second, LIFE_ACKNOWLEDGE, 310);
    follow(l, (struct outage[]){first, second}, 2);
    assert_int_equal(stage(l, second), LIFE_ACKNOWLEDGED);
    /* late evidence: it was one outage all along */
    struct outage whole = span(UNIT, 10, 100, WALL_NEVER_MS);
    follow(l, &whole, 1);
    assert_null(lives_of(l, &second));
    assert_int_equal(stage(l, whole), LIFE_ACKNOWLEDGED);
    assert_int_equal(lives_number(l, 11), 10);
    assert_int_equal(lives_number(l, 12), 12);
    lives_free(l);
}

static void two_lives_become_one_in_order_of_their_acts(void **state)
{
    (void)state;
    struct lives *l = lives_new();
    struct outage first = span(UNIT, 10, 100, 200);
    struct outage second = span(UNIT, 11, 300, WALL_NEVER_MS);
    act(l, first, LIFE_ACKNOWLEDGE, 110);
    act(l, second, LIFE_ASSIGN, 310);
    act(l, first, LIFE_COMMENT, 320);
    struct outage whole = span(UNIT, 10, 100, WALL_NEVER_MS);
    follow(l, &whole, 1);
    const struct life *life = lives_of(l, &whole);
    assert_int_equal(life->len, 3);
    assert_int_equal(life->acts[0].deed, LIFE_ACKNOWLEDGE);
    assert_int_equal(life->acts[1].deed, LIFE_ASSIGN);
    assert_int_equal(life->acts[2].deed, LIFE_COMMENT);
    lives_free(l);
}

/* What evidence takes back may come again: nothing is forgotten meanwhile. */
static void an_outage_taken_back_leaves_its_life(void **state)
{
    (void)state;
    struct lives *l = lives_new();
    struct outage o = span(UNIT, 10, 100, 200);
    act(l, o, LIFE_ACKNOWLEDGE, 110);
    follow(l, NULL, 0);
    assert_int_equal(stage(l, o), LIFE_ACKNOWLEDGED);
    struct outage again = span(UNIT, 20, 90, 210);
    follow(l, &again, 1);
    assert_int_equal(stage(l, again), LIFE_ACKNOWLEDGED);
    lives_free(l);
}

static void a_new_root_takes_over_what_was_done_and_leaves_it(void **state)
{
    (void)state;
    struct lives *l = lives_new();
    struct outage child = span(UNIT, 10, 100, WALL_NEVER_MS);
    struct outage root = span(OTHER, 30, 90, WALL_NEVER_MS);
    act(l, child, LIFE_ACKNOWLEDGE, 110);
    const struct life *before = lives_of_group(l, &root, &child, 1);
    assert_non_null(before);
    struct life_act comment = {.deed = LIFE_COMMENT, .at = {400}, .by = "b", .text = "y"};
    comment.to = comment.ticket = "";
    assert_int_equal(lives_act(l, &root, before, &comment), 0);
    assert_int_equal(stage(l, root), LIFE_ACKNOWLEDGED);
    assert_int_equal(lives_of(l, &root)->len, 2);
    assert_int_equal(lives_of(l, &child)->len, 1);
    assert_ptr_equal(lives_of_group(l, &root, &child, 1), lives_of(l, &root));
    lives_free(l);
}

static void beyond_the_bound_the_oldest_closed_one_goes(void **state)
{
    (void)state;
    struct lives *l = lives_new();
    for (uint64_t n = 1; n <= LIVES_MAX; n++)
        act(l, span((uint32_t)(n % 7), n, 0, 10), n == 50 || n == 60 ? LIFE_CLOSE : LIFE_COMMENT,
            20);
    act(l, span(OTHER, 9000, 0, 10), LIFE_COMMENT, 20);
    assert_null(lives_of(l, &(struct outage){.unit = 50 % 7, .number = 50}));
    assert_non_null(lives_of(l, &(struct outage){.unit = 60 % 7, .number = 60}));
    act(l, span(OTHER, 9001, 0, 10), LIFE_COMMENT, 20);
    act(l, span(OTHER, 9002, 0, 10), LIFE_COMMENT, 20);
    assert_null(lives_of(l, &(struct outage){.unit = 1, .number = 1}));
    assert_non_null(lives_of(l, &(struct outage){.unit = 2, .number = 2}));
    lives_free(l);
}

/* ---- rows ---- */

static struct lives *stored;
static size_t written;
static size_t dropped;

static int put(void *context, uint8_t kind, struct slice key, struct slice value)
{
    (void)context;
    assert_int_equal(kind, ROW_LIFE);
    written++;
    return lives_load(stored, key, value);
}

static int drop(void *context, uint8_t kind, struct slice key)
{
    (void)context;
    assert_int_equal(kind, ROW_LIFE);
    assert_int_equal(key.len, 8);
    dropped++;
    return 0;
}

static void rows_come_back_once_and_go_when_renamed(void **state)
{
    (void)state;
    struct lives *l = lives_new();
    const struct row_sink sink = {NULL, put, drop, NULL};
    struct outage o = span(UNIT, 11, 300, WALL_NEVER_MS);
    stored = lives_new();
    written = dropped = 0;
    act(l, o, LIFE_ACKNOWLEDGE, 310);
    struct outage renamed = span(UNIT, 10, 100, WALL_NEVER_MS);
    follow(l, &renamed, 1);
    assert_int_equal(lives_save(l, &sink), 0);
    assert_int_equal(written, 1);
    assert_int_equal(dropped, 1);
    assert_int_equal(lives_save(l, &sink), 0);
    assert_int_equal(written, 1);
    assert_int_equal(stage(stored, renamed), LIFE_ACKNOWLEDGED);
    assert_int_equal(lives_number(stored, 11), 10);
    assert_int_equal(lives_save(stored, &sink), 0); /* what came back is saved already */
    assert_int_equal(written, 1);
    lives_free(stored);
    lives_free(l);
}

static void damaged_rows_are_refused(void **state)
{
    (void)state;
    struct lives *l = lives_new();
    struct slice none = {0};
    assert_int_equal(lives_load(l, none, none), ERR_CORRUPT);
    assert_int_equal(lives_load(l, (struct slice){"\1\0\0\0\0\0\0\0", 8}, (struct slice){"\2", 1}),
                     ERR_VERSION);
    assert_int_equal(
        lives_load(l, (struct slice){"\1\0\0\0\0\0\0\0", 8}, (struct slice){"\1\0\0", 3}),
        ERR_CORRUPT);
    lives_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_life_goes_on_with_the_outage_that_covers_its_time),
        cmocka_unit_test(two_lives_become_one_in_order_of_their_acts),
        cmocka_unit_test(an_outage_taken_back_leaves_its_life),
        cmocka_unit_test(a_new_root_takes_over_what_was_done_and_leaves_it),
        cmocka_unit_test(beyond_the_bound_the_oldest_closed_one_goes),
        cmocka_unit_test(rows_come_back_once_and_go_when_renamed),
        cmocka_unit_test(damaged_rows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
