/**
 * @file
 * Performance data of a Nagios plugin: `'label'=value[UOM];[warn];[crit];[min];[max]`, as numbers
 * in the units and names of this project.
 *
 * Pure. The text is a foreign program's: what is not well formed is passed over and counted, never
 * guessed. Ranges never make the verdict, which is the exit code's alone; they say which value the
 * plugin means when it says nothing else. Source: Monitoring Plugins Development Guidelines,
 * "Performance data" and "Threshold and ranges".
 */
#ifndef PLUGIN_PLUGIN_PERF_H
#define PLUGIN_PLUGIN_PERF_H

#include "base/attr.h"
#include "base/slice.h"
#include "wire/pack.h"

#include <stdbool.h>

/** A threshold, `[@]start:end`. */
struct plugin_range {
    bool given;  /**< it stands there; the others are of no meaning without */
    bool inside; /**< `@`: values within alert, not those outside */
    double low;  /**< `~` is minus infinity; 0 if left out */
    double high; /**< infinity if left out */
};

/** One value. */
struct plugin_perf {
    char name[PACK_PART_MAX + 1]; /**< the label as a metric: pack_part_ok(), pack_metric_ok() and
                                     not `state` */
    const char *unit;             /**< SenML unit, NULL = none that SenML knows */
    double value;                 /**< in that unit; NaN for `U`, what could not be measured */
    double plain;             /**< as written, in the plugin's own unit: what the ranges are in */
    struct plugin_range warn; /**< degraded by the plugin's own words */
    struct plugin_range crit; /**< failed by the plugin's own words */
};

/**
 * Reads the next value of @p text and moves on behind it: 0, ERR_END if there is none, ERR_SYNTAX
 * if the next word is no value (it is passed over). O(length of the word). Minimum and maximum must
 * be well formed, and are of no use here.
 */
int plugin_perf_next(struct slice *text, struct plugin_perf *ret_perf) MUST_USE;
/** Reads a range that fills @p text (empty = not given): 0 or ERR_SYNTAX. */
int plugin_perf_range(struct slice text, struct plugin_range *ret_range) MUST_USE;
/** True if @p value is what @p range warns of; never for a range not given, or for NaN. */
bool plugin_perf_alerts(const struct plugin_range *range, double value);

#endif
