/**
 * @file
 * Instants: wall time and monotonic time as two types that the compiler refuses to mix.
 *
 * Durations are plain int64_t in names that end in _ms. This module reads no clock; the shell reads
 * it once per turn of the loop and hands it down.
 */
#ifndef BASE_INSTANT_H
#define BASE_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

/** An instant of UTC in milliseconds since 1970-01-01, as FIGURES count it. */
struct wall_ms {
    int64_t ms; /**< since 1970-01-01T00:00:00Z */
};

/** An instant of the monotonic clock in milliseconds since an arbitrary origin; never stored, never
 * sent. */
struct mono_ms {
    int64_t ms; /**< since an arbitrary origin */
};

/** Both clocks, read at one moment; what the shell hands to the pure code as "now". */
struct now {
    struct wall_ms wall; /**< what people see and what is sent */
    struct mono_ms mono; /**< for timers and ages */
};

/** Later than every instant a history can hold; "no end". */
#define WALL_NEVER_MS INT64_MAX
/** Later than every reading of the monotonic clock; the deadline of what has none. */
#define MONO_NEVER_MS INT64_MAX

/** @p t moved by @p delta_ms (may be negative). */
static inline struct wall_ms wall_add(struct wall_ms t, int64_t delta_ms)
{
    return (struct wall_ms){t.ms + delta_ms};
}

/** The earlier of two. */
static inline struct wall_ms wall_earlier(struct wall_ms a, struct wall_ms b)
{
    return a.ms < b.ms ? a : b;
}

/** The later of two. */
static inline struct wall_ms wall_later(struct wall_ms a, struct wall_ms b)
{
    return a.ms > b.ms ? a : b;
}

/** @p t moved by @p delta_ms (may be negative). */
static inline struct mono_ms mono_add(struct mono_ms t, int64_t delta_ms)
{
    return (struct mono_ms){t.ms + delta_ms};
}

/** Milliseconds from @p since to @p t, negative if @p t is earlier. */
static inline int64_t mono_since(struct mono_ms t, struct mono_ms since)
{
    return t.ms - since.ms;
}

/** True once @p t has reached @p deadline. */
static inline bool mono_reached(struct mono_ms t, struct mono_ms deadline)
{
    return t.ms >= deadline.ms;
}

#endif
