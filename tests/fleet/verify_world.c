#include "verify_world.h"

#include "verify_api.h"

#include <stdlib.h>

/* An interval of time; to_ms is INT64_MAX while it lasts. */
struct stretch {
    int64_t from_ms, to_ms;
    bool down;           /* of a shown one: part of it says down, not only silent */
    int64_t earliest_ms; /* of a shown one: it may have begun then, which nobody observed */
    int64_t latest_ms;   /* of a shown one: it may have lasted until then */
};

static bool is(const struct verify_shown *s, const char *state)
{
    return strcmp(s->state, state) == 0;
}

static bool bad(const struct verify_shown *s)
{
    return is(s, "down") || is(s, "silent");
}

/* Takes one span into the run of neighbours that are bad or unobserved. */
static void take(struct stretch *run, const struct verify_shown *s)
{
    run->latest_ms = s->to_ms;
    if (!bad(s))
        return;
    if (run->from_ms == INT64_MAX)
        run->from_ms = s->from_ms;
    run->to_ms = s->to_ms;
    run->down = run->down || is(s, "down");
}

/* The next shown stretch of down or silent, unobserved time within and around it included, from
 * span *at on; false behind the last. */
static bool next_shown(const struct verify_truth *t, const struct vec *shown, size_t *at,
                       struct stretch *ret)
{
    while (*at < shown->len) {
        const struct verify_shown *s = vec_at(shown, *at);
        *ret = (struct stretch){.from_ms = INT64_MAX, .earliest_ms = s->from_ms};
        int64_t end = s->from_ms;
        for (; *at < shown->len; ++*at) {
            s = vec_at(shown, *at);
            if ((!bad(s) && !is(s, "unobserved")) || s->from_ms > end)
                break;
            take(ret, s);
            end = s->to_ms;
        }
        if (ret->from_ms != INT64_MAX) {
            ret->to_ms = ret->to_ms >= t->ended.ms ? INT64_MAX : ret->to_ms;
            ret->latest_ms = ret->latest_ms >= t->ended.ms ? INT64_MAX : ret->latest_ms;
            return true;
        }
        if (end == ret->earliest_ms)
            ++*at; /* neither bad nor unobserved */
    }
    return false;
}

/* The next real outage from change *at on. */
static bool next_real(const struct verify_unit *u, size_t *at, struct stretch *ret)
{
    while (*at < u->changes.len && !((struct verify_change *)vec_at(&u->changes, *at))->down)
        ++*at;
    if (*at == u->changes.len)
        return false;
    *ret = (struct stretch){.from_ms = ((struct verify_change *)vec_at(&u->changes, *at))->time_ms,
                            .to_ms = INT64_MAX,
                            .down = true};
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

/* How far what is shown, somewhere in @p from .. @p to, is behind the real instant. */
static int64_t beyond(int64_t real, int64_t from, int64_t to)
{
    if (from > real)
        return from - real;
    return to < real ? to - real : 0;
}

/* Silence that began behind the outage's end, as when the run ends, is no part of it. */
static bool silence_after(const struct stretch *shown, const struct stretch *real)
{
    return !shown->down && shown->from_ms > real->to_ms;
}

/* Everything shown that meets the real outage, as one stretch. */
static bool find_shown(const struct verify_truth *t, const struct vec *shown,
                       const struct stretch *real, int64_t slack_ms, struct stretch *ret)
{
    struct stretch s;
    bool found = false;
    for (size_t at = 0; next_shown(t, shown, &at, &s);) {
        if (!meet(real, &s, slack_ms) || silence_after(&s, real))
            continue;
        if (!found)
            *ret = s;
        ret->to_ms = s.to_ms;
        ret->latest_ms = s.latest_ms;
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
        note(beyond(real->from_ms, s.earliest_ms, s.from_ms), unit, &w->start_ms, &w->start_unit);
    if (real->to_ms < settled)
        note(beyond(real->to_ms, s.to_ms == INT64_MAX ? t->ended.ms : s.to_ms,
                    s.latest_ms == INT64_MAX ? t->ended.ms : s.latest_ms),
             unit, &w->end_ms, &w->end_unit);
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
