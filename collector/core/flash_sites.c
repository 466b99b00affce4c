#include "core/flash_sites.h"

#include "core/summary.h"

static bool asked_for(const struct inventory *inv, uint32_t unit, uint32_t op)
{
    return op == FLASH_EVERY_OPERATOR || inventory_unit_id(inv, unit)->op == op;
}

struct flash_site flash_site_at(const struct outage_sources *from, uint32_t site, uint32_t op,
                                struct wall_ms t)
{
    struct flash_site s = {.since = {INT64_MIN}, .cause = CAUSE_NONE};
    enum unit_state worst = STATE_COUNT;
    uint32_t gone[2] = {0, 0}; /* down, silent: the two worst states */
    size_t n = 0;
    const uint32_t *units = inventory_site_units(from->inv, site, &n);
    for (size_t i = 0; i < n; i++) {
        struct unit_view v = world_unit_at(from->world, units[i], t);
        if (v.state == STATE_PLANNED || !asked_for(from->inv, units[i], op))
            continue;
        s.units++;
        if (v.state != STATE_DOWN && v.state != STATE_SILENT)
            continue;
        gone[v.state == STATE_SILENT]++;
        struct wall_ms since = summary_since(from->world, units[i], t);
        s.since = since.ms > s.since.ms ? since : s.since;
        s.cause = v.state < worst ? v.cause : s.cause;
        worst = v.state < worst ? v.state : worst;
    }
    s.out = s.units > 0 && gone[0] == s.units;
    s.unverified = s.units > 0 && !s.out && gone[0] + gone[1] == s.units;
    return s;
}

/* Were they all down at one instant, then also when the last of them had just gone. */
bool flash_site_was_out(const struct outage_sources *from, uint32_t site, uint32_t op,
                        struct wall_ms since, struct wall_ms t)
{
    size_t n = 0;
    const uint32_t *units = inventory_site_units(from->inv, site, &n);
    if (flash_site_at(from, site, op, since).out)
        return true;
    for (size_t i = 0; i < n; i++) {
        const struct timeline *tl = world_unit_timeline(from->world, units[i]);
        if (!asked_for(from->inv, units[i], op))
            continue;
        for (int64_t at = timeline_index(tl, t); at > 0; at--) {
            struct wall_ms begin = timeline_span_at(tl, at).from;
            if (begin.ms <= since.ms)
                break;
            if (begin.ms < t.ms && flash_site_at(from, site, op, begin).out)
                return true;
        }
    }
    return false;
}

void flash_site_count(const struct flash_question *question, const struct flash_site *s,
                      bool was_out, struct flash_count *count)
{
    count->total++;
    count->unverified += s->unverified;
    count->restored += was_out && !s->out && !s->unverified;
    if (!s->out)
        return;
    count->out++;
    count->standing +=
        s->since.ms == INT64_MIN || question->at.ms - s->since.ms >= question->standing_ms;
    if (s->cause < CAUSE_NONE)
        count->causes[s->cause]++;
}
