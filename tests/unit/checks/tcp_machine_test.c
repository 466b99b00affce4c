#include "checks/tcp/tcp_machine.h"

#include "base/err.h"
#include "unit.h"

static void start(struct tcp_machine *m, const char *say, const char *expect)
{
    tcp_machine_init(m, slice_of(say), slice_of(expect), 1000);
}

static void connecting_is_enough_when_nothing_is_said(void **state)
{
    (void)state;
    struct tcp_machine m;
    start(&m, "", "");
    assert_int_equal(m.phase, TCP_CONNECTING);
    tcp_machine_connected(&m, 3500);
    assert_int_equal(m.phase, TCP_SATISFIED);
    assert_int_equal(m.connected_us - m.started_us, 2500);
}

static void says_all_and_waits_for_the_text(void **state)
{
    (void)state;
    struct tcp_machine m;
    start(&m, "PING\r\n", "PONG");
    tcp_machine_connected(&m, 2000);
    tcp_machine_sent(&m, 4, 2100);
    assert_int_equal(m.unsent.len, 2);
    tcp_machine_received(&m, "-PO", 3, 2200);
    tcp_machine_received(&m, "NG\r\n", 4, 2300); /* it came before all was said */
    assert_true(tcp_machine_talking(&m));
    tcp_machine_sent(&m, 2, 2400);
    assert_int_equal(m.phase, TCP_SATISFIED);
    assert_int_equal(m.satisfied_us, 2400);
    tcp_machine_closed(&m);
    assert_int_equal(m.phase, TCP_SATISFIED);
}

static void a_peer_that_hangs_up_or_floods_fails(void **state)
{
    (void)state;
    struct tcp_machine m;
    start(&m, "", "220 ");
    tcp_machine_connected(&m, 2000);
    tcp_machine_received(&m, "554 no\r\n", 8, 2100);
    tcp_machine_closed(&m);
    assert_int_equal(m.phase, TCP_CLOSED);

    char noise[1024];
    memset(noise, 'x', sizeof noise);
    start(&m, "", "220 ");
    tcp_machine_connected(&m, 2000);
    for (int i = 0; i < TCP_MACHINE_READ_MAX / 1024 - 1; i++)
        tcp_machine_received(&m, noise, sizeof noise, 2100);
    assert_true(tcp_machine_talking(&m));
    tcp_machine_received(&m, noise, sizeof noise, 2100);
    assert_int_equal(m.phase, TCP_FLOODED);
}

static void escapes(void **state)
{
    (void)state;
    char bytes[64];
    size_t len = 99;
    assert_int_equal(tcp_machine_unescape(slice_of("a\\r\\n\\t\\\\\\x00\\xfF."), bytes, &len), 0);
    assert_int_equal(len, 8);
    assert_memory_equal(bytes, "a\r\n\t\\\0\xff.", 8);
    static const char *const bad[] = {"\\", "\\q", "\\x", "\\x1", "\\xg0", "\\x0g"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(tcp_machine_unescape(slice_of(bad[i]), bytes, &len), ERR_SYNTAX);
    assert_int_equal(len, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connecting_is_enough_when_nothing_is_said),
        cmocka_unit_test(says_all_and_waits_for_the_text),
        cmocka_unit_test(a_peer_that_hangs_up_or_floods_fails),
        cmocka_unit_test(escapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
