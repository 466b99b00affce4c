#include "core/reception_own.h"

#include "base/err.h"
#include "wire/seconds.h"

int reception_sites_known(struct reception *r, struct reason *ret_why)
{
    struct slice last = {0};
    for (size_t i = 0; i < r->reader.len; i++) {
        struct slice site = r->reader.readings[i].site;
        if (slice_equal(site, last))
            continue;
        last = site;
        if (names_find(&r->centre->inventory->sites, site) == NAMES_NONE) {
            reason_set(ret_why, "site %.*s is not in the inventory", (int)site.len, site.at);
            return ERR_NOT_FOUND;
        }
    }
    return 0;
}

int reception_bounded(struct reception *r, const struct reception_message *m,
                      struct reason *ret_why)
{
    const struct pack_reader *read = &r->reader;
    if (!publishers_may_recall(r->publishers, read->readings, read->len, m->received)) {
        r->centre->ledger.too_old++;
        reason_set(ret_why, "a time is older than this centre takes");
        return ERR_RANGE;
    }
    if (!publishers_may_name(r->publishers, r->who, read->readings, read->len)) {
        r->centre->ledger.over_names++;
        reason_set(ret_why, "more names than this centre takes of one publisher");
        return ERR_FULL;
    }
    return 0;
}

int reception_evidence(struct reception *r, uint32_t probe, struct wall_ms received)
{
    struct ledger *l = &r->centre->ledger;
    uint64_t *const counter[] = {[WORLD_NOT_LATER] = &l->results_not_later,
                                 [WORLD_UNLISTED] = &l->results_unlisted,
                                 [WORLD_AHEAD] = &l->results_ahead,
                                 [WORLD_OLD] = &l->results_old};
    struct slice last = {0};
    uint32_t site = INV_NONE;
    for (size_t i = 0; i < r->reader.len; i++) {
        const struct reading *reading = &r->reader.readings[i];
        enum verdict verdict;
        if (!pack_verdict(reading, &verdict))
            continue;
        if (!slice_equal(reading->site, last))
            site = names_find(&r->centre->inventory->sites, reading->site);
        last = reading->site;
        enum world_fate fate = WORLD_TAKEN;
        int err = world_result(r->centre->world, probe, site, reading->check,
                               seconds_to_wall(reading->time_us), verdict, received, &fate);
        if (err)
            return err;
        if (fate != WORLD_TAKEN)
            (*counter[fate])++;
    }
    return 0;
}

static int resolve_units(struct reception *r, uint32_t site, const struct checklist_entry *e,
                         struct reason *ret_why)
{
    for (size_t i = 0; i < e->n_units; i++) {
        uint32_t unit = inventory_find_unit(r->centre->inventory, site, e->units[i]);
        if (unit == INV_NONE) {
            reason_set(ret_why, "unit %.*s of site %.*s is not in the inventory",
                       (int)e->units[i].len, e->units[i].at, (int)e->site.len, e->site.at);
            return ERR_NOT_FOUND;
        }
        uint32_t *slot = vec_push(&r->units);
        if (!slot)
            return ERR_NOMEM;
        *slot = unit;
    }
    return 0;
}

static int resolve_entry(struct reception *r, const struct checklist_entry *e,
                         struct reason *ret_why)
{
    uint32_t site = names_find(&r->centre->inventory->sites, e->site);
    if (site == NAMES_NONE) {
        reason_set(ret_why, "site %.*s is not in the inventory", (int)e->site.len, e->site.at);
        return ERR_NOT_FOUND;
    }
    struct check_entry *entry = vec_push(&r->entries);
    if (!entry)
        return ERR_NOMEM;
    *entry = (struct check_entry){.name = e->name,
                                  .site = site,
                                  .n_units = e->n_units,
                                  .interval_ms = e->interval_ms,
                                  .timeout_ms = e->timeout_ms,
                                  .ttl_ms = e->ttl_ms,
                                  .role = e->role,
                                  .cause = e->cause};
    return resolve_units(r, site, e, ret_why);
}

/* Unit numbers are pushed into one array first; it moves while it grows, so entries point into it
 * only now. */
static void point_to_units(struct reception *r)
{
    const uint32_t *unit = r->units.items;
    struct check_entry *entry = r->entries.items;
    for (size_t i = 0; i < r->entries.len; i++) {
        if (entry[i].n_units == 0) /* without any there is no array */
            continue;
        entry[i].units = unit;
        unit += entry[i].n_units;
    }
}

int reception_list(struct reception *r, uint32_t probe, const struct checklist *list,
                   struct reason *ret_why)
{
    r->entries.len = 0;
    r->units.len = 0;
    for (size_t i = 0; i < list->len; i++) {
        int err = resolve_entry(r, &list->entries[i], ret_why);
        if (err)
            return err;
    }
    point_to_units(r);
    return world_list(r->centre->world, probe, seconds_to_wall(list->time_us), r->entries.items,
                      r->entries.len);
}

/* Nobody holds a plain message for us: if our clock is what is wrong, people queue it again. */
static int refuse_ahead(struct reception *r, const struct reception_message *m)
{
    r->centre->ledger.plain_ahead++;
    return reception_refuse(
        r, m,
        "a time more than a day ahead of the centre's clock: if that was wrong, "
        "set it and queue this again");
}

int reception_plain(struct reception *r, const struct reception_message *m,
                    const struct topic *topic)
{
    struct ledger *l = &r->centre->ledger;
    struct reason why;
    if (reception_held(r, m)) {
        l->plain_bounded++;
        return 0;
    }
    int err = pack_reader_read(&r->reader, m->payload, PACK_PLAIN, m->received, &why);
    if (err == ERR_RANGE)
        return refuse_ahead(r, m);
    if (err)
        return err == ERR_NOMEM ? err : reception_refuse(r, m, why.text);
    if (reception_sites_known(r, &why) != 0 || reception_bounded(r, m, &why) != 0)
        return reception_refuse(r, m, why.text);
    err = reception_measured(r, topic->who, INV_NONE, m->received);
    if (!err)
        err = reception_supply(r, INV_NONE, m->received);
    if (err)
        return err;
    l->stored++;
    l->readings_stored += r->reader.len;
    return r->effects.readings(r->effects.context, topic->who, r->reader.readings, r->reader.len);
}
