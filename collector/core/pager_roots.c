/* Outages that change their root, for the shift log: told once for all that do so together. */
#include "core/pager_own.h"

#include "base/err.h"

/* One line for each root and turn, by the lowest number. */
static int tell(struct pager *p, const struct pager_rooted *change)
{
    for (size_t i = 0; i < p->rooted.len; i++) {
        struct pager_rooted *r = vec_at(&p->rooted, i);
        if (r->root != change->root || r->joined != change->joined)
            continue;
        r->others++;
        if (change->number < r->number) {
            r->number = change->number;
            r->site = change->site;
        }
        return 0;
    }
    struct pager_rooted *fresh = vec_push(&p->rooted);
    if (fresh)
        *fresh = *change;
    return fresh ? 0 : ERR_NOMEM;
}

static struct wall_ms settled_at(const struct pager *p, const struct alert *a)
{
    return wall_add(a->opened, p->rules->settle_ms);
}

int pager_roots_move(struct pager *p, uint32_t unit, uint32_t from, uint32_t to)
{
    struct alert *left = alert_at(&p->alerts, from);
    struct alert *joins = alert_at(&p->alerts, to);
    uint32_t own = inventory_unit_id(p->centre->inventory, unit)->site;
    if (left->subject != ALERT_SITE || joins->subject != ALERT_SITE ||
        left->number == joins->number)
        return 0;
    if (joins->of == own && joins->members == 0 && joins->opened.ms == p->now.ms) {
        joins->was_of = left->number;
        joins->dirty = true;
    }
    /* The first of its site's units takes all of it along. */
    if (left->of != own || left->joined || p->now.ms < settled_at(p, left).ms)
        return 0;
    left->joined = true;
    struct pager_rooted change = {
        .number = left->number, .site = own, .root = joins->number, .joined = true};
    return tell(p, &change);
}

int pager_roots_step(struct pager *p, uint32_t slot)
{
    struct alert *a = alert_at(&p->alerts, slot);
    struct wall_ms due = settled_at(p, a);
    if (!a->was_of)
        return 0;
    if (p->now.ms < due.ms) {
        pager_wake(p, due);
        return 0;
    }
    struct pager_rooted change = {.number = a->number, .site = a->of, .root = a->was_of};
    a->was_of = 0;
    a->dirty = true;
    return a->members > 0 ? tell(p, &change) : 0;
}

const struct pager_rooted *pager_rooted(const struct pager *p, size_t *ret_len)
{
    *ret_len = p->rooted.len;
    return p->rooted.items;
}

void pager_rooted_clear(struct pager *p)
{
    p->rooted.len = 0;
}
