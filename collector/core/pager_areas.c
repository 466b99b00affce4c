#include "core/pager_own.h"

#include "base/err.h"
#include "core/inventory_tree.h"

#include <math.h>

/* What is left of an area's outage stays with it until so little is left, for so long. */
static const int64_t AREA_QUIET_MS = 600000;

static uint32_t number_at(const struct vec *counts, uint32_t at)
{
    return at < counts->len ? *(const uint32_t *)vec_at(counts, at) : 0;
}

static uint32_t above(const struct pager *p, uint32_t area)
{
    const struct area_row *row = inventory_area(p->centre->inventory, area, p->now);
    return row ? row->parent : INV_NONE;
}

static uint32_t area_of(const struct pager *p, uint32_t site)
{
    const struct site_row *row = pager_site(p, site);
    return row ? row->area : INV_NONE;
}

/* Adds to a count of the site's area and of all above it. */
static int add_up(struct pager *p, struct vec *counts, uint32_t site, int by)
{
    uint32_t area = area_of(p, site);
    for (int depth = 0; area != INV_NONE && depth < INVENTORY_TREE_DEPTH; depth++) {
        uint32_t *n = pager_count(counts, area);
        if (!n)
            return ERR_NOMEM;
        *n += (uint32_t)by;
        area = above(p, area);
    }
    return 0;
}

int pager_area_bases(struct pager *p, uint32_t site, int by)
{
    return add_up(p, &p->area_bases, site, by);
}

static size_t units_there(const struct pager *p, uint32_t site)
{
    size_t n = 0;
    size_t there = 0;
    const uint32_t *units = inventory_site_units(p->centre->inventory, site, &n);
    for (size_t i = 0; i < n; i++)
        there += inventory_unit_exists(p->centre->inventory, units[i], p->now);
    return there;
}

static int note_parents(struct pager *p)
{
    const struct inventory *inv = p->centre->inventory;
    for (size_t i = 0; i < inv->depends_rows.len; i++) {
        const struct depends_row *row = vec_at(&inv->depends_rows, i);
        while (p->parents.len <= row->on_site)
            if (!vec_push(&p->parents))
                return ERR_NOMEM;
        *(uint8_t *)vec_at(&p->parents, row->on_site) = 1;
    }
    return 0;
}

int pager_count_sites(struct pager *p)
{
    int err = note_parents(p);
    p->area_sites.len = 0;
    p->area_bases.len = 0;
    for (uint32_t site = 0; !err && site < p->centre->inventory->sites.len; site++)
        if (units_there(p, site))
            err = add_up(p, &p->area_sites, site, 1);
    p->area_out.len = 0;
    for (uint32_t site = 0; !err && site < p->site_down.len; site++)
        if (number_at(&p->site_down, site) &&
            number_at(&p->site_down, site) >= units_there(p, site))
            err = add_up(p, &p->area_out, site, 1);
    for (uint32_t site = 0; !err && site < p->base_units.len; site++)
        if (number_at(&p->base_units, site))
            err = add_up(p, &p->area_bases, site, 1);
    return err;
}

int pager_site_down(struct pager *p, uint32_t site, int by)
{
    uint32_t *down = pager_count(&p->site_down, site);
    if (!down)
        return ERR_NOMEM;
    size_t all = units_there(p, site);
    bool was_out = all && *down >= all;
    *down += (uint32_t)by;
    bool is_out = all && *down >= all;
    return was_out == is_out ? 0 : add_up(p, &p->area_out, site, by);
}

uint32_t pager_part_of(const struct pager *p, uint32_t site)
{
    uint32_t found = ALERT_NONE;
    uint32_t area = area_of(p, site);
    for (int depth = 0; area != INV_NONE && depth < INVENTORY_TREE_DEPTH; depth++) {
        uint32_t slot = alert_find(&p->alerts, ALERT_PART, area);
        bool holds = slot != ALERT_NONE && !alert_at(&p->alerts, slot)->dissolved;
        found = holds ? slot : found;
        area = above(p, area);
    }
    return found;
}

static bool too_much(const struct pager *p, uint32_t area)
{
    uint32_t out = number_at(&p->area_bases, area);
    uint32_t all = number_at(&p->area_sites, area);
    return out >= p->rules->area_sites && all > 0 && (double)out >= p->rules->area_share * all;
}

/* The largest area around a site of which too much is out. */
static uint32_t area_out(const struct pager *p, uint32_t site)
{
    uint32_t found = INV_NONE;
    uint32_t area = area_of(p, site);
    for (int depth = 0; area != INV_NONE && depth < INVENTORY_TREE_DEPTH; depth++) {
        found = too_much(p, area) ? area : found;
        area = above(p, area);
    }
    return found;
}

/* Looks at every member again: whoever belongs elsewhere now moves there. */
static int move_all(struct pager *p)
{
    int err = 0;
    for (size_t i = 0; !err && i < p->members.len; i++)
        err = dirty_add(&p->looked, *(uint32_t *)vec_at(&p->members, i));
    return err ? err : pager_look(p);
}

int pager_collapse(struct pager *p, uint32_t slot)
{
    const struct alert a = *alert_at(&p->alerts, slot);
    uint32_t area = a.subject == ALERT_SITE ? area_out(p, a.of) : INV_NONE;
    if (area == INV_NONE || alert_find(&p->alerts, ALERT_PART, area) != ALERT_NONE)
        return 0;
    uint32_t part = alert_open(&p->alerts, ALERT_PART, area, a.number, a.opened);
    return part == ALERT_NONE ? ERR_NOMEM : move_all(p);
}

static bool well_again(const struct pager *p, const struct alert *a)
{
    return a->id && a->subject == ALERT_PART && !a->dissolved &&
           number_at(&p->area_bases, a->of) < p->rules->area_sites &&
           p->now.ms - a->changed.ms >= AREA_QUIET_MS;
}

int pager_dissolve(struct pager *p)
{
    int err = 0;
    for (uint32_t i = 0; !err && i < p->alerts.alerts.len; i++) {
        struct alert *a = alert_at(&p->alerts, i);
        if (!well_again(p, a))
            continue;
        a->dissolved = true;
        a->dirty = true;
        err = move_all(p);
    }
    return err;
}

double pager_share_out(const struct pager *p, uint32_t area)
{
    uint32_t all = number_at(&p->area_sites, area);
    return all ? (double)number_at(&p->area_out, area) / all : (double)NAN;
}
