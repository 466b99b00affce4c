#include "core/pager_own.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

enum { UNITS_MAX = 16 << 20, CHECKS_MAX = 64 << 20, FLAPS = 3 };

static const int64_t FLAP_QUIET_MS = 600000;
static const int64_t PEOPLE_AGAIN_MS = 5000;

struct pager *pager_new(const struct centre *centre, int64_t zone_ms)
{
    struct pager *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->centre = centre;
    p->zone_ms = zone_ms;
    alert_table_init(&p->alerts);
    page_box_init(&p->box);
    vec_init(&p->units, sizeof(struct pager_unit), UNITS_MAX);
    vec_init(&p->touched, sizeof(struct wall_ms), UNITS_MAX);
    vec_init(&p->of_op, sizeof(uint64_t), UNITS_MAX);
    vec_init(&p->of_area, sizeof(struct pager_area), UNITS_MAX);
    vec_init(&p->asked, sizeof(uint64_t), UNITS_MAX);
    vec_init(&p->rooted, sizeof(struct pager_rooted), UNITS_MAX);
    struct vec *numbers[] = {&p->members,    &p->seen,      &p->base_units, &p->area_sites,
                             &p->area_bases, &p->site_down, &p->area_out,   NULL};
    for (struct vec **v = numbers; *v; v++)
        vec_init(*v, sizeof(uint32_t), UNITS_MAX);
    vec_init(&p->parents, sizeof(uint8_t), UNITS_MAX);
    due_init(&p->absent, UNITS_MAX);
    dirty_init(&p->looked, UNITS_MAX);
    vec_init(&p->series_checks, sizeof(uint8_t), CHECKS_MAX);
    vec_init(&p->expecting, sizeof(uint32_t), PAGER_EXPECTING_MAX);
    baselines_init(&p->baselines);
    pager_figures_done(p);
    p->looks.ms = WALL_NEVER_MS;
    p->now = world_now(centre->world);
    p->deaf.ms = INT64_MIN;
    p->rules = malloc(sizeof *p->rules);
    if (p->rules)
        rules_init(p->rules);
    if (p->rules && pager_count_sites(p) == 0)
        return p;
    pager_free(p);
    return NULL;
}

void pager_free(struct pager *p)
{
    if (!p)
        return;
    alert_table_done(&p->alerts);
    page_box_done(&p->box);
    struct vec *all[] = {
        &p->units,     &p->members,  &p->base_units, &p->area_sites, &p->area_bases,
        &p->site_down, &p->area_out, &p->parents,    &p->expecting,  &p->series_checks,
        &p->touched,   &p->rooted,   &p->asked,      &p->seen,       &p->of_op,
        &p->of_area,   NULL};
    for (struct vec **v = all; *v; v++)
        vec_done(*v);
    due_done(&p->absent);
    dirty_done(&p->looked);
    baselines_done(&p->baselines);
    pager_figures_done(p);
    free(p->rules);
    free(p);
}

struct pager_unit *pager_unit_of(struct pager *p, uint32_t unit)
{
    while (p->units.len <= unit)
        if (!vec_push(&p->units))
            return NULL;
    return vec_at(&p->units, unit);
}

uint32_t pager_after(const struct pager *p, uint32_t unit)
{
    return ((const struct pager_unit *)vec_at(&p->units, unit - 1))->next;
}

uint32_t *pager_count(struct vec *counts, uint32_t at)
{
    while (counts->len <= at)
        if (!vec_push(counts))
            return NULL;
    return vec_at(counts, at);
}

const struct site_row *pager_site(const struct pager *p, uint32_t site)
{
    return inventory_site(p->centre->inventory, site, p->now);
}

void pager_wake(struct pager *p, struct wall_ms t)
{
    if (t.ms < p->next.ms)
        p->next = t;
}

void pager_look_at(struct pager *p, struct wall_ms t)
{
    if (t.ms < p->looks.ms)
        p->looks = t;
}

bool pager_is_due(const struct pager *p, struct wall_ms now)
{
    return now.ms >= p->next.ms || now.ms >= p->looks.ms;
}

