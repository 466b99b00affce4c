/* Builds the tables for an instant: the tree, who serves what, and every count from nothing. */
#include "core/coverage_own.h"

#include "base/err.h"
#include "core/inventory_tree.h"

#include <stdlib.h>

void coverage_build_done(struct coverage *c)
{
    free(c->areas);
    free(c->units_table);
    free(c->sums_table);
    free(c->served_first);
    free(c->exists);
    free(c->in_all[0]);
    free(c->in_all[1]);
    vec_done(&c->served);
    vec_done(&c->changed);
    c->areas = NULL;
    c->units_table = NULL;
    c->sums_table = NULL;
    c->served_first = NULL;
    c->exists = NULL;
    c->in_all[0] = c->in_all[1] = NULL;
}

static int64_t at_least_0(int64_t figure)
{
    return figure > 0 ? figure : 0;
}

static struct coverage_area area_of_row(const struct area_row *row)
{
    struct coverage_area area = {.parent = row->parent, .village = INV_NONE, .sums = INV_NONE};
    if (row->village) {
        area.total =
            (struct coverage_count){1, at_least_0(row->households), at_least_0(row->population)};
        area.without_population = row->population < 0;
        area.year_oldest = area.year_newest = row->year;
    }
    return area;
}

/* The areas that hold now, with numbers for the tables; the others stay without. */
static int place_areas(struct coverage *c, uint32_t *ret_villages, uint32_t *ret_sums)
{
    const struct area_row *rows = c->inv->area_rows.items;
    c->n_areas = c->inv->areas.len;
    c->areas = calloc(c->n_areas + 1, sizeof *c->areas);
    if (!c->areas)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < c->n_areas; i++)
        c->areas[i].parent = c->areas[i].village = c->areas[i].sums = INV_NONE;
    for (size_t i = 0; i < c->inv->area_rows.len; i++) {
        if (!validity_has(rows[i].valid, c->at))
            continue;
        struct coverage_area *area = &c->areas[rows[i].area];
        *area = area_of_row(&rows[i]);
        if (rows[i].village)
            area->village = (*ret_villages)++;
        else
            area->sums = (*ret_sums)++;
    }
    return 0;
}

static void widen_years(struct coverage_area *area, const struct coverage_area *village)
{
    if (village->year_oldest == 0)
        return;
    if (area->year_oldest == 0 || village->year_oldest < area->year_oldest)
        area->year_oldest = village->year_oldest;
    if (village->year_newest > area->year_newest)
        area->year_newest = village->year_newest;
}

static void total_above(struct coverage *c, const struct coverage_area *village)
{
    uint32_t above = village->parent;
    for (int depth = 1; above != INV_NONE && depth < INVENTORY_TREE_DEPTH; depth++) {
        struct coverage_area *area = &c->areas[above];
        if (area->village == INV_NONE) {
            area->total.villages++;
            area->total.households += village->total.households;
            area->total.population += village->total.population;
            area->without_population += village->without_population;
            widen_years(area, village);
        }
        above = area->parent;
    }
}

static int list_served(struct coverage *c)
{
    vec_init(&c->served, sizeof(uint32_t), UINT32_MAX);
    c->served_first = calloc(c->n_units + 1, sizeof *c->served_first);
    c->exists = calloc(c->n_units + 1, sizeof *c->exists);
    if (!c->served_first || !c->exists)
        return ERR_NOMEM;
    for (uint32_t unit = 0; unit < c->n_units; unit++) {
        const struct unit_id *id = inventory_unit_id(c->inv, unit);
        c->served_first[unit] = (uint32_t)c->served.len;
        c->exists[unit] = inventory_unit_exists(c->inv, unit, c->at);
        if (id->family == FAMILY_OTHER)
            continue;
        int err = inventory_tree_served(c->inv, unit, c->at, &c->served);
        if (err != 0)
            return err;
    }
    c->served_first[c->n_units] = (uint32_t)c->served.len;
    return 0;
}

