#include "core/schedule.h"

#include "base/err.h"

#include <assert.h>
#include <stdlib.h>

enum { STEP_MS = 5000 };

/* Any of the steps within the interval; the first where it is shorter than a step. */
static struct mono_ms splayed(const struct schedule *s, int64_t interval_ms, struct rng *rng)
{
    uint64_t steps = interval_ms > STEP_MS ? (uint64_t)(interval_ms / STEP_MS) : 1;
    return mono_add(s->first_step, (int64_t)rng_below(rng, steps) * STEP_MS);
}

int schedule_init(struct schedule *s, const int64_t *interval_ms, size_t len, struct mono_ms now,
                  struct rng *rng)
{
    struct schedule_entry *entries = calloc(len ? len : 1, sizeof *entries);
    if (!entries)
        return ERR_NOMEM;
    *s = (struct schedule){.entries = entries,
                           .len = len,
                           .first_step = mono_add(now, (int64_t)rng_below(rng, STEP_MS))};
    for (size_t i = 0; i < len; i++) {
        assert(interval_ms[i] > 0);
        entries[i] = (struct schedule_entry){
            .interval_ms = interval_ms[i], .due = now, .grid = splayed(s, interval_ms[i], rng)};
    }
    return 0;
}

void schedule_done(struct schedule *s)
{
    free(s->entries);
    *s = (struct schedule){0};
}

/* The first point of the grid later than `t`. */
static struct mono_ms next_point(const struct schedule_entry *e, struct mono_ms t)
{
    int64_t past_ms = mono_since(t, e->grid);
    if (past_ms < 0)
        return mono_add(e->grid, -((-past_ms - 1) / e->interval_ms) * e->interval_ms);
    return mono_add(e->grid, (past_ms / e->interval_ms + 1) * e->interval_ms);
}

size_t schedule_take(struct schedule *s, struct mono_ms now)
{
    size_t found = SCHEDULE_NONE;
    for (size_t i = 0; i < s->len; i++) {
        const struct schedule_entry *e = &s->entries[i];
        if (e->running || !mono_reached(now, e->due))
            continue;
        if (found == SCHEDULE_NONE || e->due.ms < s->entries[found].due.ms)
            found = i;
    }
    if (found == SCHEDULE_NONE)
        return found;
    struct schedule_entry *e = &s->entries[found];
    struct mono_ms following = next_point(e, e->due);
    if (mono_reached(now, following))
        e->skipped += (uint64_t)(mono_since(now, following) / e->interval_ms) + 1;
    e->due = next_point(e, now);
    e->running = true;
    return found;
}

void schedule_finished(struct schedule *s, size_t check, struct mono_ms now)
{
    struct schedule_entry *e = &s->entries[check];
    e->running = false;
    if (!mono_reached(now, e->due))
        return;
    e->skipped += (uint64_t)(mono_since(now, e->due) / e->interval_ms) + 1;
    e->due = next_point(e, now);
}

void schedule_change(struct schedule *s, size_t check, int64_t interval_ms, struct mono_ms now,
                     struct rng *rng)
{
    assert(interval_ms > 0);
    struct schedule_entry *e = &s->entries[check];
    if (e->interval_ms == interval_ms)
        return;
    e->interval_ms = interval_ms;
    e->grid = splayed(s, interval_ms, rng);
    e->due = next_point(e, now);
}

struct mono_ms schedule_deadline(const struct schedule *s)
{
    struct mono_ms first = {MONO_NEVER_MS};
    for (size_t i = 0; i < s->len; i++)
        if (!s->entries[i].running && s->entries[i].due.ms < first.ms)
            first = s->entries[i].due;
    return first;
}
