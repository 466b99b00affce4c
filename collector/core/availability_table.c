#include "core/availability_table.h"

#include "base/err.h"
#include "core/inventory_tree.h"

#include <stdlib.h>
#include <string.h>

enum { KINDS = 6 };

struct availability_table {
    struct availability_area *cells; /* by row, kind, operator (the last: all together) */
    uint32_t *row;                   /* by area number; INV_NONE = none */
    size_t rows;
    uint32_t areas;
    uint32_t operators;
};

static size_t cells_per_row(const struct availability_table *table)
{
    return (size_t)KINDS * (table->operators + 1);
}

struct availability_table *availability_table_new(const struct inventory *inv, struct wall_ms t)
{
    struct availability_table *table = calloc(1, sizeof *table);
    if (!table)
        return NULL;
    table->areas = inv->areas.len;
    table->operators = inv->operators.len;
    table->row = malloc((inv->areas.len + (size_t)1) * sizeof *table->row);
    for (uint32_t area = 0; table->row && area < inv->areas.len; area++) {
        const struct area_row *row = inventory_area(inv, area, t);
        table->row[area] = row && !row->village ? (uint32_t)table->rows++ : INV_NONE;
    }
    table->cells = calloc(table->rows * cells_per_row(table) + 1, sizeof *table->cells);
    if (table->row && table->cells)
        return table;
    availability_table_free(table);
    return NULL;
}

void availability_table_free(struct availability_table *table)
{
    if (!table)
        return;
    free(table->cells);
    free(table->row);
    free(table);
}

static struct availability_area *cell(const struct availability_table *table, uint32_t area,
                                      uint32_t kind, uint32_t op)
{
    if (area >= table->areas || table->row[area] == INV_NONE)
        return NULL;
    size_t column =
        kind * ((size_t)table->operators + 1) + (op == INV_NONE ? table->operators : op);
    return &table->cells[table->row[area] * cells_per_row(table) + column];
}

static int add_unit(struct availability_table *table, const struct world *w,
                    const struct inventory *inv, uint32_t unit, struct validity window,
                    double enough)
{
    struct wall_ms last = {window.to.ms - 1};
    const struct unit_id *id = inventory_unit_id(inv, unit);
    const struct site_row *site = inventory_site(inv, id->site, last);
    if (!site)
        return 0;
    int64_t population = 0;
    int err = availability_population(inv, unit, window.to, &population);
    if (err)
        return err;
    struct availability own = availability_of_unit(w, unit, window);
    uint32_t area = site->area;
    for (int depth = 0; area != INV_NONE && depth < INVENTORY_TREE_DEPTH; depth++) {
        struct availability_area *all = cell(table, area, site->kind, INV_NONE);
        if (all)
            availability_area_add(all, &own, population, enough);
        if (all && id->op != INV_NONE)
            availability_area_add(cell(table, area, site->kind, id->op), &own, population, enough);
        const struct area_row *row = inventory_area(inv, area, last);
        area = row ? row->parent : INV_NONE;
    }
    return 0;
}

int availability_table_fill(struct availability_table *table, const struct world *w,
                            const struct inventory *inv, struct validity window, double enough)
{
    int err = 0;
    memset(table->cells, 0, table->rows * cells_per_row(table) * sizeof *table->cells);
    for (uint32_t unit = 0; !err && unit < inv->units.len; unit++)
        err = add_unit(table, w, inv, unit, window, enough);
    return err;
}

const struct availability_area *availability_table_at(const struct availability_table *table,
                                                      uint32_t area, enum site_kind kind,
                                                      uint32_t op)
{
    return cell(table, area, kind, op);
}
