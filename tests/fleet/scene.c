#include "scene.h"

#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>

enum { TOUCHED_MAX = 16000000, BATTERY_SIZES = 30, BATTERY_MINUTES_A_V = 20 };

/* Plants of 48 V without their sign: floating, switched off, and what sizes of battery have above
 * that. */
#define BATTERY_FLOAT_V 53.5
#define BATTERY_OFF_V 43.0
#define BATTERY_LEAST_V 2.0
#define BATTERY_STEP_V 0.15

static const char *const KINDS[] = {"bts", "fibre", "network", "service", "link", "feeder"};

int scene_init(struct scene *s, const struct plan *plan)
{
    const struct inventory *inv = plan->inventory;
    *s = (struct scene){.plan = plan};
    vec_init(&s->touched, sizeof(uint32_t), TOUCHED_MAX);
    s->sites = calloc((size_t)inv->sites.len + 1, sizeof *s->sites);
    s->unit_down = calloc((size_t)inv->units.len + 1, sizeof *s->unit_down);
    if (!s->sites || !s->unit_down) {
        scene_done(s);
        return ERR_NOMEM;
    }
    for (uint32_t i = 0; i < inv->sites.len; i++)
        s->sites[i].level_from = s->sites[i].level_to = SCENE_LEVEL_DBM;
    return 0;
}

void scene_done(struct scene *s)
{
    free(s->sites);
    free(s->unit_down);
    vec_done(&s->touched);
    s->sites = NULL;
    s->unit_down = NULL;
}

/* --- targets --- */

static uint32_t find_site(const struct scene *s, struct slice name)
{
    const struct inventory *inv = s->plan->inventory;
    uint32_t site = names_find(&inv->sites, name);
    if (site != NAMES_NONE && inventory_site(inv, site, s->plan->at))
        return site;
    for (uint32_t i = 0; i < inv->sites.len; i++) {
        const struct site_row *row = inventory_site(inv, i, s->plan->at);
        if (row && slice_is(name, row->code))
            return i;
    }
    return INV_NONE;
}

/* One of the probes' own sites of a kind. */
static uint32_t draw_site(const struct scene *s, const char *kind, struct rng *rng)
{
    const struct plan *plan = s->plan;
    uint32_t chosen = INV_NONE;
    uint64_t seen = 0;
    for (size_t i = 0; i < plan->probes.len; i++) {
        uint32_t site = plan_probe(plan, i)->site;
        const struct site_row *row = inventory_site(plan->inventory, site, plan->at);
        if (row && strcmp(KINDS[row->kind], kind) == 0 && rng_below(rng, ++seen) == 0)
            chosen = site;
    }
    return chosen;
}

int scene_find(const struct scene *s, const struct fault *fault, struct rng *rng,
               struct scene_deed *ret_deed, char ret_why[FAULT_WHY_MAX])
{
    const char *target = fault->target;
    size_t site_len = strcspn(target, "/");
    uint32_t unit = INV_NONE;
    uint32_t site = target[0] == '?' ? draw_site(s, target + 1, rng)
                                     : find_site(s, (struct slice){target, site_len});
    if (site == INV_NONE) {
        snprintf(ret_why, FAULT_WHY_MAX, "no site \"%.*s\"", (int)site_len, target);
        return ERR_UNKNOWN;
    }
    if (target[site_len] == '/') {
        unit = inventory_find_unit(s->plan->inventory, site, slice_of(target + site_len + 1));
        if (unit == INV_NONE) {
            snprintf(ret_why, FAULT_WHY_MAX, "the site has no unit \"%.60s\"",
                     target + site_len + 1);
            return ERR_UNKNOWN;
        }
    }
    enum fault_action action = fault->action == FAULT_FLAP ? FAULT_DOWN : fault->action;
    *ret_deed = (struct scene_deed){action, site, unit, fault->number, fault->duration_ms};
    return 0;
}

/* --- changes --- */

