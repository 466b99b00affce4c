#include "core/pager_own.h"

#include "base/err.h"
#include "core/outage_root.h"

/* What a unit is for the pager now; -1: nothing new is known, it stays what it was. */
static int class_of(const struct pager *p, uint32_t unit, const struct unit_view *v)
{
    bool open = outages_open(p->centre->outages, unit).number != 0;
    switch (v->state) {
    case STATE_UP:
    case STATE_DEGRADED:
    case STATE_PLANNED:
        return PAGER_WELL;
    case STATE_DOWN:
        return open ? PAGER_DOWN : PAGER_WELL;
    case STATE_SILENT:
        return open ? PAGER_SILENT : PAGER_WELL;
    default:
        return -1;
    }
}

/* The site that is out now above all, the unit's own if nothing above it is. */
static uint32_t base_of(const struct pager *p, uint32_t unit, struct wall_ms now)
{
    const struct inventory *inv = p->centre->inventory;
    uint32_t own = inventory_unit_id(inv, unit)->site;
    struct outage asked = outages_open(p->centre->outages, unit);
    if (!asked.number)
        return own;
    asked.from = now; /* what holds now, not what held when it began */
    struct outage root = outage_root(p->centre->outages, inv, &asked);
    bool lasts = root.number && outages_open(p->centre->outages, root.unit).number;
    return lasts ? inventory_unit_id(inv, root.unit)->site : own;
}

/* The outage that gives an alert of a site its number. */
static uint64_t number_of(const struct pager *p, uint32_t base, uint32_t unit)
{
    size_t n = 0;
    const uint32_t *units = inventory_site_units(p->centre->inventory, base, &n);
    uint64_t number = outages_open(p->centre->outages, unit).number;
    for (size_t i = 0; i < n; i++) {
        uint64_t own = outages_open(p->centre->outages, units[i]).number;
        if (own)
            return own;
    }
    return number;
}

static int alert_for(struct pager *p, uint32_t base, uint32_t unit, uint32_t *ret_slot)
{
    uint32_t slot = pager_part_of(p, base);
    if (slot == ALERT_NONE)
        slot = alert_find(&p->alerts, ALERT_SITE, base);
    if (slot == ALERT_NONE && !p->restoring) {
        slot = alert_open(&p->alerts, ALERT_SITE, base, number_of(p, base, unit), p->now);
        if (slot == ALERT_NONE)
            return ERR_NOMEM;
        pager_wake(p, wall_add(p->now, p->rules->settle_ms));
    }
    *ret_slot = slot;
    return 0;
}

/* After a restart a unit that we cannot see is what its outage was. */
static int class_restored(const struct pager *p, uint32_t unit, int class)
{
    struct outage open = outages_open(p->centre->outages, unit);
    if (class >= 0 || !p->restoring || !open.number)
        return class;
    return open.verified ? PAGER_DOWN : PAGER_SILENT;
}

static bool above_others(const struct pager *p, uint32_t unit)
{
    uint32_t site = inventory_unit_id(p->centre->inventory, unit)->site;
    return site < p->parents.len && *(uint8_t *)vec_at(&p->parents, site);
}

/* A unit that was down and is silent now has not recovered, and nothing better is known of it. */
static int worst_known(const struct pager_unit *u, int class)
{
    return class == PAGER_SILENT && u->class == PAGER_DOWN ? PAGER_DOWN : class;
}

/* Its class is about to change: who counts it learns that. */
static int reclass(struct pager *p, struct pager_unit *u, uint32_t unit, enum pager_class class)
{
    if (class == (enum pager_class)u->class)
        return 0;
    u->since = p->now;
    p->regroup = p->regroup || above_others(p, unit);
    int by = (class == PAGER_DOWN) - (u->class == PAGER_DOWN);
    uint32_t site = inventory_unit_id(p->centre->inventory, unit)->site;
    return by ? pager_site_down(p, site, by) : 0;
}

static int look(struct pager *p, uint32_t unit)
{
    struct pager_unit *u = pager_unit_of(p, unit);
    if (!u)
        return ERR_NOMEM;
    struct wall_ms now = world_now(p->centre->world);
    struct unit_view v = world_unit_at(p->centre->world, unit, now);
    int class = worst_known(u, class_restored(p, unit, class_of(p, unit, &v)));
    if (class < 0) /* nothing new; where the outage is over for the figures, nothing at all */
        class = outages_open(p->centre->outages, unit).number ? u->class : -1;
    if (class < 0 || (class == PAGER_WELL && !u->alert))
        return 0;
    if (class == PAGER_WELL) {
        int err = reclass(p, u, unit, PAGER_WELL);
        return err ? err : pager_move(p, unit, ALERT_NONE, PAGER_WELL, u->base, false);
    }
    uint32_t base = base_of(p, unit, now);
    uint32_t slot = ALERT_NONE;
    int err = alert_for(p, base, unit, &slot);
    if (err || slot == ALERT_NONE)
        return err;
    err = reclass(p, u, unit, (enum pager_class) class);
    bool merged = u->alert && u->alert != slot + 1;
    return err ? err : pager_move(p, unit, slot, (enum pager_class) class, base, merged);
}

