#include "verify_world.h"

#include "verify_api.h"

#include <stdlib.h>

/* An interval of time; to_ms is INT64_MAX while it lasts. */
struct stretch {
    int64_t from_ms, to_ms;
    bool down; /* of a shown one: part of it says down, not only silent */
};

static bool bad(const struct verify_shown *s)
{
    return strcmp(s->state, "down") == 0 || strcmp(s->state, "silent") == 0;
}

/* The next shown stretch of down or silent from span *at on; false behind the last. */
static bool next_shown(const struct verify_truth *t, const struct vec *shown, size_t *at,
                       struct stretch *ret)
{
    while (*at < shown->len && !bad(vec_at(shown, *at)))
        ++*at;
    if (*at == shown->len)
        return false;
    const struct verify_shown *s = vec_at(shown, *at);
    *ret = (struct stretch){s->from_ms, s->to_ms, false};
    for (; *at < shown->len; ++*at) {
        s = vec_at(shown, *at);
        if (!bad(s) || s->from_ms > ret->to_ms)
            break;
        ret->to_ms = s->to_ms;
        ret->down = ret->down || strcmp(s->state, "down") == 0;
    }
    if (ret->to_ms >= t->ended.ms)
        ret->to_ms = INT64_MAX;
    return true;
}

/* The next real outage from change *at on. */
static bool next_real(const struct verify_unit *u, size_t *at, struct stretch *ret)
{
    while (*at < u->changes.len && !((struct verify_change *)vec_at(&u->changes, *at))->down)
        ++*at;
    if (*at == u->changes.len)
        return false;
    *ret = (struct stretch){((struct verify_change *)vec_at(&u->changes, *at))->time_ms, INT64_MAX,
                            true};
    while (*at < u->changes.len && ((struct verify_change *)vec_at(&u->changes, *at))->down)
        ++*at;
    if (*at < u->changes.len)
        ret->to_ms = ((struct verify_change *)vec_at(&u->changes, *at))->time_ms;
    return true;
}

static bool meet(const struct stretch *a, const struct stretch *b, int64_t slack_ms)
{
    int64_t a_to = a->to_ms == INT64_MAX ? INT64_MAX : a->to_ms + slack_ms;
    return a->from_ms - slack_ms < b->to_ms && b->from_ms < a_to;
}

static void note(int64_t error, uint32_t unit, int64_t *worst, uint32_t *where)
{
    if (*where == NAMES_NONE || llabs(error) > llabs(*worst)) {
        *worst = error;
        *where = unit;
    }
}

/* Everything shown that meets the real outage, as one stretch. */
static bool find_shown(const struct verify_truth *t, const struct vec *shown,
                       const struct stretch *real, int64_t slack_ms, struct stretch *ret)
{
    struct stretch s;
    bool found = false;
    for (size_t at = 0; next_shown(t, shown, &at, &s);) {
        if (!meet(real, &s, slack_ms))
            continue;
        if (!found)
            *ret = s;
        ret->to_ms = s.to_ms;
        found = true;
    }
    return found;
}

static void compare_real(const struct verify_truth *t, uint32_t unit, const struct vec *shown,
                         const struct stretch *real, const struct verify_bounds *b,
                         struct verify_world *w)
{
    struct stretch s;
    int64_t settled = t->ended.ms - b->settle_ms;
    bool short_one = real->to_ms != INT64_MAX && real->to_ms - real->from_ms < b->interval_ms;
    if (short_one || real->from_ms >= settled) {
        w->too_short += short_one;
        return;
    }
    bool found = find_shown(t, shown, real, b->tolerance_ms, &s);
    if (!found && real->from_ms >= t->ended.ms - b->late_ms)
        return;
    w->outages++;
    if (!found) {
        w->missed++;
        w->missed_unit = unit;
        return;
    }
    if (s.from_ms > t->started.ms) /* what was broken from the start shows no start */
        note(s.from_ms - real->from_ms, unit, &w->start_ms, &w->start_unit);
    if (real->to_ms < settled && s.to_ms != INT64_MAX)
        note(s.to_ms - real->to_ms, unit, &w->end_ms, &w->end_unit);
    else if (real->to_ms < settled)
        note(t->ended.ms - real->to_ms, unit, &w->end_ms, &w->end_unit);
}

static bool really(const struct verify_unit *u, const struct stretch *shown, int64_t slack_ms)
{
    struct stretch real;
    for (size_t at = 0; next_real(u, &at, &real);)
        if (meet(&real, shown, slack_ms))
            return true;
    return false;
}

void verify_world(const struct verify_truth *t, uint32_t unit, const struct vec *shown,
                  const struct verify_bounds *bounds, struct verify_world *w)
{
    const struct verify_unit *u = vec_at(&t->unit_rows, unit);
    struct stretch s;
    for (size_t at = 0; next_real(u, &at, &s);)
        compare_real(t, unit, shown, &s, bounds, w);
    for (size_t at = 0; next_shown(t, shown, &at, &s);)
        if (s.down && !really(u, &s, bounds->tolerance_ms)) {
            w->invented++;
            w->invented_unit = unit;
        }
}
