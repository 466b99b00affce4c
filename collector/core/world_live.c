/* The live edge: holds that end, gaps that wait for a marker, evidence that now reaches, overlays
 * that begin or end. Every queue entry is checked when it comes out, so nothing is ever searched.
 */
#include "core/world_inside.h"

#include "base/err.h"

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
    if (end > w->edge)
        return push_hold(w, item->id, end);
    int err = push_gap(w, item->id, last);
    if (err || listening_marker(&w->listening) < end) /* held still: the marker beyond will tell */
        return err;
    return world_inside_mark_check(w, item->id, last);
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

int world_inside_deadline(struct world *w, const struct due *item)
{
    return item->kind == DUE_HOLD ? hold_ended(w, item) : unit_due(w, item);
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

int world_inside_pending(struct world *w, const struct due *item)
{
    w->pending_unsaved = true;
    no_longer_pending(w, item);
    return pending_due(w, item);
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

/* The start of the gap in which listening from `from` on matters to the check; INT64_MAX if it does
 * not. */
static int64_t doubted_gap(const struct world *w, const struct check *check, int64_t from)
{
    if (check->line.len == 0 || !listens(w, check, from))
        return INT64_MAX;
    int64_t gap = check_read_gap(check, from);
    return gap < from ? gap : from;
}

int world_inside_doubt_check(struct world *w, uint32_t number, int64_t from)
{
    int64_t gap = doubted_gap(w, check_table_at(&w->checks, number), from);
    if (gap == INT64_MAX)
        return 0;
    int err = world_inside_mark_check(w, number, gap);
    return err ? err : push_gap(w, number, gap);
}

int world_inside_doubt(struct world *w, uint32_t probe, int64_t from)
{
    int err = 0;
    const struct world_probe *of = world_inside_probe(w, probe);
    for (unsigned i = 0; !err && of && i < of->checks_len; i++)
        err = world_inside_doubt_check(w, of->checks[i], from);
    return err;
}

void world_inside_doubt_all(struct world *w, int64_t from)
{
    w->doubt.next = 0;
    if (from < w->doubt.from)
        w->doubt.from = from;
}

int world_inside_changed_by_doubt(struct world *w, int64_t from)
{
    int err = 0;
    for (uint32_t i = 0; !err && i < w->units.len; i++) {
        const struct world_unit *unit = vec_at(&w->units, i);
        int64_t earliest = INT64_MAX;
        for (unsigned k = 0; k < unit->checks_len; k++) {
            uint32_t check = world_inside_unit_checks(unit)[k];
            int64_t gap = doubted_gap(w, check_table_at(&w->checks, check), from);
            earliest = gap < earliest ? gap : earliest;
        }
        if (earliest != INT64_MAX)
            err = world_inside_changed(w, i, earliest);
    }
    return err;
}

int world_inside_marker(struct world *w, const struct due *item)
{
    if (item->kind == MARK_PROBE)
        return world_inside_doubt(w, item->id, item->key - 1);
    if (item->kind == MARK_SETTLE) {
        world_inside_doubt_all(w, item->key - 1);
        return 0;
    }
    int64_t gap = check_read_gap(check_table_at(&w->checks, item->id), item->key - 1);
    if (gap == INT64_MAX)
        return 0;
    int err = push_gap(w, item->id, item->key - 1);
    return err ? err : world_inside_mark_check(w, item->id, gap);
}