static int touch(struct scene *s, uint32_t site)
{
    uint32_t *item = vec_push(&s->touched);
    if (!item)
        return ERR_NOMEM;
    *item = site;
    return 0;
}

static void count(uint16_t *counter, bool begins)
{
    if (begins)
        ++*counter;
    else if (*counter > 0)
        --*counter;
}

/* Faults may overlap: the battery falls since the first of them. */
static void lose_mains(struct scene_site *site, bool begins, struct wall_ms now)
{
    if (begins && site->mains == 0)
        site->mains_at = now;
    count(&site->mains, begins);
}

static void fail_units(struct scene *s, const struct scene_deed *deed, bool begins)
{
    size_t n = 1;
    const uint32_t *units = &deed->unit;
    if (deed->unit == INV_NONE)
        units = inventory_site_units(s->plan->inventory, deed->site, &n);
    for (size_t i = 0; i < n; i++)
        count(&s->unit_down[units[i]], begins);
}

static enum site_kind kind_of(const struct scene *s, uint32_t site)
{
    return inventory_site(s->plan->inventory, site, s->plan->at)->kind;
}

/* A cut or a mains failure at a link or feeder is felt by all sites that depend on it. */
static int spread(struct scene *s, const struct scene_deed *deed, bool begins, struct wall_ms now)
{
    bool cut = deed->action == FAULT_CUT;
    const struct inventory *inv = s->plan->inventory;
    int err = 0;
    for (uint32_t site = 0; !err && site < inv->sites.len; site++) {
        size_t n = 0;
        const struct depends_row *rows = inventory_depends(inv, site, &n);
        for (size_t i = 0; !err && i < n; i++) {
            if (rows[i].on_site != deed->site || (rows[i].kind == DEPEND_TRANSPORT) != cut)
                continue;
            if (cut)
                count(&s->sites[site].cut, begins);
            else
                lose_mains(&s->sites[site], begins, now);
            err = touch(s, site);
        }
    }
    return err;
}

static int cut_or_mains(struct scene *s, const struct scene_deed *deed, bool begins,
                        struct wall_ms now)
{
    enum site_kind kind = kind_of(s, deed->site);
    if (kind != SITE_LINK && kind != SITE_FEEDER) {
        struct scene_site *site = &s->sites[deed->site];
        if (deed->action == FAULT_CUT)
            count(&site->cut, begins);
        else
            lose_mains(site, begins, now);
        return 0;
    }
    if (kind == SITE_FEEDER)
        fail_units(s, deed, begins);
    return spread(s, deed, begins, now);
}

static void drift(struct scene *s, const struct scene_deed *deed, struct wall_ms now)
{
    struct scene_site *site = &s->sites[deed->site];
    site->level_from = scene_level(s, deed->site, now);
    site->level_to = deed->number;
    site->drift_at = now;
    site->drift_ms = deed->duration_ms == FAULT_FOREVER_MS ? 0 : deed->duration_ms;
}

static int change(struct scene *s, const struct scene_deed *deed, bool begins, struct wall_ms now)
{
    struct scene_site *site = &s->sites[deed->site];
    switch (deed->action) {
    case FAULT_CUT:
    case FAULT_MAINS:
        return cut_or_mains(s, deed, begins, now);
    case FAULT_DARK:
        count(&site->dark, begins);
        break;
    case FAULT_DIE:
        count(&site->dead, begins);
        break;
    case FAULT_KILL:
        count(&site->killed, begins);
        break;
    case FAULT_REBOOT:
        count(&site->rebooting, begins);
        break;
    case FAULT_SLOW:
        count(&site->slow, begins);
        site->slow_ms = (int64_t)deed->number;
        break;
    case FAULT_CLOCK:
        site->clock_ms += (int64_t)(deed->number * 1000) * (begins ? 1 : -1);
        break;
    case FAULT_DRIFT:
        if (begins)
            drift(s, deed, now);
        break;
    default:
        fail_units(s, deed, begins);
    }
    return 0;
}

