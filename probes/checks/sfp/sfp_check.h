/**
 * @file
 * The check type `sfp`: the optical module in a port of this machine (README.md beside).
 */
#ifndef SFP_SFP_CHECK_H
#define SFP_SFP_CHECK_H

#include "checks/check.h"

/** Its configuration. */
struct sfp_config {
    struct check_common common;   /**< the keys of every check; the target is the port's name */
    double degraded_rx_power_dbm; /**< limit, 0 = none */
    double failed_rx_power_dbm;   /**< limit, 0 = none */
    double degraded_rx_drop_db;   /**< limit, 0 = none */
    double failed_rx_drop_db;     /**< limit, 0 = none */
};

/** The type. */
extern const struct check_type sfp_check;

#endif
