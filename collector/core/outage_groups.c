#include "core/outage_groups.h"

#include "base/err.h"
#include "core/inventory_tree.h"

#include <stdlib.h>

/* An outage and its root, to be sorted by root. */
struct pair {
    struct outage root;
    struct outage outage;
};

static bool in_area(const struct outage_sources *from, const struct outage *o,
                    const struct outage_question *q)
{
    if (q->area == INV_NONE)
        return true;
    uint32_t site = inventory_unit_id(from->inv, o->unit)->site;
    const struct site_row *row = inventory_site(from->inv, site, q->now);
    return row && inventory_tree_within(from->inv, row->area, q->area, q->now);
}

static bool asked_for(const struct outage_sources *from, const struct outage *o,
                      const struct outage_question *q)
{
    if (q->only_open && o->to.ms != WALL_NEVER_MS)
        return false;
    return o->from.ms < q->to.ms && o->to.ms > q->from.ms && in_area(from, o, q);
}

static int add_pair(const struct outage_sources *from, const struct outage *o,
                    const struct outage_question *q, struct vec *pairs)
{
    if (!asked_for(from, o, q))
        return 0;
    struct outage root = outage_root(from->outages, from->inv, o);
    if (q->root && q->root != root.number)
        return 0;
    struct pair *p = vec_push(pairs);
    if (!p)
        return ERR_NOMEM;
    *p = (struct pair){root, *o};
    return 0;
}

static int collect_unit(const struct outage_sources *from, uint32_t unit,
                        const struct outage_question *q, struct vec *pairs)
{
    int err = 0;
    for (size_t i = 0; !err && i < outages_count(from->outages, unit); i++) {
        struct outage o = outages_at(from->outages, unit, i);
        err = add_pair(from, &o, q, pairs);
    }
    return err;
}

static int collect(const struct outage_sources *from, const struct outage_question *q,
                   struct vec *pairs)
{
    int err = 0;
    if (q->only_open) {
        size_t n = 0;
        const uint32_t *units = outages_open_units(from->outages, &n);
        for (size_t i = 0; !err && i < n; i++) {
            struct outage o = outages_open(from->outages, units[i]);
            err = add_pair(from, &o, q, pairs);
        }
        return err;
    }
    for (uint32_t unit = 0; !err && unit < from->inv->units.len; unit++)
        err = collect_unit(from, unit, q, pairs);
    for (size_t i = 0; !err && from->past && i < from->past->len; i++)
        err = add_pair(from, vec_at(from->past, i), q, pairs);
    return err;
}

static int by_root(const void *a, const void *b)
{
    const struct pair *x = a;
    const struct pair *y = b;
    if (x->root.number != y->root.number)
        return x->root.number < y->root.number ? -1 : 1;
    return (x->outage.unit > y->outage.unit) - (x->outage.unit < y->outage.unit);
}

static void count_sites(const struct outage_sources *from, struct outage_group *g,
                        const struct outage *members)
{
    uint32_t last = INV_NONE; /* members stand by unit, and the units of a site stand together */
    for (size_t i = 0; i < g->len; i++) {
        uint32_t site = inventory_unit_id(from->inv, members[i].unit)->site;
        g->verified = g->verified || members[i].verified;
        if (site == last)
            continue;
        last = site;
        g->sites++;
        g->sites_out += outage_whole_site(from->outages, from->inv, &members[i]);
    }
}

static int make_group(const struct outage_sources *from, struct outage_dark *dark,
                      struct outage_group *g, const struct vec *all)
{
    const struct outage *members = (const struct outage *)all->items + g->first;
    count_sites(from, g, members);
    int err = outage_impact_by(dark, members, g->len, FAMILY_MOBILE, &g->mobile);
    return err ? err : outage_impact_by(dark, members, g->len, FAMILY_FIBRE, &g->fibre);
}

/* All of them ask of the same villages. */
static int make_groups(const struct outage_sources *from, const struct outage_question *q,
                       struct outage_groups *g)
{
    struct outage_dark dark;
    int err = 0;
    outage_dark_init(&dark, from->serving, from->inv, from->world,
                     outage_impact_begins(g->members.items, g->members.len), q->now);
    for (size_t i = 0; !err && i < g->groups.len; i++)
        err = make_group(from, &dark, vec_at(&g->groups, i), &g->members);
    outage_dark_done(&dark);
    return err;
}

int64_t outage_groups_people(const struct outage_group *g)
{
    int64_t mobile = g->mobile.without_down.population;
    int64_t fibre = g->fibre.without_down.population;
    return mobile > fibre ? mobile : fibre;
}

static int by_gravity(const void *a, const void *b)
{
    const struct outage_group *x = a;
    const struct outage_group *y = b;
    int64_t px = outage_groups_people(x);
    int64_t py = outage_groups_people(y);
    if (px != py)
        return px > py ? -1 : 1;
    if (x->len != y->len)
        return x->len > y->len ? -1 : 1;
    return (x->root.number > y->root.number) - (x->root.number < y->root.number);
}

static int add_member(struct outage_groups *g, const struct pair *p)
{
    struct outage *member = vec_push(&g->members);
    if (!member)
        return ERR_NOMEM;
    *member = p->outage;
    return 0;
}

static int divide(const struct vec *pairs, struct outage_groups *g)
{
    for (size_t i = 0; i < pairs->len; i++) {
        const struct pair *p = vec_at(pairs, i);
        struct outage_group *group = g->groups.len ? vec_at(&g->groups, g->groups.len - 1) : NULL;
        if (!group || group->root.number != p->root.number) {
            group = vec_push(&g->groups);
            if (!group)
                return ERR_NOMEM;
            *group = (struct outage_group){.root = p->root, .first = i};
        }
        group->len++;
        if (add_member(g, p) != 0)
            return ERR_NOMEM;
    }
    return 0;
}

int outage_groups_ask(const struct outage_sources *from, const struct outage_question *question,
                      struct outage_groups *ret_groups)
{
    struct vec pairs;
    struct outage_groups g;
    vec_init(&pairs, sizeof(struct pair), SIZE_MAX / sizeof(struct pair));
    vec_init(&g.groups, sizeof(struct outage_group), SIZE_MAX / sizeof(struct outage_group));
    vec_init(&g.members, sizeof(struct outage), SIZE_MAX / sizeof(struct outage));
    int err = collect(from, question, &pairs);
    if (!err && pairs.len)
        qsort(pairs.items, pairs.len, sizeof(struct pair), by_root);
    if (!err)
        err = divide(&pairs, &g);
    if (!err)
        err = make_groups(from, question, &g);
    vec_done(&pairs);
    if (err) {
        outage_groups_done(&g);
        return err;
    }
    if (g.groups.len)
        qsort(g.groups.items, g.groups.len, sizeof(struct outage_group), by_gravity);
    *ret_groups = g;
    return 0;
}

void outage_groups_done(struct outage_groups *g)
{
    vec_done(&g->groups);
    vec_done(&g->members);
}
