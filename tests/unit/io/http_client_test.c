/* Against a tiny server of the test's own and openssl's, in a network namespace of its own. */
#include "io/http_client.h"

#include "base/err.h"
#include "folder.h"
#include "server.h"
#include "unit.h"
#include "until.h"

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT_TLS = 8443, REQUEST_MAX = 8192 };

static char folder[FOLDER_PATH_MAX];

/* Answers one connection after the other by the path asked for, until its socket is shut. */
struct answering {
    int fd, port;
    pthread_t thread;
    char request[REQUEST_MAX]; /* the last one */
};

static const struct {
    const char *path, *answer;
} ANSWERS[] = {
    {"/hello", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
    {"/write", "HTTP/1.1 204 No Content\r\n\r\n"},
    {"/busy", "HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nbusy"},
    {"/moved", "HTTP/1.1 302 Found\r\nLocation: /hello\r\nContent-Length: 0\r\n\r\n"},
    {"/long", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n01234567890123456789"},
    {"/cut", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n0123"},
    {"/nothing", ""},
};

static bool is_whole(const char *request)
{
    const char *end = strstr(request, "\r\n\r\n");
    const char *length = strstr(request, "Content-Length: ");
    size_t body = length ? (size_t)atol(length + 16) : 0;
    return end && strlen(end + 4) >= body;
}

static void answer(struct answering *a, int fd)
{
    size_t len = 0;
    char request[REQUEST_MAX] = "";
    while (!is_whole(request) && len < sizeof request - 1) {
        ssize_t n = read(fd, request + len, sizeof request - 1 - len);
        if (n <= 0)
            return;
        len += (size_t)n;
        request[len] = '\0';
    }
    memcpy(a->request, request, sizeof request);
    const char *path = strchr(request, ' ') + 1;
    for (size_t i = 0; i < sizeof ANSWERS / sizeof *ANSWERS; i++)
        if (strncmp(path, ANSWERS[i].path, strlen(ANSWERS[i].path)) == 0) {
            size_t size = strlen(ANSWERS[i].answer);
            assert_int_equal(write(fd, ANSWERS[i].answer, size), size);
        }
    char byte;
    if (strncmp(path, "/silent", 7) == 0)
        while (read(fd, &byte, 1) > 0)
            ; /* until the client gives up */
}

static void *serve(void *arg)
{
    struct answering *a = arg;
    int fd;
    while ((fd = accept(a->fd, NULL, NULL)) >= 0) {
        answer(a, fd);
        close(fd);
    }
    return NULL;
}

struct bench {
    struct loop *loop;
    struct dns *dns;
    struct http_client *client;
    struct answering server;
};

static void open_bench(struct bench *b)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof here;
    *b = (struct bench){.loop = NULL};
    b->server.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(b->server.fd, (struct sockaddr *)&here, len), 0);
    assert_int_equal(listen(b->server.fd, 16), 0);
    assert_int_equal(getsockname(b->server.fd, (struct sockaddr *)&here, &len), 0);
    b->server.port = ntohs(here.sin_port);
    assert_int_equal(pthread_create(&b->server.thread, NULL, serve, &b->server), 0);
    assert_int_equal(loop_open(&b->loop), 0);
    assert_int_equal(dns_open(b->loop, &b->dns), 0);
    assert_int_equal(http_client_open(b->loop, b->dns, 4, &b->client), 0);
}

static void close_bench(struct bench *b)
{
    http_client_close(b->client);
    dns_close(b->dns);
    loop_close(b->loop);
    shutdown(b->server.fd, SHUT_RDWR);
    pthread_join(b->server.thread, NULL);
    close(b->server.fd);
}

struct seen {
    int count;
    struct http_response response;
    char body[64];
};

static void on_done(void *arg, const struct http_response *response)
{
    struct seen *s = arg;
    s->count++;
    s->response = *response;
    snprintf(s->body, sizeof s->body, "%.*s", (int)response->body.len, response->body.at);
}

static struct seen ask(struct bench *b, const char *host, const char *path, struct http_request q)
{
    struct seen seen = {.count = 0};
    struct http_call *call;
    char url[128];
    snprintf(url, sizeof url, "http://%s:%d%s", host, b->server.port, path);
    q.url = url;
    assert_int_equal(http_send(b->client, &q, on_done, &seen, &call), 0);
    assert_int_equal(seen.count, 0);
    UNTIL(b->loop, seen.count == 1);
    return seen;
}

static void any_answer_is_a_response(void **state)
{
    (void)state;

    static const struct {
        const char *host, *path;
        int status;
        const char *body;
        int64_t retry_after_s;
    } cases[] = {
        {"127.0.0.1", "/hello", 200, "hello", -1}, {"localhost", "/hello", 200, "hello", -1},
        {"127.0.0.1", "/write", 204, "", -1},      {"127.0.0.1", "/busy", 429, "busy", 7},
        {"127.0.0.1", "/moved", 302, "", -1},
    };
    struct bench b;
    open_bench(&b);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_request q = {.fresh = true, .family = AF_INET};
        struct seen seen = ask(&b, cases[i].host, cases[i].path, q);
        const struct http_response *r = &seen.response;
        assert_int_equal(r->err, 0);
        assert_int_equal(r->status, cases[i].status);
        assert_string_equal(seen.body, cases[i].body);
        assert_int_equal(r->retry_after_s, cases[i].retry_after_s);
        assert_string_equal(r->address, "127.0.0.1");
        assert_true(r->phases.resolved_us > 0);
        assert_true(r->phases.connected_us >= r->phases.resolved_us);
        assert_true(r->phases.first_byte_us >= r->phases.connected_us);
        assert_true(r->phases.total_us >= r->phases.first_byte_us);
        assert_int_equal(r->phases.tls_us, 0);
    }
    close_bench(&b);
}

