#include "codec/api_power.h"

#include "base/err.h"
#include "core/inventory_tree.h"
#include "core/last_service.h"
#include "core/summary.h"

#include <math.h>
#include <stdlib.h>

enum { SITES_MAX = 1 << 22 };

/* One site that is not on mains. */
struct fed {
    uint32_t site;
    struct supply_view view;
    struct coverage_count people; /* who would lose the last service */
};

static int views_of(const struct api_scope *scope, struct supply_view **ret_views)
{
    uint32_t sites = scope->centre->inventory->sites.len;
    struct supply_view *views = calloc((size_t)sites + 1, sizeof *views);
    if (!views)
        return ERR_NOMEM;
    supply_at(scope->centre->supplies, scope->now, sites, views);
    *ret_views = views;
    return 0;
}

/* A site that is out for want of power, and whose plant was heard of, has nothing left: it cannot
 * say so itself. */
static void settle(const struct api_scope *scope, uint32_t site, struct supply_view *view)
{
    struct summary s =
        summary_site(scope->centre->inventory, scope->centre->world, site, scope->now);
    if (s.out && s.cause == CAUSE_POWER)
        *view = (struct supply_view){.fed = SUPPLY_EXHAUSTED,
                                     .since = s.since,
                                     .told = view->told,
                                     .minutes_left = NAN,
                                     .fresh = true};
}

/* The site's row if it is in the area, of the kind, and ever told; its view is settled then. */
static const struct site_row *told(const struct api_scope *scope, struct supply_view *views,
                                   uint32_t area, int kind, uint32_t site)
{
    const struct inventory *inv = scope->centre->inventory;
    const struct site_row *row = inventory_site(inv, site, scope->now);
    if (!row || views[site].fed == SUPPLIES || (kind >= 0 && (int)row->kind != kind))
        return NULL;
    if (!inventory_tree_within(inv, row->area, area, scope->now))
        return NULL;
    settle(scope, site, &views[site]);
    return row;
}

static void count(const struct supply_view *view, struct api_power_counts *counts)
{
    counts->total++;
    if (view->fresh)
        counts->by[view->fed]++;
    else
        counts->unknown++;
}

int api_power_count(const struct api_scope *scope, uint32_t area, int kind,
                    struct api_power_counts *ret_counts)
{
    struct supply_view *views = NULL;
    int err = views_of(scope, &views);
    *ret_counts = (struct api_power_counts){0};
    for (uint32_t site = 0; !err && site < scope->centre->inventory->sites.len; site++)
        if (told(scope, views, area, kind, site))
            count(&views[site], ret_counts);
    free(views);
    return err;
}

void api_power_put(struct emit *e, const char *name, const struct api_power_counts *counts)
{
    if (counts->total == 0) {
        emit_null(e, name);
        return;
    }
    emit_object(e, name);
    emit_int(e, "total", counts->total);
    for (int supply = 0; supply < SUPPLIES; supply++)
        emit_int(e, supply_word(supply), counts->by[supply]);
    emit_int(e, "unknown", counts->unknown);
    emit_end(e);
}

/* On battery first, then the generators, last what is out already. */
static int rank(enum supply fed)
{
    static const int ranks[] = {
        [SUPPLY_BATTERY] = 0, [SUPPLY_GENERATOR] = 1, [SUPPLY_EXHAUSTED] = 2, [SUPPLY_MAINS] = 3};
    return ranks[fed];
}

static int by_urgency(const void *a, const void *b)
{
    const struct fed *x = a;
    const struct fed *y = b;
    double mx = isnan(x->view.minutes_left) ? INFINITY : x->view.minutes_left;
    double my = isnan(y->view.minutes_left) ? INFINITY : y->view.minutes_left;
    if (rank(x->view.fed) != rank(y->view.fed))
        return rank(x->view.fed) - rank(y->view.fed);
    if (mx < my || mx > my)
        return mx < my ? -1 : 1;
    if (x->people.population != y->people.population)
        return x->people.population > y->people.population ? -1 : 1;
    return (x->site > y->site) - (x->site < y->site);
}

static int collect(const struct api_scope *scope, struct supply_view *views, uint32_t area,
                   struct api_power_counts *counts, struct vec *list)
{
    const struct centre *c = scope->centre;
    int err = 0;
    for (uint32_t site = 0; !err && site < c->inventory->sites.len; site++) {
        const struct site_row *row = told(scope, views, area, -1, site);
        if (!row)
            continue;
        count(&views[site], counts);
        if (views[site].fed == SUPPLY_MAINS || !api_site_shown(scope, row))
            continue;
        struct fed *fed = vec_push(list);
        if (!fed)
            return ERR_NOMEM;
        *fed = (struct fed){.site = site, .view = views[site]};
        err = last_service(c->serving, c->inventory, c->world, site, FAMILY_MOBILE, scope->now,
                           &fed->people);
    }
    if (list->len > 1)
        qsort(list->items, list->len, sizeof(struct fed), by_urgency);
    return err;
}

static void put_site(const struct api_scope *scope, const struct fed *fed, struct emit *e)
{
    const struct inventory *inv = scope->centre->inventory;
    const struct site_row *row = inventory_site(inv, fed->site, scope->now);
    struct summary s = summary_site(inv, scope->centre->world, fed->site, scope->now);
    emit_object(e, NULL);
    emit_text(e, "id", names_text(&inv->sites, fed->site));
    emit_text(e, "code", row->code);
    emit_text(e, "name", row->name);
    emit_text(e, "area", names_text(&inv->areas, row->area));
    emit_text(e, "state", state_word((int)s.worst));
    emit_text(e, "supply", supply_word((int)fed->view.fed));
    emit_bool(e, "fresh", fed->view.fresh);
    emit_instant(e, "since", fed->view.since);
    emit_instant(e, "told", fed->view.told);
    if (isnan(fed->view.minutes_left))
        emit_null(e, "minutes_left");
    else
        emit_int(e, "minutes_left", (int64_t)fed->view.minutes_left);
    emit_object(e, "last_service");
    emit_int(e, "villages", fed->people.villages);
    emit_int(e, "households", fed->people.households);
    emit_int(e, "population", fed->people.population);
    emit_end(e);
    emit_end(e);
}

static void put(const struct api_scope *scope, uint32_t area, const struct api_power_counts *counts,
                const struct vec *list, struct api_page page, struct buf *out)
{
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    emit_text(&e, "area", names_text(&scope->centre->inventory->areas, area));
    api_power_put(&e, "counts", counts);
    emit_array(&e, "sites");
    for (size_t i = 0; i < list->len; i++)
        if (api_page_has(page, i))
            put_site(scope, vec_at(list, i), &e);
    api_page_end(page, list->len, &e);
    emit_end(&e);
}

int api_power(const struct api_scope *scope, uint32_t area, struct api_page page, struct buf *out)
{
    struct api_power_counts counts = {0};
    struct supply_view *views = NULL;
    struct vec list;
    vec_init(&list, sizeof(struct fed), SITES_MAX);
    int err = views_of(scope, &views);
    if (!err)
        err = collect(scope, views, area, &counts, &list);
    if (!err)
        put(scope, area, &counts, &list, page, out);
    free(views);
    vec_done(&list);
    return err;
}
