/* The table of paths behind a real server, over a small centre in memory. */
#include "shell/routes.h"

#include "http_caller.h"
#include "sample_inventory.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

struct fixture {
    struct loop *loop;
    struct http_server *server;
    struct centre *centre;
    struct routes routes;
    struct ledger_audit audit;
    bool settled;
    bool store;
};

static void fill(void *arg, struct routes_view *view)
{
    struct fixture *f = arg;
    *view = (struct routes_view){
        .ledger = {.audit = &f->audit},
        .scope = {.centre = f->centre, .now = {INT64_C(1790000000000)}, .name = "IOC"},
        .settled = f->settled,
        .broker = true,
        .store = f->store,
        .intake = true,
        .database = ""};
}

static void metrics(void *arg, enum http_role probes, struct buf *out)
{
    (void)arg;
    (void)probes;
    buf_str(out, "ioc_up 1\n");
}

static struct centre *change(void *arg)
{
    struct fixture *f = arg;
    f->settled = false;
    return f->centre;
}

static void audit(void *arg, const struct audit_entry *entry)
{
    (void)arg;
    assert_true(entry->text[AUDIT_ACT].len > 0);
}

static int set_up(void **state)
{
    static const struct http_options options = {.address = "127.0.0.1",
                                                .token = {NULL, "show", "read", "work", "rule"},
                                                .max_connections = 64,
                                                .max_body = 1000,
                                                .head_deadline_ms = 5000};
    static struct fixture f;
    f = (struct fixture){.settled = true, .store = true};
    struct centre_options memory = {
        .world = world_options_default(), .will_hold_ms = 15000, .derived = {.max = 1 << 16}};
    f.centre = centre_new(sample_inventory(NULL, sample_province, 0), &memory);
    assert_non_null(f.centre);
    f.routes = (struct routes){
        .context = &f, .fill = fill, .metrics = metrics, .change = change, .audit = audit};
    assert_int_equal(loop_open(&f.loop), 0);
    assert_int_equal(http_server_open(f.loop, &options, routes_handle, &f.routes, &f.server), 0);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    http_server_close(f->server);
    loop_close(f->loop);
    centre_free(f->centre);
    return 0;
}

static const char *ask(struct fixture *f, const char *method, const char *path, const char *token)
{
    char header[64] = "";
    if (token)
        snprintf(header, sizeof header, "Authorization: Bearer %s\r\n", token);
    return http_caller_ask(f->loop, http_server_port(f->server), method, path, header, "");
}

static void test_paths_methods_and_roles(void **state)
{
    struct fixture *f = *state;

    static const struct {
        const char *method, *path, *token;
        int status;
        const char *has;
    } cases[] = {
        {"GET", "/healthz", NULL, 200, "\"alive\":true"},
        {"GET", "/", NULL, 200, "text/html"},
        {"GET", "/readyz", NULL, 401, "WWW-Authenticate: Bearer"},
        {"GET", "/metrics", "read", 200, "ioc_up 1"},
        {"GET", "/api/v1/sites/bts-1", "read", 200, "\"bts-1\""},
        {"GET", "/api/v1/sites/bts-1?token=read", NULL, 200, "\"bts-1\""},
        {"GET", "/api/v1/sites/none", "read", 404, "unknown site"},
        {"GET", "/api/v1/sites/", "read", 404, "no such path"},
        {"GET", "/api/v1/sites/a/b", "read", 404, "no such path"},
        {"GET", "/api/v1/outages?limit=1001", "read", 400, "limit"},
        {"POST", "/api/v1/overview", "work", 405, "\r\nAllow: GET, HEAD\r\n"},
        {"DELETE", "/api/v1/sites/bts-1", "rule", 405, "\r\nAllow: GET, HEAD\r\n"},
        {"PUT", "/api/v1/overview", NULL, 405, "\r\nAllow: GET, HEAD\r\n"},
        {"POST", "/api/v1/overview", NULL, 401, "Authorization: Bearer"},
        {"POST", "/api/v1/overview", "read", 403, "may only read"},
        {"POST", "/nowhere", "work", 404, "no such path"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *answer = ask(f, cases[i].method, cases[i].path, cases[i].token);
        assert_int_equal(http_caller_status(answer), cases[i].status);
        assert_non_null(strstr(answer, cases[i].has));
    }
}

/* Seven numbers were given, and none of their outages is in memory. */
static void test_an_outage_of_the_archive_takes_no_acts(void **state)
{
    static const char unit[] = {0, 0, 0, 0};
    static const char row[] = {1, 8, 0, 0, 0, 0, 0, 0, 0};

    struct fixture *f = *state;
    assert_int_equal(outages_load(f->centre->outages, (struct slice){unit, sizeof unit},
                                  (struct slice){row, sizeof row}),
                     0);
    const char *answer = ask(f, "GET", "/api/v1/outages/SC7", "read");
    assert_int_equal(http_caller_status(answer), 410);
    assert_non_null(strstr(answer, "it is in the archive"));
    answer = ask(f, "GET", "/api/v1/outages/SC8", "read");
    assert_int_equal(http_caller_status(answer), 404);
    assert_non_null(strstr(answer, "unknown outage"));
}

static void test_while_the_store_stands_still_state_is_not_shown(void **state)
{
    struct fixture *f = *state;
    f->settled = false;
    f->store = false;
    assert_int_equal(http_caller_status(ask(f, "GET", "/api/v1/overview", "read")), 503);
    assert_int_equal(http_caller_status(ask(f, "GET", "/readyz", "read")), 503);
    assert_int_equal(http_caller_status(ask(f, "GET", "/healthz", NULL)), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_paths_methods_and_roles, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_outage_of_the_archive_takes_no_acts, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_while_the_store_stands_still_state_is_not_shown,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
