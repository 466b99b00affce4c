#include "core/pager_own.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

/* Watches hold by their members, who are counted again. */
static void forget_members(struct pager *p)
{
    for (uint32_t i = 0; i < p->alerts.alerts.len; i++) {
        struct alert *a = alert_at(&p->alerts, i);
        bool of_units = a->subject == ALERT_SITE || a->subject == ALERT_PART;
        for (size_t w = 0; of_units && w < a->watches; w++)
            a->watch[w].holds = 0;
        a->members = 0;
        a->first = 0;
        a->counted.ms = INT64_MIN; /* who serves whom may be another */
    }
    for (size_t i = 0; i < p->members.len; i++) {
        struct pager_unit *u = pager_unit_of(p, *(uint32_t *)vec_at(&p->members, i));
        *u = (struct pager_unit){.since = u->since};
    }
    p->members.len = 0;
    p->base_units.len = 0;
    p->site_down.len = 0;
}

/* Finds again what the alerts hold; what else is out makes new ones. */
static int find_members(struct pager *p)
{
    size_t n = 0;
    const uint32_t *open = outages_open_units(p->centre->outages, &n);
    forget_members(p);
    int err = pager_sort_rules(p);
    if (!err)
        err = pager_count_sites(p);
    p->restoring = true; /* first what alerts hold already */
    for (size_t i = 0; !err && i < n; i++)
        err = dirty_add(&p->looked, open[i]);
    if (!err)
        err = pager_look(p);
    p->restoring = false;
    for (size_t i = 0; !err && i < n; i++)
        err = dirty_add(&p->looked, open[i]);
    p->next = p->now;
    pager_readings_find(p);
    pager_readings_sweep(p);
    return err ? err : pager_figures_find(p);
}

int pager_set_rules(struct pager *p, const struct rules *rules)
{
    struct rules *fresh = malloc(sizeof *fresh);
    if (!fresh)
        return ERR_NOMEM;
    *fresh = *rules;
    alert_rename(&p->alerts, p->rules, fresh);
    free(p->rules);
    p->rules = fresh;
    p->now = world_now(p->centre->world);
    int err = find_members(p);
    return err ? err : pager_absent_fill(p);
}

int pager_set_inventory(struct pager *p)
{
    p->now = world_now(p->centre->world);
    p->parents.len = 0;
    int err = find_members(p);
    return err ? err : pager_absent_fill(p);
}

int pager_save(struct pager *p, const struct row_sink *sink)
{
    int err = alert_save(&p->alerts, p->rules, sink);
    if (!err)
        err = baselines_save(&p->baselines, sink);
    return err ? err : page_box_save(&p->box, sink);
}

int pager_load(struct pager *p, uint8_t kind, struct slice key, struct slice value)
{
    if (kind == ROW_ALERT)
        return alert_load(&p->alerts, p->rules, key, value);
    if (kind == ROW_BASELINE)
        return baselines_load(&p->baselines, key, value);
    return kind == ROW_PAGE ? page_box_load(&p->box, key, value) : ERR_UNKNOWN;
}

int pager_loaded(struct pager *p)
{
    return pager_set_inventory(p);
}
