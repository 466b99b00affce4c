/**
 * @file
 * From two looks at an interface's counters to rates, whatever the counters did in between.
 *
 * Pure: the looks come in as text the kernel wrote, with the time of each. Reading the files is
 * iface_check.c's. A counter that went backwards is told apart: one that wrapped at 32 bits (old
 * drivers) counts on, one that was reset gives no rate for this run rather than a wrong one.
 */
#ifndef IFACE_IFACE_MACHINE_H
#define IFACE_IFACE_MACHINE_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/** The counters of one interface, in the order of iface_counter_name(). */
enum iface_counter {
    IFACE_RX_BYTES,  /**< bytes received */
    IFACE_TX_BYTES,  /**< bytes sent */
    IFACE_RX_ERRORS, /**< damaged frames received */
    IFACE_TX_ERRORS, /**< frames that could not be sent */
    IFACE_RX_DROPS,  /**< frames received and thrown away */
    IFACE_TX_DROPS,  /**< frames thrown away before sending */
    IFACE_COUNTERS,  /**< how many there are */
};

/** What one look at the interface showed. */
struct iface_look {
    int64_t at_us;                    /**< monotonic time of the look */
    int64_t ifindex;                  /**< the kernel's number: another one is another interface */
    bool enabled;                     /**< administratively up */
    bool carrier;                     /**< the link is there */
    int64_t speed_mbit;               /**< negotiated speed, 0 if the driver does not say */
    bool has[IFACE_COUNTERS];         /**< the counter could be read */
    uint64_t counter[IFACE_COUNTERS]; /**< values, by enum iface_counter */
};

/** What two looks say. */
struct iface_rates {
    bool known[IFACE_COUNTERS];   /**< a rate could be computed */
    double per_s[IFACE_COUNTERS]; /**< bit/s for bytes, 1/s for all others */
};

/** File below statistics/ that holds @p counter. Static storage. */
const char *iface_machine_file(enum iface_counter counter);
/**
 * Rates from @p before to @p now. No rate is known if @p before is NULL, of another interface or
 * not earlier; a single one is not if its counter is missing or was reset.
 */
struct iface_rates iface_machine_rates(const struct iface_look *before,
                                       const struct iface_look *now);

#endif
