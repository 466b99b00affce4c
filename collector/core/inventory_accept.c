#include "core/inventory_accept.h"

#include "base/err.h"
#include "core/inventory_copy.h"

static bool waits(const struct unit_row *row)
{
    return row->awaits && row->commissioned.ms == WALL_NEVER_MS;
}

bool inventory_awaits(const struct inventory *inv, uint32_t unit, struct wall_ms t)
{
    const struct unit_row *row = inventory_unit(inv, unit, t);
    return row && waits(row);
}

int inventory_accept(const struct inventory *old, uint32_t unit, struct wall_ms t,
                     struct wall_ms now, struct inventory **ret_new)
{
    struct inventory *copy = NULL;
    if (!inventory_awaits(old, unit, now))
        return ERR_NOT_FOUND;
    int err = inventory_copy(old, NULL, now, &copy);
    if (err)
        return err;
    for (size_t i = 0; i < copy->unit_rows.len; i++) {
        struct unit_row *row = vec_at(&copy->unit_rows, i);
        if (row->unit == unit && waits(row))
            row->commissioned = t;
    }
    return inventory_copy_finish(copy, 0, ret_new);
}

/* The instant at which the unit was accepted, WALL_NEVER_MS if it was not. */
static struct wall_ms accepted(const struct inventory *inv, uint32_t unit)
{
    size_t n = 0;
    struct wall_ms at = {WALL_NEVER_MS};
    const struct unit_row *rows =
        unit < inv->unit_ids.len ? inventory_unit_rows(inv, unit, &n) : NULL;
    for (size_t i = 0; i < n; i++)
        if (rows[i].awaits)
            at = rows[i].commissioned;
    return at;
}

void inventory_accept_continue(struct inventory *fresh, const struct inventory *old)
{
    for (size_t i = 0; i < fresh->unit_rows.len; i++) {
        struct unit_row *row = vec_at(&fresh->unit_rows, i);
        if (waits(row))
            row->commissioned = accepted(old, row->unit);
    }
}
