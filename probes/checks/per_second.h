/**
 * @file
 * So many a second and no more: for what the network or other programs send us.
 *
 * Pure. Counted in seconds that begin with their first event, so a burst may straddle two.
 */
#ifndef CHECKS_PER_SECOND_H
#define CHECKS_PER_SECOND_H

#include <stdbool.h>
#include <stdint.h>

/** Storage of the caller; zeroed: nothing came. */
struct per_second {
    int64_t began_us; /**< the present second, monotonic */
    int64_t count;    /**< in it */
};

/** True if one more at @p now_us keeps within @p rate a second; it is counted then. */
bool per_second_may(struct per_second *second, int64_t rate, int64_t now_us);

#endif
