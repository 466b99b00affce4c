/* Lives of a centre as seen from outside, and what people hear of them. Times in seconds. */
#include "core/deadman.h"

#include "base/err.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { WALL_S = 1790000000, LOG_MAX = 512 };

static const struct deadman_rules RULES = {.after_ms = 180000, .pause_ms = 1800000, .repeat_ms = 0};

static struct now at(int64_t s)
{
    return (struct now){.wall = {(WALL_S + s) * 1000}, .mono = {s * 1000}};
}

/* A deadman, the ears that cannot be reached, and all that was told: "190:gone>1 ". */
struct life {
    struct deadman d;
    bool deaf[DEADMAN_EARS_MAX];
    char log[LOG_MAX];
};

static void begin(struct life *life, const struct deadman_rules *rules, size_t ears)
{
    *life = (struct life){.log = ""};
    deadman_init(&life->d, rules);
    for (size_t i = 0; i < ears; i++) {
        char name[] = "84900000000";
        name[sizeof name - 2] = (char)('1' + i);
        deadman_add(&life->d, name);
    }
}

static void note(struct life *life, int64_t s, const char *word, size_t ear)
{
    size_t len = strlen(life->log);
    snprintf(life->log + len, LOG_MAX - len, "%lld:%s>%zu ", (long long)s, word, ear + 1);
}

/* Tells whoever is to be told at @p s. */
static void tell(struct life *life, int64_t s)
{
    static const char *const words[] = {"", "gone", "still", "back"};
    size_t ear;
    enum deadman_word word;
    while (mono_reached(at(s).mono, deadman_next(&life->d, &ear, &word))) {
        note(life, s, life->deaf[ear] ? "missed" : words[word], ear);
        if (life->deaf[ear])
            deadman_missed(&life->d, ear, at(s).mono);
        else
            deadman_told(&life->d, ear, word, at(s));
    }
}

/* Results every 30 s from @p from to before @p to, the queue looked at with each. */
static void run(struct life *life, int64_t from, int64_t to, bool alive)
{
    for (int64_t s = from; s < to; s += 30) {
        deadman_see(&life->d, at(s), alive);
        tell(life, s);
    }
}

/* Ends the life; another one begins at @p s. */
static void restart(struct life *life, int64_t s)
{
    struct buf kept;
    struct life next;
    buf_init(&kept, DEADMAN_KEPT_MAX);
    deadman_keep(&life->d, &kept);
    begin(&next, &life->d.rules, life->d.len);
    if (kept.len > 0)
        assert_int_equal(deadman_recall(&next.d, (struct slice){kept.data, kept.len}, at(s)), 0);
    memcpy(next.deaf, life->deaf, sizeof next.deaf);
    memcpy(next.log, life->log, sizeof next.log);
    *life = next;
    buf_done(&kept);
}

static void gone_is_told_once_and_back_once(void **state)
{
    (void)state;
    struct life life;
    begin(&life, &RULES, 2);
    run(&life, 0, 600, true);
    run(&life, 600, 86400, false);
    run(&life, 86400, 90000, true);
    assert_string_equal(life.log, "780:gone>1 780:gone>2 86400:back>1 86400:back>2 ");
    assert_int_equal(life.d.since.mono.ms, 600000);
    assert_int_equal(life.d.until.mono.ms, 86400000);
}

static void what_lasts_less_is_not_told(void **state)
{
    (void)state;
    struct life life;
    begin(&life, &RULES, 1);
    for (int64_t s = 0; s < 36000; s += 210) { /* 180 s without, then one sign of life */
        run(&life, s, s + 180, false);
        run(&life, s + 180, s + 210, true);
    }
    assert_string_equal(life.log, "");
}

