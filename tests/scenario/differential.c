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

static const struct mode modes[] = {
    {"live", live}, {"shuffled", shuffled}, {"restarted", restarted}};

static bool differs(const struct mode *mode, uint64_t seed, bool thorough)
{
    struct history h;
    struct difference d;
    history_random(&h, seed);
    struct differential_play play = {.rng = {seed}, .thorough = thorough};
    mode->prepare(&h, &play);
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
        fprintf(stderr,
                "usage: differential FIRST_SEED COUNT live|shuffled|restarted [thorough]\n");
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
