#include "plan.h"

#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>

enum { CHECKS_MAX = 8000000 };

/* How a site of a kind looks to the probe of another one. */
struct look {
    enum plan_sense sense;
    enum cause cause;
    const char *type;
};

static struct look look_at(enum site_kind kind)
{
    if (kind == SITE_LINK)
        return (struct look){SENSE_OPTICS, CAUSE_TRANSPORT, "optics"};
    if (kind == SITE_FEEDER)
        return (struct look){SENSE_MAINS, CAUSE_POWER, "mains"};
    return (struct look){SENSE_VIEW, CAUSE_FAULT, "view"};
}

static struct plan_check *add(struct plan *plan, struct plan_probe *probe, uint32_t site,
                              struct look look, const char *name)
{
    struct plan_check *c = vec_push(&plan->checks);
    if (!c)
        return NULL;
    *c = (struct plan_check){.site = site,
                             .unit = INV_NONE,
                             .sense = look.sense,
                             .role = ROLE_REQUIRED,
                             .cause = look.cause};
    snprintf(c->name, sizeof c->name, "%s/%s", look.type, name);
    probe->len++;
    return c;
}

const char *plan_unit_name(const struct plan *plan, uint32_t unit)
{
    const char *whole = names_text(&plan->inventory->units, unit);
    const char *slash = strchr(whole, '/');
    return slash ? slash + 1 : whole;
}

static int add_unit(struct plan *plan, struct plan_probe *probe, uint32_t unit)
{
    char name[PLAN_CHECK_MAX];
    snprintf(name, sizeof name, "%.60s", plan_unit_name(plan, unit));
    char *at = strchr(name, '@');
    if (at)
        *at = '-';
    struct plan_check *c =
        add(plan, probe, probe->site, (struct look){SENSE_UNIT, CAUSE_FAULT, "service"}, name);
    if (!c)
        return ERR_NOMEM;
    c->unit = unit;
    return 0;
}

static int add_own(struct plan *plan, struct plan_probe *probe, bool units_only)
{
    size_t n = 0;
    const uint32_t *units = inventory_site_units(plan->inventory, probe->site, &n);
    if (!units_only && !add(plan, probe, probe->site,
                            (struct look){SENSE_TRANSPORT, CAUSE_TRANSPORT, "icmp"}, "centre"))
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        int err = add_unit(plan, probe, units[i]);
        if (err)
            return err;
    }
    if (units_only)
        return 0;
    struct plan_check *power =
        add(plan, probe, probe->site, (struct look){SENSE_POWER, CAUSE_POWER, "power"}, "plant");
    if (!power)
        return ERR_NOMEM;
    power->role = ROLE_OPTIONAL;
    return 0;
}

/* Links and feeders have no probe of their own: what others see is all there is of their units. */
static bool is_own_view(enum site_kind kind)
{
    return kind == SITE_LINK || kind == SITE_FEEDER;
}

static int add_also(struct plan *plan, struct plan_probe *probe, const struct probe_row *row,
                    bool units_only)
{
    const struct inventory *inv = plan->inventory;
    for (uint32_t i = 0; i < row->also_len; i++) {
        uint32_t site = *(uint32_t *)vec_at(&inv->also, row->also_first + i);
        const struct site_row *other = inventory_site(inv, site, plan->at);
        if (!other || (units_only && !is_own_view(other->kind)))
            continue;
        if (!add(plan, probe, site, look_at(other->kind), names_text(&inv->sites, site)))
            return ERR_NOMEM;
    }
    return 0;
}

static int add_probe(struct plan *plan, const struct probe_row *row, bool units_only)
{
    struct plan_probe *p = vec_push(&plan->probes);
    if (!p)
        return ERR_NOMEM;
    *p = (struct plan_probe){
        .probe = row->probe, .site = row->site, .first = (uint32_t)plan->checks.len};
    int err = add_own(plan, p, units_only);
    if (!err)
        err = add_also(plan, p, row, units_only);
    return !err && p->len > CHECKLIST_MAX ? ERR_FULL : err;
}

int plan_init(struct plan *plan, const struct inventory *inventory, struct wall_ms at,
              const struct plan_times *times, const struct plan_filter *filter)
{
    *plan = (struct plan){.inventory = inventory, .at = at, .times = *times};
    vec_init(&plan->probes, sizeof(struct plan_probe), CHECKS_MAX);
    vec_init(&plan->checks, sizeof(struct plan_check), CHECKS_MAX);
    int err = 0;
    for (uint32_t i = 0; !err && i < inventory->probes.len; i++) {
        const struct probe_row *row = inventory_probe(inventory, i, at);
        bool excepted =
            filter->except && strcmp(filter->except, names_text(&inventory->probes, i)) == 0;
        if (row && !excepted && (!filter->max || plan->probes.len < filter->max))
            err = add_probe(plan, row, filter->units_only);
    }
    if (err)
        plan_done(plan);
    return err;
}

void plan_done(struct plan *plan)
{
    vec_done(&plan->probes);
    vec_done(&plan->checks);
}

const struct plan_probe *plan_probe(const struct plan *plan, size_t index)
{
    return vec_at(&plan->probes, index);
}

const struct plan_check *plan_check(const struct plan *plan, size_t index)
{
    return vec_at(&plan->checks, index);
}

/* The units of a check as the list wants them; returns how many. */
static size_t units_of(const struct plan *plan, const struct plan_check *check,
                       struct slice names[CHECKLIST_UNITS_MAX])
{
    size_t n = 1;
    const uint32_t *units = &check->unit;
    if (check->unit == INV_NONE)
        units = inventory_site_units(plan->inventory, check->site, &n);
    if (n > CHECKLIST_UNITS_MAX)
        n = CHECKLIST_UNITS_MAX;
    for (size_t i = 0; i < n; i++)
        names[i] = slice_of(plan_unit_name(plan, units[i]));
    return n;
}

int plan_list(const struct plan *plan, size_t index, int64_t time_us, struct buf *out)
{
    const struct plan_probe *p = plan_probe(plan, index);
    struct checklist_entry *entries = calloc(p->len, sizeof *entries);
    struct slice(*units)[CHECKLIST_UNITS_MAX] = calloc(p->len, sizeof *units);
    if (!entries || !units) {
        free(entries);
        free(units);
        return ERR_NOMEM;
    }
    for (uint32_t i = 0; i < p->len; i++) {
        const struct plan_check *c = plan_check(plan, p->first + i);
        entries[i] =
            (struct checklist_entry){.name = slice_of(c->name),
                                     .site = slice_of(names_text(&plan->inventory->sites, c->site)),
                                     .units = units[i],
                                     .n_units = units_of(plan, c, units[i]),
                                     .interval_ms = plan->times.interval_ms,
                                     .timeout_ms = plan->times.timeout_ms,
                                     .ttl_ms = plan->times.ttl_ms,
                                     .role = c->role,
                                     .cause = c->cause};
    }
    checklist_write(out,
                    &(struct checklist){.time_us = time_us, .entries = entries, .len = p->len});
    free(entries);
    free(units);
    return out->err;
}
