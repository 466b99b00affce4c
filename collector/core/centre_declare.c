/* What people declare and take back: in the inventory's rows, in place. These go with the next
 * centre_save(). */
#include "core/centre_declare.h"

#include "base/err.h"

int centre_declared(struct centre *c, const struct world_declared *sites, size_t n)
{
    revisions_because(c->annals->revisions, REVISION_INVENTORY);
    int err = world_set_declarations(c->world, c->inventory, sites, n);
    revisions_because(c->annals->revisions, REVISION_LATE_EVIDENCE);
    return err;
}

/* Adds the site of a row, which come sorted by site and start: the first one counts. */
static int add_site(struct vec *sites, uint32_t site, struct wall_ms from)
{
    const struct world_declared *last = sites->len ? vec_at(sites, sites->len - 1) : NULL;
    if (last && last->site == site)
        return 0;
    struct world_declared *added = vec_push(sites);
    if (!added)
        return ERR_NOMEM;
    *added = (struct world_declared){site, from};
    return 0;
}

/* Tells of the rows with a number from @p first on, and of those withdrawn at @p now. */
static int tell(struct centre *c, int64_t first, struct wall_ms now)
{
    const struct vec *rows = &c->inventory->declarations;
    struct vec sites;
    int err = 0;
    vec_init(&sites, sizeof(struct world_declared), rows->len);
    for (size_t i = 0; !err && i < rows->len; i++) {
        const struct declaration *d = vec_at(rows, i);
        struct wall_ms from = d->number >= first && d->span.from.ms < now.ms ? d->span.from : now;
        if (d->number >= first || d->withdrawn.ms == now.ms)
            err = add_site(&sites, d->site, from);
    }
    if (!err)
        err = centre_declared(c, sites.items, sites.len);
    vec_done(&sites);
    return err;
}

int centre_declare_all(struct centre *c, const struct inventory_wish *wishes, size_t n,
                       struct wall_ms now, int64_t *ret_first)
{
    int err = inventory_keep_declarations(c->inventory, &c->declared);
    if (!err)
        err = inventory_declare_all(c->inventory, wishes, n, now, ret_first);
    return err ? err : tell(c, *ret_first, now);
}

int centre_declare(struct centre *c, const struct inventory_wish *wish, struct wall_ms now,
                   int64_t *ret_number)
{
    return centre_declare_all(c, wish, 1, now, ret_number);
}

int centre_withdraw_all(struct centre *c, const int64_t *numbers, size_t n, struct wall_ms now)
{
    int err = inventory_keep_declarations(c->inventory, &c->declared);
    if (!err)
        err = inventory_withdraw_all(c->inventory, numbers, n, now);
    return err ? err : tell(c, INT64_MAX, now);
}

int centre_withdraw(struct centre *c, int64_t number, struct wall_ms now)
{
    return centre_withdraw_all(c, &number, 1, now);
}
