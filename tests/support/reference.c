#include "reference_inside.h"

#include <stdlib.h>

const struct history_event *ref_event(const struct reference *r, enum history_kind kind, size_t i)
{
    return history_at(r->h, *(size_t *)vec_at(&r->of[kind], i));
}

static void look_around(struct reference *r)
{
    r->now = (struct wall_ms){INT64_MIN};
    r->marker = (struct wall_ms){INT64_MIN};
    for (size_t kind = 0; kind < sizeof r->of / sizeof *r->of; kind++)
        vec_init(&r->of[kind], sizeof(size_t), 1 << 24);
    for (size_t i = 0; i < r->n; i++) {
        const struct history_event *e = history_at(r->h, i);
        size_t *at = vec_push(&r->of[e->kind]);
        if (!at)
            abort();
        *at = i;
        if (e->kind == HISTORY_ADVANCE)
            r->now = e->t;
        if (e->kind == HISTORY_LISTENED)
            r->marker = e->t;
    }
}

struct reference *reference_new(const struct history *h, size_t n)
{
    struct reference *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    r->h = h;
    r->n = n;
    r->inv = history_inventory(h, n);
    vec_init(&r->gasps, sizeof(struct history_event), 1 << 20);
    vec_init(&r->checks, sizeof(struct ref_check), 1 << 20);
    look_around(r);
    ref_admit(r);
    ref_settle(r);
    return r;
}

void reference_free(struct reference *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->checks.len; i++) {
        vec_done(&((struct ref_check *)vec_at(&r->checks, i))->results);
        vec_done(&((struct ref_check *)vec_at(&r->checks, i))->dropped);
    }
    vec_done(&r->checks);
    vec_done(&r->gasps);
    for (size_t kind = 0; kind < sizeof r->of / sizeof *r->of; kind++)
        vec_done(&r->of[kind]);
    free(r);
}

void reference_with_retroactive(struct reference *r, bool with)
{
    r->with_retroactive = with;
}

struct wall_ms reference_now(const struct reference *r)
{
    return r->now;
}

const struct inventory *reference_inventory(const struct reference *r)
{
    return r->inv;
}
