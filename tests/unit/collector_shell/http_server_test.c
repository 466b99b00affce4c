/* One server and its clients on one loop; the clients are raw sockets. */
#include "shell/http_server.h"

#include "http_caller.h"
#include "unit.h"
#include "until.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEADLINE_MS = 1200, BODY_MAX = 1000 };

#define ADMIN "Authorization: Bearer rule\r\n"

struct fixture {
    struct loop *loop;
    struct http_server *server;
    struct http_promise *promise;
    int asked; /* calls of the handler */
    bool ready;
};

/* Says what it was asked; some paths have a turn of their own. */
static enum http_turn handle(void *arg, const struct http_query *query, struct http_answer *answer)
{
    struct fixture *f = arg;
    f->asked++;
    buf_printf(&answer->body, "method=%d role=%d body=%.*s", (int)query->method, (int)query->role,
               (int)query->body.len, query->body.at ? query->body.at : "");
    if (strcmp(query->path, "/wrong") == 0) {
        answer->status = 405;
        answer->allow = HTTP_BIT(HTTP_GET) | HTTP_BIT(HTTP_DELETE);
    }
    if (strcmp(query->path, "/commit") == 0)
        return HTTP_COMMITTED;
    if (strcmp(query->path, "/later") == 0 && !f->ready)
        return HTTP_LATER;
    if (strcmp(query->path, "/promise") == 0) {
        f->promise = http_promise_new(query);
        return HTTP_PROMISED;
    }
    return HTTP_ANSWERED;
}

static struct fixture *open_server(bool with_tokens)
{
    static struct fixture f;
    f = (struct fixture){0};
    struct http_options options = {.address = "127.0.0.1",
                                   .max_connections = 64,
                                   .max_body = BODY_MAX,
                                   .head_deadline_ms = DEADLINE_MS};
    static const char *const tokens[HTTP_ROLES] = {NULL, "show", "read", "work", "rule"};
    if (with_tokens)
        memcpy(options.token, tokens, sizeof tokens);
    assert_int_equal(loop_open(&f.loop), 0);
    assert_int_equal(http_server_open(f.loop, &options, handle, &f, &f.server), 0);
    return &f;
}

static int set_up(void **state)
{
    *state = open_server(true);
    return 0;
}

static int set_up_open(void **state)
{
    *state = open_server(false);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    http_server_close(f->server);
    loop_close(f->loop);
    return 0;
}

static const char *ask(struct fixture *f, const char *method, const char *path, const char *more,
                       const char *body)
{
    return http_caller_ask(f->loop, http_server_port(f->server), method, path, more, body);
}

static void test_a_change_reaches_its_handler_whole(void **state)
{
    struct fixture *f = *state;
    const char *answer = ask(f, "POST", "/x", ADMIN, "{\"why\":\"mended\"}");
    assert_int_equal(http_caller_status(answer), 200);
    assert_non_null(strstr(answer, "method=1 role=4 body={\"why\":\"mended\"}"));
    answer = ask(f, "DELETE", "/x", ADMIN, "");
    assert_non_null(strstr(answer, "method=2 role=4 body="));
}

static void test_who_may_not_is_told_before_the_body_is_read(void **state)
{
    struct fixture *f = *state;
    const char *answer = ask(f, "POST", "/x", "", "");
    assert_int_equal(http_caller_status(answer), 401);
    assert_non_null(strstr(answer, "WWW-Authenticate: Bearer"));
    assert_int_equal(http_caller_status(ask(f, "POST", "/x?token=rule", "", "")), 401);
    assert_int_equal(http_caller_status(ask(f, "POST", "/x", "Authorization: Bearer read\r\n", "")),
                     403);
    struct http_caller_line line;
    http_caller_open(&line, f->loop, http_server_port(f->server));
    http_caller_send(&line, "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n");
    assert_int_equal(http_caller_status(http_caller_answer(&line)), 401);
    http_caller_close(&line);
    assert_int_equal(f->asked, 0);
}

static void test_a_wrong_method_is_told_the_right_ones(void **state)
{
    struct fixture *f = *state;
    const char *answer = ask(f, "PUT", "/wrong", ADMIN, "anything");
    assert_int_equal(http_caller_status(answer), 405);
    assert_non_null(strstr(answer, "\r\nAllow: GET, HEAD, DELETE\r\n"));
    assert_non_null(strstr(answer, "method=3"));
}

static void test_a_body_is_bounded(void **state)
{
    struct fixture *f = *state;
    char body[BODY_MAX + 2];
    memset(body, 'a', sizeof body);
    body[BODY_MAX] = '\0';
    assert_int_equal(http_caller_status(ask(f, "POST", "/x", ADMIN, body)), 200);
    body[BODY_MAX] = 'a';
    body[BODY_MAX + 1] = '\0';
    assert_int_equal(http_caller_status(ask(f, "POST", "/x", ADMIN, body)), 413);
    assert_int_equal(f->asked, 1);
}

