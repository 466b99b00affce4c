/**
 * @file
 * Which packs the outbox gives up when it reaches its bound: the oldest, by bytes or by age in
 * *running* time (DESIGN section 4.4). A probe that was switched off for a month still delivers
 * what it held.
 *
 * The outbox is a row of runs (its segment files); whole runs go, oldest first, never the one being
 * written. This module only decides: the outbox raises `low` durably first, tells the window, and
 * removes the files last.
 */
#ifndef CORE_OUTBOX_POLICY_H
#define CORE_OUTBOX_POLICY_H

#include "base/instant.h"

#include <stddef.h>
#include <stdint.h>

/** The bound; the defaults are those of outbox_policy_default(). */
struct outbox_policy {
    int64_t max_bytes;  /**< of all runs together; 64 MB */
    int64_t max_age_ms; /**< of running time; 7 days */
};

/** One run of packs with consecutive numbers in the outbox. */
struct outbox_run {
    uint64_t first;     /**< seq of its first pack */
    uint64_t last;      /**< seq of its last pack; first - 1 while it is empty */
    int64_t bytes;      /**< it takes on the disk */
    int64_t running_ms; /**< running time at which its last pack was written */
};

/** What to give up. */
struct outbox_drop {
    size_t runs;    /**< from the front; 0 = nothing to do */
    uint64_t low;   /**< the lowest seq held afterwards */
    uint64_t packs; /**< held until now and given up: adds to the status' `dropped` */
    int64_t bytes;  /**< that come free */
};

/** 64 MB and 7 days. */
struct outbox_policy outbox_policy_default(void);
/**
 * What has to go of @p runs (in order, consecutive numbers) so that the bound holds at running time
 * @p running_ms. @p low is the lowest seq held now; what lies below it was acknowledged and does
 * not count as dropped. O(len).
 */
struct outbox_drop outbox_policy_drop(const struct outbox_policy *policy,
                                      const struct outbox_run *runs, size_t len, uint64_t low,
                                      int64_t running_ms);

/** Running time at @p now of a process that @p started with @p before_ms of earlier lives on
 * record.
 */
int64_t outbox_policy_running_ms(int64_t before_ms, struct mono_ms started, struct mono_ms now);

#endif
