#include "core/check_line.h"

#include "base/rng.h"
#include "core/check_tail.h"
#include "unit.h"

/* Random results, milliseconds as instants, against the definition of 7.7 over the bare results. */
enum { ROUNDS = 3000, RESULTS = 40, TTL = 12 };

struct result {
    int64_t t;
    enum verdict verdict; /* as it came; the worst of equal times */
    enum verdict reads;   /* after hysteresis */
};

struct plain {
    struct result results[RESULTS];
    int len;
};

static bool far(const struct plain *p, int i)
{
    return p->results[i].t - p->results[i - 1].t > TTL;
}

/* Length of the run that begins at i: equal side, 3 left out, no gap. */
static int run_length(const struct plain *p, int i)
{
    int length = 0;
    for (int k = i; k < p->len && !(k > i && far(p, k)); k++) {
        if (p->results[k].verdict == VERDICT_UNKNOWN)
            continue;
        if ((p->results[k].verdict == VERDICT_FAILED) != (p->results[i].verdict == VERDICT_FAILED))
            break;
        length++;
    }
    return length;
}

static void settle(struct plain *p, int bad, int good)
{
    int side = 0; /* 1 good, 2 bad */
    bool in_run = false;
    for (int i = 0; i < p->len; i++) {
        struct result *r = &p->results[i];
        r->reads = r->verdict;
        if (i > 0 && far(p, i)) {
            side = 0;
            in_run = false;
        }
        if (r->verdict == VERDICT_UNKNOWN)
            continue;
        int own = r->verdict == VERDICT_FAILED ? 2 : 1;
        if (side == 0 || side == own) {
            side = own;
            in_run = false;
        } else if (!in_run && run_length(p, i) >= (own == 2 ? bad : good)) {
            side = own;
        } else {
            in_run = true;
            r->reads = own == 2 ? VERDICT_DEGRADED : VERDICT_FAILED;
        }
    }
}

static void add_plain(struct plain *p, int64_t t, enum verdict verdict)
{
    if (p->len && p->results[p->len - 1].t == t) {
        struct result *last = &p->results[p->len - 1];
        last->verdict = verdict_worse(last->verdict, verdict);
        return;
    }
    p->results[p->len++] = (struct result){t, verdict, verdict};
}

/* Every result reads as it should, gaps are gaps, and neighbours differ. */
static void check_against(const struct check_line *line, const struct plain *p)
{
    for (int i = 0; i < p->len; i++) {
        int64_t t = p->results[i].t;
        bool gap_follows = i + 1 < p->len && far(p, i + 1);
        int index = check_line_index(line, t, -1);
        struct check_span span = check_line_span(line, index);
        if (gap_follows) {
            assert_int_equal(span.kind, LINE_GAP);
            assert_true(span.from == t && span.to == p->results[i + 1].t);
        } else {
            assert_true(span.kind < LINE_GAP);
        }
        assert_int_equal(span.verdict, p->results[i].reads);
    }
    assert_true(line->len == 0 || line->last_ms == p->results[p->len - 1].t);
    for (int i = 0; i + 1 < line->len; i++)
        assert_true(check_line_span(line, i).kind != check_line_span(line, i + 1).kind);
}

static void random_results_read_as_defined(void **state)
{
    (void)state;
    struct rng rng = {11};
    for (int round = 0; round < ROUNDS; round++) {
        struct check_line line = {0};
        struct plain p = {0};
        struct line_rules rules = {TTL, (uint8_t)(1 + rng_below(&rng, 4)),
                                   (uint8_t)(1 + rng_below(&rng, 4))};
        int64_t t = (int64_t)rng_below(&rng, 50);
        while (p.len < RESULTS) {
            enum verdict verdict = (enum verdict)rng_below(&rng, 4);
            int64_t changed = CHECK_LINE_NEVER;
            if (!check_line_repeat(&line, t, verdict, TTL))
                assert_int_equal(check_line_add(&line, t, verdict, &rules, &changed), 0);
            add_plain(&p, t, verdict);
            settle(&p, rules.bad, rules.good);
            check_against(&line, &p);
            if (p.len < RESULTS)
                t += (int64_t)rng_below(&rng, rng_below(&rng, 4) ? 6 : 20);
        }
        check_line_done(&line);
    }
}

