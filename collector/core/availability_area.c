/* Areas: sums over their units, each unit's data judged first (FIGURES 7.10, 7.23). */
#include "core/availability.h"
#include "core/inventory_tree.h"

#include <string.h>

enum { VILLAGES_MAX = 1 << 24 };

static bool planned_throughout(const struct availability *a)
{
    for (int i = 0; i < STATE_COUNT; i++)
        if (i != STATE_PLANNED && a->state_ms[i] > 0)
            return false;
    return true;
}

void availability_area_add(struct availability_area *area, const struct availability *unit,
                           int64_t population, double enough)
{
    if (planned_throughout(unit))
        return;
    area->units++;
    availability_add(&area->all, unit);
    if (!availability_enough(unit, enough))
        return;
    area->enough++;
    availability_add(&area->sum, unit);
    area->people_up += (double)population * (double)availability_up_ms(unit);
    area->people_down += (double)population * (double)unit->state_ms[STATE_DOWN];
}

bool availability_weighted(const struct availability_area *area, double *ret_ratio)
{
    double whole = area->people_up + area->people_down;
    if (whole <= 0)
        return false;
    *ret_ratio = area->people_up / whole;
    return true;
}

int availability_population(const struct inventory *inv, uint32_t unit, struct wall_ms to,
                            int64_t *ret_population)
{
    struct vec villages;
    struct wall_ms t = {to.ms - 1};
    vec_init(&villages, sizeof(uint32_t), VILLAGES_MAX);
    int err = inventory_tree_served(inv, unit, t, &villages);
    int64_t sum = 0;
    for (size_t i = 0; !err && i < villages.len; i++) {
        const struct area_row *row =
            inventory_area(inv, *(const uint32_t *)vec_at(&villages, i), t);
        if (row && row->population > 0)
            sum += row->population;
    }
    vec_done(&villages);
    if (!err)
        *ret_population = sum;
    return err;
}

bool availability_asked(const struct inventory *inv, const struct availability_query *query,
                        uint32_t unit)
{
    struct wall_ms t = {query->window.to.ms - 1};
    const struct unit_id *id = inventory_unit_id(inv, unit);
    const struct site_row *site = inventory_site(inv, id->site, t);
    if (!site || site->kind != query->kind || (query->op != INV_NONE && query->op != id->op))
        return false;
    return inventory_tree_within(inv, site->area, query->area, t);
}

static int add_unit(const struct world *w, const struct inventory *inv,
                    const struct availability_query *query, uint32_t unit,
                    struct availability_area *area)
{
    int64_t population = 0;
    struct availability own = query->with_retroactive
                                  ? availability_with_retroactive(w, inv, unit, query->window)
                                  : availability_of_unit(w, unit, query->window);
    int err = availability_population(inv, unit, query->window.to, &population);
    if (!err)
        availability_area_add(area, &own, population, query->enough);
    return err;
}

/* The kind of a site at or below the query's area; AVAILABILITY_KINDS = it is not. */
static int kind_of(const struct inventory *inv, const struct availability_query *query,
                   uint32_t site)
{
    struct wall_ms t = {query->window.to.ms - 1};
    const struct site_row *row = inventory_site(inv, site, t);
    return row && inventory_tree_within(inv, row->area, query->area, t) ? (int)row->kind
                                                                        : AVAILABILITY_KINDS;
}

int availability_of_kinds(const struct world *w, const struct inventory *inv,
                          const struct availability_query *query,
                          struct availability_area ret_areas[AVAILABILITY_KINDS])
{
    uint32_t site = INV_NONE; /* units of a site stand together: asked once */
    int kind = AVAILABILITY_KINDS;
    int err = 0;
    memset(ret_areas, 0, AVAILABILITY_KINDS * sizeof *ret_areas);
    for (uint32_t unit = 0; !err && unit < inv->units.len; unit++) {
        const struct unit_id *id = inventory_unit_id(inv, unit);
        if (query->op != INV_NONE && query->op != id->op)
            continue;
        if (id->site != site)
            kind = kind_of(inv, query, id->site);
        site = id->site;
        if (kind < AVAILABILITY_KINDS)
            err = add_unit(w, inv, query, unit, &ret_areas[kind]);
    }
    return err;
}

int availability_of_area(const struct world *w, const struct inventory *inv,
                         const struct availability_query *query, struct availability_area *ret_area)
{
    struct availability_area area = {0};
    int err = 0;
    for (uint32_t unit = 0; !err && unit < inv->units.len; unit++) {
        if (availability_asked(inv, query, unit))
            err = add_unit(w, inv, query, unit, &area);
    }
    if (!err)
        *ret_area = area;
    return err;
}
