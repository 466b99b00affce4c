#include "core/sending_job.h"

#include "base/err.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 4096 };

/* A server that knows for each line whether it would refuse it or find it too old. */
struct server {
    bool bad[LINES_MAX];
    int64_t time_ns[LINES_MAX];
    int64_t oldest_ns;
    uint32_t largest; /* lines in one request; 0 = any */
    int requests;
    bool has[LINES_MAX];
};

static struct sending_verdict says(enum sending_class class, uint32_t dropped, const char *words)
{
    struct sending_verdict v = {.class = class, .dropped = dropped, .oldest = true, .status = 400};
    snprintf(v.words, sizeof v.words, "%s", words);
    return v;
}

/* As InfluxDB 1 answers: good lines are stored, and the retention hides the bad ones. */
static struct sending_verdict serve(struct server *srv, const struct sending_job *job)
{
    uint32_t first, end, old = 0, bad = 0, n = 0;
    sending_job_request(job, &first, &end);
    srv->requests++;
    for (uint32_t i = first; i < end; i++)
        n += !job->lines || job->lines[i].fate == SENDING_TODO;
    if (srv->largest && n > srv->largest)
        return says(SENDING_TOO_LARGE, 0, "too large");
    for (uint32_t i = first; i < end; i++) {
        if (job->lines && job->lines[i].fate != SENDING_TODO)
            continue;
        bool is_old = srv->time_ns[i] < srv->oldest_ns;
        old += is_old && !srv->bad[i];
        bad += srv->bad[i];
        srv->has[i] |= !is_old && !srv->bad[i];
    }
    if (old)
        return says(SENDING_BEYOND, old, "points beyond retention policy");
    return bad ? says(SENDING_LINES, 0, "unable to parse") : says(SENDING_OK, 0, "");
}

static struct sending_line *lines_of(const struct server *srv, uint32_t n)
{
    struct sending_line *lines = calloc(n, sizeof *lines);
    for (uint32_t i = 0; i < n; i++)
        lines[i] = (struct sending_line){srv->time_ns[i], 1 + i % 3, SENDING_TODO};
    return lines;
}

/* Runs the job to its end against the server. */
static enum sending_job_step run(struct sending_job *job, struct server *srv)
{
    enum sending_job_step step = SENDING_JOB_GO;
    while (step == SENDING_JOB_GO) {
        struct sending_verdict v = serve(srv, job);
        assert_int_equal(sending_job_verdict(job, &v, &step), 0);
        if (step == SENDING_JOB_INDEX)
            assert_int_equal(sending_job_index(job, lines_of(srv, job->n_lines), &step), 0);
        assert_true(srv->requests < 10000);
    }
    return step;
}

static uint32_t readings_of(uint32_t n)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += 1 + i % 3;
    return sum;
}

static void a_good_batch_takes_one_request_and_no_index(void **state)
{
    (void)state;
    struct server srv = {0};
    struct sending_job job;
    sending_job_init(&job, 1, 1000, readings_of(1000));
    assert_int_equal(run(&job, &srv), SENDING_JOB_DONE);
    assert_int_equal(srv.requests, 1);
    assert_null(job.lines);
    assert_int_equal(sending_job_readings(&job, SENDING_WRITTEN), readings_of(1000));
    sending_job_done(&job);
}

static void bad_lines_are_found_and_the_rest_is_written(void **state)
{
    (void)state;
    struct server srv = {0};
    srv.bad[0] = srv.bad[499] = srv.bad[500] = srv.bad[999] = true;
    struct sending_job job;
    sending_job_init(&job, 1, 1000, readings_of(1000));
    assert_int_equal(run(&job, &srv), SENDING_JOB_DONE);
    assert_int_equal(job.dead.len, 4);
    static const uint32_t expected[] = {0, 499, 500, 999};
    for (size_t i = 0; i < 4; i++) {
        const struct sending_dead *dead = vec_at(&job.dead, i);
        assert_int_equal(dead->line, expected[i]);
        assert_int_equal(dead->readings, 1 + expected[i] % 3);
        assert_string_equal(dead->words, "unable to parse");
    }
    for (uint32_t i = 0; i < 1000; i++)
        assert_true(srv.has[i] == !srv.bad[i]);
    /* Each bad line costs at most two requests a level of halving. */
    assert_true(srv.requests <= 1 + 4 * 2 * 10);
    assert_int_equal(sending_job_readings(&job, SENDING_CONDEMNED), 1 + 2 + 3 + 1);
    assert_int_equal(sending_job_readings(&job, SENDING_WRITTEN), readings_of(1000) - 7);
    sending_job_done(&job);
}

static void more_bad_lines_than_allowed_condemn_none(void **state)
{
    (void)state;

    static const struct {
        uint32_t lines, bad;
        enum sending_job_step step;
    } cases[] = {
        {1, 1, SENDING_JOB_DONE},      {8, 8, SENDING_JOB_DONE},      {9, 9, SENDING_JOB_STUCK},
        {1000, 10, SENDING_JOB_DONE},  {1000, 11, SENDING_JOB_STUCK}, {3000, 30, SENDING_JOB_DONE},
        {3000, 31, SENDING_JOB_STUCK}, {800, 8, SENDING_JOB_DONE},    {800, 9, SENDING_JOB_STUCK},
    };

    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct server srv = {0};
        for (uint32_t i = 0; i < cases[c].bad; i++)
            srv.bad[i * (cases[c].lines / cases[c].bad)] = true;
        struct sending_job job;
        sending_job_init(&job, 1, cases[c].lines, 0);
        assert_int_equal(run(&job, &srv), cases[c].step);
        if (cases[c].step == SENDING_JOB_STUCK) {
            assert_int_equal(job.dead.len, 0);
            assert_string_equal(job.words,
                                "too many lines are refused to blame the lines: unable to parse");
            /* Once somebody mended the cause, everything goes. */
            memset(srv.bad, 0, sizeof srv.bad);
            assert_int_equal(run(&job, &srv), SENDING_JOB_DONE);
        }
        sending_job_done(&job);
    }
}