/* What changed is told: before `changed` every instant reads as it did. */
static void the_earliest_change_is_told(void **state)
{
    (void)state;
    struct rng rng = {12};
    for (int round = 0; round < ROUNDS; round++) {
        struct check_line line = {0};
        struct line_rules rules = {TTL, 3, 2};
        int64_t t = 0;
        int before[RESULTS * 20];
        for (int i = 0; i < RESULTS; i++) {
            int64_t changed = CHECK_LINE_NEVER;
            for (int64_t x = 0; x < t; x++) {
                int index = check_line_index(&line, x, -1);
                before[x] = index < 0 ? -1 : (int)check_line_span(&line, index).verdict;
            }
            enum verdict verdict = (enum verdict)rng_below(&rng, 4);
            assert_int_equal(check_line_add(&line, t, verdict, &rules, &changed), 0);
            for (int64_t x = 0; x < t && x < changed; x++) {
                int index = check_line_index(&line, x, -1);
                assert_int_equal(before[x],
                                 index < 0 ? -1 : (int)check_line_span(&line, index).verdict);
            }
            t += (int64_t)rng_below(&rng, 20);
        }
        check_line_done(&line);
    }
}

static struct line_rules same_rules(void *context, int64_t before, int64_t t)
{
    (void)before;
    (void)t;
    return *(const struct line_rules *)context;
}

/* A tail of summaries on a stream: the line is always that of the stream's results with those
 * summaries behind it that are later. */
static void a_tail_gives_way_to_the_stream(void **state)
{
    (void)state;
    struct rng rng = {13};
    for (int round = 0; round < ROUNDS; round++) {
        struct check_line line = {0};
        struct check_tail *tail = NULL;
        struct line_rules rules = {TTL, (uint8_t)(1 + rng_below(&rng, 3)), 2};
        struct tail_rules tail_rules = {same_rules, &rules};
        struct plain stream = {0};
        struct plain ahead = {0};
        for (int i = 0; i < RESULTS / 2; i++) {
            enum verdict verdict = (enum verdict)rng_below(&rng, 4);
            int64_t changed;
            int64_t base = stream.len ? stream.results[stream.len - 1].t : 0;
            if (rng_below(&rng, 2) && ahead.len < RESULTS / 2) {
                int64_t last = ahead.len ? ahead.results[ahead.len - 1].t : base + 1;
                int64_t t = last + (int64_t)rng_below(&rng, 20);
                assert_int_equal(check_tail_add(&tail, &line, t, verdict, &tail_rules, &changed),
                                 0);
                add_plain(&ahead, t, verdict);
            } else {
                int64_t t = base + (int64_t)rng_below(&rng, 20);
                if (tail)
                    check_tail_lift(tail, &line, t, &changed);
                assert_int_equal(check_line_add(&line, t, verdict, &rules, &changed), 0);
                if (tail)
                    assert_int_equal(check_tail_settle(&tail, &line, &tail_rules), 0);
                add_plain(&stream, t, verdict);
                struct plain left = {0};
                for (int k = 0; k < ahead.len; k++)
                    if (ahead.results[k].t > t)
                        left.results[left.len++] = ahead.results[k];
                ahead = left;
            }
            struct plain both = stream;
            for (int k = 0; k < ahead.len; k++)
                both.results[both.len++] = ahead.results[k];
            settle(&both, rules.bad, rules.good);
            check_against(&line, &both);
            assert_int_equal(check_tail_len(tail), ahead.len);
        }
        check_tail_free(tail);
        check_line_done(&line);
    }
}

