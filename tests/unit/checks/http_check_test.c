#include "checks/http/http_check.h"

#include "folder.h"
#include "rig.h"
#include "server.h"
#include "stand_in.h"

#include <signal.h>

enum { TLS_PORT = 8443 };

static struct stand_in stand_in;
static bool own_network;

static int set_stage(void **state)
{
    (void)state;
    own_network = server_namespace();
    stand_in_open(&stand_in);
    return 0;
}

static int clear_stage(void **state)
{
    (void)state;
    stand_in_close(&stand_in);
    return 0;
}

static void open_http(struct rig *rig, const char *scheme, int port, const char *path)
{
    char target[128];
    snprintf(target, sizeof target, "%s://127.0.0.1:%d%s", scheme, port, path);
    rig_open(rig, "");
    rig_type(rig, &http_check);
    rig_set(rig, "target", target);
    rig_check(rig);
}

static void a_page_is_measured(void **state)
{
    (void)state;
    struct rig rig;
    open_http(&rig, "http", stand_in.web, "/");
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);
    assert_near(rig_value(&rig, "status")->number, 200, 0);
    assert_near(rig_value(&rig, "size")->number, 11, 0);
    assert_false(rig_value(&rig, "tls")->known);
    assert_false(rig_value(&rig, "cert_days")->known);
    double sum = rig_value(&rig, "connect")->number + rig_value(&rig, "wait")->number +
                 rig_value(&rig, "transfer")->number;
    if (rig_value(&rig, "resolve")->known)
        sum += rig_value(&rig, "resolve")->number;
    assert_near(rig_value(&rig, "total")->number, sum, 1e-6);
    rig_close(&rig);
}

static void content_and_status_are_judged(void **state)
{
    (void)state;

    const struct {
        const char *path, *status, *expect, *method, *reason;
    } cases[] = {
        {"/", "2xx", "is well", "GET", ""},
        {"/", "2xx", "is ill", "GET", "the body does not hold the expected text"},
        {"/missing", "2xx", "", "GET", "status 404 is not expected"},
        {"/missing", "404", "", "GET", ""},
        {"/", "30x", "", "GET", "status 200 is not expected"},
        {"/", "2xx", "", "HEAD", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rig rig;
        open_http(&rig, "http", stand_in.web, cases[i].path);
        ((struct http_config *)rig.config)->status.len = 0; /* as a file's list replaces it */
        rig_set(&rig, "status", cases[i].status);
        rig_set(&rig, "expect", cases[i].expect);
        rig_set(&rig, "method", cases[i].method);
        rig_check(&rig);
        rig_run(&rig);
        assert_string_equal(rig.last.reason, cases[i].reason);
        assert_int_equal(rig.last.verdict, cases[i].reason[0] ? VERDICT_FAILED : VERDICT_OK);
        rig_close(&rig);
    }
}

static void a_page_that_never_comes_is_failed(void **state)
{
    (void)state;
    struct rig rig;
    open_http(&rig, "http", stand_in.web, "/slow");
    rig_set(&rig, "timeout", "200ms");
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED);
    assert_false(rig_value(&rig, "total")->known);
    assert_false(rig_value(&rig, "status")->known);
    rig_close(&rig);
}

static void a_server_that_speaks_no_http_is_failed(void **state)
{
    (void)state;
    struct rig rig;
    open_http(&rig, "http", stand_in.talker, "/");
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED);
    rig_close(&rig);
}

static void a_missing_ca_file_is_our_own_fault(void **state)
{
    (void)state;
    struct rig rig;
    open_http(&rig, "https", stand_in.web, "/");
    rig_set(&rig, "ca_file", "/nowhere/ca.pem");
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_UNKNOWN);
    assert_string_equal(rig.last.reason, "ca_file: No such file or directory");
    rig_close(&rig);
}

/* A certificate for 127.0.0.1 that is its own authority and lives for @p days. */
static pid_t serve_tls(const char *folder, const char *days, char ret_cert[FOLDER_PATH_MAX])
{
    char key[FOLDER_PATH_MAX];
    folder_path(ret_cert, folder, "cert.pem");
    folder_path(key, folder, "key.pem");
    const char *const make[] = {"openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:P-256",
                                "-nodes",
                                "-days",
                                days,
                                "-subj",
                                "/CN=test",
                                "-addext",
                                "subjectAltName=IP:127.0.0.1",
                                "-keyout",
                                key,
                                "-out",
                                ret_cert,
                                NULL};
    server_run(make);
    const char *const serve[] = {"openssl", "s_server", "-accept", "127.0.0.1:8443",
                                 "-www",    "-cert",    ret_cert,  "-key",
                                 key,       NULL};
    return server_start(serve, TLS_PORT, NULL);
}

static void certificates_are_verified_and_their_days_counted(void **state)
{
    (void)state;
    if (!own_network)
        skip();
    char folder[FOLDER_PATH_MAX], cert[FOLDER_PATH_MAX];
    struct rig rig;
    folder_make(folder);
    pid_t server = serve_tls(folder, "10", cert);
    open_http(&rig, "https", TLS_PORT, "/");

    assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED); /* no authority we know */
    assert_non_null(strstr(rig.last.reason, "certificate"));

    rig_set(&rig, "ca_file", cert);
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_DEGRADED); /* 10 days, at or below 14 */
    assert_memory_equal(rig.last.reason, "cert_days ", 10);
    double days = rig_value(&rig, "cert_days")->number;
    assert_true(days > 9.9 && days <= 10);
    assert_true(rig_value(&rig, "tls")->number > 0);

    rig_set(&rig, "degraded_cert_days", "-1");
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_OK);

    rig_set(&rig, "target", "https://localhost:8443/"); /* not the name of the certificate */
    rig_check(&rig);
    assert_int_equal(rig_run(&rig)->verdict, VERDICT_FAILED);
    rig_close(&rig);
    server_stop(server, SIGTERM);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_measured),
        cmocka_unit_test(content_and_status_are_judged),
        cmocka_unit_test(a_page_that_never_comes_is_failed),
        cmocka_unit_test(a_server_that_speaks_no_http_is_failed),
        cmocka_unit_test(a_missing_ca_file_is_our_own_fault),
        cmocka_unit_test(certificates_are_verified_and_their_days_counted),
    };
    return cmocka_run_group_tests(tests, set_stage, clear_stage);
}
