#include "differential_changes.h"

#include <stdlib.h>
#include <string.h>

void differential_changes_init(struct differential_changes *c)
{
    vec_init(&c->lines, sizeof(struct timeline), 1 << 20);
    c->now.ms = INT64_MIN;
}

void differential_changes_done(struct differential_changes *c)
{
    for (size_t i = 0; i < c->lines.len; i++)
        timeline_done(vec_at(&c->lines, i));
    vec_done(&c->lines);
}

/** The first instant up to @p now at which @p a and @p b differ, WALL_NEVER_MS if there is none. */
static int64_t first_difference(const struct timeline *a, const struct timeline *b,
                                struct wall_ms now)
{
    int64_t first = WALL_NEVER_MS;
    for (int side = 0; side < 2; side++) {
        const struct timeline *one = side ? b : a;
        for (uint32_t i = 0; i < one->len; i++) {
            struct wall_ms t = timeline_span_at(one, i).from;
            if (t.ms <= now.ms && t.ms < first && timeline_at(a, t) != timeline_at(b, t))
                first = t.ms;
        }
    }
    return first;
}

/** What is known up to @p now; later changes are still to be told. */
static void keep(struct timeline *copy, const struct timeline *line, struct wall_ms now)
{
    timeline_done(copy);
    *copy = (struct timeline){.len = line->len, .cap = line->len};
    if (!line->len)
        return;
    copy->spans = malloc(line->len * sizeof *copy->spans);
    if (!copy->spans)
        abort();
    memcpy(copy->spans, line->spans, line->len * sizeof *copy->spans);
    while (copy->len && timeline_span_at(copy, copy->len - 1).from.ms > now.ms)
        copy->len--;
}

/** From when on the world says that @p unit changed; WALL_NEVER_MS if it does not. */
static int64_t told(const struct world *w, uint32_t unit)
{
    size_t n = 0;
    const struct world_change *change = world_changes(w, &n);
    for (size_t i = 0; i < n; i++)
        if (change[i].unit == unit)
            return change[i].from.ms;
    return WALL_NEVER_MS;
}

bool differential_changes_missed(struct differential_changes *c, struct world *w, size_t units,
                                 uint32_t *ret_unit, struct wall_ms *ret_t)
{
    bool missed = false;
    while (c->lines.len < units)
        if (!vec_push(&c->lines))
            abort();
    for (uint32_t unit = 0; unit < units; unit++) {
        struct timeline *old = vec_at(&c->lines, unit);
        const struct timeline *line = world_unit_timeline(w, unit);
        if (!line)
            continue;
        int64_t first = first_difference(old, line, world_now(w));
        if (c->now.ms != INT64_MIN && first < told(w, unit)) {
            *ret_unit = unit;
            ret_t->ms = first;
            missed = true;
        }
        keep(old, line, world_now(w));
    }
    c->now = world_now(w);
    world_changes_clear(w);
    return missed;
}