/* Units of sites that changed since the pages of the wall were told; some were looked at before. */
static int note_changes(struct pager *p)
{
    const struct dirty *sites = &p->centre->changed_sites;
    int err = 0;
    for (size_t i = 0; !err && i < dirty_len(sites); i++) {
        size_t n = 0;
        const uint32_t *units = inventory_site_units(p->centre->inventory, dirty_at(sites, i), &n);
        for (size_t u = 0; !err && u < n; u++)
            err = dirty_add(&p->looked, units[u]);
    }
    return err;
}

int pager_signal(struct pager *p, size_t rule, enum alert_subject subject, uint32_t of, bool holds,
                 double value)
{
    uint32_t slot = alert_find(&p->alerts, subject, of);
    if (slot == ALERT_NONE && !holds)
        return 0;
    uint64_t number = subject == ALERT_OVERDUE ? outages_open(p->centre->outages, of).number : 0;
    if (slot == ALERT_NONE)
        slot = alert_open(&p->alerts, subject, of, number, p->now);
    if (slot == ALERT_NONE)
        return ERR_NOMEM;
    struct alert *a = alert_at(&p->alerts, slot);
    struct alert_watch *w = holds ? alert_watch_add(a, rule, p->now) : alert_watching(a, rule);
    if (holds && !w)
        return ERR_NOMEM;
    if (holds)
        w->value = value;
    if (!w || (w->holds > 0) == holds)
        return 0;
    a->flaps += holds && w->fired && !p->restoring;
    a->dirty = true;
    w->holds = holds;
    if (!holds || !w->fired)
        w->since = p->now;
    pager_wake(p, p->now);
    return 0;
}

/* The alert is about units, whose root is waited for. */
static bool settles(const struct alert *a)
{
    return a->subject == ALERT_SITE || a->subject == ALERT_PART;
}

/* When a watch that holds may be told. */
static struct wall_ms ready_at(const struct pager *p, const struct alert *a,
                               const struct alert_watch *w)
{
    struct wall_ms held = wall_add(w->since, p->rules->rule[w->rule].for_ms);
    struct wall_ms settled = wall_add(a->opened, settles(a) ? p->rules->settle_ms : 0);
    return held.ms > settled.ms ? held : settled;
}

/* Enough people, where the rule asks for people. */
static int concerns_enough(struct pager *p, uint32_t slot, const struct rule *rule,
                           bool *ret_enough)
{
    struct alert *a = alert_at(&p->alerts, slot);
    int err = 0;
    *ret_enough = true;
    if (rule->condition != RULE_PEOPLE)
        return 0;
    if (pager_people_moved(p, slot)) {
        err = pager_people(p, slot, &a->people_now);
        a->counted = p->now;
    }
    *ret_enough = (double)a->people_now >= rule->set;
    if (!*ret_enough)
        pager_wake(p, wall_add(p->now, PEOPLE_AGAIN_MS));
    return err;
}

static int fire(struct pager *p, uint32_t slot, size_t at)
{
    struct alert *a = alert_at(&p->alerts, slot);
    const struct rule *rule = &p->rules->rule[a->watch[at].rule];
    bool enough = false;
    int err = concerns_enough(p, slot, rule, &enough);
    if (err || !enough)
        return err;
    a->watch[at].fired = true;
    a->dirty = true;
    if (!a->fired.ms)
        a->fired = p->now;
    return pager_tell(p, slot, &a->watch[at], PAGE_FIRED, rule->targets);
}

/* When the next step is due: its time, and never sooner behind the one before than the rule has it,
 * so that nobody is told all of them at once after a time away. */
static struct wall_ms step_due(const struct alert *a, const struct rule *rule)
{
    const struct rule_step *next = &rule->step[a->steps];
    struct wall_ms due = wall_add(a->fired, next->after_ms);
    if (a->steps == 0 || !a->stepped.ms)
        return due;
    struct wall_ms apart = wall_add(a->stepped, next->after_ms - next[-1].after_ms);
    return apart.ms > due.ms ? apart : due;
}

