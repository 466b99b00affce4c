#include "core/inventory_tree.h"

#include "base/err.h"
#include "core/inventory_rows.h"

#include <stdlib.h>

static int push(struct vec *numbers, uint32_t number)
{
    uint32_t *added = vec_push(numbers);
    if (!added)
        return numbers->len >= numbers->max ? ERR_FULL : ERR_NOMEM;
    *added = number;
    return 0;
}

const uint32_t *inventory_tree_children(const struct inventory *inv, uint32_t area, size_t *ret_len)
{
    const struct inventory_private *own = inv->own;
    *ret_len = own->children_first[area + 1] - own->children_first[area];
    return own->children + own->children_first[area];
}

static int add_children(const struct inventory *inv, uint32_t area, struct wall_ms t,
                        struct vec *areas)
{
    size_t n = 0;
    const uint32_t *children = inventory_tree_children(inv, area, &n);
    int err = 0;
    for (size_t i = 0; err == 0 && i < n; i++) {
        const struct area_row *child = vec_at(&inv->area_rows, children[i]);
        if (validity_has(child->valid, t))
            err = push(areas, child->area);
    }
    return err;
}

static int push_village(const struct inventory *inv, uint32_t area, struct wall_ms t,
                        struct vec *villages)
{
    const struct area_row *row = inventory_area(inv, area, t);
    return row && row->village ? push(villages, area) : 0;
}

static bool has_children(const struct inventory *inv, uint32_t area)
{
    const struct inventory_private *own = inv->own;
    return own->children_first[area] < own->children_first[area + 1];
}

/* Level by level. A circle, which only the dates of an older file can make, ends at the depth. */
int inventory_tree_villages(const struct inventory *inv, uint32_t area, struct wall_ms t,
                            struct vec *villages)
{
    if (!has_children(inv, area)) /* nearly always: a village is asked for */
        return push_village(inv, area, t, villages);
    struct vec areas;
    vec_init(&areas, sizeof area, UINT32_MAX);
    int err = push(&areas, area);
    for (size_t at = 0, depth = 0; err == 0 && at < areas.len && depth < INVENTORY_TREE_DEPTH;
         depth++) {
        for (size_t end = areas.len; err == 0 && at < end; at++) {
            uint32_t number = *(uint32_t *)vec_at(&areas, at);
            err = push_village(inv, number, t, villages);
            if (err == 0)
                err = add_children(inv, number, t, &areas);
        }
    }
    vec_done(&areas);
    return err;
}

static int order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Sorts the numbers from index `first` on and drops those that stand twice. */
static void make_distinct(struct vec *numbers, size_t first)
{
    size_t kept = first;
    if (numbers->len <= first)
        return;
    uint32_t *at = numbers->items;
    qsort(at + first, numbers->len - first, sizeof *at, order);
    for (size_t i = first; i < numbers->len; i++)
        if (kept == first || at[kept - 1] != at[i])
            at[kept++] = at[i];
    vec_remove(numbers, kept, numbers->len - kept);
}

int inventory_tree_served(const struct inventory *inv, uint32_t unit, struct wall_ms t,
                          struct vec *villages)
{
    size_t n, first = villages->len;
    const struct serves_row *rows = inventory_serves(inv, unit, &n);
    int err = 0;
    for (size_t i = 0; err == 0 && i < n; i++)
        if (validity_has(rows[i].valid, t))
            err = inventory_tree_villages(inv, rows[i].area, t, villages);
    make_distinct(villages, first);
    return err;
}

bool inventory_tree_within_until(const struct inventory *inv, uint32_t area, uint32_t root,
                                 struct wall_ms t, struct wall_ms *ret_until)
{
    ret_until->ms = WALL_NEVER_MS;
    for (int depth = 0; area != INV_NONE && depth < INVENTORY_TREE_DEPTH; depth++) {
        if (area == root)
            return true;
        const struct area_row *row = inventory_area(inv, area, t);
        struct wall_ms end = row ? row->valid.to : wall_add(t, 1);
        ret_until->ms = end.ms < ret_until->ms ? end.ms : ret_until->ms;
        area = row ? row->parent : INV_NONE;
    }
    return false;
}

bool inventory_tree_within(const struct inventory *inv, uint32_t area, uint32_t root,
                           struct wall_ms t)
{
    struct wall_ms until;
    return inventory_tree_within_until(inv, area, root, t, &until);
}

uint32_t inventory_tree_root(const struct inventory *inv, struct wall_ms t)
{
    for (uint32_t area = 0; area < inv->areas.len; area++) {
        const struct area_row *row = inventory_area(inv, area, t);
        if (row && row->parent == INV_NONE)
            return area;
    }
    return INV_NONE;
}
