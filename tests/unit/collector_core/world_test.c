#include "core/world.h"

#include "base/buf.h"
#include "base/err.h"
#include "memory_rows.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One probe with one required check on bts-1/4g@a, told about everything at once. What the states
 * mean is tests/scenario's; here are the world's own promises. */
enum { ZERO_S = 1772323200, STEP_S = 10, TTL_S = 25 };

struct stage {
    struct inventory *inv;
    struct world *w;
    uint32_t probe, site, unit;
};

static struct wall_ms at(int64_t s)
{
    return (struct wall_ms){(ZERO_S + s) * 1000};
}

static void list_checks(struct stage *st, int64_t s, size_t n)
{
    struct check_entry entries[600];
    char names[600][32];
    for (size_t i = 0; i < n; i++) {
        snprintf(names[i], sizeof names[i], "icmp/c%zu", i);
        entries[i] = (struct check_entry){.name = slice_of(names[i]),
                                          .site = st->site,
                                          .units = &st->unit,
                                          .n_units = 1,
                                          .interval_ms = STEP_S * 1000,
                                          .timeout_ms = 5000,
                                          .ttl_ms = TTL_S * 1000,
                                          .role = ROLE_REQUIRED,
                                          .cause = CAUSE_FAULT};
    }
    assert_int_equal(world_list(st->w, st->probe, at(s), entries, n), 0);
    assert_int_equal(world_advance(st->w, world_now(st->w)), 0);
}

static void stage_open(struct stage *st)
{
    struct world_options options = world_options_default();
    *st = (struct stage){.inv = sample_inventory(NULL, sample_province, at(-1).ms)};
    st->w = world_new(st->inv, &options);
    assert_non_null(st->w);
    st->probe = sample_probe(st->inv, "p1");
    st->site = sample_site(st->inv, "bts-1");
    st->unit = sample_unit(st->inv, "bts-1/4g@a");
    list_checks(st, 0, 1);
    assert_int_equal(world_listened(st->w, at(-1), at(0)), 0);
}

static void stage_close(struct stage *st)
{
    world_free(st->w);
    inventory_free(st->inv);
}

static enum world_fate say(struct stage *st, int64_t s, enum verdict verdict)
{
    enum world_fate fate = WORLD_AHEAD;
    assert_int_equal(world_listened(st->w, at(s - STEP_S), at(s)), 0);
    assert_int_equal(world_advance(st->w, at(s)), 0);
    assert_int_equal(
        world_result(st->w, st->probe, st->site, slice_of("icmp/c0"), at(s), verdict, at(s), &fate),
        0);
    assert_int_equal(world_advance(st->w, at(s)), 0);
    return fate;
}

static void a_repeated_result_changes_nothing_and_is_no_change(void **state)
{
    (void)state;
    struct stage st;
    stage_open(&st);
    size_t n = 0;
    assert_int_equal(say(&st, STEP_S, VERDICT_OK), WORLD_TAKEN);
    world_changes(st.w, &n);
    assert_true(n > 0);
    world_changes_clear(st.w);
    for (int64_t s = 2 * STEP_S; s < 1000 * STEP_S; s += STEP_S)
        assert_int_equal(say(&st, s, VERDICT_OK), WORLD_TAKEN);
    world_changes(st.w, &n);
    assert_int_equal(n, 0);
    assert_int_equal(world_unit_timeline(st.w, st.unit)->len, 2); /* unknown, then up */
    say(&st, 1000 * STEP_S, VERDICT_FAILED);
    const struct world_change *changes = world_changes(st.w, &n);
    bool told = false;
    for (size_t i = 0; i < n; i++)
        told |= changes[i].unit == st.unit && changes[i].from.ms == at(1000 * STEP_S).ms;
    assert_true(told);
    stage_close(&st);
}

