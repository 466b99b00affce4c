/* People without any service by what an alert holds: counted again only where somebody's service
 * may have changed, because one count looks at everything that serves a village. */
#include "core/pager_own.h"

#include "base/err.h"
#include "core/outage_impact.h"

enum { OUTAGES_MAX = 1 << 20 };

/* Who serves whom is dated, too: nothing is older than this. */
static const int64_t ANYWAY_MS = 600000;

int pager_people_unit(struct pager *p, uint32_t unit)
{
    size_t n = 0;
    const struct serving_link *link = serving_of_unit(p->centre->serving, unit, &n);
    for (size_t i = 0; i < n; i++) {
        while (p->touched.len <= link[i].village)
            if (!vec_push(&p->touched))
                return ERR_NOMEM;
        *(struct wall_ms *)vec_at(&p->touched, link[i].village) = p->now;
    }
    return 0;
}

static bool serves_touched(const struct pager *p, uint32_t unit, struct wall_ms since)
{
    size_t n = 0;
    const struct serving_link *link = serving_of_unit(p->centre->serving, unit, &n);
    for (size_t i = 0; i < n; i++) {
        uint32_t village = link[i].village;
        if (village < p->touched.len &&
            ((const struct wall_ms *)vec_at(&p->touched, village))->ms >= since.ms)
            return true;
    }
    return false;
}

bool pager_people_moved(const struct pager *p, uint32_t slot)
{
    const struct alert *a = alert_at(&p->alerts, slot);
    if (a->changed.ms >= a->counted.ms || p->now.ms >= wall_add(a->counted, ANYWAY_MS).ms)
        return true;
    for (uint32_t unit = a->first; unit; unit = pager_after(p, unit))
        if (serves_touched(p, unit - 1, a->counted))
            return true;
    return false;
}

static int members_of(const struct pager *p, uint32_t slot, enum family family, struct vec *outages)
{
    const struct alert *a = alert_at(&p->alerts, slot);
    for (uint32_t unit = a->first; unit; unit = pager_after(p, unit)) {
        struct outage open = outages_open(p->centre->outages, unit - 1);
        if (!open.number || inventory_unit_id(p->centre->inventory, unit - 1)->family != family)
            continue;
        struct outage *o = vec_push(outages);
        if (!o)
            return ERR_NOMEM;
        *o = open;
    }
    return 0;
}

int pager_people(const struct pager *p, uint32_t slot, int64_t *ret_people)
{
    static const enum family families[] = {FAMILY_MOBILE, FAMILY_FIBRE};

    int64_t people = 0;
    int err = 0;
    for (size_t i = 0; !err && i < sizeof families / sizeof *families; i++) {
        struct vec outages;
        struct outage_impacts impact = {0};
        vec_init(&outages, sizeof(struct outage), OUTAGES_MAX);
        err = members_of(p, slot, families[i], &outages);
        if (!err && outages.len)
            err = outage_impact(outages.items, outages.len, families[i], p->centre->serving,
                                p->centre->inventory, p->centre->world, p->now, &impact);
        if (impact.without_down.population > people)
            people = impact.without_down.population;
        vec_done(&outages);
    }
    *ret_people = people;
    return err;
}
