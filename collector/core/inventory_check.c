#include "core/inventory_check.h"

#include "base/err.h"
#include "core/inventory_circle.h"

#include <stdlib.h>

static uint32_t line_of(const void *row)
{
    uint32_t line;
    memcpy(&line, (const char *)row + sizeof(uint32_t), sizeof line);
    return line;
}

/* --- rows that say the same thing twice --- */

void inventory_check_chain_probes(struct inventory *inv)
{
    struct probe_row *rows = inv->probe_rows.items;
    for (size_t i = 1; i < inv->probe_rows.len; i++) {
        /* insertion by end: a probe has a handful of rows */
        for (size_t k = i; k > 0 && rows[k - 1].probe == rows[k].probe &&
                           rows[k - 1].valid.to.ms > rows[k].valid.to.ms;
             k--) {
            struct probe_row swap = rows[k];
            rows[k] = rows[k - 1];
            rows[k - 1] = swap;
        }
    }
    for (size_t i = 1; i < inv->probe_rows.len; i++) {
        bool twice = rows[i].valid.to.ms == rows[i - 1].valid.to.ms;
        if (rows[i].probe == rows[i - 1].probe)
            rows[i].valid.from = twice ? rows[i - 1].valid.from : rows[i - 1].valid.to;
    }
}

static void check_overlaps(struct inventory_reader *r, enum inventory_table_number number)
{
    const struct inventory_table *table = inventory_table(number);
    const struct vec *rows = inventory_rows(r->inv, number);
    const void *longest = NULL;
    for (size_t i = 0; i < rows->len; i++) {
        void *row = vec_at(rows, i);
        bool same = longest && inventory_rows_compare_key(table, longest, row) == 0;
        int64_t end = 0;
        if (same && table->valid) {
            struct validity valid;
            memcpy(&valid, (const char *)longest + table->valid, sizeof valid);
            end = valid.to.ms;
            same = inventory_row_valid(table, row)->from.ms < end;
        }
        if (same)
            inventory_read_complain_at(r, number, line_of(row), "says again what line %u says%s",
                                       line_of(longest), table->valid ? ", for the same time" : "");
        if (!same || (table->valid && inventory_row_valid(table, row)->to.ms > end))
            longest = row;
    }
}

static bool same_declaration(const struct declaration *a, const struct declaration *b)
{
    return a->site == b->site && a->unit == b->unit && a->kind == b->kind &&
           a->span.from.ms == b->span.from.ms && a->span.to.ms == b->span.to.ms;
}

/* Different works may overlap; one may not stand twice. Rows of a site are sorted by start. */
static void check_declarations(struct inventory_reader *r)
{
    const struct declaration *rows = r->inv->declarations.items;
    for (size_t i = 0; i < r->inv->declarations.len; i++)
        for (size_t k = i; k > 0 && rows[k - 1].site == rows[i].site &&
                           rows[k - 1].span.from.ms == rows[i].span.from.ms;
             k--)
            if (same_declaration(&rows[k - 1], &rows[i])) {
                inventory_read_complain_at(r, TABLE_DECLARATIONS, rows[i].line,
                                           "says again what line %u says", rows[k - 1].line);
                break;
            }
}

/* --- the tree of areas --- */

static void check_parent_time(struct inventory_reader *r, const struct area_row *area)
{
    size_t n;
    if (area->parent == INV_NONE)
        return;
    const struct area_row *parents = inventory_area_rows(r->inv, area->parent, &n);
    if (n == 0) /* its row had an error, which is told already */
        return;
    int64_t covered = area->valid.from.ms;
    for (size_t i = 0; i < n; i++)
        if (parents[i].valid.from.ms <= covered && covered < parents[i].valid.to.ms)
            covered = parents[i].valid.to.ms;
    if (covered < area->valid.to.ms)
        inventory_read_complain_at(
            r, TABLE_AREAS, area->line, "area \"%s\" is valid while its parent \"%s\" is not",
            names_text(&r->inv->areas, area->area), names_text(&r->inv->areas, area->parent));
}

struct village_sum {
    int64_t population, households;
};

static struct village_sum sum_villages(const struct inventory *inv, uint32_t area, struct wall_ms t)
{
    struct village_sum sum = {0, 0};
    for (uint32_t i = inv->own->children_first[area]; i < inv->own->children_first[area + 1]; i++) {
        const struct area_row *child = vec_at(&inv->area_rows, inv->own->children[i]);
        if (!child->village || child->valid.from.ms > t.ms || t.ms >= child->valid.to.ms)
            continue;
        sum.population += child->population > 0 ? child->population : 0;
        sum.households += child->households > 0 ? child->households : 0;
    }
    return sum;
}

static void check_villages_fit(struct inventory_reader *r, const struct area_row *area)
{
    struct wall_ms t = r->reload;
    if (t.ms >= area->valid.to.ms)
        t.ms = area->valid.to.ms - 1;
    if (t.ms < area->valid.from.ms)
        t = area->valid.from;
    struct village_sum sum = sum_villages(r->inv, area->area, t);
    const char *id = names_text(&r->inv->areas, area->area);
    if (area->population >= 0 && sum.population > area->population)
        inventory_read_complain_at(r, TABLE_AREAS, area->line,
                                   "the villages of area \"%s\" have %lld people, itself %lld", id,
                                   (long long)sum.population, (long long)area->population);
    if (area->households >= 0 && sum.households > area->households)
        inventory_read_complain_at(r, TABLE_AREAS, area->line,
                                   "the villages of area \"%s\" have %lld households, itself %lld",
                                   id, (long long)sum.households, (long long)area->households);
}

static void check_areas(struct inventory_reader *r)
{
    for (size_t i = 0; i < r->inv->area_rows.len; i++) {
        check_parent_time(r, vec_at(&r->inv->area_rows, i));
        check_villages_fit(r, vec_at(&r->inv->area_rows, i));
    }
}

int inventory_check(struct inventory_reader *r)
{
    static const enum inventory_table_number plain[] = {TABLE_AREAS, TABLE_SERVES, TABLE_DEPENDS,
                                                        TABLE_PROBES, TABLE_DECLARED};

    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        check_overlaps(r, plain[i]);
    check_declarations(r);
    check_areas(r);
    return inventory_circle_check(r);
}
