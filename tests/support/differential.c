#include "differential.h"

#include "differential_changes.h"
#include "memory_rows.h"
#include "reference.h"
#include "script.h"

#include <stdlib.h>

static bool equal_views(const struct unit_view *a, const struct unit_view *b)
{
    return a->state == b->state && a->beneath == b->beneath && a->cause == b->cause &&
           a->beneath_cause == b->beneath_cause && a->provenance == b->provenance &&
           a->awaiting == b->awaiting;
}

/** What is needed to compare the two after some events. */
struct comparison {
    const struct world *w;
    const struct reference *r;
    size_t n;
    struct difference *difference;
};

static bool differs_at(const struct comparison *c, uint32_t unit, struct wall_ms t)
{
    if (t.ms > world_now(c->w).ms || t.ms < HISTORY_ZERO_MS)
        return false;
    struct unit_view fast = world_unit_at(c->w, unit, t);
    struct unit_view naive = reference_unit_at(c->r, unit, t);
    if (equal_views(&fast, &naive))
        return false;
    *c->difference = (struct difference){c->n, unit, t, fast, naive};
    return true;
}

/** At the fast timeline's own changes, where a misplaced one shows. */
static bool differs_at_changes(const struct comparison *c, uint32_t unit)
{
    const struct timeline *line = world_unit_timeline(c->w, unit);
    for (uint32_t i = 0; line && i < line->len; i++) {
        struct wall_ms t = timeline_span_at(line, i).from;
        if (differs_at(c, unit, t) || differs_at(c, unit, wall_add(t, -1)))
            return true;
    }
    return false;
}

/** At every instant of @p times, the millisecond before and the one after. */
static bool differs_around(const struct comparison *c, uint32_t unit, const struct vec *times)
{
    for (size_t i = 0; i < times->len; i++)
        for (int64_t d = -1; d <= 1; d++)
            if (differs_at(c, unit, wall_add(*(struct wall_ms *)vec_at(times, i), d)))
                return true;
    return false;
}

static int by_time(const void *a, const void *b)
{
    int64_t x = ((const struct wall_ms *)a)->ms;
    int64_t y = ((const struct wall_ms *)b)->ms;
    return x < y ? -1 : x > y;
}

/** The candidate instants of @p h, each once. */
static struct vec instants_of(const struct history *h)
{
    struct vec times;
    vec_init(&times, sizeof(struct wall_ms), 1 << 24);
    history_instants(h, &times);
    if (times.len)
        qsort(times.items, times.len, sizeof(struct wall_ms), by_time);
    size_t kept = 0;
    struct wall_ms *all = times.items;
    for (size_t i = 0; i < times.len; i++)
        if (!kept || all[kept - 1].ms != all[i].ms)
            all[kept++] = all[i];
    times.len = kept;
    return times;
}

static bool differs_sampled(const struct comparison *c, const struct vec *times,
                            struct differential_play *play)
{
    size_t units = reference_inventory(c->r)->units.len;
    for (unsigned i = 0; i < play->samples; i++) {
        uint32_t unit = (uint32_t)rng_below(&play->rng, units);
        struct wall_ms t = *(struct wall_ms *)vec_at(times, rng_below(&play->rng, times->len));
        if (differs_at(c, unit, wall_add(t, (int64_t)rng_below(&play->rng, 3) - 1)))
            return true;
        if (i % 4 == 0 && differs_at(c, unit, world_now(c->w))) /* the live edge */
            return true;
    }
    return false;
}

static bool differs_anywhere(const struct comparison *c, const struct vec *times)
{
    for (uint32_t unit = 0; unit < reference_inventory(c->r)->units.len; unit++)
        if (differs_at_changes(c, unit) || differs_around(c, unit, times))
            return true;
    return false;
}

/** Saves the world, frees it and loads another; NULL on error. */
static struct world *restarted(const struct history *h, size_t n, struct world *w,
                               struct memory_rows *rows)
{
    int err = memory_rows_save(rows, w);
    world_free(w);
    struct world *fresh = world_new(history_inventory(h, n), &h->options);
    if (err || !fresh || memory_rows_load(rows, fresh)) {
        world_free(fresh);
        return NULL;
    }
    return fresh;
}