static void sends_what_it_is_told(void **state)
{
    (void)state;
    static const char *const headers[] = {"Content-Encoding: gzip", NULL};
    struct bench b;
    open_bench(&b);
    struct http_request q = {.method = "POST",
                             .headers = headers,
                             .body = slice_of("a b=1"),
                             .token = "t0ken",
                             .fresh = true};
    struct seen seen = ask(&b, "127.0.0.1", "/write?db=x", q);
    assert_int_equal(seen.response.status, 204);
    const char *sent = b.server.request;
    assert_ptr_equal(strstr(sent, "POST /write?db=x HTTP/1.1\r\n"), sent);
    assert_non_null(strstr(sent, "\r\nContent-Encoding: gzip\r\n"));
    assert_non_null(strstr(sent, "\r\nAuthorization: Token t0ken\r\n"));
    assert_non_null(strstr(sent, "\r\n\r\na b=1"));
    assert_null(strstr(sent, "Expect"));
    assert_null(strstr(sent, "Content-Type"));
    struct http_request basic = {.user = "u", .password = "p", .fresh = true};
    ask(&b, "127.0.0.1", "/hello", basic);
    assert_non_null(strstr(sent, "\r\nAuthorization: Basic dTpw\r\n"));
    close_bench(&b);
}

static void bodies_are_bounded(void **state)
{
    (void)state;
    struct bench b;
    open_bench(&b);
    struct http_request q = {.max_body = 10, .fresh = true};
    struct seen seen = ask(&b, "127.0.0.1", "/long", q);
    assert_int_equal(seen.response.err, 0);
    assert_string_equal(seen.body, "0123456789");
    assert_int_equal(seen.response.body_bytes, 20);
    close_bench(&b);
}

static void what_is_no_answer_is_an_error(void **state)
{
    (void)state;
    struct bench b;
    open_bench(&b);
    struct http_request q = {.fresh = true, .timeout_ms = 200, .connect_timeout_ms = 3000};
    assert_int_equal(ask(&b, "127.0.0.1", "/cut", q).response.err, ERR_CLOSED);
    assert_int_equal(ask(&b, "127.0.0.1", "/nothing", q).response.err, ERR_CLOSED);
    struct seen silent = ask(&b, "127.0.0.1", "/silent", q);
    assert_int_equal(silent.response.err, ERR_TIMEOUT);
    assert_true(strlen(silent.response.why) > 0);
    assert_true(silent.response.phases.total_us >= 190000);
    struct seen nowhere = ask(&b, "name.invalid", "/", q);
    assert_true(nowhere.response.err != 0);
    int port = b.server.port;
    b.server.port = 1;
    assert_int_equal(ask(&b, "127.0.0.1", "/", q).response.err, ERR_CLOSED);
    b.server.port = port;
    close_bench(&b);
}

