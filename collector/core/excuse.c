#include "core/excuse.h"

bool excuse_is(const struct declaration *d)
{
    return d->retroactive && d->withdrawn.ms == 0;
}

static bool concerns(const struct excuse *e, const struct declaration *d)
{
    return excuse_is(d) && (d->unit == INV_NONE || d->unit == e->unit);
}

struct excuse excuse_of(const struct inventory *inv, uint32_t unit)
{
    struct excuse e = {.unit = unit};
    size_t n = 0;
    const struct declaration *rows =
        inventory_declarations(inv, inventory_unit_id(inv, unit)->site, &n);
    for (size_t i = 0; i < n; i++)
        if (concerns(&e, &rows[i]))
            return (struct excuse){rows, n, unit};
    return e;
}

bool excuse_at(const struct excuse *e, int64_t t, int64_t *until)
{
    bool any = false;
    for (size_t i = 0; i < e->n; i++) {
        const struct declaration *d = &e->rows[i];
        const int64_t edges[] = {d->span.from.ms, d->span.to.ms};
        if (!concerns(e, d))
            continue;
        any |= edges[0] <= t && t < edges[1];
        for (size_t k = 0; k < 2; k++)
            if (edges[k] > t && edges[k] < *until)
                *until = edges[k];
    }
    return any;
}

bool excuse_ends(const struct excuse *e, int64_t t)
{
    for (size_t i = 0; i < e->n; i++)
        if (concerns(e, &e->rows[i]) && e->rows[i].span.to.ms == t)
            return true;
    return false;
}

bool excuse_touches(const struct excuse *e, int64_t from, int64_t to)
{
    for (size_t i = 0; i < e->n; i++) {
        const struct declaration *d = &e->rows[i];
        if (concerns(e, d) && d->span.from.ms < to && from <= d->span.to.ms)
            return true;
    }
    return false;
}

bool excuse_hides(enum unit_state state)
{
    return state != STATE_PLANNED && state != STATE_MAINTENANCE;
}