int scene_apply(struct scene *s, const struct scene_deed *deed, bool begins, struct wall_ms now)
{
    int err = change(s, deed, begins, now);
    return err ? err : touch(s, deed->site);
}

void scene_clear(struct scene *s)
{
    s->touched.len = 0;
}

/* --- how things are --- */

enum scene_life scene_life(const struct scene *s, uint32_t site)
{
    const struct scene_site *at = &s->sites[site];
    if (at->dark)
        return LIFE_GASPED;
    if (at->dead)
        return LIFE_DEAD;
    if (at->killed)
        return LIFE_KILLED;
    return at->rebooting ? LIFE_STOPPED : LIFE_RUNS;
}

double scene_battery_v(const struct scene *s, uint32_t site, struct wall_ms now)
{
    const struct scene_site *at = &s->sites[site];
    if (at->mains == 0)
        return BATTERY_FLOAT_V;
    double full = BATTERY_OFF_V + BATTERY_LEAST_V + (double)(site % BATTERY_SIZES) * BATTERY_STEP_V;
    double volts = full - (double)(now.ms - at->mains_at.ms) / 60000 / BATTERY_MINUTES_A_V;
    return volts > BATTERY_OFF_V ? volts : BATTERY_OFF_V;
}

double scene_battery_minutes(double volts)
{
    return volts > BATTERY_OFF_V ? (volts - BATTERY_OFF_V) * BATTERY_MINUTES_A_V : 0;
}

double scene_level(const struct scene *s, uint32_t site, struct wall_ms now)
{
    const struct scene_site *at = &s->sites[site];
    int64_t since = now.ms - at->drift_at.ms;
    if (since >= at->drift_ms)
        return at->level_to;
    return at->level_from + (at->level_to - at->level_from) * (double)since / (double)at->drift_ms;
}

struct scene_unit scene_unit(const struct scene *s, uint32_t unit)
{
    const struct inventory *inv = s->plan->inventory;
    const struct scene_site *at = &s->sites[inventory_unit_id(inv, unit)->site];
    const struct unit_row *row = inventory_unit(inv, unit, s->plan->at);
    if (at->dark || at->dead)
        return (struct scene_unit){true, CAUSE_POWER};
    if (at->cut)
        return (struct scene_unit){true, CAUSE_TRANSPORT};
    if (s->unit_down[unit] || (row && row->anchor != INV_NONE && s->unit_down[row->anchor]))
        return (struct scene_unit){true, CAUSE_FAULT};
    return (struct scene_unit){false, CAUSE_NONE};
}

/* All units of a site, as somebody beside it would find them. */
static bool site_down(const struct scene *s, uint32_t site)
{
    size_t n = 0;
    const uint32_t *units = inventory_site_units(s->plan->inventory, site, &n);
    for (size_t i = 0; i < n; i++)
        if (!scene_unit(s, units[i]).down)
            return false;
    return n > 0;
}

static enum verdict failed_if(bool failed, bool degraded)
{
    if (failed)
        return VERDICT_FAILED;
    return degraded ? VERDICT_DEGRADED : VERDICT_OK;
}

enum verdict scene_verdict(const struct scene *s, const struct plan_check *check,
                           struct wall_ms now)
{
    const struct scene_site *at = &s->sites[check->site];
    switch (check->sense) {
    case SENSE_TRANSPORT:
        return failed_if(at->cut, at->slow);
    case SENSE_UNIT:
        return failed_if(s->unit_down[check->unit], false);
    case SENSE_POWER:
        return failed_if(false, at->mains);
    case SENSE_OPTICS:
        return failed_if(site_down(s, check->site),
                         scene_level(s, check->site, now) < SCENE_LEVEL_WARN_DBM);
    case SENSE_MAINS:
    case SENSE_VIEW:
        break;
    }
    return failed_if(site_down(s, check->site), false);
}