static void fates_are_told(void **state)
{
    (void)state;
    struct stage st;
    enum world_fate fate;
    struct slice known = slice_of("icmp/c0");
    stage_open(&st);
    assert_int_equal(say(&st, 100, VERDICT_OK), WORLD_TAKEN);

    static const struct {
        const char *check;
        int64_t t, received; /* seconds */
        enum world_fate fate;
    } cases[] = {
        {"icmp/c0", 99, 101, WORLD_NOT_LATER},  {"icmp/c0", 100, 101, WORLD_TAKEN},
        {"icmp/c9", 101, 101, WORLD_UNLISTED},  {"icmp/c0", -5, 101, WORLD_UNLISTED},
        {"icmp/c0", 162, 101, WORLD_AHEAD},     {"icmp/c0", 161, 101, WORLD_TAKEN},
        {"icmp/c0", 160, 101, WORLD_NOT_LATER},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(world_result(st.w, st.probe, st.site, slice_of(cases[i].check),
                                      at(cases[i].t), VERDICT_OK, at(cases[i].received), &fate),
                         0);
        assert_int_equal(fate, cases[i].fate);
    }
    uint32_t number = world_check(st.w, st.probe, st.site, known);
    assert_int_not_equal(number, UINT32_MAX);
    assert_int_equal(world_result_of(st.w, number, at(161), VERDICT_OK, at(161), &fate), 0);
    assert_int_equal(fate, WORLD_TAKEN);
    assert_int_equal(world_result_of(st.w, UINT32_MAX, at(161), VERDICT_OK, at(161), &fate), 0);
    assert_int_equal(fate, WORLD_UNLISTED);
    stage_close(&st);
}

static void uncertainty_is_the_gap_between_samples(void **state)
{
    (void)state;
    struct stage st;
    stage_open(&st);
    for (int64_t s = 10; s <= 100; s += STEP_S)
        say(&st, s, VERDICT_OK);
    say(&st, 117, VERDICT_FAILED); /* 17 s after the sample before */
    say(&st, 120, VERDICT_OK);
    assert_int_equal(world_uncertainty_ms(st.w, st.unit, at(117)), 17000);
    assert_int_equal(world_uncertainty_ms(st.w, st.unit, at(120)), 3000);
    /* Silence from 120 on: until now, then until the next sample. */
    assert_int_equal(world_listened(st.w, at(120), at(300)), 0);
    assert_int_equal(world_advance(st.w, at(300)), 0);
    assert_int_equal(world_unit_at(st.w, st.unit, at(299)).state, STATE_SILENT);
    assert_int_equal(world_uncertainty_ms(st.w, st.unit, at(120)), 180000);
    say(&st, 310, VERDICT_OK);
    assert_int_equal(world_uncertainty_ms(st.w, st.unit, at(120)), 190000);
    assert_int_equal(world_uncertainty_ms(st.w, st.unit, at(310)), 190000);
    stage_close(&st);
}

/* A check that fails each @p period th time for days: bounded, and the sums of the unit stay right.
 */
static void flap(int period)
{
    struct stage st;
    stage_open(&st);
    int64_t end = (int64_t)3 * 86400;
    for (int64_t s = STEP_S; s <= end; s += STEP_S)
        say(&st, s, s / STEP_S % period ? VERDICT_OK : VERDICT_FAILED);
    const struct timeline *states = world_unit_timeline(st.w, st.unit);
    assert_true(states->len <= 768);
    int64_t down = 0;
    for (int64_t i = 0; i < (int64_t)states->len; i++) {
        struct timeline_span span = timeline_span_at(states, i);
        int64_t to = span.to.ms < at(end).ms ? span.to.ms : at(end).ms;
        if (state_unpack(span.code).state == STATE_DOWN)
            down += to - span.from.ms;
    }
    assert_int_equal(down / 1000, end / period - STEP_S);
    stage_close(&st);
}

static void flapping_is_bounded_and_keeps_its_sums(void **state)
{
    (void)state;
    flap(3);
    flap(2); /* at every interval */
}

static void old_history_is_forgotten(void **state)
{
    (void)state;
    struct stage st;
    stage_open(&st);
    int64_t day = 86400;
    for (int64_t s = day; s <= 100 * day; s += day) {
        say(&st, s, VERDICT_OK);
        say(&st, s + STEP_S, VERDICT_FAILED);
        say(&st, s + 2 * STEP_S, VERDICT_OK);
    }
    const struct timeline *states = world_unit_timeline(st.w, st.unit);
    struct timeline_span first = timeline_span_at(states, 0);
    assert_true(first.from.ms >= at(29 * day).ms && first.from.ms <= at(31 * day).ms);
    assert_int_equal(world_unit_at(st.w, st.unit, at(40 * day + STEP_S)).state, STATE_DOWN);
    stage_close(&st);
}

/* A check fell silent while we listened; then the broker was gone for longer than history is kept.
 * Nothing new is known of it, so what was silence stays so when it is evaluated again. */
