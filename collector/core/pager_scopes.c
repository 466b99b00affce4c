/* Which rules speak of what: put together from what a site's kind, operator and area have found
 * once, instead of asking every rule at every change. */
#include "core/pager_own.h"

#include "base/err.h"
#include "core/inventory_tree.h"

#include <string.h>

_Static_assert(RULES_MAX <= 64, "a rule is a bit");

size_t pager_next_rule(uint64_t *rules)
{
    size_t rule = (size_t)__builtin_ctzll(*rules);
    *rules &= *rules - 1;
    return rule;
}

/* ---- once for a file of rules and an inventory ---- */

static void sort_condition(struct pager_sorts *sorts, enum rule_condition condition, uint64_t bit)
{
    if (rules_of_outages(condition))
        sorts->counting[condition == RULE_SILENT ? PAGER_SILENT : PAGER_DOWN] |= bit;
    if (condition == RULE_OVERDUE)
        sorts->overdue |= bit;
    if (condition == RULE_NEVER || condition == RULE_LATE)
        sorts->probes |= bit;
}

static struct pager_area *area_at(struct pager *p, uint32_t area)
{
    while (p->of_area.len <= area) {
        struct pager_area *fresh = vec_push(&p->of_area);
        if (!fresh)
            return NULL;
        fresh->until.ms = INT64_MIN;
    }
    return vec_at(&p->of_area, area);
}

static uint64_t *op_at(struct pager *p, uint32_t op)
{
    while (p->of_op.len <= op)
        if (!vec_push(&p->of_op))
            return NULL;
    return vec_at(&p->of_op, op);
}

/* What nobody is called has no bit anywhere: a rule that names it speaks of nothing. */
static int sort_names(struct pager *p, const struct rule_scope *scope, uint64_t bit)
{
    const struct inventory *inv = p->centre->inventory;
    uint32_t area = scope->area[0] ? names_find(&inv->areas, slice_of(scope->area)) : NAMES_NONE;
    uint32_t op = scope->op[0] ? names_find(&inv->operators, slice_of(scope->op)) : NAMES_NONE;
    struct pager_area *named = area == NAMES_NONE ? NULL : area_at(p, area);
    uint64_t *of_op = op == NAMES_NONE ? NULL : op_at(p, op);
    if ((area != NAMES_NONE && !named) || (op != NAMES_NONE && !of_op))
        return ERR_NOMEM;
    if (named)
        named->named |= bit;
    if (of_op)
        *of_op |= bit;
    return 0;
}

static int sort_scope(struct pager *p, const struct rule_scope *scope, uint64_t bit)
{
    struct pager_sorts *sorts = &p->sorts;
    bool any = scope->kind == RULE_ANY_KIND;
    for (int kind = 0; kind < PAGER_KINDS; kind++)
        sorts->of_kind[kind] |= any || scope->kind == kind ? bit : 0;
    sorts->any_kind |= any ? bit : 0;
    sorts->any_op |= scope->op[0] ? 0 : bit;
    sorts->any_area |= scope->area[0] ? 0 : bit;
    sorts->critical |= scope->criticality[0] ? bit : 0;
    return sort_names(p, scope, bit);
}

int pager_sort_rules(struct pager *p)
{
    int err = 0;
    p->sorts = (struct pager_sorts){.overdue = 0};
    p->of_op.len = p->of_area.len = 0;
    for (size_t i = 0; !err && i < p->rules->len; i++) {
        const struct rule *rule = &p->rules->rule[i];
        sort_condition(&p->sorts, rule->condition, UINT64_C(1) << i);
        err = sort_scope(p, &rule->scope, UINT64_C(1) << i);
    }
    return err;
}

/* ---- at a change ---- */

/* Rules that name the area or one above it, or none; until the tree is another one. */
static void find(struct pager *p, uint32_t area, struct pager_area *found)
{
    found->speak = p->sorts.any_area;
    found->until.ms = WALL_NEVER_MS;
    for (int depth = 0; area != INV_NONE && depth < INVENTORY_TREE_DEPTH; depth++) {
        const struct area_row *row = inventory_area(p->centre->inventory, area, p->now);
        struct wall_ms end = row ? row->valid.to : wall_add(p->now, 1);
        if (area < p->of_area.len)
            found->speak |= ((const struct pager_area *)vec_at(&p->of_area, area))->named;
        found->until = end.ms < found->until.ms ? end : found->until;
        area = row ? row->parent : INV_NONE;
    }
}

static uint64_t of_area(struct pager *p, uint32_t area)
{
    struct pager_area *found = area_at(p, area);
    if (!found)
        return p->sorts.any_area;
    if (p->now.ms >= found->until.ms)
        find(p, area, found);
    return found->speak;
}

static uint64_t of_op(const struct pager *p, uint32_t op)
{
    return p->sorts.any_op | (op < p->of_op.len ? *(const uint64_t *)vec_at(&p->of_op, op) : 0);
}

/* Without those that ask for another word. */
static uint64_t of_word(const struct pager *p, uint64_t rules, const char *word)
{
    uint64_t asking = rules & p->sorts.critical;
    while (asking) {
        size_t rule = pager_next_rule(&asking);
        if (strcmp(p->rules->rule[rule].scope.criticality, word) != 0)
            rules &= ~(UINT64_C(1) << rule);
    }
    return rules;
}

uint64_t pager_speaking(struct pager *p, uint32_t site, uint32_t op)
{
    const struct site_row *row = pager_site(p, site);
    if (!row)
        return p->sorts.any_kind & p->sorts.any_area & of_op(p, op) & ~p->sorts.critical;
    uint64_t rules = p->sorts.of_kind[row->kind] & of_op(p, op);
    if (rules)
        rules &= row->area == INV_NONE ? p->sorts.any_area : of_area(p, row->area);
    return of_word(p, rules, row->criticality);
}
