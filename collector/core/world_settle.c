/* From what was marked to new unit timelines: parents first, each unit from its earliest doubtful
 * instant only, and on to those who look at it if it was or became down. */
#include "core/world_inside.h"

#include "base/err.h"

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS };

int world_inside_mark(struct world *w, uint32_t number, int64_t from)
{
    struct world_unit *unit = vec_at(&w->units, number);
    int64_t before = unit->dirty_from;
    if (from < before)
        unit->dirty_from = from < 0 ? 0 : from;
    if (before != INT64_MAX)
        return 0;
    return due_push(&w->dirty, (struct due){.key = w->graph.rank[number], .id = number});
}

static int mark_terms(struct world *w, uint32_t terms, int64_t from)
{
    int err = 0;
    if (terms == TERMS_NONE)
        return 0;
    for (unsigned i = 0; !err && i < terms_at(&w->terms, terms)->n_units; i++)
        err = world_inside_mark(w, terms_units(&w->terms, terms)[i], from);
    return err;
}

int world_inside_mark_check(struct world *w, uint32_t number, int64_t from)
{
    const struct check *check = check_table_at(&w->checks, number);
    int err = mark_terms(w, check->newest_terms, from);
    const struct check_rest *rest = check_rest(check);
    for (unsigned i = rest->older_len; !err && i-- > 0;) {
        int64_t end = i + 1U < rest->older_len ? rest->older[i + 1].from : check->newest_from;
        if (end <= from)
            break;
        err = mark_terms(w, rest->older[i].terms, from);
    }
    return err;
}

int world_inside_mark_own(struct world *w, uint32_t probe, int64_t from)
{
    size_t n;
    int err = 0;
    const struct probe_row *rows = inventory_probe_rows(w->inv, probe, &n);
    for (size_t i = 0; i < n; i++) {
        size_t n_units;
        const uint32_t *units = inventory_site_units(w->inv, rows[i].site, &n_units);
        for (size_t k = 0; !err && k < n_units; k++)
            err = world_inside_mark(w, units[k], from);
    }
    return err;
}

int world_inside_changed(struct world *w, uint32_t number, int64_t from)
{
    struct world_unit *unit = vec_at(&w->units, number);
    if (!unit->change) {
        struct world_change *change = vec_push(&w->changes);
        if (!change)
            return ERR_NOMEM;
        *change = (struct world_change){number, {from}};
        unit->change = (uint32_t)w->changes.len;
        return 0;
    }
    struct world_change *change = vec_at(&w->changes, unit->change - 1);
    if (from < change->from.ms)
        change->from.ms = from;
    return 0;
}

/* Room for the unit's links, nothing of them known yet. */
static struct world_link *fresh_links(struct world *w, uint32_t number)
{
    const struct world_unit *unit = vec_at(&w->units, number);
    w->links.len = 0;
    for (unsigned i = 0; i <= unit->checks_len; i++) {
        struct world_link *link = vec_push(&w->links);
        if (!link)
            return NULL;
        link->until = INT64_MIN;
    }
    return vec_at(&w->links, 0);
}

/* Evaluates the unit from `from` on into w->fresh. */
static int sweep(struct world *w, uint32_t number, int64_t from)
{
    struct world_memory memory = {.links = fresh_links(w, number), .until = INT64_MIN};
    if (!memory.links)
        return ERR_NOMEM;
    w->fresh.len = 0;
    for (int64_t t = from, until; t != INT64_MAX; t = until) {
        uint16_t code = world_inside_code(w, number, &memory, t, &until);
        struct world_fresh *last = w->fresh.len ? vec_at(&w->fresh, w->fresh.len - 1) : NULL;
        if (last && last->code == code)
            continue;
        struct world_fresh *span = vec_push(&w->fresh);
        if (!span)
            return ERR_NOMEM;
        *span = (struct world_fresh){t, code};
    }
    return 0;
}

static const struct world_fresh *fresh_at(const struct world *w, size_t i)
{
    return vec_at(&w->fresh, i);
}

static int64_t fresh_end(const struct world *w, size_t i)
{
    return i + 1 < w->fresh.len ? fresh_at(w, i + 1)->from : INT64_MAX;
}

/* The first instant at which the fresh spans differ from the timeline, INT64_MAX if nowhere. */
static int64_t first_difference(const struct world *w, const struct timeline *states)
{
    for (size_t i = 0; i < w->fresh.len; i++) {
        const struct world_fresh *span = fresh_at(w, i);
        int64_t index = timeline_index(states, (struct wall_ms){span->from});
        struct timeline_span old = timeline_span_at(states, index);
        if (old.code != span->code)
            return span->from;
        if (old.to.ms < fresh_end(w, i))
            return old.to.ms;
    }
    return INT64_MAX;
}

static bool is_down(uint16_t code)
{
    return code != TIMELINE_NOTHING && state_unpack(code).beneath == STATE_DOWN;
}

