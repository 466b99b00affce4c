/* Outages, their roots and whom they concern, against the reference along random histories:
 * differential_outage FIRST COUNT. */
#include "history_random.h"
#include "reference_figures.h"

#include "core/outage_impact.h"
#include "core/outage_root.h"
#include "core/outages.h"

#include <stdlib.h>

/** One history while it is played. */
struct run {
    const struct history *h;
    struct world *w;
    struct outages *fast; /**< kept up by the world's changes, as the collector does */
    const struct reference *r;
    struct vec naive; /**< struct outage of all units, unit by unit */
};

static bool complain(const struct run *run, const char *what, const struct outage *fast,
                     const struct outage *naive)
{
    const struct outage *both[] = {fast, naive};
    static const char *const names[] = {"fast", "naive"};
    printf("# seed %llu: %s, now %lldms\n", (unsigned long long)run->h->seed, what,
           (long long)(reference_now(run->r).ms - HISTORY_ZERO_MS));
    for (size_t i = 0; i < 2; i++)
        if (both[i])
            printf("# %s: %s from %lldms to %lldms %s %s\n", names[i],
                   names_text(&reference_inventory(run->r)->units, both[i]->unit),
                   (long long)(both[i]->from.ms - HISTORY_ZERO_MS),
                   both[i]->to.ms == WALL_NEVER_MS ? -1LL
                                                   : (long long)(both[i]->to.ms - HISTORY_ZERO_MS),
                   both[i]->verified ? "verified" : "silent", cause_word((int)both[i]->cause));
    return true;
}

static bool equal(const struct outage *a, const struct outage *b)
{
    return a->from.ms == b->from.ms && a->to.ms == b->to.ms && a->verified == b->verified &&
           a->cause == b->cause;
}

static bool equal_impact(const struct outage_impact *a, const struct outage_impact *b)
{
    return a->villages == b->villages && a->population == b->population &&
           a->households == b->households;
}

/** Roots of equal start are the same to the reference, which knows no numbers. */
static bool root_differs(const struct run *run, const struct outage *fast,
                         const struct outage *naive)
{
    const struct outage a = outage_root(run->fast, reference_inventory(run->r), fast);
    const struct outage *b = reference_root(run->r, &run->naive, naive);
    if (a.from.ms == b->from.ms)
        return false;
    complain(run, "root of", fast, naive);
    return complain(run, "is", &a, b);
}

static bool impact_differs(const struct run *run, const struct serving *serving,
                           const struct outage *fast, const struct outage *naive)
{
    const struct inventory *inv = reference_inventory(run->r);
    enum family family = inventory_unit_id(inv, fast->unit)->family;
    struct outage_impacts a;
    struct outage_impacts b = reference_impact(run->r, naive, 1, family);
    if (outage_impact(fast, 1, family, serving, inv, run->w, reference_now(run->r), &a))
        return complain(run, "impact fails", fast, naive);
    if (equal_impact(&a.exposed, &b.exposed) && equal_impact(&a.without_down, &b.without_down) &&
        equal_impact(&a.without_silent, &b.without_silent))
        return false;
    printf("# exposed %u %u, down %u %u, silent %u %u\n", a.exposed.villages, b.exposed.villages,
           a.without_down.villages, b.without_down.villages, a.without_silent.villages,
           b.without_silent.villages);
    return complain(run, "impact", fast, naive);
}

/** The outages of one unit, from index @p first of the naive list on. */
static bool unit_differs(const struct run *run, uint32_t unit, size_t first)
{
    size_t n = outages_count(run->fast, unit);
    size_t naive = run->naive.len - first;
    for (size_t i = 0; i < n || i < naive; i++) {
        struct outage fast = i < n ? outages_at(run->fast, unit, i) : (struct outage){0};
        const struct outage *a = i < n ? &fast : NULL;
        const struct outage *b = i < naive ? vec_at(&run->naive, first + i) : NULL;
        if (!a || !b || !equal(a, b))
            return complain(run, "outage", a, b);
    }
    return false;
}

static bool commons_differ(const struct run *run)
{
    struct serving *serving = serving_new(reference_inventory(run->r));
    bool differs = !serving;
    for (size_t i = 0; i < run->naive.len && !differs; i++) {
        const struct outage *naive = vec_at(&run->naive, i);
        const struct outage fast =
            outages_overlapping(run->fast, naive->unit, naive->from, wall_add(naive->from, 1));
        differs = root_differs(run, &fast, naive) || impact_differs(run, serving, &fast, naive);
    }
    serving_free(serving);
    return differs;
}

static bool compare(struct run *run)
{
    uint32_t units = reference_inventory(run->r)->units.len;
    bool differs = false;
    vec_init(&run->naive, sizeof(struct outage), 1 << 20);
    for (uint32_t unit = 0; unit < units && !differs; unit++) {
        size_t first = run->naive.len;
        reference_outages(run->r, unit, &run->naive);
        differs = unit_differs(run, unit, first);
    }
    differs = differs || commons_differ(run);
    vec_done(&run->naive);
    return differs;
}

/** What the collector does after each advance. */
static bool follow(struct run *run)
{
    size_t n = 0;
    const struct world_change *change = world_changes(run->w, &n);
    int err = 0;
    for (size_t i = 0; i < n && !err; i++)
        err = outages_update(run->fast, run->w, change[i].unit, change[i].from);
    world_changes_clear(run->w);
    return !err;
}

static bool differs(uint64_t seed)
{
    struct history h;
    history_random(&h, seed);
    struct rng rng = {seed};
    struct run run = {.h = &h, .w = world_new(history_inventory(&h, 0), &h.options)};
    run.fast = outages_new();
    bool found = !run.w || !run.fast;
    for (size_t i = 0; i < h.events.len && !found; i++) {
        found = history_play(&h, i, run.w, NULL) != 0;
        if (found || history_at(&h, i)->kind != HISTORY_ADVANCE)
            continue;
        found = !follow(&run);
        if (found || (i + 1 < h.events.len && rng_below(&rng, 50) != 0))
            continue;
        struct reference *r = reference_new(&h, i + 1);
        run.r = r;
        found = compare(&run);
        reference_free(r);
    }
    outages_free(run.fast);
    world_free(run.w);
    history_done(&h);
    return found;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: differential_outage FIRST_SEED COUNT\n");
        return 2;
    }
    uint64_t first = strtoull(argv[1], NULL, 10);
    uint64_t count = strtoull(argv[2], NULL, 10);
    for (uint64_t seed = first; seed < first + count; seed++)
        if (differs(seed))
            return 1;
    printf("%llu histories: no difference of outages\n", (unsigned long long)count);
    return 0;
}
