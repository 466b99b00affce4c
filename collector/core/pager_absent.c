#include "core/pager_own.h"

#include "base/err.h"

/* A probe that is absent is looked at so often, to see it return. */
static const int64_t AGAIN_MS = 10000;
static const int64_t SELDOM_MS = 60000;

int pager_absent_fill(struct pager *p)
{
    int err = 0;
    due_done(&p->absent);
    due_init(&p->absent, 1 << 24);
    uint32_t probes = p->sorts.probes ? p->centre->inventory->probes.len : 0;
    for (uint32_t probe = 0; !err && probe < probes; probe++)
        err = due_push(&p->absent, (struct due){.key = p->now.ms, .id = probe});
    return err;
}

/* When the centre heard a probe last, whatever it said; INT64_MIN: never. */
static int64_t heard_ms(const struct pager *p, uint32_t probe)
{
    int64_t heard = world_probe_heard(p->centre->world, probe).ms;
    const struct session_view *view = session_view(p->centre->session, probe);
    bool known = view && view->known;
    return known && view->since.ms > heard ? view->since.ms : heard;
}

/* What nobody can have heard, because nobody listened, is not missing. */
static int64_t counted_from(const struct pager *p, int64_t heard)
{
    return heard > p->deaf.ms ? heard : p->deaf.ms;
}

static bool holds(const struct pager *p, const struct rule *rule, uint32_t probe)
{
    int64_t heard = heard_ms(p, probe);
    if (rule->condition == RULE_NEVER)
        return heard == INT64_MIN;
    return heard != INT64_MIN && (double)(p->now.ms - counted_from(p, heard)) > rule->set;
}

static bool speaks_of(struct pager *p, size_t rule, uint32_t probe)
{
    const struct probe_row *row = inventory_probe(p->centre->inventory, probe, p->now);
    if (!row)
        return false;
    bool told = alert_find(&p->alerts, ALERT_PROBE, probe) != ALERT_NONE;
    bool spoken_of = pager_speaking(p, row->site, INV_NONE) & UINT64_C(1) << rule;
    return spoken_of && (told || !pager_site_quiet(p, row->site));
}

/* Looks at a probe; when it may be absent next by the rule. */
static int look(struct pager *p, size_t at, uint32_t probe, int64_t *ret_next)
{
    const struct rule *rule = &p->rules->rule[at];
    int64_t heard = heard_ms(p, probe);
    bool absent = speaks_of(p, at, probe) && holds(p, rule, probe);
    int64_t next = absent ? p->now.ms + AGAIN_MS : p->now.ms + SELDOM_MS;
    if (!absent && rule->condition == RULE_LATE && heard != INT64_MIN)
        next = counted_from(p, heard) + (int64_t)rule->set + 1;
    if (next < *ret_next)
        *ret_next = next;
    return pager_signal(p, at, ALERT_PROBE, probe, absent, 0);
}

int pager_absent_look(struct pager *p)
{
    struct due item;
    int err = 0;
    while (!err && due_pop(&p->absent, p->now.ms, &item)) {
        int64_t next = p->now.ms + 60 * SELDOM_MS;
        uint64_t rules = p->sorts.probes;
        while (!err && rules)
            err = look(p, pager_next_rule(&rules), item.id, &next);
        item.key = next > p->now.ms ? next : p->now.ms + AGAIN_MS;
        if (!err)
            err = due_push(&p->absent, item);
    }
    return err;
}
