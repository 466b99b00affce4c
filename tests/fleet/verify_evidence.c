#include "verify_evidence.h"

#include "base/err.h"

#include <stdlib.h>

enum { CHECKS_MAX = 64, INSTANTS_MAX = 100000000 };

/* The checks that count for a unit, and how far each was walked. */
struct walk {
    const struct verify_truth *truth;
    const struct verify_probe *probe;
    const struct verify_check *check[CHECKS_MAX];
    size_t at[CHECKS_MAX]; /* results at or before the instant */
    size_t len;
    bool view; /* another probe sees the site too */
};

static void find_checks(const struct verify_truth *t, uint32_t unit, struct walk *w)
{
    const struct verify_unit *u = vec_at(&t->unit_rows, unit);
    *w = (struct walk){.truth = t};
    for (size_t i = 0; i < u->checks.len; i++) {
        const struct verify_check *c = vec_at(&t->check_rows, *(uint32_t *)vec_at(&u->checks, i));
        if (c->own != u->own)
            w->view = true;
        else if (w->len < CHECKS_MAX)
            w->check[w->len++] = c;
    }
    if (w->len)
        w->probe = vec_at(&t->probe_rows, w->check[0]->probe);
}

static const struct verify_result *result_at(const struct verify_check *c, size_t i)
{
    return i < c->results.len ? vec_at(&c->results, i) : NULL;
}

/* The last gasp at or before @p t that no result of the probe has followed by then. */
static bool gasped(const struct walk *w, int64_t t)
{
    for (size_t i = w->probe->gasps.len; i-- > 0;) {
        int64_t gasp = *(int64_t *)vec_at(&w->probe->gasps, i);
        if (gasp > t)
            continue;
        for (size_t k = 0; k < w->len; k++)
            if (w->at[k] > 0 && result_at(w->check[k], w->at[k] - 1)->time_ms > gasp)
                return false;
        return true;
    }
    return false;
}

/* The verdict of check @p k at the instant, or -1: its last result, if the next comes within ttl.
 */
static int verdict_at(const struct walk *w, size_t k)
{
    const struct verify_result *last = w->at[k] ? result_at(w->check[k], w->at[k] - 1) : NULL;
    const struct verify_result *next = result_at(w->check[k], w->at[k]);
    if (!last || !next || next->time_ms - last->time_ms > w->truth->ttl_ms)
        return -1;
    return last->verdict == VERDICT_UNKNOWN ? -1 : last->verdict;
}

static enum verify_state judge(const struct walk *w, int64_t t)
{
    int worst = VERDICT_OK;
    bool required = false;
    if (gasped(w, t))
        return w->view ? VERIFY_OPEN : VERIFY_GASPED;
    for (size_t k = 0; k < w->len; k++) {
        int verdict = verdict_at(w, k);
        if (verdict < 0)
            return VERIFY_OPEN;
        bool optional = w->check[k]->role == ROLE_OPTIONAL;
        required = required || !optional;
        if (optional && verdict > VERDICT_DEGRADED)
            verdict = VERDICT_DEGRADED;
        if (verdict > worst)
            worst = verdict;
    }
    return required ? (enum verify_state)worst : VERIFY_OPEN;
}

static int push_instant(struct vec *instants, int64_t t)
{
    int64_t *item = vec_push(instants);
    if (!item)
        return ERR_NOMEM;
    *item = t;
    return 0;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Every instant at which something may change, in order. */
static int find_instants(const struct walk *w, struct vec *instants)
{
    int err = 0;
    for (size_t k = 0; k < w->len; k++)
        for (size_t i = 0; !err && i < w->check[k]->results.len; i++)
            err = push_instant(instants, result_at(w->check[k], i)->time_ms);
    for (size_t i = 0; !err && i < w->probe->gasps.len; i++)
        err = push_instant(instants, *(int64_t *)vec_at(&w->probe->gasps, i));
    if (!err && instants->len)
        qsort(instants->items, instants->len, sizeof(int64_t), compare);
    return err;
}

static int add_span(struct vec *spans, int64_t from, int64_t to, enum verify_state state)
{
    struct verify_span *last = spans->len ? vec_at(spans, spans->len - 1) : NULL;
    if (from >= to)
        return 0;
    if (last && last->state == state && last->to_ms == from) {
        last->to_ms = to;
        return 0;
    }
    struct verify_span *s = vec_push(spans);
    if (!s)
        return ERR_NOMEM;
    *s = (struct verify_span){from, to, state};
    return 0;
}

int verify_evidence(const struct verify_truth *t, uint32_t unit, struct vec *spans)
{
    struct walk w;
    struct vec instants;
    find_checks(t, unit, &w);
    if (w.len == 0)
        return 0;
    vec_init(&instants, sizeof(int64_t), INSTANTS_MAX);
    int err = find_instants(&w, &instants);
    for (size_t i = 0; !err && i + 1 < instants.len; i++) {
        int64_t from = *(int64_t *)vec_at(&instants, i);
        int64_t to = *(int64_t *)vec_at(&instants, i + 1);
        if (to > w.probe->evidence_to)
            to = w.probe->evidence_to;
        for (size_t k = 0; k < w.len; k++)
            while (result_at(w.check[k], w.at[k]) &&
                   result_at(w.check[k], w.at[k])->time_ms <= from)
                w.at[k]++;
        err = add_span(spans, from, to, judge(&w, from));
    }
    vec_done(&instants);
    return err;
}
