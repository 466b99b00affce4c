/**
 * @file
 * Which requests a reflector answers: none that was sent again later; and the number that an answer
 * of a reflector that counts has within its session.
 *
 * Pure. Only authenticated requests are held against those before: the time of any other can be
 * anybody's, and one from the future must not shut out the true sender.
 */
#ifndef REFLECTOR_REFLECTOR_GUARD_H
#define REFLECTOR_REFLECTOR_GUARD_H

#include "base/attr.h"

#include <stdbool.h>
#include <stdint.h>

/** Sessions that are remembered; with more at a time the longest unheard is forgotten. */
#define REFLECTOR_GUARD_SESSIONS 64
/** A request so much older than its session's newest is stale. */
#define REFLECTOR_GUARD_STALE_US INT64_C(10000000)

/** One sender's session. */
struct reflector_session {
    uint64_t key;      /**< of sender and session, 0 = free */
    int64_t newest_us; /**< the latest time of a request, by the sender's clock */
    int64_t heard_us;  /**< when it came, monotonic */
    uint32_t answers;  /**< numbers given */
};

/** Storage of the caller; zeroed: nothing heard. */
struct reflector_guard {
    struct reflector_session session[REFLECTOR_GUARD_SESSIONS]; /**< by no order */
};

/** True if a request of session @p key (not 0) with the sender's time @p sent_us is stale; else it
 * is remembered. O(sessions). */
bool reflector_guard_stale(struct reflector_guard *guard, uint64_t key, int64_t sent_us,
                           int64_t now_us);
/** The number of the next answer in session @p key (not 0), from 0 (RFC 8762 section 4.3.1,
 * stateful mode). O(sessions). */
uint32_t reflector_guard_number(struct reflector_guard *guard, uint64_t key, int64_t now_us);

#endif
