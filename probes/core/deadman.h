/**
 * @file
 * When people are to be told that the centre gives no sign of life, and when that it does again
 * (issue 5 section 4): whoever watches the centre from outside has to be able to say so without it.
 *
 * Pure. The sign of life is a check's result; whatever is none, also a check that could not look,
 * counts against the centre, as the grip of a dead man's handle does. Each ear (a number, a
 * program) knows by itself what it was told, so that one that cannot be reached is tried again and
 * nobody hears a thing twice; that outlives a restart (deadman_keep()). How an ear is told is
 * shell/distress.h's, the words are core/deadman_text.h's.
 */
#ifndef CORE_DEADMAN_H
#define CORE_DEADMAN_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/instant.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    DEADMAN_NAME_MAX = 24,     /**< longest name of an ear, with its NUL */
    DEADMAN_EARS_MAX = 17,     /**< sixteen numbers and a program */
    DEADMAN_KEPT_MAX = 1024,   /**< more than deadman_keep() writes */
    DEADMAN_RETRY_MS = 30000,  /**< to the second try of an ear; doubles with each */
    DEADMAN_RETRY_MAX = 600000 /**< ms, the longest time between two tries */
};

/** What somebody is to be told. */
enum deadman_word {
    DEADMAN_NOTHING, /**< that is known */
    DEADMAN_GONE,    /**< the centre is gone */
    DEADMAN_STILL,   /**< it still is, long after it was told */
    DEADMAN_BACK,    /**< it is back */
};

/** How patient it is. */
struct deadman_rules {
    int64_t after_ms;  /**< from the first result without life until the centre is gone */
    int64_t pause_ms;  /**< least time from telling an ear that it is gone to telling it again */
    int64_t repeat_ms; /**< until an ear is told that it still is; 0 = never */
};

/** Somebody who is told. */
struct deadman_ear {
    char name[DEADMAN_NAME_MAX]; /**< printable, without blanks, unique */
    bool told;                   /**< it was told "gone", not yet "back" */
    bool paced;                  /**< told_at is known */
    struct now told_at;          /**< it was last told "gone" */
    unsigned misses;             /**< tries in vain since it last was told */
    struct mono_ms try_at;       /**< not before; counts if there are misses */
};

/** Storage of the caller; members may be read. */
struct deadman {
    struct deadman_rules rules;                /**< as given */
    bool seen;                                 /**< there was a result in this life */
    bool failing;                              /**< the newest was no sign of life */
    bool gone;                                 /**< so it has been for after_ms */
    struct now failing_since;                  /**< first result without life; of failing */
    struct now since;                          /**< the same, when the centre was last gone */
    struct now until;                          /**< first sign of life after that; of !gone */
    size_t len;                                /**< of ears */
    struct deadman_ear ears[DEADMAN_EARS_MAX]; /**< who is told */
};

/** Nothing was seen yet, nobody is told. */
void deadman_init(struct deadman *d, const struct deadman_rules *rules);
/** Adds an ear called @p name, cut to DEADMAN_NAME_MAX; beyond DEADMAN_EARS_MAX it is left out. */
void deadman_add(struct deadman *d, const char *name);

/** A result of @p now came; @p alive if it is a sign of life. True if gone has changed. */
bool deadman_see(struct deadman *d, struct now now, bool alive);
/** When the next ear is to be told, perhaps long ago, which and what; MONO_NEVER_MS and
 * DEADMAN_NOTHING if none is as things stand. O(ears). */
struct mono_ms deadman_next(const struct deadman *d, size_t *ret_ear, enum deadman_word *ret_word);
/** The ear has heard @p word. */
void deadman_told(struct deadman *d, size_t ear, enum deadman_word word, struct now now);
/** The ear could not be told: it is tried again, ever less often. */
void deadman_missed(struct deadman *d, size_t ear, struct mono_ms now);

/** Appends as one line of printable ASCII what a restart must not forget; nothing if there is
 * nothing. */
void deadman_keep(const struct deadman *d, struct buf *out);
/** Takes back what deadman_keep() wrote, before anything was seen; what it says of ears that are
 * not there any more is dropped. What seems to be ahead of @p now counts as just passed. 0, or
 * ERR_CORRUPT with nothing taken. */
int deadman_recall(struct deadman *d, struct slice kept, struct now now) MUST_USE;

#endif