/* Was the unit down anywhere from `from` on, or is it now? Only that moves those who look at it. */
static bool touches_down(const struct world *w, const struct timeline *states, int64_t from)
{
    for (int64_t i = timeline_index(states, (struct wall_ms){from}); i < (int64_t)states->len; i++)
        if (is_down(timeline_span_at(states, i).code))
            return true;
    for (size_t i = 0; i < w->fresh.len; i++)
        if (is_down(fresh_at(w, i)->code))
            return true;
    return false;
}

/* A unit that flaps for weeks keeps its sums and loses the order within old hours, then days. As
 * many spans as a check's line holds stay fine: those may be evaluated again. The rest must hold
 * more than an hour of changes at every interval (360), or there would be no whole hour to sum up.
 */
static int bound(struct world *w, uint32_t number)
{
    static const int64_t blocks[] = {HOUR_MS, DAY_MS};
    struct timeline *states = &((struct world_unit *)vec_at(&w->units, number))->states;
    int err = 0;
    for (size_t i = 0; !err && i < sizeof blocks / sizeof *blocks; i++) {
        if (states->len <= WORLD_UNIT_SPANS_MAX)
            return 0;
        struct wall_ms before =
            timeline_span_at(states, (int64_t)states->len - CHECK_LINE_MAX).from;
        err = world_inside_settle_before(w, number, before.ms);
        if (!err)
            err = timeline_coarsen(states, before, blocks[i]);
    }
    if (!err && states->len > WORLD_UNIT_SPANS_MAX)
        timeline_trim(states, timeline_span_at(states, (int64_t)states->len / 4).from);
    return err;
}

static int commit(struct world *w, uint32_t number, int64_t from)
{
    struct timeline *states = &((struct world_unit *)vec_at(&w->units, number))->states;
    int err = world_inside_tell(w, number, from);
    for (size_t i = 0; !err && i < w->fresh.len; i++) {
        const struct world_fresh *span = fresh_at(w, i);
        if (fresh_end(w, i) <= from)
            continue;
        struct wall_ms begin = {span->from > from ? span->from : from};
        err = timeline_set_from(states, begin, span->code);
    }
    return err ? err : bound(w, number);
}

static int mark_watchers(struct world *w, uint32_t number, int64_t from)
{
    size_t n;
    int err = 0;
    const uint32_t *anchored = world_graph_list(&w->graph.anchored, number, &n);
    for (size_t i = 0; !err && i < n; i++)
        if (w->graph.rank[anchored[i]] > w->graph.rank[number])
            err = world_inside_mark(w, anchored[i], from);
    const uint32_t *children =
        world_graph_list(&w->graph.children, inventory_unit_id(w->inv, number)->site, &n);
    for (size_t i = 0; !err && i < n; i++) {
        size_t n_units;
        const uint32_t *units = inventory_site_units(w->inv, children[i], &n_units);
        for (size_t k = 0; !err && k < n_units; k++)
            if (w->graph.rank[units[k]] > w->graph.rank[number])
                err = world_inside_mark(w, units[k], from);
    }
    return err;
}

/* What a full check line forgot cannot be evaluated again: the unit's own history stands there. */
static int64_t evaluable_from(const struct world *w, const struct world_unit *unit, int64_t from)
{
    from = unit->settled > from ? unit->settled : from;
    for (unsigned i = 0; unit->states.len && i < unit->checks_len; i++) {
        const struct check_line *line =
            &check_table_at(&w->checks, world_inside_unit_checks(unit)[i])->line;
        if (line->dropped && line->len && check_line_span(line, 0).from > from)
            from = check_line_span(line, 0).from;
    }
    return from;
}

int world_inside_arm_unit(struct world *w, uint32_t number)
{
    struct world_unit *unit = vec_at(&w->units, number);
    int64_t index = timeline_index(&unit->states, (struct wall_ms){w->edge});
    int64_t next = timeline_span_at(&unit->states, index).to.ms;
    if (next == WALL_NEVER_MS || next >= unit->due)
        return 0;
    unit->due = next;
    return due_push(&w->deadlines, (struct due){.key = next, .id = number, .kind = DUE_UNIT});
}

static int evaluate(struct world *w, uint32_t number)
{
    struct world_unit *unit = vec_at(&w->units, number);
    int64_t from = evaluable_from(w, unit, unit->dirty_from);
    unit->dirty_from = INT64_MAX;
    int err = sweep(w, number, from);
    if (err)
        return err;
    int64_t changed = first_difference(w, &unit->states);
    if (changed == INT64_MAX)
        return 0;
    bool down = touches_down(w, &unit->states, changed);
    err = commit(w, number, changed);
    if (!err)
        err = world_inside_changed(w, number, changed);
    if (!err && down)
        err = mark_watchers(w, number, changed);
    return err ? err : world_inside_arm_unit(w, number);
}

int world_inside_settle(struct world *w, size_t *steps)
{
    struct due unit;
    int err = 0;
    while (!err && (!steps || *steps) && due_pop(&w->dirty, INT64_MAX, &unit)) {
        err = evaluate(w, unit.id);
        if (steps)
            --*steps;
    }
    due_shrink(&w->dirty);
    return err;
}