/* An alert has one line of steps: those of the gravest rule that holds of it and has any left. */
static int escalate(struct pager *p, uint32_t slot, const struct alert_watch *w)
{
    struct alert *a = alert_at(&p->alerts, slot);
    const struct rule *rule = &p->rules->rule[w->rule];
    struct wall_ms due = step_due(a, rule);
    if (p->now.ms < due.ms) {
        pager_wake(p, due);
        return 0;
    }
    uint32_t targets = rule->step[a->steps].targets;
    a->steps++;
    a->stepped = p->now;
    a->dirty = true;
    if (a->steps < rule->steps)
        pager_wake(p, step_due(a, rule));
    return pager_tell(p, slot, w, PAGE_ESCALATED, targets);
}

/* @p rules: of the alert's watches, gravest first; some may have ended. */
static int escalate_gravest(struct pager *p, uint32_t slot, const uint8_t *rules, size_t n)
{
    struct alert *a = alert_at(&p->alerts, slot);
    for (size_t i = 0; i < n && !a->acked.ms; i++) {
        const struct alert_watch *w = alert_watching(a, rules[i]);
        if (w && w->fired && w->holds && a->steps < p->rules->rule[w->rule].steps)
            return escalate(p, slot, w);
    }
    return 0;
}

static int64_t keep_ms(const struct alert *a, const struct rule *rule)
{
    if (a->merged)
        return 0;
    bool flaps = a->flaps >= FLAPS && rule->keep_ms < FLAP_QUIET_MS;
    return flaps ? FLAP_QUIET_MS : rule->keep_ms;
}

/* A watch that does not hold any more ends, if it has been quiet for long enough. */
static int end(struct pager *p, uint32_t slot, size_t at)
{
    struct alert *a = alert_at(&p->alerts, slot);
    struct alert_watch w = a->watch[at];
    struct wall_ms due = wall_add(w.since, keep_ms(a, &p->rules->rule[w.rule]));
    if (w.fired && p->now.ms < due.ms) {
        pager_wake(p, due);
        return 0;
    }
    alert_watch_drop(a, at);
    enum page_transition what = a->merged ? PAGE_MERGED : PAGE_RECOVERED;
    uint32_t told = rules_told(&p->rules->rule[w.rule], a->steps);
    return w.fired ? pager_tell(p, slot, &w, what, told) : 0;
}

static int step_watch(struct pager *p, uint32_t slot, size_t at)
{
    const struct alert *a = alert_at(&p->alerts, slot);
    const struct alert_watch w = a->watch[at];
    if (w.holds == 0)
        return end(p, slot, at);
    if (w.fired)
        return 0;
    struct wall_ms ready = ready_at(p, a, &w);
    if (p->now.ms >= ready.ms)
        return fire(p, slot, at);
    pager_wake(p, ready);
    return 0;
}

/* Somebody is about to be told of it for the first time. */
static bool is_ripe(const struct pager *p, const struct alert *a)
{
    for (size_t i = 0; i < a->watches; i++)
        if (a->watch[i].holds && !a->watch[i].fired && p->now.ms >= ready_at(p, a, &a->watch[i]).ms)
            return true;
    return false;
}

/* Which of two rules people are told by, where both are due: the graver one, else the one that
 * stands first in the file; not the one whose evidence happened to come first. */
static bool goes_before(const struct pager *p, uint8_t rule, uint8_t other)
{
    enum severity one = p->rules->rule[rule].severity;
    enum severity two = p->rules->rule[other].severity;
    return one != two ? one < two : rule < other;
}

/* Rules of the watches in that order, so that a target hears of one thing once. */
static size_t in_order(const struct pager *p, const struct alert *a,
                       uint8_t ret_rules[ALERT_WATCHES_MAX])
{
    for (size_t i = 0; i < a->watches; i++) {
        size_t at = i;
        uint8_t rule = a->watch[i].rule;
        for (; at > 0 && goes_before(p, rule, ret_rules[at - 1]); at--)
            ret_rules[at] = ret_rules[at - 1];
        ret_rules[at] = rule;
    }
    return a->watches;
}

