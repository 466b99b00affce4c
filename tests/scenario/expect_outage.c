#include "expect_counts.h"
#include "scenario.h"

#include "core/outage_root.h"
#include "core/outages.h"
#include "reference_figures.h"

#include <stdlib.h>

/** Both sides' outages of all units, made anew for each expectation. */
struct books {
    struct vec naive; /**< struct outage */
    struct outages *fast;
};

static bool open_books(struct script *s, const struct scenario *sc, struct reference *r,
                       struct books *b)
{
    uint32_t units = reference_inventory(r)->units.len;
    vec_init(&b->naive, sizeof(struct outage), 1 << 20);
    b->fast = outages_new();
    bool ok = b->fast != NULL;
    for (uint32_t unit = 0; unit < units && ok; unit++) {
        reference_outages(r, unit, &b->naive);
        ok = !outages_update(b->fast, sc->w, unit, (struct wall_ms){0});
    }
    return ok || script_complain(s, "no outages");
}

static void close_books(struct books *b)
{
    vec_done(&b->naive);
    outages_free(b->fast);
}

/** The outage of @p unit that holds @p t, on either side; NULL if there is none. */
static const struct outage *naive_at(const struct books *b, uint32_t unit, struct wall_ms t)
{
    for (size_t i = 0; i < b->naive.len; i++) {
        const struct outage *o = vec_at(&b->naive, i);
        if (o->unit == unit && o->from.ms <= t.ms && t.ms < o->to.ms)
            return o;
    }
    return NULL;
}

static struct outage fast_at(const struct books *b, uint32_t unit, struct wall_ms t)
{
    return outages_overlapping(b->fast, unit, t, wall_add(t, 1));
}

/** `outage U from T to T|open [silent | down CAUSE] [root U]` */
struct wanted {
    uint32_t unit, root; /**< root INV_NONE: not said */
    struct wall_ms from, to;
    int cause; /**< -1: not said */
    bool silent;
};

static bool read_rest(const struct slice *words, size_t n, const struct inventory *inv,
                      struct wanted *w)
{
    size_t at = 0;
    enum cause cause;
    if (at < n && scenario_is(words[at], "silent")) {
        w->silent = true;
        at++;
    } else if (at + 1 < n && scenario_is(words[at], "down") && !cause_read(words[at + 1], &cause)) {
        w->cause = (int)cause;
        at += 2;
    }
    if (at + 1 < n && scenario_is(words[at], "root")) {
        w->root = script_unit(inv, words[at + 1]);
        at += w->root != INV_NONE ? 2 : 0;
    }
    return at == n;
}

static bool read_wanted(const struct slice *words, size_t n, const struct inventory *inv,
                        struct wanted *w)
{
    *w = (struct wanted){.root = INV_NONE, .cause = -1, .to = {WALL_NEVER_MS}};
    w->unit = n >= 5 ? script_unit(inv, words[0]) : INV_NONE;
    return w->unit != INV_NONE && scenario_is(words[1], "from") &&
           script_time(words[2], &w->from) && scenario_is(words[3], "to") &&
           (scenario_is(words[4], "open") || script_time(words[4], &w->to)) &&
           read_rest(words + 5, n - 5, inv, w);
}

static bool holds(struct script *s, const char *who, const struct wanted *w,
                  const struct outage *found, const struct outage *root)
{
    if (!found)
        return script_complain(s, "%s: no outage then", who);
    if (found->from.ms == w->from.ms && found->to.ms == w->to.ms && found->verified != w->silent &&
        (w->cause < 0 || (int)found->cause == w->cause) &&
        (w->root == INV_NONE || root->unit == w->root))
        return true;
    return script_complain(
        s, "%s: from %lldms to %lldms, %s %s, root is unit %u", who,
        (long long)(found->from.ms - HISTORY_ZERO_MS),
        found->to.ms == WALL_NEVER_MS ? -1LL : (long long)(found->to.ms - HISTORY_ZERO_MS),
        found->verified ? "verified" : "silent", cause_word((int)found->cause), root->unit);
}

