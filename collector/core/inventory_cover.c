#include "core/inventory_cover.h"

#include "base/err.h"
#include "core/inventory_copy.h"
#include "core/inventory_merge.h"

#include <string.h>

bool inventory_cover_temporary(const struct serves_row *row)
{
    return row->by[0] || row->reason[0] || row->valid.to.ms != WALL_NEVER_MS;
}

int inventory_cover_continue(struct inventory *fresh, const struct inventory *old)
{
    size_t before = fresh->serves_rows.len;
    for (size_t i = 0; i < old->serves_rows.len; i++) {
        const struct serves_row *row = vec_at(&old->serves_rows, i);
        if (row->by[0] && !inventory_rows_adopt(fresh, TABLE_SERVES, old, row))
            return ERR_NOMEM;
    }
    if (fresh->serves_rows.len == before)
        return 0;
    inventory_rows_sort(fresh);
    return inventory_index(fresh);
}

/* What people declared goes on by itself (inventory_merge.h). */
static bool by_people(const struct declaration *d, struct wall_ms now)
{
    (void)now;
    return d->number > 0;
}

static size_t drop_rows(struct vec *rows, const char *by)
{
    size_t kept = 0;
    for (size_t i = 0; i < rows->len; i++) {
        const struct serves_row *row = vec_at(rows, i);
        if (strcmp(row->by, by) != 0)
            *(struct serves_row *)vec_at(rows, kept++) = *row;
    }
    size_t dropped = rows->len - kept;
    vec_remove(rows, kept, dropped);
    return dropped;
}

/* Since when: what goes on goes on since then. */
static struct wall_ms since(const struct inventory *old, const struct inventory_cover_table *table,
                            const struct inventory_cover_row *wanted)
{
    size_t n = 0;
    const struct serves_row *rows = inventory_serves(old, wanted->unit, &n);
    for (size_t i = 0; wanted->unsaid && i < n; i++)
        if (rows[i].area == wanted->area && strcmp(rows[i].by, table->by) == 0 &&
            validity_has(rows[i].valid, table->as_of))
            return rows[i].valid.from;
    return wanted->valid.from;
}

static int add_rows(struct inventory *copy, const struct inventory *old,
                    const struct inventory_cover_table *table)
{
    for (size_t i = 0; i < table->n; i++) {
        const struct inventory_cover_row *wanted = &table->rows[i];
        const struct serves_row row = {.unit = wanted->unit,
                                       .area = wanted->area,
                                       .by = table->by,
                                       .reason = wanted->reason,
                                       .valid = {since(old, table, wanted), wanted->valid.to}};
        if (!inventory_rows_adopt(copy, TABLE_SERVES, old, &row))
            return ERR_NOMEM;
    }
    return 0;
}

static bool same_rows(const struct inventory *a, const struct inventory *b)
{
    const struct inventory_table *table = inventory_table(TABLE_SERVES);
    bool same = a->serves_rows.len == b->serves_rows.len;
    for (size_t i = 0; same && i < a->serves_rows.len; i++) {
        const struct serves_row *x = vec_at(&a->serves_rows, i), *y = vec_at(&b->serves_rows, i);
        same = x->valid.from.ms == y->valid.from.ms && x->valid.to.ms == y->valid.to.ms &&
               inventory_rows_equal(table, a, x, b, y);
    }
    return same;
}

int inventory_cover(const struct inventory *old, const struct inventory_cover_table *table,
                    struct inventory **ret_new)
{
    struct inventory *copy = NULL, *wanted = NULL, *fresh = NULL;
    *ret_new = NULL;
    int err = inventory_copy(old, by_people, table->as_of, &copy);
    if (err)
        return err;
    size_t had = drop_rows(&copy->serves_rows, table->by);
    err = had + table->n > INVENTORY_COVER_MAX ? ERR_FULL : add_rows(copy, old, table);
    err = inventory_copy_finish(copy, err, &wanted);
    if (!err)
        err = inventory_merge(old, wanted, table->as_of, &fresh);
    inventory_free(wanted);
    if (!err && same_rows(old, fresh))
        inventory_free(fresh);
    else if (!err)
        *ret_new = fresh;
    return err;
}
