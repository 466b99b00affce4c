#include "checks/iface/iface_machine.h"

#include "unit.h"

static struct iface_look look(int64_t at_s, uint64_t rx_bytes, uint64_t rx_errors)
{
    struct iface_look l = {.at_us = at_s * 1000000, .ifindex = 2, .enabled = true, .carrier = true};
    l.has[IFACE_RX_BYTES] = l.has[IFACE_RX_ERRORS] = true;
    l.counter[IFACE_RX_BYTES] = rx_bytes;
    l.counter[IFACE_RX_ERRORS] = rx_errors;
    return l;
}

static void bytes_become_bits_and_frames_stay(void **state)
{
    (void)state;
    struct iface_look before = look(100, 1000, 5);
    struct iface_look now = look(110, 126000, 25);
    struct iface_rates rates = iface_machine_rates(&before, &now);
    assert_true(rates.known[IFACE_RX_BYTES]);
    assert_near(rates.per_s[IFACE_RX_BYTES], 100000, 1e-9);
    assert_near(rates.per_s[IFACE_RX_ERRORS], 2, 1e-12);
    assert_false(rates.known[IFACE_TX_BYTES]);
}

static void wraps_at_32_bits_count_on_and_resets_do_not(void **state)
{
    (void)state;

    static const struct {
        uint64_t before, now;
        bool known;
        double step;
    } cases[] = {
        {4294967290U, 10, true, 16}, /* over the edge */
        {UINT64_C(0x80000000), 0, true, 2147483648.0},
        {2000000000, 10, false, 0},           /* lower half: a reset */
        {4294967290U, 3000000000U, false, 0}, /* back within the upper half */
        {UINT64_C(1) << 40, 10, false, 0},    /* a 64-bit counter does not wrap */
        {7, 7, true, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct iface_look before = look(0, 0, cases[i].before);
        struct iface_look now = look(1, 0, cases[i].now);
        struct iface_rates rates = iface_machine_rates(&before, &now);
        assert_int_equal(rates.known[IFACE_RX_ERRORS], cases[i].known);
        assert_near(rates.per_s[IFACE_RX_ERRORS], cases[i].step, 0);
        assert_true(rates.known[IFACE_RX_BYTES]); /* the others are not touched by it */
    }
}

static void no_rate_without_two_looks_at_one_interface(void **state)
{
    (void)state;
    struct iface_look now = look(10, 2000, 0);
    struct iface_look other = look(0, 1000, 0);
    struct iface_look same_time = look(10, 1000, 0);
    other.ifindex = 3;
    assert_false(iface_machine_rates(NULL, &now).known[IFACE_RX_BYTES]);
    assert_false(iface_machine_rates(&other, &now).known[IFACE_RX_BYTES]);
    assert_false(iface_machine_rates(&same_time, &now).known[IFACE_RX_BYTES]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_become_bits_and_frames_stay),
        cmocka_unit_test(wraps_at_32_bits_count_on_and_resets_do_not),
        cmocka_unit_test(no_rate_without_two_looks_at_one_interface),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
