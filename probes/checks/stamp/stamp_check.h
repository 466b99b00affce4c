/**
 * @file
 * The check type `stamp`: delay, loss, jitter and order of a way, by test packets to a reflector
 * (README.md beside).
 */
#ifndef STAMP_STAMP_CHECK_H
#define STAMP_STAMP_CHECK_H

#include "checks/check.h"
#include "checks/profile.h"

/** Its configuration. Limits at 0 are none. */
struct stamp_config {
    struct check_common common;      /**< the keys of every check */
    int64_t count;                   /**< packets of a run */
    int64_t gap_ms;                  /**< from one to the next */
    int family;                      /**< index into target_families */
    char key_file[PROFILE_NAME_MAX]; /**< "" = packets are not authenticated */
    bool reflector_counts;           /**< its answers have numbers of their own */
    bool trust_clocks;               /**< one-way delays whatever the clocks say of themselves */
    double degraded_loss_ratio;      /**< limit */
    double failed_loss_ratio;        /**< limit */
    double degraded_rtt_ms;          /**< limit */
    double failed_rtt_ms;            /**< limit */
    double degraded_jitter_ms;       /**< limit */
    double failed_jitter_ms;         /**< limit */
    double degraded_reordered_ratio; /**< limit */
    double failed_reordered_ratio;   /**< limit */
};

/** The type. */
extern const struct check_type stamp_check;

#endif
