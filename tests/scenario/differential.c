/* Seeded random histories, played into the world and asked of the reference: differential FIRST
 * COUNT MODE. */
#include "differential.h"
#include "history_random.h"

#include <stdlib.h>
#include <string.h>

/** One way to play a random history. */
struct mode {
    const char *name;
    void (*prepare)(struct history *h, struct differential_play *play);
};

static void live(struct history *h, struct differential_play *play)
{
    (void)h;
    play->asked = 20;
    play->samples = 40;
}

static void shuffled(struct history *h, struct differential_play *play)
{
    history_shuffle(h, h->seed * 31);
    play->asked = 4;
    play->samples = 40;
}

static void restarted(struct history *h, struct differential_play *play)
{
    play->restart_at = 1 + rng_below(&play->rng, h->events.len - 1);
    play->asked = 4;
    play->samples = 40;
}

/* Time is behind now most of the while, across a restart too. */
static void lagging(struct history *h, struct differential_play *play)
{
    restarted(h, play);
    play->lags = true;
}

static const struct mode modes[] = {
    {"live", live}, {"shuffled", shuffled}, {"restarted", restarted}, {"lagging", lagging}};

/** True if the reference itself would answer otherwise in another order of arrival: then the
 * definitions, or the history, are wrong. */
static bool order_matters(const struct history *a, const struct history *b, struct rng rng)
{
    struct reference *one = reference_new(a, a->events.len);
    struct reference *two = reference_new(b, b->events.len);
    bool matters = false;
    for (int i = 0; i < 300 && !matters; i++) {
        uint32_t unit = (uint32_t)rng_below(&rng, reference_inventory(one)->units.len);
        struct wall_ms t = {HISTORY_ZERO_MS + (int64_t)rng_below(&rng, 4000)};
        struct unit_view x = reference_unit_at(one, unit, t);
        struct unit_view y = reference_unit_at(two, unit, t);
        matters = state_pack(&x) != state_pack(&y);
        if (matters)
            printf("# seed %llu: %s at %lldms depends on the order of arrival\n",
                   (unsigned long long)a->seed, names_text(&reference_inventory(one)->units, unit),
                   (long long)(t.ms - HISTORY_ZERO_MS));
    }
    reference_free(one);
    reference_free(two);
    return matters;
}

static bool differs(const struct mode *mode, uint64_t seed, bool thorough)
{
    struct history h;
    struct difference d;
    history_random(&h, seed);
    struct differential_play play = {.rng = {seed}, .thorough = thorough};
    mode->prepare(&h, &play);
    if (mode->prepare == shuffled) {
        struct history plain;
        history_random(&plain, seed);
        bool matters = order_matters(&plain, &h, play.rng);
        history_done(&plain);
        if (matters) {
            history_done(&h);
            return true;
        }
    }
    bool found = differential_run(&h, play, &d);
    if (found) {
        printf("# %s, seed %llu:\n", mode->name, (unsigned long long)seed);
        differential_shrink(&h, &d);
        differential_print(&h, &d, stdout);
    }
    history_done(&h);
    return found;
}

int main(int argc, char **argv)
{
    const struct mode *mode = NULL;
    bool thorough = argc == 5 && strcmp(argv[4], "thorough") == 0;
    for (size_t i = 0; (argc == 4 || thorough) && i < sizeof modes / sizeof *modes; i++)
        if (strcmp(argv[3], modes[i].name) == 0)
            mode = &modes[i];
    if (!mode) {
        fprintf(stderr, "usage: differential FIRST_SEED COUNT live|shuffled|restarted|lagging "
                        "[thorough]\n");
        return 2;
    }
    uint64_t first = strtoull(argv[1], NULL, 10);
    uint64_t count = strtoull(argv[2], NULL, 10);
    for (uint64_t seed = first; seed < first + count; seed++)
        if (differs(mode, seed, thorough))
            return 1;
    printf("%llu histories, %s: no difference\n", (unsigned long long)count, mode->name);
    return 0;
}