bool differential_compare(const struct history *h, const struct world *w, const struct reference *r,
                          struct difference *ret_difference)
{
    struct vec times = instants_of(h);
    struct comparison c = {w, r, h->events.len, ret_difference};
    bool differs = differs_anywhere(&c, &times);
    vec_done(&times);
    return differs;
}

/** True if the world kept a change to itself since the last look. */
static bool kept_quiet(struct differential_changes *changes, struct world *w, size_t units,
                       size_t n, struct difference *ret_difference)
{
    uint32_t unit;
    struct wall_ms t;
    if (!differential_changes_missed(changes, w, units, &unit, &t))
        return false;
    struct unit_view view = world_unit_at(w, unit, t);
    *ret_difference = (struct difference){n, unit, t, view, view};
    return true;
}

static bool compare_now(const struct history *h, size_t n, const struct world *w,
                        const struct vec *times, struct differential_play *play,
                        struct difference *ret_difference)
{
    struct reference *r = reference_new(h, n);
    struct comparison c = {w, r, n, ret_difference};
    bool last = n == h->events.len;
    if (last)
        play->samples *= 10;
    bool differs =
        last && play->thorough ? differs_anywhere(&c, times) : differs_sampled(&c, times, play);
    for (uint32_t unit = 0; last && !differs && unit < reference_inventory(r)->units.len; unit++)
        differs = differs_at_changes(&c, unit);
    reference_free(r);
    return differs;
}

/** True if the world thinks otherwise of what became of event @p i. */
static bool other_fate(const struct history *h, size_t i, enum world_fate fate,
                       struct differential_play *play, struct difference *ret_difference)
{
    const struct history_event *e = history_at(h, i);
    if ((e->kind != HISTORY_RESULT && e->kind != HISTORY_SUMMARY) ||
        rng_below(&play->rng, 300) >= play->asked)
        return false;
    struct reference *before = reference_new(h, i);
    bool other = (reference_fate(before, e) == WORLD_TAKEN) != (fate == WORLD_TAKEN);
    reference_free(before);
    *ret_difference = (struct difference){.n = i + 1, .unit = other ? 0 : INV_NONE, .t = e->t};
    return other;
}

/** An advance that leaves much of what is due for later, but nothing that evidence brought. */
static int advance_a_little(struct world *w, struct wall_ms now, struct rng *rng)
{
    size_t steps = rng_below(rng, 12);
    world_reach(w, now);
    int err = world_work(w, true, &steps);
    for (steps = 0; !err && !steps;) {
        steps = 1 + rng_below(rng, 3);
        err = world_work(w, false, &steps);
    }
    return err;
}

static int play_event(const struct history *h, size_t i, struct world *w,
                      struct differential_play *play, enum world_fate *ret_fate)
{
    const struct history_event *e = history_at(h, i);
    return play->lags && e->kind == HISTORY_ADVANCE ? advance_a_little(w, e->t, &play->rng)
                                                    : history_play(h, i, w, ret_fate);
}

/** True if what the world says is to be compared behind event @p i; it has caught up then. */
static bool compares(const struct history *h, size_t i, struct world *w,
                     struct differential_play *play)
{
    bool last = i + 1 == h->events.len;
    if (!last &&
        (history_at(h, i)->kind != HISTORY_ADVANCE || rng_below(&play->rng, 100) >= play->asked))
        return false;
    if (play->lags && world_advance(w, world_now(w)) != 0)
        abort();
    return true;
}

