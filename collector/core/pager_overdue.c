/* Outages that last longer than somebody said they would. */
#include "core/pager_own.h"

#include "base/err.h"

static int note(struct pager *p, uint32_t unit)
{
    const uint32_t *units = p->expecting.items;
    for (size_t i = 0; i < p->expecting.len; i++)
        if (units[i] == unit)
            return 0;
    uint32_t *fresh = vec_push(&p->expecting);
    if (fresh)
        *fresh = unit;
    return fresh ? 0 : ERR_NOMEM;
}

/* When the outage is overdue, by what somebody said and shelved last; WALL_NEVER_MS: nobody did. */
static int64_t overdue_at(const struct pager *p, uint32_t unit)
{
    struct outage open = outages_open(p->centre->outages, unit);
    const struct life *life = open.number ? lives_of(p->centre->lives, &open) : NULL;
    if (!life)
        return WALL_NEVER_MS;
    struct life_view view = life_at(life, true, p->now);
    int64_t at = view.expected ? view.expected->until.ms : WALL_NEVER_MS;
    return at != WALL_NEVER_MS && view.shelf && view.shelf->until.ms > at ? view.shelf->until.ms
                                                                          : at;
}

int pager_overdue_unit(struct pager *p, uint32_t unit)
{
    bool asked = p->sorts.overdue != 0;
    bool told = alert_find(&p->alerts, ALERT_OVERDUE, unit) != ALERT_NONE;
    int64_t at = asked || told ? overdue_at(p, unit) : WALL_NEVER_MS;
    if (at == WALL_NEVER_MS && !told)
        return 0;
    int err = at == WALL_NEVER_MS ? 0 : note(p, unit);
    const struct unit_id *id = inventory_unit_id(p->centre->inventory, unit);
    uint64_t rules = p->sorts.overdue & pager_speaking(p, id->site, id->op);
    while (!err && rules)
        err = pager_signal(p, pager_next_rule(&rules), ALERT_OVERDUE, unit, p->now.ms >= at,
                           (double)at);
    if (p->now.ms < at)
        pager_look_at(p, (struct wall_ms){at});
    return err;
}

int pager_overdue_look(struct pager *p)
{
    struct vec units = p->expecting;
    int err = 0;
    vec_init(&p->expecting, sizeof(uint32_t), PAGER_EXPECTING_MAX);
    for (size_t i = 0; !err && i < units.len; i++)
        err = pager_overdue_unit(p, *(const uint32_t *)vec_at(&units, i));
    vec_done(&units);
    return err;
}