static void old_lines_are_counted_and_hide_no_bad_one(void **state)
{
    (void)state;
    struct server srv = {.oldest_ns = 300};
    for (int i = 0; i < 1000; i++)
        srv.time_ns[i] = (i * 7) % 1000;
    srv.bad[1] = true;   /* time 7: too old as well, but it is the line that is blamed */
    srv.bad[100] = true; /* time 700 */
    struct sending_job job;
    sending_job_init(&job, 1, 1000, readings_of(1000));
    assert_int_equal(run(&job, &srv), SENDING_JOB_DONE);
    uint32_t old = 0, dead = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        old += job.lines[i].fate == SENDING_EXPIRED;
        dead += job.lines[i].fate == SENDING_CONDEMNED;
        assert_true((job.lines[i].fate == SENDING_WRITTEN) == srv.has[i]);
    }
    assert_int_equal(old + dead, 301);
    assert_int_equal(job.lines[100].fate, SENDING_CONDEMNED);
    sending_job_done(&job);
}

static void a_batch_wholly_too_old_is_through_at_once(void **state)
{
    (void)state;
    struct server srv = {.oldest_ns = 10};
    struct sending_job job;
    sending_job_init(&job, 1, 50, readings_of(50));
    assert_int_equal(run(&job, &srv), SENDING_JOB_DONE);
    assert_int_equal(srv.requests, 1);
    assert_int_equal(sending_job_readings(&job, SENDING_EXPIRED), readings_of(50));
    assert_int_equal(sending_job_readings(&job, SENDING_WRITTEN), 0);
    sending_job_done(&job);
}

static void a_small_server_gets_small_requests(void **state)
{
    (void)state;
    struct server srv = {.largest = 100};
    srv.bad[77] = true;
    struct sending_job job;
    sending_job_init(&job, 1, 1000, readings_of(1000));
    assert_int_equal(run(&job, &srv), SENDING_JOB_DONE);
    assert_int_equal(job.dead.len, 1);
    for (uint32_t i = 0; i < 1000; i++)
        assert_true(srv.has[i] == (i != 77));
    sending_job_done(&job);

    struct sending_verdict v = says(SENDING_TOO_LARGE, 0, "even one");
    enum sending_job_step step = SENDING_JOB_GO;
    sending_job_init(&job, 2, 1, 1);
    assert_int_equal(sending_job_verdict(&job, &v, &step), 0);
    assert_int_equal(step, SENDING_JOB_INDEX);
    assert_int_equal(sending_job_index(&job, lines_of(&srv, 1), &step), 0);
    assert_int_equal(step, SENDING_JOB_STUCK);
    assert_string_equal(job.words, "one line is too large for the server: even one");
    sending_job_done(&job);
}

/* A line that breaks the server (500) is parked, never condemned, and everything else gets through.
 */
static void narrowing_parks_the_poison(void **state)
{
    (void)state;
    struct server srv = {0};
    srv.bad[321] = true;
    struct sending_job job;
    sending_job_init(&job, 1, 1000, readings_of(1000));
    for (int round = 0; round < 2; round++) {
        enum sending_job_step step = SENDING_JOB_GO;
        while (step == SENDING_JOB_GO) {
            struct sending_verdict v = serve(&srv, &job);
            if (v.class == SENDING_OK)
                assert_int_equal(sending_job_verdict(&job, &v, &step), 0);
            else {
                v = says(SENDING_DOWN, 0, "panic");
                assert_int_equal(sending_job_narrow(&job, &v, &step), 0);
            }
            if (step == SENDING_JOB_INDEX)
                assert_int_equal(sending_job_index(&job, lines_of(&srv, 1000), &step), 0);
        }
        assert_int_equal(step, SENDING_JOB_STUCK);
        assert_int_equal(job.dead.len, 0);
        assert_int_equal(job.lines[321].fate, SENDING_PARKED);
        for (uint32_t i = 0; i < 1000; i++)
            assert_true(srv.has[i] == (i != 321));
        sending_job_again(&job);
        uint32_t first, end;
        assert_false(sending_job_request(&job, &first, &end));
    }
    srv.bad[321] = false;
    assert_int_equal(run(&job, &srv), SENDING_JOB_DONE);
    assert_true(srv.has[321]);
    sending_job_done(&job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_batch_takes_one_request_and_no_index),
        cmocka_unit_test(bad_lines_are_found_and_the_rest_is_written),
        cmocka_unit_test(more_bad_lines_than_allowed_condemn_none),
        cmocka_unit_test(old_lines_are_counted_and_hide_no_bad_one),
        cmocka_unit_test(a_batch_wholly_too_old_is_through_at_once),
        cmocka_unit_test(a_small_server_gets_small_requests),
        cmocka_unit_test(narrowing_parks_the_poison),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
