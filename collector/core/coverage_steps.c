#include "core/coverage_steps.h"

#include "base/err.h"
#include "core/coverage_past.h"

#include <stdlib.h>

enum { CHANGES_MAX = 4 << 20 };

/* A unit that becomes another at an instant. */
struct change {
    int64_t t;
    uint32_t unit;
};

static int by_time(const void *a, const void *b)
{
    const struct change *x = a;
    const struct change *y = b;
    return x->t < y->t ? -1 : x->t > y->t;
}

/* Changes of one unit in (from, to]. */
static int add_changes(const struct world *w, uint32_t unit, int64_t from, int64_t to,
                       struct vec *changes)
{
    const struct timeline *states = world_unit_timeline(w, unit);
    for (int64_t i = timeline_index(states, (struct wall_ms){from}) + 1; i < (int64_t)states->len;
         i++) {
        int64_t t = timeline_span_at(states, i).from.ms;
        if (t > to)
            break;
        struct change *slot = vec_push(changes);
        if (!slot)
            return changes->len >= changes->max ? ERR_FULL : ERR_NOMEM;
        *slot = (struct change){t, unit};
    }
    return 0;
}

static int all_changes(const struct world *w, const struct inventory *inv, int64_t from, int64_t to,
                       struct vec *changes)
{
    int err = 0;
    vec_init(changes, sizeof(struct change), CHANGES_MAX);
    for (uint32_t unit = 0; !err && unit < inv->units.len; unit++)
        err = add_changes(w, unit, from, to, changes);
    if (!err && changes->len)
        qsort(changes->items, changes->len, sizeof(struct change), by_time);
    return err;
}

/* From one instant to the next; *next is the first change after the one before. */
static int lead(struct coverage *c, const struct world *w, const struct vec *changes, size_t *next,
                struct wall_ms t)
{
    for (; *next < changes->len; ++*next) {
        const struct change *change = vec_at(changes, *next);
        if (change->t > t.ms)
            break;
        struct unit_view view = world_unit_at(w, change->unit, t);
        coverage_unit(c, change->unit, &view);
    }
    return coverage_advance(c, t);
}

int coverage_steps(const struct world *w, const struct inventory *inv, const struct wall_ms *at,
                   size_t n, coverage_steps_visit *visit, void *context)
{
    struct vec changes;
    size_t next = 0;
    if (n == 0)
        return 0;
    int err = all_changes(w, inv, at[0].ms, at[n - 1].ms, &changes);
    struct coverage *c = err ? NULL : coverage_past(w, inv, at[0]);
    if (!err && !c)
        err = ERR_NOMEM;
    for (size_t i = 0; !err && i < n; i++) {
        err = lead(c, w, &changes, &next, at[i]);
        if (!err)
            visit(context, i, c);
    }
    coverage_free(c);
    vec_done(&changes);
    return err;
}
