/**
 * @file
 * The check type `modem`: what a cellular modem on a serial line hears (README.md beside).
 */
#ifndef MODEM_MODEM_CHECK_H
#define MODEM_MODEM_CHECK_H

#include "checks/check.h"

/** Its configuration. */
struct modem_config {
    struct check_common common;   /**< the keys of every check */
    int64_t baud;                 /**< of the line */
    int no_answer;                /**< 0 unknown, 1 degraded, 2 failed */
    int technology;               /**< 0 any, 1 to 4: 2g to 5g */
    struct field_texts operators; /**< "PLMN=id of the inventory" */
    double degraded_rsrp_dbm;     /**< limit, 0 = none */
    double failed_rsrp_dbm;       /**< limit, 0 = none */
    double degraded_sinr_db;      /**< limit, -100 = none */
    double failed_sinr_db;        /**< limit, -100 = none */
};

/** The type. */
extern const struct check_type modem_check;

#endif
