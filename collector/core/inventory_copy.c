#include "core/inventory_copy.h"

#include "base/err.h"

static int copy_rows(struct inventory *to, const struct inventory *old,
                     bool (*leave)(const struct declaration *d, struct wall_ms now),
                     struct wall_ms now)
{
    for (unsigned table = 0; table < TABLE_COUNT; table++) {
        const struct vec *rows = inventory_rows(old, table);
        for (size_t i = 0; i < rows->len; i++) {
            const void *row = vec_at(rows, i);
            if (table == TABLE_DECLARATIONS && leave && leave(row, now))
                continue;
            if (!inventory_rows_adopt(to, table, old, row))
                return ERR_NOMEM;
        }
    }
    return 0;
}

int inventory_copy(const struct inventory *old,
                   bool (*leave)(const struct declaration *d, struct wall_ms now),
                   struct wall_ms now, struct inventory **ret_copy)
{
    struct inventory *copy = inventory_new();
    int err = copy ? inventory_continue(copy, old) : ERR_NOMEM;
    if (err == 0)
        err = copy_rows(copy, old, leave, now);
    if (err == 0)
        *ret_copy = copy;
    else
        inventory_free(copy);
    return err;
}

int inventory_copy_finish(struct inventory *copy, int err, struct inventory **ret_new)
{
    if (err == 0) {
        inventory_rows_sort(copy);
        err = inventory_index(copy);
    }
    if (err == 0)
        *ret_new = copy;
    else
        inventory_free(copy);
    return err;
}
