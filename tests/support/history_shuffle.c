#include "history_random.h"

#include <stdlib.h>

/** Which sequence of events keeps its order: one per probe, one for the centre (wills and first
 * messages are seen by the centre). */
static size_t source_of(const struct history_event *e)
{
    bool stream = e->kind == HISTORY_LIST || e->kind == HISTORY_RESULT ||
                  e->kind == HISTORY_SUMMARY || e->kind == HISTORY_GASP || e->kind == HISTORY_AWAY;
    return stream ? e->probe + 1 : 0;
}

void history_shuffle(struct history *h, uint64_t seed)
{
    enum { SOURCES = 16 };

    struct rng rng = {seed};
    struct vec queue[SOURCES];
    size_t taken[SOURCES] = {0};
    size_t left = h->events.len;
    for (size_t s = 0; s < SOURCES; s++)
        vec_init(&queue[s], sizeof(struct history_event), 1 << 20);
    for (size_t i = 0; i < left; i++) {
        struct history_event *to = vec_push(&queue[source_of(history_at(h, i)) % SOURCES]);
        if (!to)
            abort();
        *to = *history_at(h, i);
    }
    size_t n = 0;
    while (n < left) {
        size_t s = rng_below(&rng, SOURCES);
        for (size_t run = 1 + rng_below(&rng, 30); run > 0 && taken[s] < queue[s].len; run--)
            *(struct history_event *)vec_at(&h->events, n++) =
                *(struct history_event *)vec_at(&queue[s], taken[s]++);
    }
    for (size_t s = 0; s < SOURCES; s++)
        vec_done(&queue[s]);
    struct wall_ms now = {0};
    for (size_t i = 0; i < n; i++)
        if (history_at(h, i)->kind == HISTORY_ADVANCE)
            now = history_at(h, i)->t;
    history_add(h, HISTORY_ADVANCE, now);
}
