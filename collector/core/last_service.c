#include "core/last_service.h"

#include "base/err.h"

#include <stdlib.h>

enum { VILLAGES_MAX = 1 << 20 };

/* Where, when and what is looked at. */
struct look {
    const struct serving *serving;
    const struct inventory *inv;
    const struct world *w;
    uint32_t site;
    enum family family;
    struct wall_ms t;
};

static bool serves(const struct look *l, const struct serving_link *link)
{
    if (inventory_unit_id(l->inv, link->unit)->family != l->family ||
        l->t.ms < link->valid.from.ms || l->t.ms >= link->valid.to.ms ||
        !inventory_unit_exists(l->inv, link->unit, l->t))
        return false;
    enum unit_state beneath = world_unit_at(l->w, link->unit, l->t).beneath;
    return beneath == STATE_UP || beneath == STATE_DEGRADED;
}

static bool others_serve(const struct look *l, uint32_t village)
{
    size_t n = 0;
    const struct serving_link *link = serving_of_village(l->serving, village, &n);
    for (size_t i = 0; i < n; i++)
        if (inventory_unit_id(l->inv, link[i].unit)->site != l->site && serves(l, &link[i]))
            return true;
    return false;
}

/* Villages of one unit that nobody else serves; a village may come again with another unit. */
static int collect(const struct look *l, uint32_t unit, struct vec *villages)
{
    size_t n = 0;
    const struct serving_link *link = serving_of_unit(l->serving, unit, &n);
    for (size_t i = 0; i < n; i++) {
        if (!serves(l, &link[i]) || others_serve(l, link[i].village))
            continue;
        uint32_t *village = vec_push(villages);
        if (!village)
            return ERR_NOMEM;
        *village = link[i].village;
    }
    return 0;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void count(const struct look *l, struct vec *villages, struct coverage_count *ret_count)
{
    uint32_t *village = villages->items;
    *ret_count = (struct coverage_count){0};
    if (villages->len > 1)
        qsort(village, villages->len, sizeof *village, by_number);
    for (size_t i = 0; i < villages->len; i++) {
        if (i > 0 && village[i] == village[i - 1])
            continue;
        const struct area_row *row = inventory_area(l->inv, village[i], l->t);
        ret_count->villages++;
        ret_count->households += row && row->households > 0 ? row->households : 0;
        ret_count->population += row && row->population > 0 ? row->population : 0;
    }
}

int last_service(const struct serving *serving, const struct inventory *inv, const struct world *w,
                 uint32_t site, enum family family, struct wall_ms t,
                 struct coverage_count *ret_count)
{
    struct look l = {serving, inv, w, site, family, t};
    struct vec villages;
    vec_init(&villages, sizeof(uint32_t), VILLAGES_MAX);
    size_t n = 0;
    const uint32_t *units = inventory_site_units(inv, site, &n);
    int err = 0;
    for (size_t i = 0; !err && i < n; i++)
        err = collect(&l, units[i], &villages);
    if (!err)
        count(&l, &villages, ret_count);
    vec_done(&villages);
    return err;
}
