#include "expect_counts.h"
#include "scenario.h"

#include "reference_figures.h"

/** `coverage area=A tech=T who=any|all|OP [total=N] [nominal=N] [live=N] [unknown=N] now|at T` */
struct wanted {
    uint32_t area, who;
    enum technology technology;
    struct wall_ms t;
    struct expect_counts total, nominal, live, unknown;
};

static bool read_who(const struct inventory *inv, struct slice value, uint32_t *ret_who)
{
    if (scenario_is(value, "any"))
        *ret_who = COVERAGE_ANY;
    else if (scenario_is(value, "all"))
        *ret_who = COVERAGE_ALL;
    else
        *ret_who = names_find(&inv->operators, value);
    return *ret_who != NAMES_NONE;
}

static bool read_pair(const struct inventory *inv, struct slice key, struct slice value,
                      struct wanted *w)
{
    if (scenario_is(key, "area")) {
        w->area = names_find(&inv->areas, value);
        return w->area != NAMES_NONE;
    }
    if (scenario_is(key, "tech")) {
        w->technology = coverage_technology(value);
        return w->technology != TECHNOLOGY_COUNT;
    }
    if (scenario_is(key, "who"))
        return read_who(inv, value, &w->who);
    struct expect_counts *counts = scenario_is(key, "total")     ? &w->total
                                   : scenario_is(key, "nominal") ? &w->nominal
                                   : scenario_is(key, "live")    ? &w->live
                                   : scenario_is(key, "unknown") ? &w->unknown
                                                                 : NULL;
    return counts && expect_counts_read(value, counts);
}

static bool read_wanted(const struct slice *words, size_t n, const struct reference *r,
                        struct wanted *w)
{
    *w = (struct wanted){.area = NAMES_NONE, .technology = TECHNOLOGY_COUNT, .who = COVERAGE_ANY};
    w->t = reference_now(r);
    size_t at = 0;
    struct slice key;
    struct slice value;
    for (; at < n && expect_counts_pair(words[at], &key, &value); at++)
        if (!read_pair(reference_inventory(r), key, value, w))
            return false;
    bool now = n == at + 1 && scenario_is(words[at], "now");
    bool then = n == at + 2 && scenario_is(words[at], "at") && script_time(words[at + 1], &w->t);
    return (now || then) && w->area != NAMES_NONE && w->technology != TECHNOLOGY_COUNT;
}

static struct expect_counts counts_of(const struct coverage_count *c)
{
    return (struct expect_counts){true, c->villages, c->population, c->households};
}

static bool holds(struct script *s, const char *who, const struct wanted *w,
                  const struct coverage_figure *f)
{
    const struct {
        const char *name;
        const struct expect_counts *wanted;
        struct expect_counts found;
    } parts[] = {{"total", &w->total, counts_of(&f->total)},
                 {"nominal", &w->nominal, counts_of(&f->nominal)},
                 {"live", &w->live, counts_of(&f->live)},
                 {"unknown", &w->unknown, counts_of(&f->unknown)}};

    bool all = true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        all &= expect_counts_hold(s, who, parts[i].name, parts[i].wanted, &parts[i].found);
    return all;
}

static struct coverage_figure fast_figure(const struct scenario *sc, const struct inventory *inv,
                                          const struct wanted *w)
{
    struct coverage_figure figure = {.year_oldest = -1};
    struct coverage *c = coverage_new(inv, w->t);
    for (uint32_t unit = 0; c && unit < inv->units.len; unit++) {
        struct unit_view view = world_unit_at(sc->w, unit, w->t);
        coverage_unit(c, unit, &view);
    }
    if (c)
        figure = coverage_figure(c, w->area, w->technology, w->who);
    coverage_free(c);
    return figure;
}

bool scenario_coverage(struct script *s, struct scenario *sc, struct reference *r,
                       const struct slice *words, size_t n)
{
    struct wanted w;
    if (!read_wanted(words, n, r, &w))
        return script_complain(s,
                               "coverage area=A tech=T [who=any|all|OP] [live=N[:PEOPLE[:HOUSES]]] "
                               "now|at T");
    struct coverage_figure naive = reference_coverage(r, w.area, w.technology, w.who, w.t);
    struct coverage_figure fast = fast_figure(sc, reference_inventory(r), &w);
    bool naive_holds = holds(s, "reference", &w, &naive);
    return holds(s, "coverage", &w, &fast) && naive_holds;
}
