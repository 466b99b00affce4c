/**
 * @file
 * From measured values to a verdict by limits that stand in a table: one row per metric, naming the
 * members of the check's configuration struct that hold its limits, in the metric's own unit.
 *
 * The limits are ordinary FIELD_F64 rows of the check's base/field.h table (`degraded_rtt_ms`,
 * `failed_loss_ratio`), so parsing, help and manual come from there. A check that could not measure
 * at all judges that itself; this module never turns an absent value into a bad one.
 */
#ifndef CORE_THRESHOLD_H
#define CORE_THRESHOLD_H

#include "base/attr.h"
#include "wire/verdict.h"

#include <stddef.h>

/** On which side of its limits a value is bad; reaching the limit counts. */
enum threshold_side {
    THRESHOLD_ABOVE, /**< bad at or above: round trip times, loss, temperature */
    THRESHOLD_BELOW, /**< bad at or below: free space, received power, days left */
};

/** Offset of a limit the row does not have. */
#define THRESHOLD_NONE ((size_t)-1)

/** One metric. Tables are const and stand beside the check's field table. */
struct threshold {
    const char *metric;       /**< as in the pack: "rtt" */
    enum threshold_side side; /**< see above */
    size_t degraded_at;       /**< offset of the double that limits ok, or THRESHOLD_NONE */
    size_t failed_at;         /**< offset of the double that limits degraded, or THRESHOLD_NONE */
    double off;               /**< the configured value that means "no limit" (NaN always does) */
};

/** One measured value, in the order of the check's threshold table or any other. */
struct threshold_reading {
    const char *metric; /**< as in the table */
    double value;       /**< in the metric's unit; NaN = not measured this time */
};

/** What a set of readings amounts to, and which one decided. */
struct threshold_result {
    enum verdict verdict;           /**< the worst; ok if no limit was reached */
    const struct threshold *reason; /**< row that made it worse than ok; NULL if none */
    double value;                   /**< the reading that did */
    double limit;                   /**< the limit it reached */
};

/** One value against the limits of @p row in @p config: ok, degraded or failed. NaN is ok. */
enum verdict threshold_judge(const struct threshold *row, const void *config, double value);
/** The worst of all @p readings by the rows of @p table; the first of equals decides. Readings
 * without a row do not count. O(readings x rows). */
struct threshold_result threshold_worst(const struct threshold *table, size_t rows,
                                        const void *config,
                                        const struct threshold_reading *readings,
                                        size_t len) MUST_USE;

#endif
