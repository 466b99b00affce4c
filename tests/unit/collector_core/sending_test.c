#include "core/sending.h"

#include "base/err.h"
#include "base/rng.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCHES = 60, LINES = 300 };

/* What the fake server does with a line for ever. */
enum kind { GOOD, BAD, OLD };

/* A world of batches and a server that fails at random until it is told to behave. */
struct world {
    struct rng rng;
    struct sending *sending;
    struct mono_ms now;
    uint8_t kind[BATCHES][LINES];
    uint32_t lines[BATCHES];
    bool memory[BATCHES][LINES]; /* in a confirm server's memory */
    bool disk[BATCHES][LINES];
    bool dead[BATCHES][LINES];
    bool through[BATCHES];
    struct sending_outcome sums[BATCHES];
    uint64_t poison; /* number of a batch that the server always fails on; 0 = none */
    bool confirm;
    bool behave; /* no more random faults */
    int64_t start_s;
    struct mono_ms flushed;
    uint64_t requests;
};

static uint32_t fields_of(uint32_t line)
{
    return 1 + line % 4;
}

static struct sending_line *lines_of(const struct world *w, uint64_t number)
{
    uint32_t n = w->lines[number];
    struct sending_line *lines = calloc(n, sizeof *lines);
    for (uint32_t i = 0; i < n; i++) {
        lines[i].time_ns = w->kind[number][i] == OLD ? 5 : 100 + i;
        lines[i].fields = fields_of(i);
    }
    return lines;
}

static bool asked_for(const struct sending_request *r, uint32_t line)
{
    return r->whole || (line >= r->first && line < r->end && r->lines[line].fate == SENDING_TODO);
}

/* Stores what InfluxDB 1 would and answers as it does. */
static struct sending_reply judge(struct world *w, const struct sending_request *r, char body[200])
{
    uint32_t bad = 0, old = 0;
    for (uint32_t i = 0; i < w->lines[r->number]; i++) {
        if (!asked_for(r, i))
            continue;
        uint8_t kind = w->kind[r->number][i];
        bad += kind == BAD;
        old += kind == OLD;
        if (kind == GOOD)
            *(w->confirm ? &w->memory[r->number][i] : &w->disk[r->number][i]) = true;
    }
    struct sending_reply reply = {204, {"", 0}, -1};
    if (!bad && !old)
        return reply;
    snprintf(body, 200,
             old ? "{\"error\":\"partial write: points beyond retention policy dropped=%u\"}"
                 : "{\"error\":\"partial write: unable to parse 'x%u': bad dropped=0\"}",
             old ? old : bad);
    reply.status = 400;
    reply.body = slice_of(body);
    return reply;
}

static struct sending_reply answer(struct world *w, const struct sending_request *r, char body[200])
{
    static const int faults[] = {0, 500, 502, 503, 429, 401, 404, 400, 413};
    w->requests++;
    bool poisoned = w->poison && r->number == w->poison;
    if (!poisoned && (w->behave || rng_below(&w->rng, 3) > 0))
        return judge(w, r, body);
    struct sending_reply reply = {500, {"broken", 6}, -1};
    if (poisoned && w->behave)
        return reply;
    reply.status = faults[rng_below(&w->rng, sizeof faults / sizeof *faults)];
    if (reply.status == 429 || reply.status == 503)
        reply.retry_after_ms = (int64_t)rng_below(&w->rng, 20000) - 1000;
    if (reply.status < 400 || rng_below(&w->rng, 2))
        judge(w, r, body); /* stored, but the answer was lost on its way */
    return reply;
}

static void take_outcomes(struct world *w)
{
    struct sending_outcome out;
    while (sending_outcome(w->sending, &out)) {
        assert_false(w->through[out.number]);
        w->through[out.number] = true;
        w->sums[out.number] = out;
        for (size_t i = 0; i < out.n_dead_lines; i++)
            w->dead[out.number][out.dead_lines[i].line] = true;
    }
}

/* The confirm server writes its memory to disk now and then, and loses it when it is killed. */
static void run_server(struct world *w)
{
    if (!w->confirm)
        return;
    if (!w->behave && rng_below(&w->rng, 400) == 0) {
        memset(w->memory, 0, sizeof w->memory);
        w->start_s = w->now.ms / 1000 + 1;
        w->flushed = w->now;
    }
    if (mono_since(w->now, w->flushed) > 20000) {
        for (int b = 0; b < BATCHES; b++)
            for (int i = 0; i < LINES; i++)
                w->disk[b][i] |= w->memory[b][i];
        w->flushed = w->now;
    }
    if (mono_reached(w->now, sending_server_due(w->sending)))
        assert_int_equal(sending_server(w->sending, w->start_s, w->now), 0);
}

