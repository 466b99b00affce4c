#include "core/clock_gate.h"

#include <stddef.h>

static bool counts(const struct clock_vote *v, struct wall_ms now)
{
    return v->probe != 0 && v->cast.ms <= now.ms && now.ms - v->cast.ms <= CLOCK_GATE_VOTE_MS;
}

/* Its own place, else one that does not count, else the oldest. */
static void cast(struct clock_vote *votes, uint32_t probe, struct wall_ms now)
{
    struct clock_vote *place = votes;
    for (struct clock_vote *v = votes; v < votes + CLOCK_GATE_VOTES; v++) {
        if (v->probe == probe + 1) {
            place = v;
            break;
        }
        if (!counts(v, now) || (counts(place, now) && v->cast.ms < place->cast.ms))
            place = v;
    }
    *place = (struct clock_vote){probe + 1, now};
}

static unsigned tally(const struct clock_vote *votes, struct wall_ms now)
{
    unsigned n = 0;
    for (size_t i = 0; i < CLOCK_GATE_VOTES; i++)
        n += counts(&votes[i], now);
    return n;
}

static const char *held(struct clock_gate *g, struct wall_ms received, const char *why)
{
    g->held = received;
    g->why = why;
    return why;
}

void clock_gate_taken(struct clock_gate *g, uint32_t probe, struct wall_ms newest,
                      struct wall_ms received)
{
    int64_t apart_ms = newest.ms - received.ms;
    if (apart_ms >= -CLOCK_GATE_AGREES_MS && apart_ms <= CLOCK_GATE_AGREES_MS)
        cast(g->agree, probe, received);
}

const char *clock_gate_behind(struct clock_gate *g, uint32_t probe, struct wall_ms committed,
                              struct wall_ms newest, struct wall_ms received)
{
    if (committed.ms <= received.ms + CLOCK_GATE_BEHIND_MS ||
        newest.ms - received.ms <= CLOCK_GATE_AHEAD_MS)
        return NULL;
    cast(g->ahead, probe, received);
    if (tally(g->agree, received) > tally(g->ahead, received))
        return NULL;
    return held(g, received, "the centre's clock stands behind what it has stored");
}

const char *clock_gate_outvoted(struct clock_gate *g, uint32_t probe, struct wall_ms received)
{
    cast(g->ahead, probe, received);
    if (tally(g->ahead, received) <= tally(g->agree, received))
        return NULL;
    return held(g, received,
                "more probes are a day ahead of the centre's clock than agree with it");
}

const char *clock_gate_doubt(const struct clock_gate *g, struct wall_ms now)
{
    if (g->held.ms == 0 || now.ms < g->held.ms || now.ms - g->held.ms > CLOCK_GATE_DOUBT_MS)
        return NULL;
    return g->why;
}