/* FIGURES 7.25: the operators that ALL speaks of. */
static int list_operators(struct coverage *c)
{
    for (int family = 0; family < 2; family++) {
        c->n_in_all[family] = 0;
        c->in_all[family] = calloc(c->n_operators + 1, sizeof *c->in_all[family]);
        if (!c->in_all[family])
            return ERR_NOMEM;
    }
    for (uint32_t unit = 0; unit < c->n_units; unit++) {
        const struct unit_id *id = inventory_unit_id(c->inv, unit);
        if (!c->exists[unit] || id->family == FAMILY_OTHER || id->op == INV_NONE)
            continue;
        unsigned family = id->family == FAMILY_FIBRE;
        c->n_in_all[family] += !c->in_all[family][id->op];
        c->in_all[family][id->op] = true;
    }
    return 0;
}

static int make_tables(struct coverage *c, uint32_t villages, uint32_t sums)
{
    size_t n_units = (size_t)villages * TECHNOLOGY_COUNT * (c->n_operators + 1);
    size_t n_sums = (size_t)sums * TECHNOLOGY_COUNT * (c->n_operators + 3);
    c->units_table = calloc(n_units + 1, sizeof *c->units_table);
    c->sums_table = calloc(n_sums + 1, sizeof *c->sums_table);
    vec_init(&c->changed, sizeof(uint32_t), c->n_areas + 1);
    /* room for every area, so that noting one cannot fail */
    for (uint32_t i = 0; i < c->n_areas; i++)
        if (!vec_push(&c->changed))
            return ERR_NOMEM;
    return c->units_table && c->sums_table ? 0 : ERR_NOMEM;
}

static void count_everything(struct coverage *c)
{
    for (uint32_t unit = 0; unit < c->n_units; unit++)
        for (uint32_t i = c->served_first[unit]; i < c->served_first[unit + 1]; i++)
            coverage_count_unit(c, c->areas[*(uint32_t *)vec_at(&c->served, i)].village, unit,
                                coverage_service_of(c, unit), 1);
    for (uint32_t area = 0; area < c->n_areas; area++) {
        if (c->areas[area].village == INV_NONE)
            continue;
        total_above(c, &c->areas[area]);
        for (unsigned t = 0; t < TECHNOLOGY_COUNT; t++)
            for (uint32_t column = 0; column < c->n_operators + 3; column++)
                coverage_add_above(c, area, t, column, 0,
                                   coverage_status(c, c->areas[area].village, t, column));
    }
}

/* Everything may have changed by a new inventory or a date: say so of every area that is there. */
static void change_everything(struct coverage *c)
{
    c->changed.len = 0;
    for (uint32_t area = 0; area < c->n_areas; area++) {
        bool there = c->areas[area].village != INV_NONE || c->areas[area].sums != INV_NONE;
        c->areas[area].changed = there;
        if (there)
            *(uint32_t *)vec_push(&c->changed) = area;
    }
}

static void come_nearer(struct coverage *c, struct wall_ms t)
{
    if (t.ms > c->at.ms && t.ms < c->next.ms)
        c->next = t;
    if (t.ms <= c->at.ms && t.ms > c->since.ms)
        c->since = t;
}

static void find_changes(struct coverage *c)
{
    const struct area_row *areas = c->inv->area_rows.items;
    const struct unit_row *units = c->inv->unit_rows.items;
    const struct serves_row *serves = c->inv->serves_rows.items;
    c->since.ms = INT64_MIN;
    c->next.ms = WALL_NEVER_MS;
    for (size_t i = 0; i < c->inv->area_rows.len; i++) {
        come_nearer(c, areas[i].valid.from);
        come_nearer(c, areas[i].valid.to);
    }
    for (size_t i = 0; i < c->inv->unit_rows.len; i++) {
        come_nearer(c, units[i].valid.from);
        come_nearer(c, units[i].valid.to);
        come_nearer(c, units[i].commissioned);
        come_nearer(c, units[i].decommissioned);
    }
    for (size_t i = 0; i < c->inv->serves_rows.len; i++) {
        come_nearer(c, serves[i].valid.from);
        come_nearer(c, serves[i].valid.to);
    }
}

int coverage_build(struct coverage *c)
{
    uint32_t villages = 0, sums = 0;
    coverage_build_done(c);
    c->builds++;
    c->n_operators = c->inv->operators.len;
    int err = place_areas(c, &villages, &sums);
    if (err == 0)
        err = list_served(c);
    if (err == 0)
        err = list_operators(c);
    if (err == 0)
        err = make_tables(c, villages, sums);
    if (err != 0)
        return err;
    count_everything(c);
    change_everything(c);
    find_changes(c);
    return 0;
}
