#include "checks/icmp/icmp_machine.h"

#include "unit.h"

#include <errno.h>

enum { GAP_US = 200000 };

static const struct icmp_burst burst = {ICMP_FAMILY_V4, 4, GAP_US, 56, true, 0x4242, 0xfeedface};

static struct icmp_message answer(uint16_t seq)
{
    return (struct icmp_message){ICMP_KIND_ECHO_REPLY, 0, seq, true, 0xfeedface};
}

static void send_all(struct icmp_machine *m)
{
    unsigned char out[ICMP_PACKET_MAX];
    for (int64_t due; (due = icmp_machine_due(m)) >= 0;)
        assert_int_equal(icmp_machine_send(m, due, out), ICMP_PACKET_HEADER + 56);
}

static void paces_the_burst(void **state)
{
    (void)state;
    struct icmp_machine m;
    unsigned char out[ICMP_PACKET_MAX];
    icmp_machine_init(&m, &burst, 1000);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(icmp_machine_due(&m), 1000 + i * GAP_US);
        assert_false(icmp_machine_finished(&m));
        icmp_machine_send(&m, 1000 + i * GAP_US + 7, out);
        assert_int_equal(out[7], i);
    }
    assert_int_equal(icmp_machine_due(&m), -1);
    assert_false(icmp_machine_finished(&m));
}

/* Round trips 10, 30, 20, 40 ms: mean 25, differences 20, 10, 20. */
static void measures_round_trips_in_any_order(void **state)
{
    (void)state;
    static const uint16_t order[] = {2, 0, 3, 1};
    static const int64_t rtt_us[] = {10000, 30000, 20000, 40000};
    struct icmp_machine m;
    icmp_machine_init(&m, &burst, 0);
    send_all(&m);
    for (int i = 0; i < 4; i++) {
        struct icmp_message message = answer(order[i]);
        assert_true(icmp_machine_answer(&m, &message, order[i] * GAP_US + rtt_us[order[i]]));
    }
    assert_true(icmp_machine_finished(&m));
    struct icmp_result r = icmp_machine_result(&m);
    assert_int_equal(r.sent, 4);
    assert_int_equal(r.received, 4);
    assert_near(r.loss_ratio, 0, 0);
    assert_near(r.rtt_min_ms, 10, 1e-9);
    assert_near(r.rtt_avg_ms, 25, 1e-9);
    assert_near(r.rtt_max_ms, 40, 1e-9);
    assert_near(r.jitter_ms, 50.0 / 3, 1e-9);
}

static void counts_what_stays_out_as_lost(void **state)
{
    (void)state;
    struct icmp_machine m;
    icmp_machine_init(&m, &burst, 0);
    send_all(&m);
    struct icmp_message message = answer(1);
    assert_true(icmp_machine_answer(&m, &message, GAP_US + 5000));
    assert_false(icmp_machine_finished(&m));
    struct icmp_result r = icmp_machine_result(&m);
    assert_near(r.loss_ratio, 0.75, 0);
    assert_near(r.rtt_avg_ms, 5, 1e-9);
    assert_near(r.jitter_ms, 0, 0);
}

static void takes_each_answer_once_and_only_its_own(void **state)
{
    (void)state;
    struct icmp_machine m;
    icmp_machine_init(&m, &burst, 0);
    struct icmp_message message = answer(0);
    assert_false(icmp_machine_answer(&m, &message, 1)); /* not sent yet */
    send_all(&m);
    struct icmp_message foreign[] = {answer(0), answer(0), answer(0), answer(9)};
    foreign[0].token ^= 1;
    foreign[1].kind = ICMP_KIND_ECHO_REQUEST; /* loopback hears the question as well */
    foreign[2].has_token = false;
    for (size_t i = 0; i < 4; i++)
        assert_false(icmp_machine_answer(&m, &foreign[i], 1000));
    assert_true(icmp_machine_answer(&m, &message, 2000));
    assert_false(icmp_machine_answer(&m, &message, 900000)); /* a duplicate */
    assert_near(icmp_machine_result(&m).rtt_max_ms, 2, 1e-9);
}

static void refusals_settle_echoes(void **state)
{
    (void)state;
    struct icmp_machine m;
    icmp_machine_init(&m, &burst, 0);
    send_all(&m);
    for (uint16_t seq = 0; seq < 4; seq++) {
        /* A router may quote the header only: then the identifier counts. */
        struct icmp_message own = {ICMP_KIND_ECHO_REQUEST, 0x4242, seq, seq % 2, 0xfeedface};
        struct icmp_message foreign = own;
        foreign.id ^= 1;
        foreign.token ^= 1;
        icmp_machine_refused(&m, &foreign, ECONNREFUSED);
        assert_false(icmp_machine_finished(&m));
        icmp_machine_refused(&m, &own, EHOSTUNREACH);
        icmp_machine_refused(&m, &own, EHOSTUNREACH);
    }
    assert_true(icmp_machine_finished(&m));
    struct icmp_result r = icmp_machine_result(&m);
    assert_int_equal(r.received, 0);
    assert_int_equal(r.error, EHOSTUNREACH);
    assert_near(r.loss_ratio, 1, 0);
}

/* On a datagram socket the kernel has written another identifier, which the router quotes. */
static void a_datagram_sockets_refusals_are_its_own(void **state)
{
    (void)state;
    struct icmp_machine m;
    struct icmp_burst datagram = burst;
    datagram.raw = false;
    icmp_machine_init(&m, &datagram, 0);
    send_all(&m);
    struct icmp_message quoted = {ICMP_KIND_ECHO_REQUEST, 0x1410, 2, false, 0};
    icmp_machine_refused(&m, &quoted, EHOSTUNREACH);
    assert_int_equal(icmp_machine_result(&m).error, EHOSTUNREACH);
}

static void what_cannot_leave_is_lost(void **state)
{
    (void)state;
    struct icmp_machine m;
    unsigned char out[ICMP_PACKET_MAX];
    icmp_machine_init(&m, &burst, 0);
    for (int i = 0; i < 4; i++) {
        icmp_machine_send(&m, i, out);
        icmp_machine_unsent(&m, ENETUNREACH);
    }
    assert_true(icmp_machine_finished(&m));
    assert_int_equal(icmp_machine_result(&m).error, ENETUNREACH);
}

static void an_empty_burst_is_all_lost(void **state)
{
    (void)state;
    struct icmp_machine m;
    icmp_machine_init(&m, &burst, 0);
    struct icmp_result r = icmp_machine_result(&m);
    assert_int_equal(r.sent, 0);
    assert_near(r.loss_ratio, 1, 0);
}

static void a_stamp_before_sending_is_no_time_at_all(void **state)
{
    (void)state;
    struct icmp_machine m;
    unsigned char out[ICMP_PACKET_MAX];
    icmp_machine_init(&m, &burst, 0);
    icmp_machine_send(&m, 500, out);
    struct icmp_message message = answer(0);
    assert_true(icmp_machine_answer(&m, &message, 400));
    assert_near(icmp_machine_result(&m).rtt_min_ms, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paces_the_burst),
        cmocka_unit_test(measures_round_trips_in_any_order),
        cmocka_unit_test(counts_what_stays_out_as_lost),
        cmocka_unit_test(takes_each_answer_once_and_only_its_own),
        cmocka_unit_test(refusals_settle_echoes),
        cmocka_unit_test(a_datagram_sockets_refusals_are_its_own),
        cmocka_unit_test(what_cannot_leave_is_lost),
        cmocka_unit_test(an_empty_burst_is_all_lost),
        cmocka_unit_test(a_stamp_before_sending_is_no_time_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