/* One turn: requests go out, some are answered, time passes. */
static void turn(struct world *w, struct sending_request *flying, size_t *n)
{
    run_server(w);
    while (*n < SENDING_FLIGHTS_MAX + 1 && sending_request(w->sending, w->now, &flying[*n])) {
        assert_true(sending_open(w->sending, w->now));
        ++*n;
    }
    while (*n > 0 && rng_below(&w->rng, 3) > 0) {
        size_t at = (size_t)rng_below(&w->rng, *n);
        struct sending_request r = flying[at];
        flying[at] = flying[--*n];
        char body[200];
        struct sending_reply reply = answer(w, &r, body);
        enum sending_next next = SENDING_GOES_ON;
        assert_int_equal(sending_reply(w->sending, r.slot, w->now, &reply, &next), 0);
        if (next == SENDING_INDEX)
            assert_int_equal(
                sending_index(w->sending, r.slot, w->now, lines_of(w, r.number), &next), 0);
    }
    take_outcomes(w);
    w->now = mono_add(w->now, (int64_t)rng_below(&w->rng, 500));
    if (*n == 0 && !w->confirm) {
        struct mono_ms wake = sending_wake(w->sending, w->now);
        assert_true(wake.ms > w->now.ms);
        if (wake.ms != INT64_MAX && rng_below(&w->rng, 2))
            w->now = wake;
    }
}

static void make_batch(struct world *w, uint64_t b)
{
    w->lines[b] = 1 + (uint32_t)rng_below(&w->rng, LINES);
    uint32_t readings = 0, bad = 0;
    for (uint32_t i = 0; i < w->lines[b]; i++) {
        uint64_t dice = w->confirm ? 99 : rng_below(&w->rng, 100);
        w->kind[b][i] = dice < 1 && bad < 8 ? BAD : dice < 6 ? OLD : GOOD;
        bad += w->kind[b][i] == BAD;
        readings += fields_of(i);
    }
    assert_int_equal(sending_add(w->sending, b, w->lines[b], readings), 0);
}

/* Every line is where it belongs and the sums agree. */
static void check(const struct world *w)
{
    for (uint64_t b = 1; b < BATCHES; b++) {
        uint32_t sums[3] = {0};
        assert_true(w->through[b] || b == w->poison);
        for (uint32_t i = 0; i < w->lines[b] && b != w->poison; i++) {
            uint8_t kind = w->kind[b][i];
            sums[kind] += fields_of(i);
            assert_true(w->disk[b][i] == (kind == GOOD));
            assert_true(w->dead[b][i] == (kind == BAD));
        }
        if (b == w->poison)
            continue;
        assert_int_equal(w->sums[b].written, sums[GOOD]);
        assert_int_equal(w->sums[b].dead, sums[BAD]);
        assert_int_equal(w->sums[b].expired, sums[OLD]);
    }
}

static void simulate(uint64_t seed, bool confirm, bool poison)
{
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    w->rng.state = seed;
    w->confirm = confirm;
    w->poison = poison ? 1 + rng_below(&w->rng, BATCHES - 1) : 0;
    struct sending_options options = sending_options_default();
    options.confirm = confirm;
    w->sending = sending_new(&options, seed);
    assert_non_null(w->sending);
    struct sending_request flying[SENDING_FLIGHTS_MAX + 1];
    size_t n = 0;
    uint64_t next = 1;
    for (int i = 0; i < 200000 && sending_pending(w->sending) + (BATCHES - next) > poison; i++) {
        if (next < BATCHES && rng_below(&w->rng, 4) == 0)
            make_batch(w, next++);
        w->behave = i > 3000;
        turn(w, flying, &n);
    }
    if (sending_pending(w->sending) != (size_t)poison)
        fail_msg("seed %llu: %zu batches are stuck", (unsigned long long)seed,
                 sending_pending(w->sending));
    check(w);
    if (w->poison)
        assert_int_equal(sending_trouble(w->sending)->aside, 1);
    sending_free(w->sending);
    free(w);
}

static void nothing_good_is_ever_lost(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++)
        simulate(seed, false, false);
}

static void a_poisoned_batch_blocks_nobody(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed <= 130; seed++)
        simulate(seed, false, true);
}

static void a_server_that_answers_before_it_stores_may_be_killed(void **state)
{
    (void)state;
    for (uint64_t seed = 200; seed <= 240; seed++)
        simulate(seed, true, false);
}

static struct sending *with_batches(uint32_t n, bool confirm)
{
    struct sending_options options = sending_options_default();
    options.confirm = confirm;
    struct sending *s = sending_new(&options, 7);
    assert_non_null(s);
    for (uint32_t i = 1; i <= n; i++)
        assert_int_equal(sending_add(s, i, 10, 10), 0);
    return s;
}

static void reply_to(struct sending *s, const struct sending_request *r, struct mono_ms now,
                     int status, int64_t retry_after_ms)
{
    struct sending_reply reply = {status, {"", 0}, retry_after_ms};
    enum sending_next next = SENDING_INDEX;
    assert_int_equal(sending_reply(s, r->slot, now, &reply, &next), 0);
    assert_int_equal(next, SENDING_GOES_ON);
}

