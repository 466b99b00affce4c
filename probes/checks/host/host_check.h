/**
 * @file
 * The check type `host`: the machine the probe runs on (README.md beside).
 */
#ifndef HOST_HOST_CHECK_H
#define HOST_HOST_CHECK_H

#include "checks/check.h"

/** Its configuration. */
struct host_config {
    struct check_common common;      /**< the keys of every check */
    char disk[256];                  /**< a path on the file system to look at */
    bool clock_must_sync;            /**< an unsynchronised clock is degraded */
    double degraded_cpu_ratio;       /**< limit, 0 = none */
    double failed_cpu_ratio;         /**< limit, 0 = none */
    double degraded_memory_ratio;    /**< limit, 0 = none */
    double failed_memory_ratio;      /**< limit, 0 = none */
    double degraded_disk_ratio;      /**< limit, 0 = none */
    double failed_disk_ratio;        /**< limit, 0 = none */
    double degraded_load;            /**< limit, 0 = none */
    double failed_load;              /**< limit, 0 = none */
    double degraded_temperature_cel; /**< limit, 0 = none */
    double failed_temperature_cel;   /**< limit, 0 = none */
};

/** The type. */
extern const struct check_type host_check;

#endif
