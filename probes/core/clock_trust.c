#include "core/clock_trust.h"

#include <string.h>

void clock_trust_init(struct clock_trust *c, uint64_t boot)
{
    *c = (struct clock_trust){.boot = boot, .source = CLOCK_UNTRUSTED};
}

static const struct clock_offset *find(const struct clock_trust *c, uint64_t boot)
{
    for (size_t i = c->len; i-- > 0;)
        if (c->known[i].boot == boot)
            return &c->known[i];
    return NULL;
}

void clock_trust_load(struct clock_trust *c, struct clock_offset offset)
{
    if (find(c, offset.boot))
        return; /* the first one was rendered by; it never changes */
    if (c->len == CLOCK_TRUST_BOOTS)
        memmove(c->known, c->known + 1, --c->len * sizeof *c->known);
    c->known[c->len++] = offset;
}

static bool trust(struct clock_trust *c, enum status_clock source, int64_t offset_ms)
{
    c->source = source;
    c->offset_ms = offset_ms;
    bool first = !find(c, c->boot);
    clock_trust_load(c, (struct clock_offset){.boot = c->boot, .offset_ms = offset_ms});
    return first;
}

bool clock_trust_system(struct clock_trust *c, struct now now, bool synchronised)
{
    if (!synchronised || now.wall.ms < CLOCK_TRUST_FLOOR_MS)
        return false; /* what was synchronised once drifts slowly; it stays the best we have */
    return trust(c, CLOCK_SYSTEM, now.wall.ms - now.mono.ms);
}

bool clock_trust_centre(struct clock_trust *c, struct wall_ms centre, struct mono_ms asked,
                        struct mono_ms answered)
{
    int64_t round_trip_ms = mono_since(answered, asked);
    if (c->source != CLOCK_UNTRUSTED || round_trip_ms < 0 ||
        round_trip_ms > CLOCK_TRUST_ROUND_TRIP_MS || centre.ms < CLOCK_TRUST_FLOOR_MS)
        return false;
    return trust(c, CLOCK_CENTRE, centre.ms - (asked.ms + round_trip_ms / 2));
}

bool clock_trust_now(const struct clock_trust *c, struct mono_ms t, struct wall_ms *ret_wall)
{
    if (c->source == CLOCK_UNTRUSTED)
        return false;
    *ret_wall = (struct wall_ms){t.ms + c->offset_ms};
    return true;
}

enum clock_fate clock_trust_fate(const struct clock_trust *c, uint64_t boot, int64_t *ret_offset_ms)
{
    const struct clock_offset *offset = find(c, boot);
    if (!offset)
        return boot == c->boot ? CLOCK_WAITS : CLOCK_UNTIMED;
    *ret_offset_ms = offset->offset_ms;
    return CLOCK_TIMED;
}
