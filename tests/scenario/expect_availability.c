#include "expect_counts.h"
#include "scenario.h"

#include "base/num.h"
#include "reference_figures.h"

#include <string.h>

enum { PAIRS_MAX = 16 };

/** What an `expect availability` line says. */
struct wanted {
    uint32_t unit; /**< INV_NONE: an area */
    struct availability_query query;

    struct {
        struct slice key, value;
    } pairs[PAIRS_MAX];

    size_t n;
};

/** One side's answer; for a unit sum and all are the same. */
struct answer {
    const char *who;
    struct availability_area area;
};

static bool read_window(const struct slice *words, size_t n, const struct reference *r,
                        struct validity *window)
{
    window->to = reference_now(r);
    return n == 4 && scenario_is(words[0], "from") && script_time(words[1], &window->from) &&
           scenario_is(words[2], "to") &&
           (scenario_is(words[3], "now") || script_time(words[3], &window->to));
}

static bool read_kind(struct slice value, enum site_kind *ret_kind)
{
#define KIND_WORD(name, number, word) word,
    static const char *const words[] = {SITE_KIND_MAP(KIND_WORD)};
#undef KIND_WORD
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (scenario_is(value, words[i])) {
            *ret_kind = (enum site_kind)i;
            return true;
        }
    return false;
}

/** Pairs that say what is asked; true if the pair was one of them. */
static bool read_query(const struct inventory *inv, struct slice key, struct slice value,
                       struct wanted *w)
{
    if (scenario_is(key, "area"))
        w->query.area = names_find(&inv->areas, value);
    else if (scenario_is(key, "op"))
        w->query.op = names_find(&inv->operators, value);
    else if (scenario_is(key, "with"))
        return w->query.with_retroactive = scenario_is(value, "retroactive");
    else
        return scenario_is(key, "kind") && read_kind(value, &w->query.kind);
    return true;
}

static bool read_wanted(const struct slice *words, size_t n, const struct reference *r,
                        struct wanted *w)
{
    const struct inventory *inv = reference_inventory(r);
    struct slice key;
    struct slice value;
    *w = (struct wanted){.unit = INV_NONE};
    w->query = (struct availability_query){
        .area = INV_NONE, .op = INV_NONE, .enough = AVAILABILITY_ENOUGH};
    size_t at = 0;
    if (n && !expect_counts_pair(words[0], &key, &value))
        w->unit = script_unit(inv, words[at++]);
    for (; at < n && expect_counts_pair(words[at], &key, &value); at++)
        if (!read_query(inv, key, value, w))
            return false;
    if (n < at + 4 || !read_window(words + at, 4, r, &w->query.window))
        return false;
    for (at += 4; at < n && w->n < PAIRS_MAX; at++) {
        if (!expect_counts_pair(words[at], &key, &value))
            return false;
        w->pairs[w->n].key = key;
        w->pairs[w->n++].value = value;
    }
    return at == n && (w->unit != INV_NONE || w->query.area != INV_NONE);
}

/** "null", or a fraction "90/120" of equal value. */
static bool ratio_holds(struct slice value, bool known, double ratio)
{
    const char *slash = memchr(value.at, '/', value.len);
    double part;
    double whole;
    if (scenario_is(value, "null"))
        return !known;
    if (!slash || num_parse((struct slice){value.at, (size_t)(slash - value.at)}, &part) ||
        num_parse((struct slice){slash + 1, value.len - (size_t)(slash - value.at) - 1}, &whole))
        return false;
    return known && ratio == part / whole;
}

static bool duration_holds(struct slice value, int64_t ms)
{
    int64_t wanted;
    if (scenario_is(value, "null"))
        return ms < 0;
    return script_duration(value, &wanted) && wanted == ms;
}

static bool count_holds(struct slice value, uint32_t count)
{
    int64_t wanted;
    return !num_parse_i64(value, &wanted) && wanted == (int64_t)count;
}

