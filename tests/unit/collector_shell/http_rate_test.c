#include "shell/http_rate.h"

#include "unit.h"

#include <stdio.h>

static struct http_rate rate;

static int set_up(void **state)
{
    (void)state;
    rate = (struct http_rate){.per_second = 10, .burst = 20};
    return 0;
}

static unsigned take(const char *who, int64_t ms)
{
    return http_rate_take(&rate, http_rate_address(who), (struct mono_ms){ms});
}

static unsigned taken(const char *who, int64_t ms, unsigned tries)
{
    unsigned n = 0;
    for (unsigned i = 0; i < tries; i++)
        n += take(who, ms) == 0;
    return n;
}

static void a_burst_then_the_rate(void **state)
{
    (void)state;
    assert_int_equal(taken("10.0.0.1", 1000, 50), 20);
    assert_int_equal(taken("10.0.0.1", 1099, 50), 0);
    assert_int_equal(taken("10.0.0.1", 1100, 50), 1);
    assert_int_equal(taken("10.0.0.1", 2100, 50), 10);
    assert_int_equal(taken("10.0.0.1", 99999, 50), 20);
    assert_int_equal(taken("10.0.0.2", 99999, 50), 20); /* the other one's is untouched */
}

static void it_says_when(void **state)
{
    (void)state;
    assert_int_equal(taken("a", 0, 20), 20);
    assert_int_equal(take("a", 0), 1);
    rate = (struct http_rate){.per_second = 1, .burst = 1};
    assert_int_equal(take("a", 0), 0);
    assert_int_equal(take("a", 0), 1);
    assert_int_equal(take("a", 1000), 0);
}

static void no_limit_is_no_limit(void **state)
{
    (void)state;
    rate.per_second = 0;
    assert_int_equal(taken("a", 0, 5000), 5000);
}

static void a_network_of_ipv6_is_one_client(void **state)
{
    (void)state;
    assert_true(http_rate_address("2001:db8::1") == http_rate_address("2001:db8::ffff:2"));
    assert_true(http_rate_address("2001:db8::1") != http_rate_address("2001:db8:0:1::1"));
    assert_true(http_rate_address("10.0.0.1") != http_rate_address("10.0.0.2"));
    assert_true(http_rate_address("an") != http_rate_token("an"));
}

/* Whoever comes from everywhere cannot make us forget that one is empty. */
static void strangers_do_not_refill_a_bucket(void **state)
{
    (void)state;
    char text[32];
    assert_int_equal(taken("10.0.0.1", 0, 50), 20);
    for (int i = 0; i < 100000; i++) {
        snprintf(text, sizeof text, "10.%d.%d.%d", 1 + i / 65536, i / 256 % 256, i % 256);
        assert_int_equal(take(text, 0), 0);
    }
    assert_int_equal(taken("10.0.0.1", 0, 50), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_burst_then_the_rate, set_up),
        cmocka_unit_test_setup(it_says_when, set_up),
        cmocka_unit_test_setup(no_limit_is_no_limit, set_up),
        cmocka_unit_test_setup(a_network_of_ipv6_is_one_client, set_up),
        cmocka_unit_test_setup(strangers_do_not_refill_a_bucket, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