bool differential_run(const struct history *h, struct differential_play play,
                      struct difference *ret_difference)
{
    struct memory_rows rows;
    struct differential_changes changes;
    memory_rows_init(&rows);
    differential_changes_init(&changes);
    struct vec times = instants_of(h);
    struct world *w = world_new(history_inventory(h, 0), &h->options);
    bool differs = false;
    for (size_t i = 0; i < h->events.len && !differs; i++) {
        if (play.restart_at > i && i % 17 == 0 && memory_rows_save(&rows, w))
            abort();
        enum world_fate fate = WORLD_TAKEN;
        if (!w || play_event(h, i, w, &play, &fate)) {
            *ret_difference = (struct difference){.n = i, .unit = INV_NONE};
            differs = true;
        } else if (other_fate(h, i, fate, &play, ret_difference)) {
            differs = true;
        } else if (play.restart_at == i + 1) {
            w = restarted(h, i + 1, w, &rows);
            changes.now.ms = INT64_MIN;
        } else if (compares(h, i, w, &play)) {
            differs =
                compare_now(h, i + 1, w, &times, &play, ret_difference) ||
                kept_quiet(&changes, w, history_inventory(h, 0)->units.len, i + 1, ret_difference);
        }
    }
    world_free(w);
    vec_done(&times);
    memory_rows_done(&rows);
    differential_changes_done(&changes);
    return differs;
}

/* ---- shrinking ---- */

/** True if the end of @p h shows a difference of @p unit. */
static bool still_differs(const struct history *h, uint32_t unit, struct difference *ret_difference)
{
    struct world *w = world_new(history_inventory(h, 0), &h->options);
    bool broken = !w;
    for (size_t i = 0; i < h->events.len && !broken; i++)
        broken = history_play(h, i, w, NULL) != 0;
    struct vec times = instants_of(h);
    struct reference *r = reference_new(h, h->events.len);
    struct comparison c = {w, r, h->events.len, ret_difference};
    bool differs = !broken && (differs_at_changes(&c, unit) || differs_around(&c, unit, &times));
    reference_free(r);
    vec_done(&times);
    world_free(w);
    return differs;
}

static struct vec copy_of(const struct vec *events)
{
    struct vec copy;
    vec_init(&copy, events->size, events->max);
    for (size_t i = 0; i < events->len; i++) {
        void *to = vec_push(&copy);
        if (!to)
            abort();
        memcpy(to, vec_at(events, i), events->size);
    }
    return copy;
}

/** Tries without @p count events from @p at on; the last event, an advance, always stays. */
static bool shrunk(struct history *h, size_t at, size_t count, struct difference *difference)
{
    if (at + count >= h->events.len)
        return false;
    struct vec before = h->events;
    h->events = copy_of(&before);
    vec_remove(&h->events, at, count);
    struct difference found;
    if (!still_differs(h, difference->unit, &found)) {
        vec_done(&h->events);
        h->events = before;
        return false;
    }
    vec_done(&before);
    *difference = found;
    return true;
}

void differential_shrink(struct history *h, struct difference *difference)
{
    if (difference->unit == INV_NONE)
        return;
    if (difference->n < h->events.len)
        vec_remove(&h->events, difference->n, h->events.len - difference->n);
    if (!still_differs(h, difference->unit, difference))
        return; /* a restart or an order showed it: the history stays whole */
    for (size_t count = h->events.len / 2; count > 0; count = count > 1 ? count / 2 : 0)
        for (size_t at = 0; at + count < h->events.len;)
            if (!shrunk(h, at, count, difference))
                at += count;
}

static void print_view(const char *who, const struct unit_view *v, FILE *out)
{
    fprintf(out, "# %s: %s %s beneath %s %s, %s%s\n", who, state_word((int)v->state),
            cause_word((int)v->cause), state_word((int)v->beneath),
            cause_word((int)v->beneath_cause), provenance_word((int)v->provenance),
            v->awaiting ? ", awaiting" : "");
}

void differential_print(const struct history *h, const struct difference *d, FILE *out)
{
    fprintf(out, "# seed %llu, after %zu events\n", (unsigned long long)h->seed, d->n);
    if (d->unit == INV_NONE) {
        fprintf(out, "# the world refused event %zu\n", d->n);
        return;
    }
    script_print(h, out);
    if (equal_views(&d->fast, &d->naive))
        fprintf(out, "# the world did not tell of the change, or sees the fate of the last event "
                     "otherwise\n");
    print_view("fast", &d->fast, out);
    print_view("naive", &d->naive, out);
    fprintf(out, "expect unit %s %s %s at %lldms\n",
            names_text(&history_inventory(h, 0)->units, d->unit), state_word((int)d->naive.state),
            cause_word((int)d->naive.cause), (long long)(d->t.ms - HISTORY_ZERO_MS));
}