/* A root that came or went concerns all that may hang on it. */
static int regroup(struct pager *p)
{
    int err = 0;
    for (int round = 0; !err && p->regroup && round < 2; round++) {
        p->regroup = false;
        for (size_t i = p->members.len; !err && i > 0; i--)
            if (i <= p->members.len)
                err = look(p, *(uint32_t *)vec_at(&p->members, i - 1));
    }
    p->regroup = false;
    return err;
}

int pager_look(struct pager *p)
{
    int err = 0;
    for (size_t i = 0; !err && i < dirty_len(&p->looked); i++) {
        uint32_t unit = dirty_at(&p->looked, i);
        err = look(p, unit);
        if (!err)
            err = pager_people_unit(p, unit);
        if (!err)
            err = pager_figures_unit(p, unit);
        if (!err)
            err = pager_overdue_unit(p, unit);
    }
    if (err)
        return err;
    dirty_clear(&p->looked);
    return regroup(p);
}

/* A first member makes a watch hold; one that had not ended yet has come back. */
static int hold(struct pager *p, struct alert *a, size_t rule, struct wall_ms since)
{
    struct alert_watch *w = alert_watch_add(a, rule, since);
    if (!w)
        return ERR_NOMEM;
    if (w->holds++ > 0)
        return 0;
    a->dirty = true;
    a->flaps += w->fired && !p->restoring;
    if (!w->fired && !p->restoring)
        w->since = since;
    pager_wake(p, p->now);
    return 0;
}

static void release(struct pager *p, struct alert *a, size_t rule)
{
    struct alert_watch *w = alert_watching(a, rule);
    if (!w || w->holds == 0 || --w->holds > 0)
        return;
    w->since = p->now;
    a->dirty = true;
    pager_wake(p, p->now);
}

static int count(struct pager *p, uint32_t slot, uint32_t unit, enum pager_class class, bool in)
{
    uint64_t counting = p->sorts.counting[class];
    const struct unit_id *id = inventory_unit_id(p->centre->inventory, unit);
    uint64_t rules = counting ? counting & pager_speaking(p, id->site, id->op) : 0;
    int err = 0;
    while (!err && rules) {
        size_t rule = pager_next_rule(&rules);
        if (in)
            err = hold(p, alert_at(&p->alerts, slot), rule, pager_unit_of(p, unit)->since);
        else
            release(p, alert_at(&p->alerts, slot), rule);
    }
    return err;
}

static int list(struct pager *p, struct pager_unit *u, uint32_t unit)
{
    uint32_t *member = u->member ? NULL : vec_push(&p->members);
    if (!u->member && !member)
        return ERR_NOMEM;
    if (member) {
        *member = unit;
        u->member = (uint32_t)p->members.len;
    }
    return 0;
}

/* The last member takes the place that becomes free. */
static void unlist(struct pager *p, struct pager_unit *u)
{
    uint32_t *members = p->members.items;
    uint32_t moved = members[p->members.len - 1];
    members[u->member - 1] = moved;
    pager_unit_of(p, moved)->member = u->member;
    u->member = 0;
    p->members.len--;
}

static void chain(struct pager *p, struct alert *a, uint32_t unit)
{
    struct pager_unit *u = pager_unit_of(p, unit);
    u->prev = 0;
    u->next = a->first;
    if (a->first)
        pager_unit_of(p, a->first - 1)->prev = unit + 1;
    a->first = unit + 1;
    a->members++;
}

static void unchain(struct pager *p, struct alert *a, const struct pager_unit *u)
{
    if (u->prev)
        pager_unit_of(p, u->prev - 1)->next = u->next;
    else
        a->first = u->next;
    if (u->next)
        pager_unit_of(p, u->next - 1)->prev = u->prev;
    a->members--;
}

static int stand_for(struct pager *p, uint32_t base, int by)
{
    uint32_t *n = pager_count(&p->base_units, base);
    if (!n)
        return ERR_NOMEM;
    *n += (uint32_t)by;
    bool turned = by > 0 ? *n == 1 : *n == 0;
    return turned ? pager_area_bases(p, base, by) : 0;
}

static int leave(struct pager *p, uint32_t unit, struct pager_unit *u, bool merged)
{
    struct alert *a = alert_at(&p->alerts, u->alert - 1);
    a->merged = merged;
    unchain(p, a, u);
    a->changed = p->now;
    int err = count(p, u->alert - 1, unit, (enum pager_class)u->class, false);
    u->alert = 0;
    return err ? err : stand_for(p, u->base, -1);
}

int pager_move(struct pager *p, uint32_t unit, uint32_t slot, enum pager_class class, uint32_t base,
               bool merged)
{
    struct pager_unit *u = pager_unit_of(p, unit);
    if (u->alert == slot + 1 && u->class == class && u->base == base)
        return 0;
    int err = u->alert && slot != ALERT_NONE && u->alert != slot + 1
                  ? pager_roots_move(p, unit, u->alert - 1, slot)
                  : 0;
    if (!err && u->alert)
        err = leave(p, unit, u, merged);
    u->class = (uint8_t) class;
    u->base = base;
    if (err)
        return err;
    if (slot == ALERT_NONE) {
        unlist(p, u);
        return 0;
    }
    struct alert *a = alert_at(&p->alerts, slot);
    u->alert = slot + 1;
    chain(p, a, unit);
    a->changed = p->now;
    a->merged = false;
    err = count(p, slot, unit, class, true);
    if (!err)
        err = stand_for(p, base, 1);
    return err ? err : list(p, u, unit);
}
