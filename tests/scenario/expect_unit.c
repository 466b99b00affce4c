#include "scenario.h"

#include "differential.h"

/** What an `expect unit` line says. Causes left out are those that the state always has, or any. */
struct wanted {
    uint32_t unit;
    int state, cause;                 /**< -1: not said */
    int beneath_state, beneath_cause; /**< -1: not said */
    bool awaiting;
    struct wall_ms from, to;
    bool whole; /**< "from T to T": exactly this stretch */
};

static int state_of(struct slice word)
{
    for (int i = 0; i < STATE_COUNT; i++)
        if (scenario_is(word, state_word(i)))
            return i;
    return -1;
}

static int cause_of(struct slice word)
{
    enum cause cause;
    return cause_read(word, &cause) ? -1 : (int)cause;
}

/** Reads STATE [CAUSE] from words[*at] on. */
static bool read_state(const struct slice *words, size_t n, size_t *at, int *ret_state,
                       int *ret_cause)
{
    *ret_state = *at < n ? state_of(words[*at]) : -1;
    *ret_cause = -1;
    if (*ret_state < 0)
        return false;
    ++*at;
    if (*at < n)
        *ret_cause = cause_of(words[*at]);
    *at += *ret_cause >= 0;
    return true;
}

static bool read_when(const struct slice *words, size_t n, const struct reference *r,
                      struct wanted *w)
{
    w->from = w->to = reference_now(r);
    if (n == 1 && scenario_is(words[0], "now"))
        return true;
    if (n == 2 && scenario_is(words[0], "at") && script_time(words[1], &w->from)) {
        w->to = w->from;
        return true;
    }
    w->whole = true;
    if (n != 4 || !scenario_is(words[0], "from") || !scenario_is(words[2], "to") ||
        !script_time(words[1], &w->from))
        return false;
    return scenario_is(words[3], "now") || script_time(words[3], &w->to);
}

static bool read_wanted(const struct slice *words, size_t n, const struct reference *r,
                        struct wanted *w)
{
    size_t at = 1;
    *w = (struct wanted){.beneath_state = -1, .beneath_cause = -1};
    w->unit = n ? script_unit(reference_inventory(r), words[0]) : INV_NONE;
    if (w->unit == INV_NONE || !read_state(words, n, &at, &w->state, &w->cause))
        return false;
    if (at < n && scenario_is(words[at], "beneath")) {
        at++;
        if (!read_state(words, n, &at, &w->beneath_state, &w->beneath_cause))
            return false;
    }
    if (at < n && scenario_is(words[at], "awaiting")) {
        w->awaiting = true;
        at++;
    }
    return read_when(words + at, n - at, r, w);
}

static bool fits(const struct wanted *w, const struct unit_view *v)
{
    return (int)v->state == w->state && (w->cause < 0 || (int)v->cause == w->cause) &&
           (w->beneath_state < 0 || (int)v->beneath == w->beneath_state) &&
           (w->beneath_cause < 0 || (int)v->beneath_cause == w->beneath_cause) &&
           v->awaiting == w->awaiting;
}

/** One of the two answers. */
struct side {
    const char *name;
    const struct world *w;     /**< the fast one, or NULL */
    const struct reference *r; /**< the reference */
};

static struct unit_view view_of(const struct side *side, uint32_t unit, struct wall_ms t)
{
    return side->w ? world_unit_at(side->w, unit, t) : reference_unit_at(side->r, unit, t);
}

static bool holds_at(struct script *s, const struct side *side, const struct wanted *w,
                     struct wall_ms t, bool expected)
{
    struct unit_view v = view_of(side, w->unit, t);
    if (fits(w, &v) == expected)
        return true;
    return script_complain(s, "%s at %lldms: %s %s beneath %s %s%s%s", side->name,
                           (long long)(t.ms - HISTORY_ZERO_MS), state_word((int)v.state),
                           cause_word((int)v.cause), state_word((int)v.beneath),
                           cause_word((int)v.beneath_cause), v.awaiting ? " awaiting" : "",
                           expected ? "" : ", so the stretch is longer than expected");
}

/** The stretch is exactly [from, to): it holds at every candidate inside and not just outside, but
 * for the beginning of the script and now. */
static bool holds_whole(struct script *s, const struct side *side, const struct wanted *w)
{
    struct vec times;
    vec_init(&times, sizeof(struct wall_ms), 1 << 24);
    history_instants(&s->h, &times);
    bool holds =
        holds_at(s, side, w, w->from, true) && holds_at(s, side, w, wall_add(w->to, -1), true);
    for (size_t i = 0; i < times.len && holds; i++)
        for (int64_t d = -1; d <= 1 && holds; d++) {
            struct wall_ms t = wall_add(*(struct wall_ms *)vec_at(&times, i), d);
            if (t.ms >= w->from.ms && t.ms < w->to.ms)
                holds = holds_at(s, side, w, t, true);
        }
    vec_done(&times);
    if (holds && w->from.ms > HISTORY_ZERO_MS)
        holds = holds_at(s, side, w, wall_add(w->from, -1), false);
    if (holds && w->to.ms < reference_now(side->r).ms)
        holds = holds_at(s, side, w, w->to, false);
    return holds;
}

bool scenario_unit(struct script *s, struct scenario *sc, struct reference *r,
                   const struct slice *words, size_t n)
{
    struct wanted w;
    if (!read_wanted(words, n, r, &w))
        return script_complain(s, "unit U STATE [CAUSE] [beneath STATE [CAUSE]] [awaiting] "
                                  "now | at T | from T to T");
    const struct side sides[] = {{"reference", NULL, r}, {"world", sc->w, r}};
    bool holds = true;
    for (size_t i = 0; i < 2; i++)
        holds &= w.whole ? holds_whole(s, &sides[i], &w) : holds_at(s, &sides[i], &w, w.from, true);
    return holds;
}

bool scenario_same(struct script *s, struct scenario *sc, struct reference *r,
                   const struct slice *words, size_t n)
{
    (void)words;
    (void)n;
    struct difference d;
    if (!differential_compare(&s->h, sc->w, r, &d))
        return true;
    return script_complain(s, "%s at %lldms: world %s, reference %s",
                           names_text(&reference_inventory(r)->units, d.unit),
                           (long long)(d.t.ms - HISTORY_ZERO_MS), state_word((int)d.fast.state),
                           state_word((int)d.naive.state));
}
