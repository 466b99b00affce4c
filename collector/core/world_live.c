/* The live edge: holds that end, gaps that wait for a marker, evidence that now reaches, overlays
 * that begin or end. Every queue entry is checked when it comes out, so nothing is ever searched.
 */
#include "core/derived_grid.h"
#include "core/world_inside.h"

#include "base/err.h"

enum { EVIDENCE_LONGER_MS = 2 * WORLD_TRIM_EVERY_MS };

static int push_gap(struct world *w, uint32_t number, int64_t t)
{
    struct read_context context = world_inside_context(w);
    const struct check *check = check_table_at(&w->checks, number);
    const struct signs *signs = &world_inside_probe(w, check->probe)->signs;
    int64_t marker = check_read_marker(&context, check, signs, t);
    if (marker == INT64_MAX)
        return 0;
    return due_push(&w->markers, (struct due){.key = marker, .id = number, .kind = MARK_GAP});
}

static int64_t hold_of(const struct world *w, const struct check *check, int64_t ttl_ms)
{
    return check->line.last_ms + ttl_ms + w->options.late_ms + 1;
}

static int push_hold(struct world *w, uint32_t number, int64_t key)
{
    check_table_at(&w->checks, number)->hold = key;
    return due_push(&w->deadlines, (struct due){.key = key, .id = number, .kind = DUE_HOLD});
}

int world_inside_arm(struct world *w, uint32_t number, int64_t changed)
{
    struct read_context context = world_inside_context(w);
    const struct check *check = check_table_at(&w->checks, number);
    const struct check_line *line = &check->line;
    int err = 0;
    if (check_line_alive(line)) {
        int64_t hold = hold_of(w, check, check_read_ttl(&context, check, line->last_ms));
        if (hold < check->hold)
            err = push_hold(w, number, hold);
    }
    if (changed == CHECK_LINE_NEVER)
        return err;
    for (int i = line->len - 1; !err && i >= 0; i--) {
        struct check_span span = check_line_span(line, i);
        if (span.to <= listening_marker(&w->listening))
            break;
        if (span.kind == LINE_GAP)
            err = push_gap(w, number, span.from);
    }
    return err;
}

/* A hold may have ended: results since moved it, or the gap is to be judged now. */
static int hold_ended(struct world *w, const struct due *item)
{
    struct read_context context = world_inside_context(w);
    struct check *check = check_table_at(&w->checks, item->id);
    if (check->hold != item->key)
        return 0;
    check->hold = INT64_MAX;
    if (!check_line_alive(&check->line))
        return 0;
    int64_t last = check->line.last_ms;
    int64_t end = hold_of(w, check, check_read_ttl(&context, check, last));
    if (end > w->now)
        return push_hold(w, item->id, end);
    int err = push_gap(w, item->id, last);
    return err ? err : world_inside_mark_check(w, item->id, last);
}

/* The unit's own timeline changes at an instant that now has been reached. */
static int unit_due(struct world *w, const struct due *item)
{
    struct world_unit *unit = vec_at(&w->units, item->id);
    if (unit->due != item->key)
        return 0;
    unit->due = INT64_MAX;
    int64_t index = timeline_index(&unit->states, (struct wall_ms){item->key});
    struct timeline_span span = timeline_span_at(&unit->states, index);
    int err = span.from.ms == item->key ? world_inside_changed(w, item->id, item->key) : 0;
    if (err || span.to.ms == WALL_NEVER_MS)
        return err;
    unit->due = span.to.ms;
    return due_push(&w->deadlines,
                    (struct due){.key = span.to.ms, .id = item->id, .kind = DUE_UNIT});
}

static int pending_due(struct world *w, const struct due *item)
{
    if (item->kind == PENDING_GASP)
        return world_inside_gasp(w, item->id, item->key);
    const struct check *check = check_table_at(&w->checks, item->id);
    bool named = check_listing_at(check, item->key).terms != TERMS_NONE;
    if (item->kind == PENDING_END)
        return named ? 0 : world_inside_end(w, item->id, item->key);
    if (item->kind == PENDING_FORGOTTEN)
        return 0;
    bool streamed = item->kind != PENDING_SUMMARY;
    if (!named || item->kind == PENDING_TAKEN_BACK) /* a list overtook it: a sign of life at most */
        return world_inside_ends_gasp(w, check->probe, item->key, streamed);
    if (item->kind == PENDING_RESULT)
        return world_inside_result(w, item->id, item->key, (enum verdict)item->extra);
    return world_inside_summary(w, item->id, item->key, (enum verdict)item->extra);
}

int world_inside_await(struct world *w, uint32_t probe, struct due item)
{
    struct world_probe *own = world_inside_probe(w, probe);
    if (own->pending >= WORLD_PROBE_PENDING_MAX)
        return ERR_FULL;
    int err = due_push(&w->pending, item);
    own->pending = (uint16_t)(own->pending + !err);
    w->pending_unsaved = true;
    return err;
}