static bool ratio_pair(struct slice key, struct slice value, const struct answer *a,
                       bool *ret_holds)
{
    double ratio = 0;
    bool known = false;
    if (scenario_is(key, "confirmed"))
        known = availability_confirmed(&a->area.sum, &ratio);
    else if (scenario_is(key, "lower"))
        known = availability_lower(&a->area.sum, &ratio);
    else if (scenario_is(key, "observed"))
        known = availability_observed(&a->area.all, &ratio);
    else if (scenario_is(key, "weighted"))
        known = availability_weighted(&a->area, &ratio);
    else
        return false;
    *ret_holds = ratio_holds(value, known, ratio);
    return true;
}

static bool pair_holds(struct slice key, struct slice value, const struct answer *a)
{
    bool holds = false;
    if (ratio_pair(key, value, a, &holds))
        return holds;

    const struct {
        const char *key;
        int64_t ms;
    } durations[] = {
        {"up", availability_up_ms(&a->area.sum)},     {"down", a->area.sum.state_ms[STATE_DOWN]},
        {"power", a->area.sum.cause_ms[CAUSE_POWER]}, {"fault", a->area.sum.cause_ms[CAUSE_FAULT]},
        {"mttr", availability_mttr_ms(&a->area.sum)}, {"mtbf", availability_mtbf_ms(&a->area.sum)}};

    const struct {
        const char *key;
        uint32_t count;
    } counts[] = {{"outages", a->area.sum.outages},
                  {"unverified", a->area.sum.unverified},
                  {"units", a->area.units},
                  {"enough", a->area.enough}};

    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++)
        if (scenario_is(key, durations[i].key))
            return duration_holds(value, durations[i].ms);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (scenario_is(key, counts[i].key))
            return count_holds(value, counts[i].count);
    return false;
}

static bool holds(struct script *s, const struct wanted *w, const struct answer *a)
{
    bool all = true;
    for (size_t i = 0; i < w->n; i++) {
        struct slice key = w->pairs[i].key;
        if (pair_holds(key, w->pairs[i].value, a))
            continue;
        const struct availability *sum = &a->area.sum;
        all = script_complain(s,
                              "%s: %.*s does not hold: up %lldms down %lldms silent %lldms "
                              "unobserved %lldms, %u outages",
                              a->who, (int)key.len, key.at, (long long)availability_up_ms(sum),
                              (long long)sum->state_ms[STATE_DOWN],
                              (long long)sum->state_ms[STATE_SILENT],
                              (long long)sum->state_ms[STATE_UNOBSERVED], sum->outages);
    }
    return all;
}

bool scenario_availability(struct script *s, struct scenario *sc, struct reference *r,
                           const struct slice *words, size_t n)
{
    struct wanted w;
    if (!read_wanted(words, n, r, &w))
        return script_complain(
            s, "availability U | area=A kind=K [op=O] from T to T|now KEY=VALUE...");
    struct answer naive = {.who = "reference"};
    struct answer fast = {.who = "availability"};
    reference_with_retroactive(r, w.query.with_retroactive);
    if (w.unit != INV_NONE) {
        naive.area.all = naive.area.sum = reference_availability(r, w.unit, w.query.window);
        fast.area.all = fast.area.sum =
            w.query.with_retroactive ? availability_with_retroactive(sc->w, reference_inventory(r),
                                                                     w.unit, w.query.window)
                                     : availability_of_unit(sc->w, w.unit, w.query.window);
    } else {
        naive.area = reference_availability_area(r, &w.query);
        if (availability_of_area(sc->w, reference_inventory(r), &w.query, &fast.area))
            return script_complain(s, "no memory");
    }
    bool naive_holds = holds(s, &w, &naive);
    return holds(s, &w, &fast) && naive_holds;
}

bool scenario_uncertainty(struct script *s, struct scenario *sc, struct reference *r,
                          const struct slice *words, size_t n)
{
    struct wall_ms t;
    int64_t wanted;
    uint32_t unit = n == 4 ? script_unit(reference_inventory(r), words[0]) : INV_NONE;
    if (unit == INV_NONE || !scenario_is(words[1], "at") || !script_time(words[2], &t) ||
        !script_duration(words[3], &wanted))
        return script_complain(s, "uncertainty U at T DURATION");
    int64_t found = world_uncertainty_ms(sc->w, unit, t);
    return found == wanted || script_complain(s, "uncertainty is %lldms", (long long)found);
}