static void what_a_gap_began_with_is_kept_as_long_as_the_gap(void **state)
{
    (void)state;

    enum { DAY_S = 86400, GONE_S = 11 * DAY_S };

    struct stage st;
    struct memory_rows rows;
    stage_open(&st);
    memory_rows_init(&rows);
    say(&st, 10 * DAY_S, VERDICT_OK);
    assert_int_equal(world_listened(st.w, at(10 * DAY_S), at(GONE_S)), 0);
    for (int64_t s = GONE_S; s <= 90 * DAY_S; s += DAY_S)
        assert_int_equal(world_advance(st.w, at(s)), 0);
    assert_int_equal(world_unit_at(st.w, st.unit, at(50 * DAY_S)).state, STATE_SILENT);
    assert_int_equal(world_set_inventory(st.w, st.inv, at(0)), 0);
    assert_int_equal(world_unit_at(st.w, st.unit, at(50 * DAY_S)).state, STATE_SILENT);
    assert_int_equal(memory_rows_save(&rows, st.w), 0);
    struct world_options options = world_options_default();
    struct world *again = world_new(st.inv, &options);
    assert_int_equal(memory_rows_load(&rows, again), 0);
    assert_int_equal(world_unit_at(again, st.unit, at(50 * DAY_S)).state, STATE_SILENT);
    world_free(again);
    memory_rows_done(&rows);
    stage_close(&st);
}

static void lists_are_bounded(void **state)
{
    (void)state;
    struct stage st;
    stage_open(&st);
    struct check_entry entries[300] = {0};
    assert_int_equal(world_list(st.w, st.probe, at(1), entries, 300), ERR_FULL);
    assert_int_equal(world_list(st.w, UINT32_MAX, at(1), entries, 0), ERR_RANGE);
    stage_close(&st);
}

/* Every row cut short or with a strange version is refused, never misread. */
static void damaged_rows_are_refused(void **state)
{
    (void)state;
    struct stage st;
    struct memory_rows rows;
    struct world_options options = world_options_default();
    stage_open(&st);
    say(&st, 10, VERDICT_OK);
    say(&st, 20, VERDICT_FAILED);
    assert_int_equal(world_connected(st.w, at(21)), 0);
    assert_int_equal(world_heard(st.w, st.probe, at(22)), 0);
    assert_int_equal(world_gasp(st.w, st.probe, at(19)), 0);
    memory_rows_init(&rows);
    assert_int_equal(memory_rows_save(&rows, st.w), 0);
    assert_true(rows.rows.len >= 5);
    for (size_t i = 0; i < rows.rows.len; i++) {
        const struct memory_row *row = vec_at(&rows.rows, i);
        struct slice key = {row->key, row->key_len};
        for (size_t cut = 0; cut < row->value_len; cut++) {
            struct world *w = world_new(st.inv, &options);
            char *value = malloc(cut + 1);
            memcpy(value, row->value, cut);
            int err = world_load(w, row->kind, key, (struct slice){value, cut});
            /* Lists of equal items may end after any of them. */
            assert_true(err == ERR_CORRUPT || (err == 0 && (row->value_len - cut) % 8 == 0));
            free(value);
            world_free(w);
        }
        struct world *w = world_new(st.inv, &options);
        assert_int_equal(world_load(w, 99, key, (struct slice){row->value, row->value_len}),
                         ERR_CORRUPT);
        world_free(w);
    }
    memory_rows_done(&rows);
    stage_close(&st);
}

/* A world that starts from the rows says the same as the one that wrote them. */
static void assert_restarts_equal(const struct stage *st, const struct memory_rows *rows,
                                  int64_t end_s)
{
    struct world_options options = world_options_default();
    struct world *w = world_new(st->inv, &options);
    assert_int_equal(memory_rows_load(rows, w), 0);
    for (int64_t s = 0; s <= end_s; s++)
        assert_int_equal(world_unit_at(w, st->unit, at(s)).state,
                         world_unit_at(st->w, st->unit, at(s)).state);
    world_free(w);
}

