/* Availability of units and areas against the reference, at random instants of random histories,
 * over random windows: differential_availability FIRST COUNT. */
#include "history_random.h"
#include "reference_figures.h"

#include "core/availability.h"

#include <stdlib.h>
#include <string.h>

/** One moment of one history. */
struct moment {
    const struct world *w;
    struct reference *r;
    const struct inventory *inv;
    struct rng rng;
    uint64_t seed;
};

static bool equal(const struct availability *a, const struct availability *b)
{
    return memcmp(a->state_ms, b->state_ms, sizeof a->state_ms) == 0 &&
           memcmp(a->cause_ms, b->cause_ms, sizeof a->cause_ms) == 0 && a->outages == b->outages &&
           a->unverified == b->unverified;
}

static void print(const char *who, const struct availability *a)
{
    printf("# %s: outages %u unverified %u", who, a->outages, a->unverified);
    for (int state = 0; state < STATE_COUNT; state++)
        printf(" %s %lld", state_word(state), (long long)a->state_ms[state]);
    putchar('\n');
}

static bool complain(const struct moment *m, const char *what, struct validity window,
                     const struct availability *fast, const struct availability *naive)
{
    printf("# seed %llu, now %lldms, %s in [%lldms, %lldms)\n", (unsigned long long)m->seed,
           (long long)(reference_now(m->r).ms - HISTORY_ZERO_MS), what,
           (long long)(window.from.ms - HISTORY_ZERO_MS),
           (long long)(window.to.ms - HISTORY_ZERO_MS));
    print("fast", fast);
    print("naive", naive);
    return true;
}

/** A window that often ends at now, sometimes behind it, sometimes begins before everything. */
static struct validity random_window(struct moment *m)
{
    int64_t now = reference_now(m->r).ms;
    int64_t a = HISTORY_ZERO_MS - 500 + (int64_t)rng_below(&m->rng, 4500);
    int64_t b = HISTORY_ZERO_MS - 500 + (int64_t)rng_below(&m->rng, 4500);
    if (rng_below(&m->rng, 2))
        b = now;
    return a < b ? (struct validity){{a}, {b}} : (struct validity){{b}, {a + 1}};
}

static bool unit_differs(struct moment *m)
{
    uint32_t unit = (uint32_t)rng_below(&m->rng, m->inv->units.len);
    struct validity window = random_window(m);
    bool with = rng_below(&m->rng, 2);
    reference_with_retroactive(m->r, with);
    struct availability fast = with ? availability_with_retroactive(m->w, m->inv, unit, window)
                                    : availability_of_unit(m->w, unit, window);
    struct availability naive = reference_availability(m->r, unit, window);
    return !equal(&fast, &naive) &&
           complain(m, names_text(&m->inv->units, unit), window, &fast, &naive);
}

static bool area_differs(struct moment *m)
{
    static const double enough[] = {0.9, 0.5, 0.0};
    struct availability_query query = {
        .area = (uint32_t)rng_below(&m->rng, m->inv->areas.len),
        .kind = (enum site_kind)rng_below(&m->rng, 2),
        .op = rng_below(&m->rng, 2) ? INV_NONE : (uint32_t)rng_below(&m->rng, 2),
        .window = random_window(m),
        .enough = enough[rng_below(&m->rng, 3)],
        .with_retroactive = rng_below(&m->rng, 2),
    };
    reference_with_retroactive(m->r, query.with_retroactive);
    struct availability_area fast = {.units = 0};
    struct availability_area naive = reference_availability_area(m->r, &query);
    if (availability_of_area(m->w, m->inv, &query, &fast))
        return complain(m, "failed area", query.window, &fast.all, &naive.all);
    if (!equal(&fast.all, &naive.all) || fast.units != naive.units)
        return complain(m, "area, all units", query.window, &fast.all, &naive.all);
    if (!equal(&fast.sum, &naive.sum) || fast.enough != naive.enough)
        return complain(m, "area, units with enough data", query.window, &fast.sum, &naive.sum);
    if (fast.people_up == naive.people_up && fast.people_down == naive.people_down)
        return false;
    printf("# people up %g %g, down %g %g\n", fast.people_up, naive.people_up, fast.people_down,
           naive.people_down);
    return complain(m, "area, people", query.window, &fast.sum, &naive.sum);
}

static bool moment_differs(struct moment *m)
{
    for (int i = 0; i < 6; i++)
        if (unit_differs(m))
            return true;
    for (int i = 0; i < 2; i++)
        if (area_differs(m))
            return true;
    return false;
}

static bool differs(uint64_t seed)
{
    struct history h;
    history_random(&h, seed);
    struct rng rng = {seed};
    struct world *w = world_new(history_inventory(&h, 0), &h.options);
    bool found = !w;
    for (size_t i = 0; i < h.events.len && !found; i++) {
        found = history_play(&h, i, w, NULL) != 0;
        bool last = i + 1 == h.events.len;
        if (found || history_at(&h, i)->kind != HISTORY_ADVANCE || (!last && rng_below(&rng, 60)))
            continue;
        struct reference *r = reference_new(&h, i + 1);
        struct moment m = {w, r, history_inventory(&h, i + 1), {rng_next(&rng)}, seed};
        found = moment_differs(&m);
        reference_free(r);
    }
    world_free(w);
    history_done(&h);
    return found;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: differential_availability FIRST_SEED COUNT\n");
        return 2;
    }
    uint64_t first = strtoull(argv[1], NULL, 10);
    uint64_t count = strtoull(argv[2], NULL, 10);
    for (uint64_t seed = first; seed < first + count; seed++)
        if (differs(seed))
            return 1;
    printf("%llu histories: no difference of availability\n", (unsigned long long)count);
    return 0;
}
