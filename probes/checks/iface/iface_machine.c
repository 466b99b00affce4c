#include "checks/iface/iface_machine.h"

const char *iface_machine_file(enum iface_counter counter)
{
    static const char *const names[IFACE_COUNTERS] = {
        [IFACE_RX_BYTES] = "rx_bytes",   [IFACE_TX_BYTES] = "tx_bytes",
        [IFACE_RX_ERRORS] = "rx_errors", [IFACE_TX_ERRORS] = "tx_errors",
        [IFACE_RX_DROPS] = "rx_dropped", [IFACE_TX_DROPS] = "tx_dropped",
    };

    return names[counter];
}

/* A wrap is believed only from the upper half of 32 bits into the lower half: any other step back
 * is a driver that was reloaded. */
static bool counter_step(uint64_t before, uint64_t now, uint64_t *ret_step)
{
    const uint64_t range = UINT64_C(1) << 32;
    if (now >= before) {
        *ret_step = now - before;
        return true;
    }
    if (before >= range || before < range / 2 || now >= range / 2)
        return false;
    *ret_step = now + range - before;
    return true;
}

static bool is_bytes(int counter)
{
    return counter == IFACE_RX_BYTES || counter == IFACE_TX_BYTES;
}

struct iface_rates iface_machine_rates(const struct iface_look *before,
                                       const struct iface_look *now)
{
    struct iface_rates rates = {0};
    if (!before || before->ifindex != now->ifindex || before->at_us >= now->at_us)
        return rates;
    double seconds = (double)(now->at_us - before->at_us) / 1e6;
    for (int i = 0; i < IFACE_COUNTERS; i++) {
        uint64_t step = 0;
        if (!before->has[i] || !now->has[i] ||
            !counter_step(before->counter[i], now->counter[i], &step))
            continue;
        rates.known[i] = true;
        rates.per_s[i] = (double)step * (is_bytes(i) ? 8 : 1) / seconds;
    }
    return rates;
}
