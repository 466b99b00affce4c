/* Before history is overwritten or forgotten: who wants to know is told while it still stands. */
#include "core/world_inside.h"

void world_set_watch(struct world *w, const struct world_watch *watch)
{
    w->watch = *watch;
}

void world_set_watched(struct world *w, struct wall_ms t)
{
    w->watched = t.ms;
}

struct wall_ms world_settled(const struct world *w, uint32_t unit)
{
    return (struct wall_ms){((const struct world_unit *)vec_at(&w->units, unit))->settled};
}

void world_set_settled(struct world *w, uint32_t unit, struct wall_ms t)
{
    if (unit < w->units.len)
        ((struct world_unit *)vec_at(&w->units, unit))->settled = t.ms;
}

/* Do both codes show the same state and cause? */
static bool shows_same(uint16_t a, uint16_t b)
{
    if (a == b)
        return true;
    if (a == TIMELINE_NOTHING || b == TIMELINE_NOTHING)
        return false;
    struct unit_view x = state_unpack(a);
    struct unit_view y = state_unpack(b);
    return x.state == y.state && x.cause == y.cause;
}

/* Where what was evaluated shows something else than the timeline, between `from` and the watched
 * instant. */
static bool find_shown(const struct world *w, const struct timeline *states, int64_t from,
                       struct validity *ret_stretch)
{
    bool any = false;
    for (size_t i = 0; i < w->fresh.len; i++) {
        const struct world_fresh *span = vec_at(&w->fresh, i);
        int64_t end = i + 1 < w->fresh.len
                          ? ((const struct world_fresh *)vec_at(&w->fresh, i + 1))->from
                          : INT64_MAX;
        int64_t t = span->from > from ? span->from : from;
        for (int64_t next; t < end && t < w->watched; t = next) {
            struct timeline_span old =
                timeline_span_at(states, timeline_index(states, (struct wall_ms){t}));
            next = old.to.ms < end ? old.to.ms : end;
            if (shows_same(old.code, span->code))
                continue;
            if (!any)
                ret_stretch->from.ms = t;
            ret_stretch->to.ms = next < w->watched ? next : w->watched;
            any = true;
        }
    }
    return any;
}

int world_inside_tell(const struct world *w, uint32_t number, int64_t changed)
{
    struct validity stretch;
    if (changed >= w->watched || !w->watch.changing ||
        !find_shown(w, world_unit_timeline(w, number), changed, &stretch))
        return 0;
    return w->watch.changing(w->watch.context, number, stretch.from, stretch.to);
}

int world_inside_settle_before(struct world *w, uint32_t number, int64_t t)
{
    struct world_unit *unit = vec_at(&w->units, number);
    int err = 0;
    t = t < w->now ? t : w->now;
    if (t <= unit->settled || t <= 0)
        return 0;
    if (w->watch.forgetting)
        err = w->watch.forgetting(w->watch.context, number, (struct wall_ms){t});
    if (!err)
        unit->settled = t;
    return err;
}

static int settle_units(struct world *w, uint32_t terms, int64_t t)
{
    int err = 0;
    if (terms == TERMS_NONE)
        return 0;
    for (unsigned i = 0; !err && i < terms_at(&w->terms, terms)->n_units; i++)
        err = world_inside_settle_before(w, terms_units(&w->terms, terms)[i], t);
    return err;
}

int world_inside_settle_check(struct world *w, uint32_t number, int64_t t)
{
    const struct check *check = check_table_at(&w->checks, number);
    int err = world_inside_settle(w, NULL);
    if (!err)
        err = settle_units(w, check->newest_terms, t);
    for (unsigned i = 0; !err && i < check_rest(check)->older_len; i++)
        err = settle_units(w, check_rest(check)->older[i].terms, t);
    return err;
}
