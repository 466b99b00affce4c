/**
 * @file
 * Whose clock is wrong: before a pack is refused for good because its time lies ahead of us, this
 * says whether our own clock may be what is wrong, so that nothing is lost to it (DESIGN section 3:
 * the collector's clock untrusted is a temporary refusal).
 *
 * Two signs: our receive time stands behind what the store has already seen and no majority of
 * probes bears it out, or more probes are a day ahead of us than agree with us. It reads no clock
 * and refuses nothing itself; only packs ahead of us are ever held by it. A restart begins the
 * votes anew.
 */
#ifndef CORE_CLOCK_GATE_H
#define CORE_CLOCK_GATE_H

#include "base/instant.h"

#include <stdbool.h>
#include <stdint.h>

/** A receive time further behind the last commit's makes our clock doubtful. */
#define CLOCK_GATE_BEHIND_MS INT64_C(180000)
/** A pack further ahead of its receipt is held while our clock is doubtful. */
#define CLOCK_GATE_AHEAD_MS INT64_C(60000)
/** A pack at most so far from its receipt agrees with our clock. */
#define CLOCK_GATE_AGREES_MS INT64_C(300000)
/** A probe's vote holds so long. */
#define CLOCK_GATE_VOTE_MS INT64_C(600000)
/** So long after a pack was held the clock still counts as doubted: probes try once a minute. */
#define CLOCK_GATE_DOUBT_MS INT64_C(180000)
/** Votes kept of either side; the oldest goes first. */
#define CLOCK_GATE_VOTES 32

/** What a probe's pack said of our clock. */
struct clock_vote {
    uint32_t probe;      /**< number + 1, 0 = none */
    struct wall_ms cast; /**< receipt of the pack */
};

/** Storage of the caller; zeroed: nobody has said anything. */
struct clock_gate {
    struct clock_vote agree[CLOCK_GATE_VOTES]; /**< probes that are near our time */
    struct clock_vote ahead[CLOCK_GATE_VOTES]; /**< probes ahead of it, when that mattered */
    struct wall_ms held;                       /**< receipt of the last pack held, 0 = never */
    const char *why;                           /**< of that one */
};

/** @p probe's pack with newest time @p newest was taken at @p received: near enough, it agrees. */
void clock_gate_taken(struct clock_gate *g, uint32_t probe, struct wall_ms newest,
                      struct wall_ms received);
/**
 * Why a pack of @p probe whose newest time is @p newest must wait because @p received, our own
 * time, stands behind @p committed, the latest that the store has seen; NULL if it need not: our
 * time is not behind, the pack is not ahead of it, or more probes agree with our time than are
 * ahead of it (then it was the store that saw a wrong clock).
 */
const char *clock_gate_behind(struct clock_gate *g, uint32_t probe, struct wall_ms committed,
                              struct wall_ms newest, struct wall_ms received);
/** Why a pack of @p probe that is more than a day ahead of @p received must wait: more probes are
 * than agree with us; NULL if not, a tie speaks for our clock. */
const char *clock_gate_outvoted(struct clock_gate *g, uint32_t probe, struct wall_ms received);
/** Why our clock is doubted at @p now, NULL if it is not: packs were held for it lately. */
const char *clock_gate_doubt(const struct clock_gate *g, struct wall_ms now);

#endif