/* The store holds the end that a list of equal time takes back; it has to leave the store too. */
static void an_end_that_was_taken_back_stays_so_after_a_restart(void **state)
{
    (void)state;
    struct stage st;
    struct memory_rows rows;
    stage_open(&st);
    memory_rows_init(&rows);
    say(&st, 10, VERDICT_OK);
    say(&st, 20, VERDICT_FAILED);
    list_checks(&st, 25, 0);
    say(&st, 30, VERDICT_OK); /* no list names it */
    assert_int_equal(world_unit_at(st.w, st.unit, at(30)).state, STATE_UNOBSERVED);
    assert_int_equal(memory_rows_save(&rows, st.w), 0);
    list_checks(&st, 25, 1);
    assert_int_equal(world_unit_at(st.w, st.unit, at(30)).state, STATE_DOWN);
    assert_int_equal(memory_rows_save(&rows, st.w), 0);
    assert_restarts_equal(&st, &rows, 30);
    memory_rows_done(&rows);
    stage_close(&st);
}

/* A list that ends a check counts as its next result (FIGURES 7.17): what was before it awaits no
 * backlog, even if a summary tells of the check after a list that names it again. */
static void an_ended_check_awaits_nothing(void **state)
{
    (void)state;
    struct stage st;
    enum world_fate fate;
    stage_open(&st);
    say(&st, 10, VERDICT_OK);
    list_checks(&st, 100, 0);
    list_checks(&st, 200, 1);
    assert_int_equal(world_listened(st.w, at(10), at(300)), 0);
    assert_int_equal(world_summary(st.w, st.probe, st.site, slice_of("icmp/c0"), at(290),
                                   VERDICT_OK, at(300), &fate),
                     0);
    assert_int_equal(fate, WORLD_TAKEN);
    assert_int_equal(world_advance(st.w, at(300)), 0);
    assert_int_equal(world_unit_at(st.w, st.unit, at(50)).state, STATE_SILENT);
    assert_false(world_unit_at(st.w, st.unit, at(50)).awaiting);
    /* the gap between two summaries behind it does */
    assert_int_equal(world_listened(st.w, at(300), at(400)), 0);
    assert_int_equal(world_summary(st.w, st.probe, st.site, slice_of("icmp/c0"), at(390),
                                   VERDICT_OK, at(400), &fate),
                     0);
    assert_int_equal(world_advance(st.w, at(400)), 0);
    assert_int_equal(world_unit_at(st.w, st.unit, at(350)).state, STATE_SILENT);
    assert_true(world_unit_at(st.w, st.unit, at(350)).awaiting);
    stage_close(&st);
}

/* Two lists of one time, of which the later arrival names the check: the end that an earlier list
 * made stands (READINGS 2). */
static void an_end_that_is_taken_back_leaves_the_one_before(void **state)
{
    (void)state;
    struct stage st;
    enum world_fate fate;
    stage_open(&st);
    list_checks(&st, 100, 0);
    list_checks(&st, 200, 1);
    list_checks(&st, 300, 0);
    list_checks(&st, 300, 1);
    assert_int_equal(world_advance(st.w, at(400)), 0);

    static const struct {
        int64_t s;
        enum world_fate fate;
    } cases[] = {{50, WORLD_NOT_LATER}, {250, WORLD_TAKEN}, {350, WORLD_TAKEN}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(world_result(st.w, st.probe, st.site, slice_of("icmp/c0"), at(cases[i].s),
                                      VERDICT_OK, at(400), &fate),
                         0);
        assert_int_equal(fate, cases[i].fate);
    }
    stage_close(&st);
}

/* A list that does not name the check takes back what waits for now to reach it, and a list of
 * equal time that names it again does not bring it back (READINGS 2). */
static void a_result_ahead_of_now_that_was_taken_back_stays_so(void **state)
{
    (void)state;
    struct stage st;
    enum world_fate fate;
    stage_open(&st);
    say(&st, 10, VERDICT_OK);
    for (int64_t s = 18; s <= 20; s += 2)
        assert_int_equal(world_result(st.w, st.probe, st.site, slice_of("icmp/c0"), at(s),
                                      s == 20 ? VERDICT_FAILED : VERDICT_OK, at(10), &fate),
                         0);
    list_checks(&st, 19, 0);
    list_checks(&st, 19, 1);
    assert_int_equal(world_advance(st.w, at(30)), 0);
    assert_int_equal(world_unit_at(st.w, st.unit, at(18)).state, STATE_UP);
    assert_int_equal(world_unit_at(st.w, st.unit, at(25)).state, STATE_UP);
    stage_close(&st);
}