static int step(struct pager *p, uint32_t slot)
{
    uint8_t rules[ALERT_WATCHES_MAX];
    int err = pager_roots_step(p, slot);
    if (!err && is_ripe(p, alert_at(&p->alerts, slot)))
        err = pager_collapse(p, slot);
    struct alert *a = alert_at(&p->alerts, slot);
    size_t n = in_order(p, a, rules);
    for (size_t i = 0; !err && i < n; i++)
        err = step_watch(p, slot, (size_t)(alert_watching(a, rules[i]) - a->watch));
    if (!err)
        err = escalate_gravest(p, slot, rules, n);
    if (!err && a->watches == 0 && a->members == 0)
        err = alert_close(&p->alerts, slot);
    return err;
}

static int step_all(struct pager *p)
{
    int err = 0;
    p->next.ms = WALL_NEVER_MS;
    for (uint32_t i = 0; !err && i < p->alerts.alerts.len; i++)
        if (alert_at(&p->alerts, i)->id)
            err = step(p, i);
    return err;
}

static int look_again(struct pager *p)
{
    p->looks.ms = WALL_NEVER_MS;
    return pager_overdue_look(p);
}

int pager_advance(struct pager *p, struct wall_ms now)
{
    p->now = now;
    bool deaf = now.ms - p->centre->marker.when.ms > 5000;
    if (deaf)
        p->deaf = now;
    int err = note_changes(p);
    if (!err)
        err = pager_look(p);
    if (!err && now.ms >= p->looks.ms)
        err = look_again(p);
    if (!err)
        err = pager_figures_look(p);
    if (!err && !deaf)
        err = pager_absent_look(p);
    if (!err)
        err = pager_dissolve(p);
    if (!err && now.ms >= p->next.ms)
        err = step_all(p);
    return err ? err : page_box_advance(&p->box, p->rules, now);
}

int pager_ledger(struct pager *p, bool broken, struct wall_ms now)
{
    int err = 0;
    p->now = now;
    for (size_t i = 0; !err && i < p->rules->len; i++)
        if (p->rules->rule[i].condition == RULE_LEDGER)
            err = pager_signal(p, i, ALERT_CENTRE, 0, broken, 0);
    return err;
}

static bool take_over(struct alert *a, struct wall_ms now)
{
    if (!a->acked.ms) {
        a->acked = now;
        a->dirty = true;
    }
    return true;
}

bool pager_acknowledged_alert(struct pager *p, uint32_t id, struct wall_ms now)
{
    for (uint32_t i = 0; i < p->alerts.alerts.len; i++)
        if (alert_at(&p->alerts, i)->id == id && id)
            return take_over(alert_at(&p->alerts, i), now);
    return false;
}

bool pager_acknowledged(struct pager *p, uint64_t number, struct wall_ms now)
{
    bool found = false;
    for (uint32_t i = 0; i < p->alerts.alerts.len; i++) {
        struct alert *a = alert_at(&p->alerts, i);
        bool about = settles(a) || a->subject == ALERT_OVERDUE;
        if (a->id && about && a->number == number)
            found = take_over(a, now);
    }
    for (size_t i = 0; i < p->members.len; i++) {
        uint32_t unit = *(uint32_t *)vec_at(&p->members, i);
        const struct pager_unit *u = vec_at(&p->units, unit);
        if (outages_open(p->centre->outages, unit).number == number)
            found = take_over(alert_at(&p->alerts, u->alert - 1), now);
    }
    return found;
}

const struct rules *pager_rules(const struct pager *p)
{
    return p->rules;
}

const struct alert_table *pager_alerts(const struct pager *p)
{
    return &p->alerts;
}

const struct inventory *pager_inventory(const struct pager *p)
{
    return p->centre->inventory;
}

struct page_box *pager_box(struct pager *p)
{
    return &p->box;
}
