#include "core/availability_table.h"

#include "base/err.h"
#include "core/inventory_tree.h"

#include <stdlib.h>
#include <string.h>

enum { KINDS = 6 };

struct availability_table {
    struct validity window[AVAILABILITY_WINDOWS];
    size_t windows;
    struct availability_area *cells; /* by window, row, kind, operator (the last: all together) */
    uint32_t *row;                   /* by area number; INV_NONE = none */
    size_t rows;
    uint32_t areas;
    uint32_t operators;
};

static size_t cells_per_row(const struct availability_table *table)
{
    return (size_t)KINDS * (table->operators + 1);
}

struct availability_table *availability_table_new(const struct inventory *inv, struct wall_ms t,
                                                  const struct validity *windows, size_t n)
{
    struct availability_table *table = calloc(1, sizeof *table);
    if (!table)
        return NULL;
    memcpy(table->window, windows, n * sizeof *windows);
    table->windows = n;
    table->areas = inv->areas.len;
    table->operators = inv->operators.len;
    table->row = malloc((inv->areas.len + (size_t)1) * sizeof *table->row);
    for (uint32_t area = 0; table->row && area < inv->areas.len; area++) {
        const struct area_row *row = inventory_area(inv, area, t);
        table->row[area] = row && !row->village ? (uint32_t)table->rows++ : INV_NONE;
    }
    table->cells = calloc(n * table->rows * cells_per_row(table) + 1, sizeof *table->cells);
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

static struct availability_area *cell(const struct availability_table *table, size_t window,
                                      uint32_t area, uint32_t kind, uint32_t op)
{
    if (area >= table->areas || table->row[area] == INV_NONE)
        return NULL;
    size_t row = window * table->rows + table->row[area];
    size_t column =
        kind * ((size_t)table->operators + 1) + (op == INV_NONE ? table->operators : op);
    return &table->cells[row * cells_per_row(table) + column];
}

/* One unit of one site. */
struct part {
    uint32_t op;
    enum site_kind kind;
    int64_t population; /* that it serves */
    struct availability own[AVAILABILITY_WINDOWS];
};

static void add_to(struct availability_table *table, uint32_t area, const struct part *part,
                   double enough)
{
    for (size_t i = 0; i < table->windows; i++) {
        struct availability_area *all = cell(table, i, area, part->kind, INV_NONE);
        if (!all)
            return;
        availability_area_add(all, &part->own[i], part->population, enough);
        if (part->op != INV_NONE)
            availability_area_add(cell(table, i, area, part->kind, part->op), &part->own[i],
                                  part->population, enough);
    }
}

int availability_table_add(struct availability_table *table, const struct world *w,
                           const struct inventory *inv, uint32_t unit, double enough)
{
    struct wall_ms to = table->window[0].to;
    struct wall_ms last = {to.ms - 1};
    const struct unit_id *id = inventory_unit_id(inv, unit);
    const struct site_row *site = inventory_site(inv, id->site, last);
    if (!site)
        return 0;
    struct part part = {.op = id->op, .kind = site->kind};
    int err = availability_population(inv, unit, to, &part.population);
    if (err)
        return err;
    for (size_t i = 0; i < table->windows; i++)
        part.own[i] = availability_of_unit(w, unit, table->window[i]);
    uint32_t area = site->area;
    for (int depth = 0; area != INV_NONE && depth < INVENTORY_TREE_DEPTH; depth++) {
        add_to(table, area, &part, enough);
        const struct area_row *row = inventory_area(inv, area, last);
        area = row ? row->parent : INV_NONE;
    }
    return 0;
}

const struct availability_area *availability_table_at(const struct availability_table *table,
                                                      size_t window, uint32_t area,
                                                      enum site_kind kind, uint32_t op)
{
    return cell(table, window, area, kind, op);
}
