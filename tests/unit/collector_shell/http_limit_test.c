/* Who tries tokens out is not listened to; who left a page open is. */
#include "shell/http_limit.h"

#include "unit.h"

#include <stdio.h>

static void twenty_different_wrong_ones_are_too_many_for_a_minute(void **state)
{
    (void)state;
    struct http_limit limit = {0};
    struct mono_ms now = {1000};
    for (uint64_t i = 0; i < HTTP_LIMIT_WRONG; i++) {
        assert_false(http_limit_reached(&limit, "10.0.0.7", now));
        http_limit_wrong(&limit, "10.0.0.7", i, now);
        now.ms += 1000;
    }
    assert_true(http_limit_reached(&limit, "10.0.0.7", now));
    assert_false(http_limit_reached(&limit, "10.0.0.8", now));
    now.ms += HTTP_LIMIT_MS - 1001; /* of the last one */
    assert_true(http_limit_reached(&limit, "10.0.0.7", now));
    now.ms++;
    assert_false(http_limit_reached(&limit, "10.0.0.7", now));
}

static void the_same_wrong_one_counts_once(void **state)
{
    (void)state;
    struct http_limit limit = {0};
    for (int i = 0; i < 10 * HTTP_LIMIT_WRONG; i++)
        http_limit_wrong(&limit, "10.0.0.7", 5, (struct mono_ms){1000 + i});
    assert_false(http_limit_reached(&limit, "10.0.0.7", (struct mono_ms){2000}));
}

static void many_addresses_take_the_place_of_the_oldest(void **state)
{
    (void)state;
    struct http_limit limit = {0};
    for (uint64_t i = 0; i < HTTP_LIMIT_WRONG; i++)
        http_limit_wrong(&limit, "attacker", i, (struct mono_ms){5000});
    for (int i = 0; i < HTTP_LIMIT_ADDRESSES - 1; i++) {
        char address[16];
        snprintf(address, sizeof address, "10.0.0.%d", i);
        http_limit_wrong(&limit, address, 1, (struct mono_ms){4000});
    }
    http_limit_wrong(&limit, "one more", 1, (struct mono_ms){6000});
    assert_true(http_limit_reached(&limit, "attacker", (struct mono_ms){6000}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twenty_different_wrong_ones_are_too_many_for_a_minute),
        cmocka_unit_test(the_same_wrong_one_counts_once),
        cmocka_unit_test(many_addresses_take_the_place_of_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