/* A list from a clock that was set back takes more spans away than one row holds. */
static void spans_that_an_end_took_away_leave_the_store(void **state)
{
    (void)state;
    struct stage st;
    struct memory_rows rows;
    stage_open(&st);
    memory_rows_init(&rows);
    int64_t end = 220 * STEP_S;
    for (int64_t s = STEP_S; s <= end; s += STEP_S)
        say(&st, s, s / STEP_S % 2 ? VERDICT_OK : VERDICT_FAILED);
    assert_int_equal(memory_rows_save(&rows, st.w), 0);
    list_checks(&st, 5 * STEP_S, 0);
    assert_int_equal(memory_rows_save(&rows, st.w), 0);
    assert_restarts_equal(&st, &rows, end);
    memory_rows_done(&rows);
    stage_close(&st);
}

static bool has_row(const struct memory_rows *rows, struct slice key)
{
    for (size_t i = 0; i < rows->rows.len; i++) {
        const struct memory_row *row = vec_at(&rows->rows, i);
        if (row->kind == ROW_PROBE && slice_equal((struct slice){row->key, row->key_len}, key))
            return true;
    }
    return false;
}

/* A check that said "ok" three times, as version 2 wrote it. */
static void put_single_row(struct memory_rows *rows, struct slice key)
{
    struct buf b;
    struct row_sink sink = memory_rows_sink(rows);
    buf_init(&b, 200);
    buf_char(&b, 2);
    buf_le64(&b, (uint64_t)at(0).ms); /* of the list */
    buf_le16(&b, 1);
    buf_le64(&b, (uint64_t)at(30).ms); /* last */
    buf_le32(&b, 10000);               /* from the one before it */
    buf_le32(&b, 0);                   /* spans dropped */
    buf_le16(&b, 1);                   /* spans */
    buf_put(&b, "\1\0\0\1\0\0\0", 7);  /* the good side, in no run */
    buf_le64(&b, (uint64_t)at(30).ms); /* admitted */
    buf_le64(&b, (uint64_t)INT64_MIN); /* never ended */
    buf_le16(&b, 0);                   /* nothing ahead of the stream */
    assert_int_equal(sink.put(sink.context, ROW_PROBE, key, (struct slice){b.data, b.len}), 0);
    buf_done(&b);
}

/* Rows for each probe, as stores had them, are read, and give way with the first save. */
static void a_store_with_a_row_for_each_probe_goes_on(void **state)
{
    (void)state;
    struct stage st;
    struct memory_rows rows;
    struct world_options options = world_options_default();
    struct slice old = slice_of("p1"), today = {"\0\0\0\0\0", 5};
    stage_open(&st);
    memory_rows_init(&rows);
    for (int64_t s = 10; s <= 30; s += 10)
        say(&st, s, VERDICT_OK);
    assert_int_equal(memory_rows_save(&rows, st.w), 0);
    struct row_sink sink = memory_rows_sink(&rows);
    assert_true(has_row(&rows, today));
    assert_int_equal(sink.drop(sink.context, ROW_PROBE, today), 0);
    put_single_row(&rows, old);
    assert_restarts_equal(&st, &rows, 30);
    struct world *w = world_new(st.inv, &options);
    assert_int_equal(memory_rows_load(&rows, w), 0);
    world_free(st.w);
    st.w = w;
    say(&st, 40, VERDICT_FAILED);
    assert_int_equal(memory_rows_save(&rows, st.w), 0);
    assert_false(has_row(&rows, old));
    assert_true(has_row(&rows, today));
    assert_restarts_equal(&st, &rows, 40);
    memory_rows_done(&rows);
    stage_close(&st);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_with_a_row_for_each_probe_goes_on),
        cmocka_unit_test(a_repeated_result_changes_nothing_and_is_no_change),
        cmocka_unit_test(fates_are_told),
        cmocka_unit_test(uncertainty_is_the_gap_between_samples),
        cmocka_unit_test(flapping_is_bounded_and_keeps_its_sums),
        cmocka_unit_test(old_history_is_forgotten),
        cmocka_unit_test(what_a_gap_began_with_is_kept_as_long_as_the_gap),
        cmocka_unit_test(lists_are_bounded),
        cmocka_unit_test(damaged_rows_are_refused),
        cmocka_unit_test(an_end_that_was_taken_back_stays_so_after_a_restart),
        cmocka_unit_test(an_ended_check_awaits_nothing),
        cmocka_unit_test(an_end_that_is_taken_back_leaves_the_one_before),
        cmocka_unit_test(a_result_ahead_of_now_that_was_taken_back_stays_so),
        cmocka_unit_test(spans_that_an_end_took_away_leave_the_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
