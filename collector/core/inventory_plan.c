#include "core/inventory_plan.h"

#include "base/err.h"

#include <string.h>

static bool is_in(const struct vec *sites, uint32_t site)
{
    for (size_t i = 0; i < sites->len; i++)
        if (*(const uint32_t *)vec_at(sites, i) == site)
            return true;
    return false;
}

static int add(struct vec *sites, uint32_t site)
{
    uint32_t *place = sites->len < sites->max ? vec_push(sites) : NULL;
    if (!place)
        return sites->len < sites->max ? ERR_NOMEM : ERR_FULL;
    *place = site;
    return 0;
}

/* All members of the group that begins at a row are in; the group's end goes to ret_next. */
static bool group_is_in(const struct vec *rows, size_t first, struct wall_ms t,
                        const struct vec *sites, size_t *ret_next)
{
    const struct depends_row *head = vec_at(rows, first);
    bool any = false;
    bool all = true;
    size_t i = first;
    for (; i < rows->len; i++) {
        const struct depends_row *row = vec_at(rows, i);
        if (row->child != head->child || row->group != head->group)
            break;
        if (!validity_has(row->valid, t))
            continue;
        any = true;
        all = all && is_in(sites, row->on_site);
    }
    *ret_next = i;
    return any && all;
}

int inventory_plan_subtree(const struct inventory *inv, uint32_t site, struct wall_ms t,
                           struct vec *ret_sites)
{
    size_t before = 0;
    int err = add(ret_sites, site);
    while (!err && before < ret_sites->len) {
        before = ret_sites->len;
        for (size_t i = 0, next = 0; !err && i < inv->depends_rows.len; i = next) {
            const struct depends_row *row = vec_at(&inv->depends_rows, i);
            bool out = group_is_in(&inv->depends_rows, i, t, ret_sites, &next);
            if (out && !is_in(ret_sites, row->child))
                err = add(ret_sites, row->child);
        }
    }
    return err;
}

static int wish_of(const struct inventory_plan *plan, uint32_t site, struct vec *ret_wishes)
{
    for (uint32_t n = 0; n < plan->times; n++) {
        if (ret_wishes->len >= INVENTORY_PLAN_MAX)
            return ERR_FULL;
        struct inventory_wish *wish = vec_push(ret_wishes);
        if (!wish)
            return ERR_NOMEM;
        *wish = plan->wish;
        wish->site = site;
        wish->span.from = wall_add(plan->wish.span.from, n * plan->every_ms);
        wish->span.to = wall_add(plan->wish.span.to, n * plan->every_ms);
    }
    return 0;
}

int inventory_plan_wishes(const struct inventory *inv, const struct inventory_plan *plan,
                          struct wall_ms now, struct vec *ret_wishes)
{
    struct vec sites;
    vec_init(&sites, sizeof(uint32_t), INVENTORY_PLAN_MAX);
    int err = plan->dependents ? inventory_plan_subtree(inv, plan->wish.site, now, &sites)
                               : add(&sites, plan->wish.site);
    for (size_t i = 0; !err && i < sites.len; i++)
        err = wish_of(plan, *(const uint32_t *)vec_at(&sites, i), ret_wishes);
    vec_done(&sites);
    return err;
}

bool inventory_plan_like(const struct declaration *a, const struct declaration *b)
{
    return a->number > 0 && b->number > 0 && a->registered.ms == b->registered.ms &&
           a->kind == b->kind && strcmp(a->by, b->by) == 0 && strcmp(a->reason, b->reason) == 0;
}