static void no_longer_pending(struct world *w, const struct due *item)
{
    uint32_t probe =
        item->kind == PENDING_GASP ? item->id : check_table_at(&w->checks, item->id)->probe;
    world_inside_probe(w, probe)->pending--;
}

/* Does listening at or after `from` matter to what the check says? */
static bool listens(const struct world *w, const struct check *check, int64_t from)
{
    const struct check_line *line = &check->line;
    const struct signs *signs = &world_inside_probe(w, check->probe)->signs;
    if (signs->gasps_len || signs_will_in(signs, line->last_ms, INT64_MAX))
        return true;
    if (check_line_alive(line) && line->last_ms < w->now - w->options.late_ms)
        return true;
    int index = check_line_index(line, from, line->len - 1);
    for (int i = index < 0 ? 0 : index; i < line->len; i++)
        if (check_line_span(line, i).kind == LINE_GAP)
            return true;
    return false;
}

static int doubt_check(struct world *w, uint32_t number, int64_t from)
{
    const struct check *check = check_table_at(&w->checks, number);
    if (check->line.len == 0 || !listens(w, check, from))
        return 0;
    int64_t gap = check_read_gap(check, from);
    int err = world_inside_mark_check(w, number, gap < from ? gap : from);
    return err ? err : push_gap(w, number, gap < from ? gap : from);
}

int world_inside_doubt(struct world *w, uint32_t probe, int64_t from)
{
    int err = 0;
    if (probe != INV_NONE) {
        const struct world_probe *of = world_inside_probe(w, probe);
        for (unsigned i = 0; !err && of && i < of->checks_len; i++)
            err = doubt_check(w, of->checks[i], from);
        return err;
    }
    for (uint32_t i = 0; !err && i < w->checks.checks.len; i++)
        err = doubt_check(w, i, from);
    return err;
}

static int marker_due(struct world *w, const struct due *item)
{
    if (item->kind == MARK_PROBE)
        return world_inside_doubt(w, item->id, item->key - 1);
    if (item->kind == MARK_SETTLE)
        return world_inside_doubt(w, INV_NONE, item->key - 1);
    int64_t gap = check_read_gap(check_table_at(&w->checks, item->id), item->key - 1);
    if (gap == INT64_MAX)
        return 0;
    int err = push_gap(w, item->id, item->key - 1);
    return err ? err : world_inside_mark_check(w, item->id, gap);
}

int world_inside_markers(struct world *w)
{
    struct due item;
    int err = 0;
    while (!err && due_pop(&w->markers, listening_marker(&w->listening), &item))
        err = marker_due(w, &item);
    return err ? err : world_inside_settle(w);
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

/* Forgets the evidence before t, but for what gaps began with that hold t. */
static void trim_evidence(struct world *w, int64_t t)
{
    int64_t oldest = t;
    for (size_t i = 0; i < w->probes.len; i++) {
        struct world_probe *probe = vec_at(&w->probes, i);
        int64_t needed = t;
        for (unsigned k = 0; k < probe->checks_len; k++) {
            int64_t from = trim_line(w, probe->checks[k], t);
            needed = from < needed ? from : needed;
        }
        if (signs_trim(&probe->signs, needed))
            probe->unsaved |= PART_SIGNS;
        oldest = needed < oldest ? needed : oldest;
    }
    listening_trim(&w->listening, oldest);
    w->listening_unsaved = true;
}

/* Forgets the days that are older than keep_ms. Evidence goes later, because a gap that began
 * before still says something of what comes after. */
static int trim(struct world *w)
{
    struct wall_ms oldest = {w->now - w->options.keep_ms};
    int64_t t = derived_grid_floor(DERIVED_DAY, w->options.zone_ms, oldest).ms;
    int err = 0;
    w->trimmed = w->now / WORLD_TRIM_EVERY_MS;
    if (t < 0)
        return 0;
    for (uint32_t i = 0; !err && i < w->units.len; i++) {
        err = world_inside_settle_before(w, i, t);
        if (!err)
            timeline_trim(&((struct world_unit *)vec_at(&w->units, i))->states,
                          (struct wall_ms){t});
    }
    if (!err)
        trim_evidence(w, t - EVIDENCE_LONGER_MS);
    return err;
}

int world_advance(struct world *w, struct wall_ms now)
{
    struct due item;
    int err = 0;
    if (now.ms <= w->now)
        return world_inside_settle(w); /* so that what is saved next is evaluated */
    w->now = now.ms;
    while (!err && due_pop(&w->pending, w->now, &item)) {
        w->pending_unsaved = true;
        no_longer_pending(w, &item);
        err = pending_due(w, &item);
    }
    if (!err)
        err = world_inside_settle(w);
    while (!err && due_pop(&w->deadlines, w->now, &item))
        err = item.kind == DUE_HOLD ? hold_ended(w, &item) : unit_due(w, &item);
    if (!err)
        err = world_inside_settle(w);
    if (!err && w->now / WORLD_TRIM_EVERY_MS != w->trimmed)
        err = trim(w);
    return err;
}
