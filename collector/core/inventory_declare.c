#include "core/inventory_declare.h"

#include "base/err.h"
#include "core/inventory_rows.h"

static bool forgotten(const struct declaration *d, struct wall_ms now)
{
    return d->number > 0 && d->span.to.ms < now.ms - INVENTORY_DECLARED_KEPT_MS;
}

/* All rows but those whose time is over. */
static int copy_rows(struct inventory *to, const struct inventory *old, struct wall_ms now)
{
    for (unsigned table = 0; table < TABLE_COUNT; table++) {
        const struct vec *rows = inventory_rows(old, table);
        for (size_t i = 0; i < rows->len; i++) {
            const void *row = vec_at(rows, i);
            if (table == TABLE_DECLARATIONS && forgotten(row, now))
                continue;
            if (!inventory_rows_adopt(to, table, old, row))
                return ERR_NOMEM;
        }
    }
    return 0;
}

static int copy_of(const struct inventory *old, struct wall_ms now, struct inventory **ret_copy)
{
    struct inventory *copy = inventory_new();
    int err = copy ? inventory_continue(copy, old) : ERR_NOMEM;
    if (err == 0)
        err = copy_rows(copy, old, now);
    if (err == 0)
        *ret_copy = copy;
    else
        inventory_free(copy);
    return err;
}

/* The copy is what it is to be: hand it out, or free it. */
static int finish(struct inventory *copy, int err, struct inventory **ret_new)
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

int inventory_declare(const struct inventory *old, const struct inventory_wish *wish,
                      struct wall_ms now, struct inventory **ret_new, int64_t *ret_number)
{
    size_t count;
    struct inventory *copy = NULL;
    int err = copy_of(old, now, &copy);
    if (err != 0)
        return err;
    int64_t number = last_number(old, &count) + 1;
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
    (void)last_number(copy, &count);
    if (count >= INVENTORY_DECLARED_MAX)
        err = ERR_FULL;
    else if (!inventory_rows_adopt(copy, TABLE_DECLARATIONS, old, &row))
        err = ERR_NOMEM;
    err = finish(copy, err, ret_new);
    if (err == 0)
        *ret_number = number;
    return err;
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

int inventory_withdraw(const struct inventory *old, int64_t number, struct wall_ms now,
                       struct inventory **ret_new)
{
    const struct declaration *found = inventory_declared(old, number);
    if (!found || found->withdrawn.ms != 0)
        return ERR_NOT_FOUND;
    struct inventory *copy = NULL;
    int err = copy_of(old, now, &copy);
    if (err != 0)
        return err;
    for (size_t i = 0; i < copy->declarations.len; i++) {
        struct declaration *d = vec_at(&copy->declarations, i);
        if (d->number == number)
            withdraw(d, now);
    }
    return finish(copy, 0, ret_new);
}
