/**
 * @file
 * What a check says at an instant: its line seen through listening, wills, gasps, starts of its
 * probe and the hold at the live edge (FIGURES 7.1 to 7.5, 7.14, 7.19; readings 6 to 11 and 21).
 *
 * It asks neither which units the check speaks for nor whether its probe may.
 */
#ifndef CORE_CHECK_READ_H
#define CORE_CHECK_READ_H

#include "core/check.h"
#include "core/listening.h"
#include "core/signs.h"

/** What a check is to its units. */
enum check_status {
    CHECK_ABSENT,   /**< has not spoken yet, or a list ended it */
    CHECK_EVIDENCE, /**< says verdict 0, 1 or 2 */
    CHECK_CANNOT,   /**< says 3, or its probe's program did not run */
    CHECK_SILENT,   /**< should have spoken, and we listened */
    CHECK_UNHEARD,  /**< should have spoken, but we did not listen */
};

/** Status with the instant until which it holds. */
struct check_saying {
    enum check_status status; /**< see above */
    enum verdict verdict;     /**< of evidence */
    bool awaiting;            /**< silent or unheard, and the next result is a summary's */
    int64_t until;            /**< first instant at which this may differ */
};

/** What is the same for all checks at one moment. */
struct read_context {
    const struct listening *listening; /**< when the centre listened */
    const struct terms_table *terms;   /**< for ttl */
    int64_t now;                       /**< the live edge */
    int64_t late_ms;                   /**< how long a result may be on its way */
};

/** What @p check of the probe with @p signs says at @p t. O(log spans), in a gap O(changes of
 * listening in it). */
struct check_saying check_read(const struct read_context *context, const struct check *check,
                               const struct signs *signs, int64_t t);
/** ttl of a result of @p check at @p t. */
int64_t check_read_ttl(const struct read_context *context, const struct check *check, int64_t t);
/** Start of the gap of @p check that holds @p t (the live edge after the last result counts as
 * one), INT64_MAX if none does. */
int64_t check_read_gap(const struct check *check, int64_t t);
/** Last marker at which that gap may have to be judged anew; INT64_MAX if markers change nothing
 * any more. */
int64_t check_read_marker(const struct read_context *context, const struct check *check,
                          const struct signs *signs, int64_t t);

#endif
