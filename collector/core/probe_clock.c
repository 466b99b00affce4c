#include "core/probe_clock.h"

#include "base/num.h"

void probe_clock_heard(struct probe_clock *c, struct wall_ms said, struct wall_ms received,
                       bool waited)
{
    int64_t ahead_ms = said.ms - received.ms;
    bool first = c->ahead_ms == INT64_MIN;
    if (waited && ahead_ms <= (first ? 0 : c->ahead_ms))
        return;
    if (first || received.ms - c->since.ms >= PROBE_CLOCK_STRETCH_MS) {
        c->ahead_ms = c->quickest_ms;
        c->quickest_ms = ahead_ms;
        c->since = received;
    }
    c->quickest_ms = num_max(c->quickest_ms, ahead_ms);
    c->ahead_ms = num_max(c->ahead_ms, ahead_ms);
}

bool probe_clock_wrong(const struct probe_clock *c, int64_t late_ms)
{
    return c->ahead_ms != INT64_MIN &&
           (c->ahead_ms >= PROBE_CLOCK_AHEAD_MS || c->ahead_ms < -late_ms - PROBE_CLOCK_RUN_MS);
}