/* What nobody could be told of while it lasted is told to nobody. */
static void who_was_not_told_gone_is_not_told_back(void **state)
{
    (void)state;
    struct life life;
    begin(&life, &RULES, 2);
    life.deaf[1] = true;
    run(&life, 0, 240, false);
    life.deaf[1] = false;
    run(&life, 240, 300, true);
    assert_string_equal(life.log, "180:gone>1 180:missed>2 210:missed>2 240:back>1 ");
}

static void a_deaf_ear_is_tried_ever_less_often_and_keeps_nobody_waiting(void **state)
{
    (void)state;
    struct life life;
    begin(&life, &RULES, 2);
    life.deaf[0] = true;
    run(&life, 0, 1500, false); /* 30, 60, 120, 240, 480 s, then every 600 s */
    life.deaf[0] = false;
    run(&life, 1500, 3000, false);
    assert_string_equal(life.log, "180:missed>1 180:gone>2 210:missed>1 270:missed>1 390:missed>1 "
                                  "630:missed>1 1110:missed>1 1710:gone>1 ");
}

/* Whoever could be told only after the centre came back hears of both, in order. */
static void back_is_tried_at_once_although_gone_was_hard_to_tell(void **state)
{
    (void)state;
    struct life life;
    begin(&life, &RULES, 1);
    life.deaf[0] = true;
    run(&life, 0, 400, false);
    life.deaf[0] = false;
    deadman_told(&life.d, 0, DEADMAN_GONE, at(405)); /* was under way when the centre came back */
    run(&life, 420, 480, true);
    assert_string_equal(life.log,
                        "180:missed>1 210:missed>1 270:missed>1 390:missed>1 420:back>1 ");
}

static void a_centre_that_comes_and_goes_is_told_by_the_pause(void **state)
{
    (void)state;
    struct life life;
    begin(&life, &RULES, 1);
    for (int64_t s = 0; s < 7200; s += 600) {
        run(&life, s, s + 300, false);
        run(&life, s + 300, s + 600, true);
    }
    assert_string_equal(life.log, "180:gone>1 300:back>1 1980:gone>1 2100:back>1 3780:gone>1 "
                                  "3900:back>1 5580:gone>1 5700:back>1 ");
    run(&life, 7200, 9000, false); /* it stays away: told as soon as the pause is over */
    assert_non_null(strstr(life.log, "5700:back>1 7380:gone>1 "));
}

static void it_is_repeated_where_that_is_wanted(void **state)
{
    (void)state;
    struct deadman_rules rules = RULES;
    struct life life;
    rules.repeat_ms = 7200000;
    begin(&life, &rules, 1);
    run(&life, 0, 15000, false);
    run(&life, 15000, 30000, true);
    assert_string_equal(life.log, "180:gone>1 7380:still>1 14580:still>1 15000:back>1 ");
    rules.repeat_ms = 60000; /* never more often than the pause */
    begin(&life, &rules, 1);
    run(&life, 0, 4000, false);
    assert_string_equal(life.log, "180:gone>1 1980:still>1 3780:still>1 ");
}

static void a_restart_neither_repeats_nor_forgets(void **state)
{
    (void)state;
    struct life life;
    begin(&life, &RULES, 2);
    life.deaf[1] = true;
    run(&life, 0, 181, false);
    restart(&life, 190);
    tell(&life, 190); /* nothing was seen yet */
    assert_string_equal(life.log, "180:gone>1 180:missed>2 ");
    life.deaf[1] = false;
    run(&life, 200, 300, false); /* the other one is told at once: it was gone already */
    assert_string_equal(life.log, "180:gone>1 180:missed>2 200:gone>2 ");
    assert_int_equal(life.d.since.wall.ms, at(0).wall.ms);
    restart(&life, 390);
    run(&life, 400, 500, true);
    assert_string_equal(life.log, "180:gone>1 180:missed>2 200:gone>2 400:back>1 400:back>2 ");
    restart(&life, 590);
    run(&life, 600, 3000, true);
    assert_non_null(strstr(life.log, "400:back>2 "));
    assert_int_equal(strlen(life.log), strlen("180:gone>1 180:missed>2 200:gone>2 400:back>1 "
                                              "400:back>2 "));
}