static void retry_after_is_obeyed(void **state)
{
    (void)state;
    struct sending *s = with_batches(3, false);
    struct sending_request r, other;
    struct mono_ms now = {1000};
    assert_true(sending_request(s, now, &r));
    assert_true(sending_request(s, now, &other));
    reply_to(s, &r, now, 429, 90000);
    reply_to(s, &other, now, 204, -1); /* was on its way: no reason to hurry */
    assert_false(sending_request(s, (struct mono_ms){90999}, &r));
    assert_true(sending_wake(s, now).ms == 91000);
    assert_int_equal(sending_trouble(s)->class, SENDING_BUSY);
    assert_true(sending_request(s, (struct mono_ms){91000}, &r));
    assert_false(sending_request(s, (struct mono_ms){91000}, &other)); /* one trial at a time */
    reply_to(s, &r, (struct mono_ms){91000}, 204, -1);
    assert_int_equal(sending_trouble(s)->class, SENDING_OK);
    assert_true(sending_request(s, (struct mono_ms){91000}, &r));
    sending_free(s);
}

static void back_off_grows_to_its_bound(void **state)
{
    (void)state;
    struct sending *s = with_batches(1, false);
    struct sending_options o = sending_options_default();
    struct mono_ms now = {0};
    int64_t expected = o.backoff_min_ms;
    for (int i = 0; i < 12; i++) {
        struct sending_request r;
        assert_true(sending_request(s, now, &r));
        reply_to(s, &r, now, 502, -1);
        struct mono_ms wake = sending_wake(s, now);
        assert_in_range(mono_since(wake, now), expected / 2, expected);
        assert_false(sending_request(s, mono_add(wake, -1), &r));
        now = wake;
        expected = expected * 2 < o.backoff_max_ms ? expected * 2 : o.backoff_max_ms;
    }
    assert_int_equal(sending_trouble(s)->failures, 12);
    sending_free(s);
}

static void a_batch_counts_only_once_the_server_lived_on(void **state)
{
    (void)state;
    struct sending *s = with_batches(2, true);
    struct sending_request r;
    struct sending_outcome out;
    struct mono_ms now = {0};
    assert_false(sending_request(s, now, &r)); /* who is there? */
    assert_true(mono_reached(now, sending_server_due(s)));
    assert_int_equal(sending_server(s, 100, now), 0);
    for (int i = 0; i < 2; i++) {
        assert_true(sending_request(s, now, &r));
        reply_to(s, &r, (struct mono_ms){i * 1000}, 204, -1);
    }
    assert_false(sending_outcome(s, &out));
    assert_true(sending_server_due(s).ms == 30000);
    assert_int_equal(sending_server(s, 100, (struct mono_ms){29999}), 0);
    assert_false(sending_outcome(s, &out));
    assert_int_equal(sending_server(s, 100, (struct mono_ms){30000}), 0);
    assert_true(sending_outcome(s, &out));
    assert_int_equal(out.number, 1);
    assert_int_equal(out.written, 10);
    assert_false(sending_outcome(s, &out));
    assert_int_equal(sending_server(s, 131, (struct mono_ms){31000}), 0); /* it was restarted */
    assert_false(sending_outcome(s, &out));
    assert_true(sending_request(s, (struct mono_ms){31000}, &r));
    assert_int_equal(r.number, 2);
    assert_int_equal(sending_pending(s), 1);
    sending_free(s);
}

static void a_damaged_file_leaves_the_others(void **state)
{
    (void)state;
    struct sending *s = with_batches(2, false);
    struct sending_request r;
    struct sending_outcome out;
    assert_true(sending_request(s, (struct mono_ms){0}, &r));
    sending_drop(s, r.slot);
    assert_true(sending_request(s, (struct mono_ms){0}, &r));
    assert_int_equal(r.number, 2);
    sending_cancel(s, r.slot, (struct mono_ms){0});
    assert_false(sending_request(s, (struct mono_ms){999}, &r));
    assert_true(sending_request(s, (struct mono_ms){1000}, &r));
    reply_to(s, &r, (struct mono_ms){1000}, 204, -1);
    assert_true(sending_outcome(s, &out));
    assert_int_equal(sending_add(s, 3, 0, 0), 0);
    assert_true(sending_outcome(s, &out));
    assert_int_equal(out.number, 3);
    assert_false(sending_outcome(s, &out));
    assert_int_equal(sending_pending(s), 0);
    sending_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_good_is_ever_lost),
        cmocka_unit_test(a_poisoned_batch_blocks_nobody),
        cmocka_unit_test(a_server_that_answers_before_it_stores_may_be_killed),
        cmocka_unit_test(retry_after_is_obeyed),
        cmocka_unit_test(back_off_grows_to_its_bound),
        cmocka_unit_test(a_batch_counts_only_once_the_server_lived_on),
        cmocka_unit_test(a_damaged_file_leaves_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
