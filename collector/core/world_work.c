/* What waits to be done, little by little: evidence that now reaches, units to be evaluated, holds
 * that end, gaps that wait for a marker, checks in doubt, days to be forgotten. Between two calls
 * everything is as if less time had passed, or fewer markers had come. */
#include "core/derived_grid.h"
#include "core/world_inside.h"

enum {
    EVIDENCE_LONGER_MS = 2 * WORLD_TRIM_EVERY_MS,
    CHUNK = 64,     /* of what is due, before what it marked is evaluated */
    DOUBT_LOOK = 32 /* checks that are looked at in one step: most of them are in no gap */
};

/* One chunk of something that is due: *ret_any is false once nothing of it is. */
typedef int world_work_fn(struct world *w, size_t *steps, bool *ret_any);

static int take_pending(struct world *w, size_t *steps)
{
    struct due item;
    int err = 0;
    while (!err && *steps && due_pop(&w->pending, w->now, &item)) {
        --*steps;
        err = world_inside_pending(w, &item);
    }
    return err;
}

static int take_deadlines(struct world *w, size_t *steps, bool *ret_any)
{
    struct due item;
    int err = 0;
    int taken = 0;
    for (; !err && *steps && taken < CHUNK && due_pop(&w->deadlines, w->now, &item); taken++) {
        --*steps;
        if (item.key > w->edge)
            w->edge = item.key;
        err = world_inside_deadline(w, &item);
    }
    *ret_any = taken > 0;
    if (!taken)
        w->edge = w->now;
    return err;
}

static int take_markers(struct world *w, size_t *steps, bool *ret_any)
{
    struct due item;
    int err = 0;
    int taken = 0;
    int64_t marker = listening_marker(&w->listening);
    int64_t last = w->heard_to > marker ? w->heard_to : marker;
    for (; !err && *steps && taken < CHUNK && due_pop(&w->markers, last, &item); taken++) {
        --*steps;
        if (item.key > listening_marker(&w->listening))
            err = listening_add(&w->listening, listening_marker(&w->listening), item.key);
        if (!err)
            err = world_inside_marker(w, &item);
    }
    *ret_any = taken > 0;
    return err || taken ? err : world_inside_catch_up(w);
}

static int take_doubts(struct world *w, size_t *steps, bool *ret_any)
{
    int err = 0;
    size_t end = w->checks.checks.len;
    *ret_any = w->doubt.from != INT64_MAX;
    for (int taken = 0; !err && *steps && taken < CHUNK && w->doubt.next < end; taken++) {
        --*steps;
        for (int i = 0; !err && i < DOUBT_LOOK && w->doubt.next < end; i++)
            err = world_inside_doubt_check(w, w->doubt.next++, w->doubt.from);
    }
    if (w->doubt.next >= end)
        w->doubt.from = INT64_MAX;
    return err;
}

/* The days that are older than keep_ms are to be forgotten. Evidence goes later, because a gap that
 * began before still says something of what comes after. */
static void begin_trim(struct world *w)
{
    struct wall_ms oldest = {w->now - w->options.keep_ms};
    w->trimmed = w->now / WORLD_TRIM_EVERY_MS;
    if (oldest.ms < 0)
        return;
    int64_t before = derived_grid_floor(DERIVED_DAY, w->options.zone_ms, oldest).ms;
    w->trim = (struct world_trim){.before = before < 0 ? INT64_MIN : before,
                                  .needed = before - EVIDENCE_LONGER_MS};
}

static int trim_unit(struct world *w, uint32_t number)
{
    int err = world_inside_settle_before(w, number, w->trim.before);
    if (!err)
        timeline_trim(&((struct world_unit *)vec_at(&w->units, number))->states,
                      (struct wall_ms){w->trim.before});
    return err;
}

/* Forgets what the line holds before t; where a gap holds t, its beginning is needed still. */
static int64_t trim_line(struct world *w, uint32_t number, int64_t t)
{
    struct check *check = check_table_at(&w->checks, number);
    uint32_t dropped = check->line.dropped;
    if (!check_rest(check)->tail)
        check_line_trim(&check->line, t, CHECK_LINE_MAX);
    if (check->line.dropped != dropped)
        world_inside_probe(w, check->probe)->unsaved |= PART_TAILS | PART_LINES;
    int64_t gap = check_read_gap(check, t);
    return gap < t ? gap : t;
}

/* Forgets the probe's evidence, but for what gaps began with that hold the instant. */
static void trim_probe(struct world *w, uint32_t number)
{
    struct world_probe *probe = vec_at(&w->probes, number);
    int64_t t = w->trim.before - EVIDENCE_LONGER_MS;
    int64_t needed = t;
    for (unsigned k = 0; k < probe->checks_len; k++) {
        int64_t from = trim_line(w, probe->checks[k], t);
        needed = from < needed ? from : needed;
    }
    if (signs_trim(&probe->signs, needed))
        probe->unsaved |= PART_SIGNS;
    w->trim.needed = needed < w->trim.needed ? needed : w->trim.needed;
}

/* All units are settled before any evidence goes. */
static int take_trim(struct world *w, size_t *steps, bool *ret_any)
{
    struct world_trim *trim = &w->trim;
    int err = 0;
    if (trim->before == INT64_MIN && w->now >= 0 && w->now / WORLD_TRIM_EVERY_MS != w->trimmed)
        begin_trim(w);
    *ret_any = trim->before != INT64_MIN;
    for (; !err && *steps && *ret_any && trim->unit < w->units.len; --*steps)
        err = trim_unit(w, trim->unit++);
    for (; !err && *steps && *ret_any && trim->probe < w->probes.len; --*steps)
        trim_probe(w, trim->probe++);
    if (err || !*steps || !*ret_any)
        return err;
    listening_trim(&w->listening, trim->needed);
    w->listening_unsaved = true;
    trim->before = INT64_MIN;
    return 0;
}

/* A chunk of the first thing of which something is due. */
static int take_due(struct world *w, size_t *steps, bool *ret_any)
{
    static world_work_fn *const kinds[] = {take_deadlines, take_markers, take_doubts, take_trim};
    int err = 0;
    *ret_any = false;
    for (size_t i = 0; !err && !*ret_any && i < sizeof kinds / sizeof *kinds; i++)
        err = kinds[i](w, steps, ret_any);
    return err;
}

void world_reach(struct world *w, struct wall_ms now)
{
    if (now.ms > w->now)
        w->now = now.ms;
}

size_t world_marked(const struct world *w)
{
    return w->dirty.items.len;
}

int world_work(struct world *w, bool due, size_t *steps)
{
    int err = 0;
    bool any = true;
    while (!err && any && *steps) {
        err = take_pending(w, steps);
        if (!err)
            err = world_inside_settle(w, steps);
        any = false;
        if (!err && due && *steps)
            err = take_due(w, steps, &any);
    }
    return err;
}

int world_advance(struct world *w, struct wall_ms now)
{
    size_t steps = SIZE_MAX;
    world_reach(w, now);
    return world_work(w, true, &steps);
}
