/**
 * @file
 * When the centre listened: intervals between markers, broker connections, and the delay each probe
 * has after a connection (DESIGN 4.6, FIGURES 7.4 and 7.19, readings 7 to 9).
 *
 * Instants at or after the last marker are not judged yet: they count as the millisecond before it
 * does, unless a connection began since.
 */
#ifndef CORE_LISTENING_H
#define CORE_LISTENING_H

#include "core/instants.h"
#include "core/timeline.h"

#include <stdbool.h>

/** Changes and connections that are kept; beyond it the oldest are forgotten and count as not
 * listened. */
#define LISTENING_MAX 8192

/** Storage of the caller; zeroed = never listened, but for settle_ms. */
struct listening {
    struct timeline spans;       /**< 1 = listened, 0 = not; the last holds beyond the marker */
    struct instants connections; /**< when broker connections began */
    int64_t marker;              /**< the last marker; meaningful once spans are there */
    int64_t settle_ms;           /**< listening of a probe begins at the latest this long after a
                                    connection */
};

/** A stretch of constant answer. */
struct listening_stretch {
    bool listened; /**< to the probe asked for */
    int64_t until; /**< first instant at which the answer may differ; INT64_MAX = none known */
};

/** Frees what it holds. */
void listening_done(struct listening *l);
/** A broker connection began at @p t. 0 or ERR_NOMEM. */
int listening_connect(struct listening *l, int64_t t) MUST_USE;
/** We listened in [from, to); what lies before the last marker is known already and left alone. 0
 * or ERR_NOMEM. */
int listening_add(struct listening *l, int64_t from, int64_t to) MUST_USE;
/** The last marker, INT64_MIN before the first. */
int64_t listening_marker(const struct listening *l);
/** Did we listen to the probe first heard at @p heard (of all its connections) at @p t? O(log n) */
struct listening_stretch listening_at(const struct listening *l, const struct instants *heard,
                                      int64_t t);
/** Milliseconds listened to that probe in [from, to), as far as markers go. O(changes in between)
 */
int64_t listening_sum(const struct listening *l, const struct instants *heard, int64_t from,
                      int64_t to);
/** The first instant in [from, to) not listened to that probe, @p to if there is none. */
int64_t listening_first_deaf(const struct listening *l, const struct instants *heard, int64_t from,
                             int64_t to);
/** Forgets what lies before @p t. */
void listening_trim(struct listening *l, int64_t t);

#endif