static void test_a_body_in_chunks_is_bounded(void **state)
{
    struct fixture *f = *state;
    char chunk[512] = "190\r\n"; /* 400 bytes */
    memset(chunk + 5, 'b', 400);
    memcpy(chunk + 405, "\r\n", 3);
    struct http_caller_line line;
    http_caller_open(&line, f->loop, http_server_port(f->server));
    http_caller_send(&line,
                     "POST /x HTTP/1.1\r\nHost: a\r\n" ADMIN "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 3; i++)
        http_caller_send(&line, chunk);
    http_caller_send(&line, "0\r\n\r\n");
    assert_int_equal(http_caller_status(http_caller_answer(&line)), 413);
    assert_int_equal(f->asked, 0);
    http_caller_close(&line);
}

/* One byte more each 50 ms; true once the server has cut the line. */
static bool trickled(struct http_caller_line *line, int64_t began_us, int *sent)
{
    if (loop_stopwatch_us() - began_us > (int64_t)*sent * 50000) {
        http_caller_send(line, "a");
        ++*sent;
    }
    return http_caller_look(line)->ended;
}

/* Head or body byte by byte: each has its time, then the line is cut. */
static void cut_after(struct fixture *f, const char *begin)
{
    struct http_caller_line line;
    int sent = 0;
    int64_t began_us = loop_stopwatch_us();
    http_caller_open(&line, f->loop, http_server_port(f->server));
    http_caller_send(&line, begin);
    UNTIL(f->loop, trickled(&line, began_us, &sent));
    int64_t took_ms = (loop_stopwatch_us() - began_us) / 1000;
    assert_in_range(took_ms, DEADLINE_MS, 3 * DEADLINE_MS + 30000);
    assert_int_equal(line.len, 0);
    http_caller_close(&line);
}

static void test_a_slow_head_is_cut(void **state)
{
    cut_after(*state, "GET / HTTP/1.1\r\nX-A: ");
}

static void test_a_slow_body_is_cut(void **state)
{
    struct fixture *f = *state;
    cut_after(f, "POST /x HTTP/1.1\r\nHost: a\r\n" ADMIN "Content-Length: 900\r\n\r\n");
    assert_int_equal(f->asked, 0);
}

static void test_an_answer_waits_for_its_commit(void **state)
{
    struct fixture *f = *state;
    struct http_caller_line line;
    http_caller_open(&line, f->loop, http_server_port(f->server));
    http_caller_send(&line,
                     "POST /commit HTTP/1.1\r\nHost: a\r\n" ADMIN "Content-Length: 3\r\n\r\nabc");
    UNTIL(f->loop, f->asked == 1);
    assert_int_equal(http_caller_look(&line)->len, 0);
    http_server_retry(f->server);
    assert_non_null(strstr(http_caller_answer(&line), "body=abc"));
    assert_int_equal(f->asked, 1); /* it is not done twice */
    http_caller_send(&line, "GET /x HTTP/1.1\r\nHost: a\r\n" ADMIN "\r\n");
    assert_non_null(strstr(http_caller_answer(&line), "method=0 role=4 body="));
    http_caller_close(&line);
}

static void test_a_question_is_asked_again_after_a_commit(void **state)
{
    struct fixture *f = *state;
    struct http_caller_line line;
    http_caller_open(&line, f->loop, http_server_port(f->server));
    http_caller_send(&line, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    UNTIL(f->loop, f->asked == 1);
    f->ready = true;
    http_server_retry(f->server);
    assert_int_equal(http_caller_status(http_caller_answer(&line)), 200);
    assert_int_equal(f->asked, 2);
    http_caller_close(&line);
}

static void keep(struct fixture *f)
{
    struct http_answer answer;
    http_answer_init(&answer);
    buf_str(&answer.body, "kept");
    http_promise_keep(f->promise, &answer);
}

static void test_a_promise_is_kept(void **state)
{
    struct fixture *f = *state;
    struct http_caller_line line;
    http_caller_open(&line, f->loop, http_server_port(f->server));
    http_caller_send(&line, "GET /promise HTTP/1.1\r\nHost: a\r\n\r\n");
    UNTIL(f->loop, f->promise != NULL);
    http_server_retry(f->server); /* a commit has nothing to do with it */
    assert_int_equal(http_caller_look(&line)->len, 0);
    keep(f);
    assert_non_null(strstr(http_caller_answer(&line), "\r\n\r\nkept"));
    http_caller_close(&line);
}

static void test_a_promise_outlives_the_server(void **state)
{
    struct fixture *f = *state;
    struct http_caller_line line;
    http_caller_open(&line, f->loop, http_server_port(f->server));
    http_caller_send(&line, "GET /promise HTTP/1.1\r\nHost: a\r\n\r\n");
    UNTIL(f->loop, f->promise != NULL);
    http_server_close(f->server);
    f->server = NULL;
    keep(f);
    assert_int_equal(http_caller_look(&line)->len, 0);
    http_caller_close(&line);
}

static void test_without_tokens_a_foreign_page_changes_nothing(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(
        http_caller_status(ask(f, "POST", "/x", "Content-Type: application/json\r\n", "{}")), 200);
    assert_int_equal(http_caller_status(ask(f, "POST", "/x", "", "{}")), 415);
    assert_int_equal(http_caller_status(ask(f, "POST", "/x",
                                            "Content-Type: application/json\r\n"
                                            "X-Forwarded-For: 192.0.2.1\r\n",
                                            "{}")),
                     403);
    assert_int_equal(http_caller_status(ask(f, "DELETE", "/x", "Origin: https://evil.vn\r\n", "")),
                     403);
    assert_int_equal(f->asked, 1);
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(test_a_change_reaches_its_handler_whole),
        SERVED(test_who_may_not_is_told_before_the_body_is_read),
        SERVED(test_a_wrong_method_is_told_the_right_ones),
        SERVED(test_a_body_is_bounded),
        SERVED(test_a_body_in_chunks_is_bounded),
        SERVED(test_a_slow_head_is_cut),
        SERVED(test_a_slow_body_is_cut),
        SERVED(test_an_answer_waits_for_its_commit),
        SERVED(test_a_question_is_asked_again_after_a_commit),
        SERVED(test_a_promise_is_kept),
        SERVED(test_a_promise_outlives_the_server),
        cmocka_unit_test_setup_teardown(test_without_tokens_a_foreign_page_changes_nothing,
                                        set_up_open, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