/* The end was seen and not told to all: the next life tells it, unless the centre is gone again. */
static void an_end_that_was_not_told_is_told_by_the_next_life(void **state)
{
    (void)state;
    struct life life;
    begin(&life, &RULES, 1);
    run(&life, 0, 200, false);
    life.deaf[0] = true;
    run(&life, 210, 240, true);
    life.deaf[0] = false;
    restart(&life, 290);
    run(&life, 300, 330, false);
    assert_string_equal(life.log, "180:gone>1 210:missed>1 ");
    run(&life, 330, 360, true);
    assert_string_equal(life.log, "180:gone>1 210:missed>1 330:back>1 ");
    assert_int_equal(life.d.until.wall.ms, at(210).wall.ms);
}

/* The pause holds across a restart; a clock that stands in the past makes it longer, not shorter.
 */
static void the_pause_outlives_a_restart(void **state)
{
    (void)state;
    struct life life;
    begin(&life, &RULES, 1);
    run(&life, 0, 200, false);
    run(&life, 210, 240, true);
    restart(&life, 290);
    run(&life, 300, 3000, false);
    assert_string_equal(life.log, "180:gone>1 210:back>1 1980:gone>1 ");
    begin(&life, &RULES, 1);
    run(&life, 1000, 1200, false);
    run(&life, 1200, 1230, true);
    restart(&life, 0);
    run(&life, 0, 3000, false);
    assert_string_equal(life.log, "1180:gone>1 1200:back>1 1800:gone>1 ");
}

static void what_makes_no_sense_is_not_taken(void **state)
{
    static const char *const cases[] = {"",
                                        "gone",
                                        "gone 1",
                                        "gone 1 x",
                                        "away 1 2",
                                        "gone -1 2",
                                        "gone 1 2 84900000001",
                                        "gone 1 2 84900000001 told",
                                        "gone 1 2 84900000001 asked 3",
                                        "gone 1 2 84900000001 told 3 84900000002 told "};

    (void)state;
    struct life life;
    begin(&life, &RULES, 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(deadman_recall(&life.d, slice_of(cases[i]), at(0)), ERR_CORRUPT);
    assert_false(life.d.gone || life.d.ears[0].told);
    assert_int_equal(deadman_recall(&life.d, slice_of("gone 1 0 199 told 3"), at(0)), 0);
    assert_true(life.d.gone && !life.d.ears[0].told); /* 199 is told no more */
}

static void no_more_ears_than_there_is_room_for(void **state)
{
    (void)state;
    struct life life;
    begin(&life, &RULES, DEADMAN_EARS_MAX + 3);
    assert_int_equal(life.d.len, DEADMAN_EARS_MAX);
    run(&life, 0, 200, false);
    struct buf kept;
    buf_init(&kept, DEADMAN_KEPT_MAX);
    deadman_keep(&life.d, &kept);
    assert_int_equal(kept.err, 0);
    buf_done(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gone_is_told_once_and_back_once),
        cmocka_unit_test(what_lasts_less_is_not_told),
        cmocka_unit_test(who_was_not_told_gone_is_not_told_back),
        cmocka_unit_test(a_deaf_ear_is_tried_ever_less_often_and_keeps_nobody_waiting),
        cmocka_unit_test(back_is_tried_at_once_although_gone_was_hard_to_tell),
        cmocka_unit_test(a_centre_that_comes_and_goes_is_told_by_the_pause),
        cmocka_unit_test(it_is_repeated_where_that_is_wanted),
        cmocka_unit_test(a_restart_neither_repeats_nor_forgets),
        cmocka_unit_test(an_end_that_was_not_told_is_told_by_the_next_life),
        cmocka_unit_test(the_pause_outlives_a_restart),
        cmocka_unit_test(what_makes_no_sense_is_not_taken),
        cmocka_unit_test(no_more_ears_than_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
