/**
 * @file
 * The check type `iface`: carrier, speed, rates and errors of a network interface (README.md
 * beside).
 */
#ifndef IFACE_IFACE_CHECK_H
#define IFACE_IFACE_CHECK_H

#include "checks/check.h"

/** Its configuration. */
struct iface_config {
    struct check_common common;   /**< the keys of every check */
    double degraded_speed_mbit_s; /**< limit, 0 = none */
    double failed_speed_mbit_s;   /**< limit, 0 = none */
    double degraded_rx_bit_s;     /**< limit, 0 = none */
    double failed_rx_bit_s;       /**< limit, 0 = none */
    double degraded_tx_bit_s;     /**< limit, 0 = none */
    double failed_tx_bit_s;       /**< limit, 0 = none */
    double degraded_errors_per_s; /**< limit, 0 = none */
    double failed_errors_per_s;   /**< limit, 0 = none */
    double degraded_drops_per_s;  /**< limit, 0 = none */
    double failed_drops_per_s;    /**< limit, 0 = none */
};

/** The type. */
extern const struct check_type iface_check;

#endif
