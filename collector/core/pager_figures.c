/* Rules about figures of areas: coverage, sites out, availability. */
#include "core/pager_own.h"

#include "base/err.h"
#include "core/inventory_tree.h"

#include <math.h>
#include <string.h>

/* Availability changes with time alone: it is looked at so often. */
static const int64_t MOVES_MS = 30000;

static uint32_t area_of(const struct pager *p, const struct rule *rule)
{
    const struct inventory *inv = p->centre->inventory;
    return rule->scope.area[0] ? names_find(&inv->areas, slice_of(rule->scope.area))
                               : inventory_tree_root(inv, p->now);
}

static uint32_t operator_of(const struct pager *p, const struct rule *rule, uint32_t any)
{
    const struct inventory *inv = p->centre->inventory;
    return rule->scope.op[0] ? names_find(&inv->operators, slice_of(rule->scope.op)) : any;
}

/* The authority's figure, in the first of these measures in which there is one. */
static void find_declared(const struct pager *p, const struct rule *rule, struct pager_figure *f)
{
    static const enum coverage_measure order[] = {COVERAGE_POPULATION, COVERAGE_VILLAGES,
                                                  COVERAGE_HOUSEHOLDS};

    for (size_t i = 0; isnan(f->declared) && i < sizeof order / sizeof *order; i++) {
        const struct declared_row *row =
            coverage_declared(p->centre->inventory, f->area, rule->technology, f->who, order[i]);
        f->measure = order[i];
        if (row && row->denominator > 0)
            f->declared = row->numerator / row->denominator;
    }
}

static int find_moving(struct pager *p, const struct rule *rule, struct pager_figure *f)
{
    struct moving_query query = {.area = f->area,
                                 .kind = (enum site_kind)rule->scope.kind,
                                 .op = operator_of(p, rule, INV_NONE),
                                 .length_ms = rule->window_ms,
                                 .zone_ms = p->zone_ms};
    moving_init(&f->window, &query);
    query.length_ms = 0;
    moving_init(&f->month, &query);
    int err = moving_build(&f->window, p->centre->world, p->centre->inventory);
    if (!err && rule->condition == RULE_BUDGET)
        err = moving_build(&f->month, p->centre->world, p->centre->inventory);
    return err;
}

void pager_figures_done(struct pager *p)
{
    for (size_t i = 0; i < RULES_MAX; i++) {
        moving_done(&p->figure[i].window);
        moving_done(&p->figure[i].month);
        p->figure[i] = (struct pager_figure){.area = INV_NONE, .declared = (double)NAN};
    }
}

static int64_t day_of(const struct pager *p)
{
    return p->moves ? p->figure[p->moving[0]].window.day : 0;
}

/* Which units count in which of them: as they were built last. */
static int find_asked(struct pager *p)
{
    p->asked.len = 0;
    p->asked_day = day_of(p);
    for (size_t i = 0; i < p->moves; i++) {
        const struct moving *m = &p->figure[p->moving[i]].window;
        for (uint32_t unit = 0; unit < m->units.len; unit++) {
            uint64_t *rules = unit < p->asked.len ? vec_at(&p->asked, unit) : vec_push(&p->asked);
            if (!rules)
                return ERR_NOMEM;
            if (moving_asks(m, unit))
                *rules |= UINT64_C(1) << p->moving[i];
        }
    }
    return 0;
}

static bool is_moving(const struct rule *rule)
{
    return rule->condition == RULE_AVAILABILITY || rule->condition == RULE_BUDGET;
}

int pager_figures_find(struct pager *p)
{
    int err = 0;
    pager_figures_done(p);
    p->moves = 0;
    for (size_t i = 0; !err && i < p->rules->len; i++) {
        const struct rule *rule = &p->rules->rule[i];
        struct pager_figure *f = &p->figure[i];
        if (!rules_of_areas(rule->condition))
            continue;
        f->area = area_of(p, rule);
        f->who = operator_of(p, rule, COVERAGE_ANY);
        if (rule->condition == RULE_DROP)
            find_declared(p, rule, f);
        if (f->area != INV_NONE)
            p->sorts.figures |= UINT64_C(1) << i;
        if (f->area == INV_NONE || !is_moving(rule))
            continue;
        p->moving[p->moves++] = (uint8_t)i;
        err = find_moving(p, rule, f);
    }
    return err ? err : find_asked(p);
}

