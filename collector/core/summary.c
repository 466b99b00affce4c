#include "core/summary.h"

struct wall_ms summary_since(const struct world *w, uint32_t unit, struct wall_ms t)
{
    const struct timeline *tl = world_unit_timeline(w, unit);
    int64_t at = timeline_index(tl, t);
    struct timeline_span span = timeline_span_at(tl, at);
    enum unit_state state = state_unpack(span.code).state;
    while (at > 0) {
        struct timeline_span before = timeline_span_at(tl, at - 1);
        if (state_unpack(before.code).state != state)
            break;
        span = before;
        at--;
    }
    struct wall_ms ever = {INT64_MIN};
    return at <= 0 ? ever : span.from;
}

struct summary summary_site(const struct inventory *inv, const struct world *w, uint32_t site,
                            struct wall_ms t)
{
    struct summary s = {.worst = STATE_PLANNED, .cause = CAUSE_NONE, .since = {INT64_MIN}};
    size_t n = 0;
    const uint32_t *units = inventory_site_units(inv, site, &n);
    uint32_t in_service = 0;
    for (size_t i = 0; i < n; i++) {
        struct unit_view v = world_unit_at(w, units[i], t);
        s.units[v.state]++;
        s.len++;
        in_service += v.state != STATE_PLANNED;
        s.awaiting = s.awaiting || v.awaiting;
        if (v.state < s.worst || i == 0) {
            s.worst = v.state;
            s.cause = v.cause;
            s.since = summary_since(w, units[i], t);
        }
    }
    s.out = in_service > 0 && s.units[STATE_DOWN] == in_service;
    return s;
}
