/* The counters of coverage against counting anew, along random histories: differential_coverage
 * FIRST COUNT. */
#include "history_random.h"
#include "reference_figures.h"

#include "core/coverage.h"

#include <stdlib.h>
#include <string.h>

/** The counters under test, and what they are compared with. */
struct run {
    struct coverage *c;
    const struct inventory *inv;
    const struct reference *r;
    uint64_t seed;
};

static bool equal_counts(const struct coverage_count *a, const struct coverage_count *b)
{
    return a->villages == b->villages && a->households == b->households &&
           a->population == b->population;
}

static bool equal(const struct coverage_figure *a, const struct coverage_figure *b)
{
    return equal_counts(&a->total, &b->total) && equal_counts(&a->nominal, &b->nominal) &&
           equal_counts(&a->live, &b->live) && equal_counts(&a->unknown, &b->unknown) &&
           a->year_oldest == b->year_oldest && a->year_newest == b->year_newest &&
           a->without_population == b->without_population;
}

static void print(const char *who, const struct coverage_figure *f)
{
    printf("# %s: total %lld nominal %lld live %lld unknown %lld villages\n", who,
           (long long)f->total.villages, (long long)f->nominal.villages,
           (long long)f->live.villages, (long long)f->unknown.villages);
}

static bool differs_for(const struct run *run, uint32_t area, enum technology technology,
                        uint32_t who, struct wall_ms t)
{
    struct coverage_figure fast = coverage_figure(run->c, area, technology, who);
    struct coverage_figure naive = reference_coverage(run->r, area, technology, who, t);
    if (equal(&fast, &naive))
        return false;
    printf("# seed %llu, area %s, technology %s, who %x, at %lldms\n",
           (unsigned long long)run->seed, names_text(&run->inv->areas, area),
           coverage_technology_word((int)technology), who, (long long)(t.ms - HISTORY_ZERO_MS));
    print("fast", &fast);
    print("naive", &naive);
    return true;
}

static bool differs_at(const struct run *run, struct wall_ms t)
{
    static const uint32_t whos[] = {0, 1, INV_NONE, COVERAGE_ANY, COVERAGE_ALL};
    for (uint32_t area = 0; area < run->inv->areas.len; area++)
        for (int technology = 0; technology < TECHNOLOGY_COUNT; technology++)
            for (size_t i = 0; i < sizeof whos / sizeof *whos; i++)
                if (differs_for(run, area, (enum technology)technology, whos[i], t))
                    return true;
    return false;
}

/** Brings the counters to now, by the reference's own unit states. */
static bool bring(struct run *run, struct wall_ms now)
{
    const struct inventory *inv = reference_inventory(run->r);
    int err = 0;
    if (!run->c)
        run->c = coverage_new(inv, now);
    else if (run->inv != inv)
        err = coverage_set_inventory(run->c, inv, now);
    else
        err = coverage_advance(run->c, now);
    run->inv = inv;
    for (uint32_t unit = 0; unit < inv->units.len && !err && run->c; unit++) {
        struct unit_view view = reference_unit_at(run->r, unit, now);
        coverage_unit(run->c, unit, &view);
    }
    return run->c && !err;
}

static bool differs(uint64_t seed)
{
    struct history h;
    history_random(&h, seed);
    struct rng rng = {seed};
    struct run run = {.seed = seed};
    bool found = false;
    for (size_t i = 0; i < h.events.len && !found; i++) {
        if (history_at(&h, i)->kind != HISTORY_ADVANCE || rng_below(&rng, 10) != 0)
            continue;
        struct reference *r = reference_new(&h, i + 1);
        run.r = r;
        found = !bring(&run, reference_now(r)) || differs_at(&run, reference_now(r));
        reference_free(r);
    }
    coverage_free(run.c);
    history_done(&h);
    return found;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: differential_coverage FIRST_SEED COUNT\n");
        return 2;
    }
    uint64_t first = strtoull(argv[1], NULL, 10);
    uint64_t count = strtoull(argv[2], NULL, 10);
    for (uint64_t seed = first; seed < first + count; seed++)
        if (differs(seed))
            return 1;
    printf("%llu histories: no difference of coverage\n", (unsigned long long)count);
    return 0;
}