static void a_full_tail_stays_bounded_and_keeps_the_newest(void **state)
{
    (void)state;
    struct check_line line = {0};
    struct check_tail *tail = NULL;
    struct line_rules rules = {TTL, 1, 1};
    struct tail_rules tail_rules = {same_rules, &rules};
    int64_t changed;
    for (int64_t t = 0; t < 100000; t += 10)
        assert_int_equal(check_tail_add(&tail, &line, t, VERDICT_OK, &tail_rules, &changed), 0);
    assert_int_equal(check_tail_len(tail), CHECK_TAIL_MAX);
    assert_int_equal(line.len, 1);
    /* The stream arrives in the middle of what was merged: what is later is evidence still. */
    check_tail_lift(tail, &line, 50000, &changed);
    assert_int_equal(check_line_add(&line, 50000, VERDICT_FAILED, &rules, &changed), 0);
    assert_int_equal(check_tail_settle(&tail, &line, &tail_rules), 0);
    struct check_span last = check_line_span(&line, line.len - 1);
    assert_int_equal(last.verdict, VERDICT_OK);
    assert_true(line.last_ms == 99990);
    check_tail_free(tail);
    check_line_done(&line);
}

static void an_end_is_no_silence_and_can_be_taken_back(void **state)
{
    (void)state;
    struct check_line line = {0};
    struct line_rules rules = {TTL, 1, 1};
    int64_t changed;
    assert_int_equal(check_line_add(&line, 100, VERDICT_OK, &rules, &changed), 0);
    assert_int_equal(check_line_end(&line, 110, &rules, &changed), 0);
    assert_true(changed == 110);
    assert_false(check_line_alive(&line));
    assert_int_equal(check_line_span(&line, 0).kind, LINE_OK);
    check_line_resume(&line, 110);
    assert_true(check_line_alive(&line) && line.len == 1);
    assert_int_equal(check_line_end(&line, 200, &rules, &changed), 0);
    assert_true(changed == 100);
    assert_int_equal(check_line_span(&line, 1).kind, LINE_GAP);
    assert_int_equal(check_line_add(&line, 300, VERDICT_FAILED, &rules, &changed), 0);
    assert_true(changed == 300 && check_line_span(&line, line.len - 1).gap_ms == 0);
    /* A list that overtook a result ends the check before it. */
    assert_int_equal(check_line_end(&line, 250, &rules, &changed), 0);
    assert_false(check_line_alive(&line));
    assert_int_equal(check_line_index(&line, 300, -1), check_line_index(&line, 220, -1));
    check_line_done(&line);
}

static void spans_hold_the_distance_to_the_sample_before(void **state)
{
    (void)state;

    static const struct {
        int64_t gap, held;
    } cases[] = {{1, 1}, {131071, 131071}, {131072, 132000}, {200001, 201000}, {3600000, 3600000}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct check_line line = {0};
        struct line_rules rules = {INT64_C(1) << 40, 1, 1};
        int64_t changed;
        assert_int_equal(check_line_add(&line, 5, VERDICT_OK, &rules, &changed), 0);
        assert_int_equal(check_line_add(&line, 5 + cases[i].gap, VERDICT_FAILED, &rules, &changed),
                         0);
        assert_true(check_line_span(&line, 1).gap_ms == cases[i].held);
        check_line_done(&line);
    }
}

static void trimming_never_begins_with_a_gap(void **state)
{
    (void)state;
    struct rng rng = {14};
    for (int round = 0; round < 300; round++) {
        struct check_line line = {0};
        struct line_rules rules = {TTL, 2, 2};
        int64_t t = 0, changed;
        for (int i = 0; i < 60; i++, t += (int64_t)rng_below(&rng, 25))
            assert_int_equal(
                check_line_add(&line, t, (enum verdict)rng_below(&rng, 4), &rules, &changed), 0);
        uint32_t all = line.len;
        check_line_trim(&line, (int64_t)rng_below(&rng, (uint64_t)t + 1),
                        (unsigned)rng_below(&rng, 40) + 1);
        assert_int_equal(line.len + line.dropped, all);
        assert_true(check_line_span(&line, 0).kind < LINE_GAP);
        assert_true(line.run.spans <= line.len);
        check_line_done(&line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_results_read_as_defined),
        cmocka_unit_test(the_earliest_change_is_told),
        cmocka_unit_test(a_tail_gives_way_to_the_stream),
        cmocka_unit_test(a_full_tail_stays_bounded_and_keeps_the_newest),
        cmocka_unit_test(an_end_is_no_silence_and_can_be_taken_back),
        cmocka_unit_test(spans_hold_the_distance_to_the_sample_before),
        cmocka_unit_test(trimming_never_begins_with_a_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
