/**
 * @file
 * What one run of a check says: a verdict, a short reason for the technician, and values.
 *
 * Pure data. Values stand in the order of the type's table of metrics, so nobody compares names
 * while checks run. Turning a report into SenML is the agent's.
 */
#ifndef CHECKS_CHECK_REPORT_H
#define CHECKS_CHECK_REPORT_H

#include "base/attr.h"
#include "wire/pack.h"
#include "wire/verdict.h"

/** Most metrics of a type. */
#define CHECK_METRICS_MAX 16
/** Most values of a run that are in no table. */
#define CHECK_EXTRA_MAX 32
/** Longest text value, with its NUL. */
#define CHECK_TEXT_MAX 80
/** Longest reason, with its NUL. */
#define CHECK_REASON_MAX 120

/** One metric of a type: a row of a const table. */
struct check_metric {
    const char *name;       /**< as on the wire: pack_part_ok() and pack_metric_ok(), not `state` */
    enum reading_kind kind; /**< number, flag or text */
    const char *unit;       /**< SenML unit (RFC 8428 section 12.1, RFC 8798), NULL = none */
    const char *about;      /**< one sentence for the manual, saying also when it is absent */
};

/** One value; which metric it is of is its index. */
struct check_value {
    bool known;                /**< this run measured it; otherwise it is left out of the pack */
    double number;             /**< of a number, finite; of a flag 0 or 1 */
    char text[CHECK_TEXT_MAX]; /**< of a text: printable UTF-8 */
};

/** A number whose name only the run knows, for types that ask somebody who names his own values. */
struct check_extra {
    char name[PACK_PART_MAX + 1]; /**< pack_part_ok(), pack_metric_ok(), in none of the type's
                                     tables, once in a report */
    const char *unit;             /**< SenML unit in static storage, NULL = none */
    double number;                /**< finite */
};

/** The outcome of a run. */
struct check_report {
    enum verdict verdict;                         /**< the worst of all that was judged */
    char reason[CHECK_REASON_MAX];                /**< English; empty if the verdict is ok */
    struct check_value values[CHECK_METRICS_MAX]; /**< by index of the type's metrics */
    const struct check_extra *extra; /**< n_extra numbers beside; in the check's state, left
                                        alone from the run's end to the next start */
    size_t n_extra;                  /**< at most CHECK_EXTRA_MAX */
};

/** Everything unknown, verdict ok, no reason. */
void check_report_clear(struct check_report *report);
/** Value @p metric is @p number; a number that is not finite leaves it unknown. */
void check_report_number(struct check_report *report, int metric, double number);
/** Value @p metric is @p flag. */
void check_report_flag(struct check_report *report, int metric, bool flag);
/** Value @p metric is @p text, cut to fit; what is not printable ASCII becomes '?', because a
 * server we merely look at chose it. */
void check_report_text(struct check_report *report, int metric, struct slice text);
/** Worsens the verdict to @p verdict with a reason (printf's format). A verdict that is not worse
 * than what stands, in the order failed, degraded, unknown, ok, changes nothing: the first reason
 * of the worst verdict is the one shown. */
void check_report_judge(struct check_report *report, enum verdict verdict, const char *reason, ...)
    PRINTF_LIKE(3, 4);

#endif
