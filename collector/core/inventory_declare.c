#include "core/inventory_declare.h"

#include "base/err.h"
#include "core/inventory_rows.h"

#include <stdlib.h>

static bool forgotten(const struct declaration *d, struct wall_ms now)
{
    return d->number > 0 && d->span.to.ms < now.ms - INVENTORY_DECLARED_KEPT_MS;
}

static struct declaration *row_at(const struct inventory *inv, size_t i)
{
    return vec_at(&inv->declarations, i);
}

/* The highest number ever given, and how many rows that have one are to be kept. */
static int64_t last_number(const struct inventory *inv, struct wall_ms now, size_t *ret_count)
{
    int64_t last = 0;
    *ret_count = 0;
    for (size_t i = 0; i < inv->declarations.len; i++) {
        const struct declaration *d = row_at(inv, i);
        *ret_count += d->number > 0 && !forgotten(d, now);
        if (d->number > last)
            last = d->number;
    }
    return last;
}

/* The long gone make room; their texts stay in the arena until the next load. */
static void forget(struct inventory *inv, struct wall_ms now)
{
    size_t kept = 0;
    for (size_t i = 0; i < inv->declarations.len; i++)
        if (!forgotten(row_at(inv, i), now))
            *row_at(inv, kept++) = *row_at(inv, i);
    inv->declarations.len = kept;
}

static int add_row(struct inventory *inv, const struct inventory_wish *wish, struct wall_ms now,
                   int64_t number)
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
    return inventory_rows_adopt(inv, TABLE_DECLARATIONS, inv, &row) ? 0 : ERR_NOMEM;
}

int inventory_declare_all(struct inventory *inv, const struct inventory_wish *wishes, size_t n,
                          struct wall_ms now, int64_t *ret_first)
{
    size_t count;
    int err = 0;
    int64_t first = last_number(inv, now, &count) + 1;
    if (count + n > INVENTORY_DECLARED_MAX)
        return ERR_FULL;
    forget(inv, now);
    size_t before = inv->declarations.len;
    for (size_t i = 0; err == 0 && i < n; i++)
        err = add_row(inv, &wishes[i], now, first + (int64_t)i);
    if (err != 0) {
        inv->declarations.len = before;
        return err;
    }
    inventory_rows_sort_table(inv, TABLE_DECLARATIONS);
    *ret_first = first;
    return 0;
}

int inventory_declare(struct inventory *inv, const struct inventory_wish *wish, struct wall_ms now,
                      int64_t *ret_number)
{
    return inventory_declare_all(inv, wish, 1, now, ret_number);
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

static int order_numbers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Is it one of those to be withdrawn, by the sorted numbers of them? */
static bool wanted(const struct declaration *d, const int64_t *sorted, size_t n)
{
    return d->withdrawn.ms == 0 && d->number > 0 &&
           bsearch(&d->number, sorted, n, sizeof *sorted, order_numbers);
}

static int withdraw_sorted(struct inventory *inv, const int64_t *sorted, size_t n,
                           struct wall_ms now)
{
    size_t found = 0;
    for (size_t i = 0; i < inv->declarations.len; i++)
        found += wanted(row_at(inv, i), sorted, n);
    if (found != n)
        return ERR_NOT_FOUND;
    for (size_t i = 0; i < inv->declarations.len; i++)
        if (wanted(row_at(inv, i), sorted, n))
            withdraw(row_at(inv, i), now);
    return 0;
}

int inventory_withdraw_all(struct inventory *inv, const int64_t *numbers, size_t n,
                           struct wall_ms now)
{
    int64_t *sorted = calloc(n ? n : 1, sizeof *sorted);
    if (!sorted)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++)
        sorted[i] = numbers[i];
    qsort(sorted, n, sizeof *sorted, order_numbers);
    int err = withdraw_sorted(inv, sorted, n, now);
    free(sorted);
    return err;
}

int inventory_withdraw(struct inventory *inv, int64_t number, struct wall_ms now)
{
    return inventory_withdraw_all(inv, &number, 1, now);
}
