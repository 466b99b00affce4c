#include "core/flash_report.h"

#include "base/err.h"
#include "core/flash_sites.h"
#include "core/inventory_tree.h"

#include <string.h>

/* What the passes share. */
struct making {
    const struct flash_sources *from;
    const struct flash_question *question;
    struct flash_report *report;
};

static struct wall_ms restored_from(const struct making *m)
{
    return wall_add(m->question->at, -m->question->restored_ms);
}

static int add_route(struct making *m, uint32_t site, const struct flash_site *s)
{
    struct flash_route *route = vec_push(&m->report->routes);
    if (!route)
        return ERR_NOMEM;
    *route = (struct flash_route){site, s->since, s->cause, s->out};
    return 0;
}

static void count_operators(struct making *m, uint32_t site)
{
    const struct outage_sources *from = &m->from->from;
    for (size_t i = 0; i < m->report->operators.len; i++) {
        struct flash_operator *o = vec_at(&m->report->operators, i);
        struct flash_site s = flash_site_at(from, site, o->op, m->question->at);
        if (s.units > 0)
            flash_site_count(
                m->question, &s,
                flash_site_was_out(from, site, o->op, restored_from(m), m->question->at),
                &o->count);
    }
}

static int count_site(struct making *m, uint32_t site, const struct site_row *row)
{
    const struct outage_sources *from = &m->from->from;
    struct flash_site s = flash_site_at(from, site, FLASH_EVERY_OPERATOR, m->question->at);
    bool was =
        flash_site_was_out(from, site, FLASH_EVERY_OPERATOR, restored_from(m), m->question->at);
    flash_site_count(m->question, &s, was, &m->report->kinds[row->kind]);
    if (row->kind == SITE_BTS)
        count_operators(m, site);
    if ((row->kind == SITE_LINK || row->kind == SITE_FIBRE) && (s.out || s.unverified))
        return add_route(m, site, &s);
    return 0;
}

static int count_sites(struct making *m)
{
    const struct inventory *inv = m->from->from.inv;
    int err = 0;
    for (uint32_t site = 0; err == 0 && site < inv->sites.len; site++) {
        const struct site_row *row = inventory_site(inv, site, m->question->at);
        if (row && inventory_tree_within(inv, row->area, m->question->area, m->question->at))
            err = count_site(m, site, row);
    }
    return err;
}

/* Every operator, and at the end those units that have none. */
static int begin_operators(struct making *m)
{
    const struct inventory *inv = m->from->from.inv;
    for (uint32_t op = 0; op <= inv->operators.len; op++) {
        struct flash_operator *o = vec_push(&m->report->operators);
        if (!o)
            return ERR_NOMEM;
        *o = (struct flash_operator){.op = op < inv->operators.len ? op : INV_NONE};
    }
    return 0;
}

static void drop_absent_operators(struct flash_report *report)
{
    for (size_t i = report->operators.len; i-- > 0;)
        if (((struct flash_operator *)vec_at(&report->operators, i))->count.total == 0)
            vec_remove(&report->operators, i, 1);
}

static bool above_villages(const struct inventory *inv, uint32_t area, struct wall_ms t)
{
    size_t n = 0;
    const uint32_t *children = inventory_tree_children(inv, area, &n);
    for (size_t i = 0; i < n; i++) {
        const struct area_row *row = vec_at(&inv->area_rows, children[i]);
        if (row->village && validity_has(row->valid, t))
            return true;
    }
    return false;
}

static int count_commune(struct making *m, uint32_t area)
{
    struct flash_report *report = m->report;
    struct coverage_figure f =
        coverage_figure(m->from->coverage, area, TECHNOLOGY_MOBILE, COVERAGE_ANY);
    report->communes_total++;
    if (f.nominal.villages == 0 || f.live.villages > 0)
        return 0;
    uint32_t *listed =
        vec_push(f.unknown.villages > 0 ? &report->communes_unsure : &report->communes);
    if (!listed)
        return ERR_NOMEM;
    *listed = area;
    return 0;
}

static int count_communes(struct making *m)
{
    const struct inventory *inv = m->from->from.inv;
    struct wall_ms at = m->question->at;
    int err = 0;
    for (uint32_t area = 0; err == 0 && area < inv->areas.len; area++)
        if (inventory_area(inv, area, at) && above_villages(inv, area, at) &&
            inventory_tree_within(inv, area, m->question->area, at))
            err = count_commune(m, area);
    return err;
}

static int ask_outages(struct making *m)
{
    struct outage_question q = {.area = m->question->area,
                                .from = m->question->at,
                                .to = wall_add(m->question->at, 1),
                                .now = m->question->at};
    return outage_groups_ask(&m->from->from, &q, &m->report->outages);
}

int flash_report_make(const struct flash_sources *from, const struct flash_question *question,
                      struct flash_report *ret_report)
{
    struct making m = {from, question, ret_report};
    memset(ret_report, 0, sizeof *ret_report);
    vec_init(&ret_report->operators, sizeof(struct flash_operator), UINT32_MAX);
    vec_init(&ret_report->routes, sizeof(struct flash_route), UINT32_MAX);
    vec_init(&ret_report->communes, sizeof(uint32_t), UINT32_MAX);
    vec_init(&ret_report->communes_unsure, sizeof(uint32_t), UINT32_MAX);
    int err = begin_operators(&m);
    if (!err)
        err = count_sites(&m);
    if (!err)
        err = count_communes(&m);
    if (!err)
        err = ask_outages(&m);
    drop_absent_operators(ret_report);
    return err;
}

void flash_report_done(struct flash_report *report)
{
    vec_done(&report->operators);
    vec_done(&report->routes);
    vec_done(&report->communes);
    vec_done(&report->communes_unsure);
    outage_groups_done(&report->outages);
}

struct life_view flash_report_life(const struct flash_sources *from,
                                   const struct flash_report *report,
                                   const struct outage_group *group, struct wall_ms at)
{
    const struct life *whole =
        group->len == 0
            ? lives_of(from->lives, &group->root)
            : lives_of_group(from->lives, &group->root,
                             vec_at(&report->outages.members, group->first), group->len);
    struct life then = {0};
    if (whole)
        then = *whole;
    while (then.len > 0 && then.acts[then.len - 1].at.ms > at.ms)
        then.len--;
    return life_at(&then, true, at);
}
