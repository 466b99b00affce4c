/**
 * @file
 * The last result of each check, for people at the site and for the status while packs wait.
 */
#ifndef SHELL_RESULTS_H
#define SHELL_RESULTS_H

#include "base/instant.h"
#include "checks/check.h"

/** Longest text of values, with its NUL. */
#define RESULTS_VALUES_MAX 120

/** The last result of one check. */
struct result {
    bool known;                      /**< it ran at least once */
    enum verdict verdict;            /**< what came out */
    struct mono_ms started;          /**< when that run began */
    int64_t time_us;                 /**< the same as it went into a pack, absolute; 0 = it went in
                                        by monotonic time. Set by the owner */
    char reason[CHECK_REASON_MAX];   /**< why it is not ok */
    char values[RESULTS_VALUES_MAX]; /**< the first values: "rtt 12.3 ms, loss 0" */
};

/** Storage of the caller. */
struct results {
    struct result *result; /**< by index of the check */
    size_t len;            /**< checks */
};

/** No results of @p len checks yet: 0 or ERR_NOMEM. */
int results_init(struct results *r, size_t len) MUST_USE;
/** Frees all. Accepts a zeroed one. */
void results_done(struct results *r);
/** A report came; true if the verdict is another than before (or the first). */
bool results_add(struct results *r, size_t index, const struct check_type *type,
                 struct mono_ms started, const struct check_report *report);
/** The worst of what is known in the order failed, degraded, unknown, ok: what an exit code says.
 * VERDICT_UNKNOWN if nothing is known. */
enum verdict results_worst(const struct results *r);
/** The first known values of a report for people, cut to fit. */
void results_values(const struct check_type *type, const struct check_report *report,
                    char ret_text[RESULTS_VALUES_MAX]);

#endif
