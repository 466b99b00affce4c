/**
 * @file
 * The check type `power`: mains, rectifier, battery and shelter over Modbus (README.md beside).
 */
#ifndef POWER_POWER_CHECK_H
#define POWER_POWER_CHECK_H

#include "checks/check.h"
#include "checks/profile.h"

/** Its configuration. */
struct power_config {
    struct check_common common;      /**< the keys of every check */
    char profile[PROFILE_NAME_MAX];  /**< checks/profile.h */
    int64_t unit;                    /**< Modbus unit */
    int64_t baud;                    /**< of a serial line */
    int parity;                      /**< index into serial_parities */
    int no_answer;                   /**< 0 unknown, 1 degraded, 2 failed */
    double mains_min_v;              /**< mains are present from it on */
    double low_battery_v;            /**< degraded at it */
    double disconnect_battery_v;     /**< failed at it */
    double reconnect_battery_v;      /**< until it is reached again */
    double high_battery_v;           /**< degraded from it on, 0 = none */
    double empty_soc_ratio;          /**< counts as empty */
    double degraded_soc_ratio;       /**< limit, 0 = none */
    double failed_soc_ratio;         /**< limit, 0 = none */
    double degraded_temperature_cel; /**< limit, 0 = none */
    double failed_temperature_cel;   /**< limit, 0 = none */
};

/** The type. */
extern const struct check_type power_check;

#endif
