#include "checks/http/http_machine.h"

#include "unit.h"

static void statuses_by_pattern(void **state)
{
    (void)state;
    const struct field_texts expected = {2, {"2xx", "30x"}};

    static const struct {
        int status;
        bool ok;
    } cases[] = {{200, true},  {204, true},  {299, true},  {301, true}, {309, true},
                 {310, false}, {404, false}, {500, false}, {0, false},  {100, false}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(http_machine_status_ok(&expected, cases[i].status), cases[i].ok);
    static const char *const good[] = {"200", "2xx", "5x3", "10x"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(http_machine_status_text_ok(slice_of(good[i])));
    static const char *const bad[] = {"", "20", "2000", "xxx", "600", "0xx", "2XX", "2*"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(http_machine_status_text_ok(slice_of(bad[i])));
}

static void urls(void **state)
{
    (void)state;
    static const char *const good[] = {"http://x", "https://10.0.0.1:8443/a?b=c#d",
                                       "http://[::1]:80/"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(http_machine_url_ok(slice_of(good[i])));
    static const char *const bad[] = {"",          "x",          "ftp://x",     "http://",
                                      "https:///", "http://a b", "file:///etc", "http://:80/"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(http_machine_url_ok(slice_of(bad[i])));
}

static void phases_are_differences(void **state)
{
    (void)state;
    const int64_t tls[] = {1000, 3000, 9000, 19000, 20500};
    struct http_times t = http_machine_times(tls);
    assert_near(t.resolve_ms, 1, 1e-9);
    assert_near(t.connect_ms, 2, 1e-9);
    assert_near(t.tls_ms, 6, 1e-9);
    assert_near(t.wait_ms, 10, 1e-9);
    assert_near(t.transfer_ms, 1.5, 1e-9);
    assert_near(t.total_ms, 20.5, 1e-9);

    const int64_t plain[] = {0, 3000, 0, 4000, 4000};
    t = http_machine_times(plain);
    assert_true(t.resolve_ms < 0 && t.tls_ms < 0);
    assert_near(t.connect_ms, 3, 1e-9);
    assert_near(t.wait_ms, 1, 1e-9);
    assert_near(t.transfer_ms, 0, 1e-9);

    const int64_t refused[] = {1000, 0, 0, 0, 2000};
    t = http_machine_times(refused);
    assert_true(t.connect_ms < 0 && t.wait_ms < 0 && t.transfer_ms < 0);
}

static void days_of_a_certificate(void **state)
{
    (void)state;
    struct wall_ms now = {1790000000000};
    assert_near(http_machine_days_left(wall_add(now, INT64_C(86400000) * 30), now), 30, 0);
    assert_near(http_machine_days_left(wall_add(now, INT64_C(86400000) * 3 / 2), now), 1.5, 0);
    assert_near(http_machine_days_left(wall_add(now, -1), now), -0.01, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_by_pattern),
        cmocka_unit_test(urls),
        cmocka_unit_test(phases_are_differences),
        cmocka_unit_test(days_of_a_certificate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