int pager_figures_unit(struct pager *p, uint32_t unit)
{
    uint64_t rules = unit < p->asked.len ? *(const uint64_t *)vec_at(&p->asked, unit) : 0;
    int err = 0;
    while (!err && rules) {
        struct pager_figure *f = &p->figure[pager_next_rule(&rules)];
        err = moving_look(&f->window, p->centre->world, unit);
        if (!err)
            err = moving_look(&f->month, p->centre->world, unit);
    }
    return err;
}

static double count_of(const struct coverage_count *c, enum coverage_measure measure)
{
    const int64_t counts[] = {[COVERAGE_VILLAGES] = c->villages,
                              [COVERAGE_HOUSEHOLDS] = c->households,
                              [COVERAGE_POPULATION] = c->population};
    return (double)counts[measure];
}

/* The upper bound of what is live, as a share of all. */
static double live(const struct pager *p, const struct rule *rule, const struct pager_figure *f,
                   enum coverage_measure measure)
{
    struct coverage_figure c =
        coverage_figure(p->centre->coverage, f->area, rule->technology, f->who);
    double total = count_of(&c.total, measure);
    bool counts = total > 0 && count_of(&c.nominal, measure) > 0;
    return counts ? (count_of(&c.live, measure) + count_of(&c.unknown, measure)) / total
                  : (double)NAN;
}

static double drop(const struct pager *p, const struct rule *rule, const struct pager_figure *f)
{
    return f->declared - live(p, rule, f, f->measure);
}

static double availability(const struct pager *p, const struct rule *rule,
                           const struct pager_figure *f)
{
    double rate = 0;
    double month = 0;
    struct wall_ms now = world_now(p->centre->world);
    if (!moving_ratio(&f->window, now, &rate))
        return (double)NAN;
    if (rule->condition == RULE_AVAILABILITY)
        return rate;
    return moving_projected(&f->month, rate, now, &month) ? month : (double)NAN;
}

static double figure(const struct pager *p, const struct rule *rule, const struct pager_figure *f)
{
    switch (rule->condition) {
    case RULE_SHARE:
        return pager_share_out(p, f->area);
    case RULE_DROP:
        return drop(p, rule, f);
    case RULE_AVAILABILITY:
    case RULE_BUDGET:
        return availability(p, rule, f);
    default:
        return live(p, rule, f, COVERAGE_POPULATION);
    }
}

static bool holds(const struct rule *rule, double value, bool held)
{
    double limit = held ? rule->clear : rule->set;
    bool above = rule->condition == RULE_SHARE || rule->condition == RULE_DROP;
    return above ? value > limit : value < limit;
}

static int advance(struct pager *p, const struct rule *rule, struct pager_figure *f)
{
    int err = moving_advance(&f->window, p->centre->world, p->centre->inventory);
    if (!err && rule->condition == RULE_BUDGET)
        err = moving_advance(&f->month, p->centre->world, p->centre->inventory);
    return err;
}

static int look_at(struct pager *p, size_t at)
{
    const struct rule *rule = &p->rules->rule[at];
    struct pager_figure *f = &p->figure[at];
    uint32_t slot = alert_find(&p->alerts, ALERT_AREA, f->area);
    struct alert_watch *w =
        slot == ALERT_NONE ? NULL : alert_watching(alert_at(&p->alerts, slot), at);
    int err = is_moving(rule) ? advance(p, rule, f) : 0;
    double value = err ? (double)NAN : figure(p, rule, f);
    if (isnan(value))
        return err;
    return pager_signal(p, at, ALERT_AREA, f->area, holds(rule, value, w && w->holds), value);
}

int pager_figures_look(struct pager *p)
{
    uint64_t rules = p->sorts.figures;
    int err = 0;
    while (!err && rules)
        err = look_at(p, pager_next_rule(&rules));
    if (!err && p->moves > 0 && p->asked_day != day_of(p))
        err = find_asked(p);
    if (p->moves > 0)
        pager_look_at(p, wall_add(p->now, MOVES_MS));
    return err;
}

bool pager_same_figure(const struct rule *a, const struct rule *b)
{
    return a->condition == b->condition && a->technology == b->technology &&
           a->scope.kind == b->scope.kind && strcmp(a->scope.op, b->scope.op) == 0 &&
           a->window_ms == b->window_ms;
}
