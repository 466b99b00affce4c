/**
 * @file
 * The check type `icmp`: loss, round trip and jitter of a burst of echoes (README.md beside).
 */
#ifndef ICMP_ICMP_CHECK_H
#define ICMP_ICMP_CHECK_H

#include "checks/check.h"

/** Its configuration. */
struct icmp_config {
    struct check_common common; /**< the keys of every check */
    int64_t count;              /**< echoes of a burst */
    int64_t gap_ms;             /**< from one echo to the next */
    int64_t payload;            /**< bytes of payload */
    int family;                 /**< index into target_families */
    double degraded_loss_ratio; /**< limit, 0 = none */
    double failed_loss_ratio;   /**< limit, 0 = none */
    double degraded_rtt_ms;     /**< limit, 0 = none */
    double failed_rtt_ms;       /**< limit, 0 = none */
    double degraded_jitter_ms;  /**< limit, 0 = none */
    double failed_jitter_ms;    /**< limit, 0 = none */
};

/** The type. */
extern const struct check_type icmp_check;

#endif