bool scenario_outage(struct script *s, struct scenario *sc, struct reference *r,
                     const struct slice *words, size_t n)
{
    const struct inventory *inv = reference_inventory(r);
    struct wanted w;
    struct books b;
    if (!read_wanted(words, n, inv, &w))
        return script_complain(s, "outage U from T to T|open [silent | down CAUSE] [root U]");
    bool ok = open_books(s, sc, r, &b);
    if (ok) {
        const struct outage *naive = naive_at(&b, w.unit, w.from);
        const struct outage fast = fast_at(&b, w.unit, w.from);
        const struct outage fast_root =
            fast.number ? outage_root(b.fast, inv, &fast) : (struct outage){0};
        ok = holds(s, "reference", &w, naive, naive ? reference_root(r, &b.naive, naive) : NULL);
        ok &= holds(s, "outages", &w, fast.number ? &fast : NULL, &fast_root);
    }
    close_books(&b);
    return ok;
}

bool scenario_outages(struct script *s, struct scenario *sc, struct reference *r,
                      const struct slice *words, size_t n)
{
    struct expect_counts count;
    uint32_t unit = n == 2 ? script_unit(reference_inventory(r), words[0]) : INV_NONE;
    if (unit == INV_NONE || !expect_counts_read(words[1], &count))
        return script_complain(s, "outages U COUNT");
    struct books b;
    bool ok = open_books(s, sc, r, &b);
    size_t fast = outages_count(b.fast, unit);
    int64_t naive = 0;
    for (size_t i = 0; i < b.naive.len; i++)
        naive += ((const struct outage *)vec_at(&b.naive, i))->unit == unit;
    if (naive != count.villages || (int64_t)fast != count.villages)
        ok = script_complain(s, "%lld outages in the reference, %zu in the fast code",
                             (long long)naive, fast);
    close_books(&b);
    return ok;
}

/* ---- impact: `impact U at T [family=mobile|fibre] [exposed=N] [down=N] [silent=N]`, of the outage
 * that holds T ---- */

struct impact_wanted {
    uint32_t unit;
    struct wall_ms t;
    struct expect_counts exposed, down, silent;
};

static bool read_impact(const struct slice *words, size_t n, const struct inventory *inv,
                        struct impact_wanted *w)
{
    *w = (struct impact_wanted){.unit = n >= 3 ? script_unit(inv, words[0]) : INV_NONE};
    if (w->unit == INV_NONE || !scenario_is(words[1], "at") || !script_time(words[2], &w->t))
        return false;
    for (size_t i = 3; i < n; i++) {
        struct slice key;
        struct slice value;
        if (!expect_counts_pair(words[i], &key, &value))
            return false;
        struct expect_counts *counts = scenario_is(key, "exposed")  ? &w->exposed
                                       : scenario_is(key, "down")   ? &w->down
                                       : scenario_is(key, "silent") ? &w->silent
                                                                    : NULL;
        if (!counts || !expect_counts_read(value, counts))
            return false;
    }
    return true;
}

static bool impact_holds(struct script *s, const char *who, const struct impact_wanted *w,
                         const struct outage_impacts *found)
{
    const struct outage_impact *parts[] = {&found->exposed, &found->without_down,
                                           &found->without_silent};
    const struct expect_counts *wanted[] = {&w->exposed, &w->down, &w->silent};
    static const char *const names[] = {"exposed", "down", "silent"};
    bool all = true;
    for (size_t i = 0; i < 3; i++) {
        struct expect_counts counts = {true, parts[i]->villages, parts[i]->population,
                                       parts[i]->households};
        all &= expect_counts_hold(s, who, names[i], wanted[i], &counts);
    }
    return all;
}

bool scenario_impact(struct script *s, struct scenario *sc, struct reference *r,
                     const struct slice *words, size_t n)
{
    const struct inventory *inv = reference_inventory(r);
    struct impact_wanted w;
    struct books b;
    if (!read_impact(words, n, inv, &w))
        return script_complain(s, "impact U at T [exposed=N] [down=N] [silent=N]");
    enum family family = inventory_unit_id(inv, w.unit)->family;
    bool ok = open_books(s, sc, r, &b);
    const struct outage *naive = naive_at(&b, w.unit, w.t);
    const struct outage fast = ok ? fast_at(&b, w.unit, w.t) : (struct outage){0};
    struct serving *serving = serving_new(inv);
    if (!naive || !fast.number || !serving) {
        ok = script_complain(s, "no outage then");
    } else {
        struct outage_impacts one = reference_impact(r, naive, 1, family);
        struct outage_impacts two = {{0}, {0}, {0}};
        ok = !outage_impact(&fast, 1, family, serving, inv, sc->w, reference_now(r), &two);
        ok &= impact_holds(s, "reference", &w, &one);
        ok &= impact_holds(s, "impact", &w, &two);
    }
    serving_free(serving);
    close_books(&b);
    return ok;
}