static void wrong_requests_are_refused(void **state)
{
    (void)state;
    static const char *const split[] = {"X: a\r\nY: b", NULL};
    struct bench b;
    struct http_call *call;
    open_bench(&b);
    struct http_request q = {.url = "no url"};
    assert_int_equal(http_send(b.client, &q, on_done, NULL, &call), ERR_SYNTAX);
    q = (struct http_request){.url = "http://127.0.0.1/", .headers = split};
    assert_int_equal(http_send(b.client, &q, on_done, NULL, &call), ERR_SYNTAX);
    close_bench(&b);
}

static void cancelled_and_closed_calls_are_not_told(void **state)
{
    (void)state;
    struct bench b;
    struct seen seen = {.count = 0}, other = {.count = 0};
    struct http_call *calls[3];
    char url[64];
    open_bench(&b);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/silent", b.server.port);
    struct http_request q = {.url = url, .fresh = true};
    for (int i = 0; i < 3; i++)
        assert_int_equal(http_send(b.client, &q, on_done, &seen, &calls[i]), 0);
    http_cancel(calls[0]); /* while its name is resolved */
    struct http_request absent = {.url = "http://127.0.0.1:1/", .fresh = true};
    assert_int_equal(http_send(b.client, &absent, on_done, &other, &calls[0]), 0);
    UNTIL(b.loop, other.count == 1); /* by then the others are with the server */
    http_cancel(calls[1]);
    close_bench(&b);
    assert_int_equal(seen.count, 0);
}

static void make_certificate(void)
{
    char script[2 * FOLDER_PATH_MAX];
    snprintf(
        script, sizeof script,
        "cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 "
        "-subj /CN=x -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem",
        folder);
    server_run((const char *[]){"sh", "-c", script, NULL});
}

static void certificates_are_verified_and_dated(void **state)
{
    (void)state;
    char cert[FOLDER_PATH_MAX], key[FOLDER_PATH_MAX];
    struct bench b;
    make_certificate();
    folder_path(cert, folder, "cert.pem");
    folder_path(key, folder, "key.pem");
    const char *argv[] = {"openssl", "s_server", "-accept", "8443", "-cert",
                          cert,      "-key",     key,       "-www", NULL};
    pid_t server = server_start(argv, PORT_TLS, NULL);
    open_bench(&b);
    b.server.port = PORT_TLS;
    struct http_call *call;
    struct seen trusted = {.count = 0}, distrusted = {.count = 0};
    struct http_request q = {.url = "https://127.0.0.1:8443/", .fresh = true, .ca_file = cert};
    assert_int_equal(http_send(b.client, &q, on_done, &trusted, &call), 0);
    UNTIL(b.loop, trusted.count == 1);
    assert_int_equal(trusted.response.err, 0);
    assert_int_equal(trusted.response.status, 200);
    assert_true(trusted.response.phases.tls_us > trusted.response.phases.connected_us);
    int64_t days = (trusted.response.cert_expiry.ms - loop_now(b.loop).wall.ms) / 86400000;
    assert_in_range(days, 29, 30);
    q.ca_file = NULL;
    assert_int_equal(http_send(b.client, &q, on_done, &distrusted, &call), 0);
    UNTIL(b.loop, distrusted.count == 1);
    assert_int_equal(distrusted.response.err, ERR_DENIED);
    close_bench(&b);
    server_stop(server, SIGTERM);
}

static int make(void **state)
{
    (void)state;
    folder_make(folder);
    return 0;
}

static int clean(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_answer_is_a_response),
        cmocka_unit_test(sends_what_it_is_told),
        cmocka_unit_test(bodies_are_bounded),
        cmocka_unit_test(what_is_no_answer_is_an_error),
        cmocka_unit_test(wrong_requests_are_refused),
        cmocka_unit_test(cancelled_and_closed_calls_are_not_told),
        cmocka_unit_test(certificates_are_verified_and_dated),
    };
    if (!server_namespace()) {
        fprintf(stderr, "this test needs to make a network namespace\n");
        return 1;
    }
    return cmocka_run_group_tests(tests, make, clean);
}
