#include "core/inventory_declare.h"

#include "base/err.h"
#include "core/inventory_copy.h"

static bool forgotten(const struct declaration *d, struct wall_ms now)
{
    return d->number > 0 && d->span.to.ms < now.ms - INVENTORY_DECLARED_KEPT_MS;
}

/* The highest number ever given, and how many rows have one. */
static int64_t last_number(const struct inventory *inv, size_t *ret_count)
{
    int64_t last = 0;
    *ret_count = 0;
    for (size_t i = 0; i < inv->declarations.len; i++) {
        const struct declaration *d = vec_at(&inv->declarations, i);
        *ret_count += d->number > 0;
        if (d->number > last)
            last = d->number;
    }
    return last;
}

static int add_row(struct inventory *copy, const struct inventory *old,
                   const struct inventory_wish *wish, struct wall_ms now, int64_t number)
{
    const struct declaration row = {
        .site = wish->site,
        .unit = wish->unit,
        .kind = wish->kind,
        .span = wish->span,
        .registered = now,
        .retroactive = wish->kind == DECLARATION_MAINTENANCE && now.ms >= wish->span.from.ms,
        .reason = wish->reason,
        .number = number,
        .by = wish->by,
    };
    return inventory_rows_adopt(copy, TABLE_DECLARATIONS, old, &row) ? 0 : ERR_NOMEM;
}

int inventory_declare_all(const struct inventory *old, const struct inventory_wish *wishes,
                          size_t n, struct wall_ms now, struct inventory **ret_new,
                          int64_t *ret_first)
{
    size_t count;
    struct inventory *copy = NULL;
    int err = inventory_copy(old, forgotten, now, &copy);
    if (err != 0)
        return err;
    int64_t first = last_number(old, &count) + 1;
    (void)last_number(copy, &count);
    if (count + n > INVENTORY_DECLARED_MAX)
        err = ERR_FULL;
    for (size_t i = 0; err == 0 && i < n; i++)
        err = add_row(copy, old, &wishes[i], now, first + (int64_t)i);
    err = inventory_copy_finish(copy, err, ret_new);
    if (err == 0)
        *ret_first = first;
    return err;
}

int inventory_declare(const struct inventory *old, const struct inventory_wish *wish,
                      struct wall_ms now, struct inventory **ret_new, int64_t *ret_number)
{
    return inventory_declare_all(old, wish, 1, now, ret_new, ret_number);
}

const struct declaration *inventory_declared(const struct inventory *inv, int64_t number)
{
    for (size_t i = 0; number > 0 && i < inv->declarations.len; i++) {
        const struct declaration *d = vec_at(&inv->declarations, i);
        if (d->number == number)
            return d;
    }
    return NULL;
}

/* What has not passed of one in time is taken back; a retroactive one keeps its span and only its
 * mark tells that it counts no more. */
static void withdraw(struct declaration *d, struct wall_ms now)
{
    d->withdrawn = now;
    if (d->retroactive || d->span.to.ms <= now.ms)
        return;
    d->span.to = now.ms > d->span.from.ms ? now : d->span.from;
}

int inventory_withdraw_all(const struct inventory *old, const int64_t *numbers, size_t n,
                           struct wall_ms now, struct inventory **ret_new)
{
    for (size_t i = 0; i < n; i++) {
        const struct declaration *found = inventory_declared(old, numbers[i]);
        if (!found || found->withdrawn.ms != 0)
            return ERR_NOT_FOUND;
    }
    struct inventory *copy = NULL;
    int err = inventory_copy(old, forgotten, now, &copy);
    if (err != 0)
        return err;
    for (size_t i = 0; i < copy->declarations.len; i++) {
        struct declaration *d = vec_at(&copy->declarations, i);
        for (size_t k = 0; k < n; k++)
            if (d->number == numbers[k])
                withdraw(d, now);
    }
    return inventory_copy_finish(copy, 0, ret_new);
}

int inventory_withdraw(const struct inventory *old, int64_t number, struct wall_ms now,
                       struct inventory **ret_new)
{
    return inventory_withdraw_all(old, &number, 1, now, ret_new);
}
