#include "verify_evidence.h"

#include "unit.h"

enum { TTL_MS = 15000 };

/* One unit, one probe, two required checks and an optional one; all results acknowledged. */
struct stage {
    struct verify_truth t;
    struct vec spans;
};

static void open_stage(struct stage *s)
{
    *s = (struct stage){.t = {.ttl_ms = TTL_MS}};
    vec_init(&s->spans, sizeof(struct verify_span), 1000);
    vec_init(&s->t.check_rows, sizeof(struct verify_check), 10);
    vec_init(&s->t.unit_rows, sizeof(struct verify_unit), 10);
    vec_init(&s->t.probe_rows, sizeof(struct verify_probe), 10);
    struct verify_probe *p = vec_push(&s->t.probe_rows);
    struct verify_unit *u = vec_push(&s->t.unit_rows);
    assert_non_null(p);
    assert_non_null(u);
    vec_init(&p->gasps, sizeof(int64_t), 10);
    vec_init(&u->checks, sizeof(uint32_t), 10);
    p->evidence_to = INT64_MAX;
    u->own = true;
    for (uint32_t i = 0; i < 3; i++) {
        struct verify_check *c = vec_push(&s->t.check_rows);
        uint32_t *number = vec_push(&u->checks);
        assert_non_null(c);
        assert_non_null(number);
        *number = i;
        *c = (struct verify_check){.own = true, .role = i == 2 ? ROLE_OPTIONAL : ROLE_REQUIRED};
        vec_init(&c->results, sizeof(struct verify_result), 1000);
    }
}

static void close_stage(struct stage *s)
{
    verify_truth_done(&s->t);
    vec_done(&s->spans);
}

/* All three checks ran at @p s seconds. */
static void run(struct stage *s, int64_t seconds, int first, int second, int optional)
{
    const int verdicts[] = {first, second, optional};
    for (uint32_t i = 0; i < 3; i++) {
        struct verify_result *r =
            vec_push(&((struct verify_check *)vec_at(&s->t.check_rows, i))->results);
        assert_non_null(r);
        *r = (struct verify_result){.time_ms = seconds * 1000, .verdict = (uint8_t)verdicts[i]};
    }
}

static void expect(struct stage *s, const struct verify_span *expected, size_t n)
{
    assert_int_equal(verify_evidence(&s->t, 0, &s->spans), 0);
    assert_int_equal(s->spans.len, n);
    for (size_t i = 0; i < n; i++) {
        const struct verify_span *is = vec_at(&s->spans, i);
        assert_int_equal(is->from_ms, expected[i].from_ms);
        assert_int_equal(is->to_ms, expected[i].to_ms);
        assert_int_equal(is->state, expected[i].state);
    }
}

static void the_worst_required_check_decides(void **state)
{
    static const struct verify_span expected[] = {{0, 5000, VERIFY_UP},
                                                  {5000, 10000, VERIFY_DOWN},
                                                  {10000, 15000, VERIFY_DEGRADED},
                                                  {15000, 25000, VERIFY_UP}};
    struct stage s;
    (void)state;
    open_stage(&s);
    run(&s, 0, 0, 0, 0);
    run(&s, 5, 0, 2, 0);
    run(&s, 10, 0, 0, 2); /* an optional check only degrades */
    run(&s, 15, 0, 0, 0);
    run(&s, 20, 0, 0, 0);
    run(&s, 25, 0, 0, 0);
    expect(&s, expected, 4);
    close_stage(&s);
}

static void a_gap_beyond_ttl_decides_nothing(void **state)
{
    static const struct verify_span expected[] = {
        {0, 15000, VERIFY_UP}, {15000, 30001, VERIFY_OPEN}, {30001, 32000, VERIFY_UP}};
    struct stage s;
    (void)state;
    open_stage(&s);
    run(&s, 0, 0, 0, 0);
    run(&s, 15, 0, 0, 0); /* within ttl means at most ttl */
    run(&s, 32, 0, 0, 0);
    for (uint32_t i = 0; i < 3; i++) {
        struct verify_check *c = vec_at(&s.t.check_rows, i);
        struct verify_result *r = vec_insert(&c->results, 2);
        assert_non_null(r);
        r->time_ms = 30001;
    }
    expect(&s, expected, 3);
    close_stage(&s);
}

static void a_gasp_is_down_until_the_next_result(void **state)
{
    static const struct verify_span expected[] = {
        {0, 3000, VERIFY_UP}, {3000, 40000, VERIFY_GASPED}, {40000, 45000, VERIFY_UP}};
    struct stage s;
    (void)state;
    open_stage(&s);
    run(&s, 0, 0, 0, 0);
    run(&s, 40, 0, 0, 0);
    run(&s, 45, 0, 0, 0);
    struct verify_probe *p = vec_at(&s.t.probe_rows, 0);
    int64_t *gasp = vec_push(&p->gasps);
    assert_non_null(gasp);
    *gasp = 3000;
    /* without the gasp the span from 0 on would decide nothing: the next result is beyond ttl */
    for (uint32_t i = 0; i < 3; i++) {
        struct verify_check *c = vec_at(&s.t.check_rows, i);
        struct verify_result *r = vec_insert(&c->results, 1);
        assert_non_null(r);
        r->time_ms = 3000;
    }
    expect(&s, expected, 3);
    close_stage(&s);
}

static void what_is_not_acknowledged_does_not_count(void **state)
{
    static const struct verify_span expected[] = {{0, 10000, VERIFY_UP}};
    struct stage s;
    (void)state;
    open_stage(&s);
    run(&s, 0, 0, 0, 0);
    run(&s, 5, 0, 0, 0);
    run(&s, 10, 2, 2, 0);
    run(&s, 15, 2, 2, 0);
    ((struct verify_probe *)vec_at(&s.t.probe_rows, 0))->evidence_to = 10000;
    expect(&s, expected, 1);
    close_stage(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worst_required_check_decides),
        cmocka_unit_test(a_gap_beyond_ttl_decides_nothing),
        cmocka_unit_test(a_gasp_is_down_until_the_next_result),
        cmocka_unit_test(what_is_not_acknowledged_does_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
