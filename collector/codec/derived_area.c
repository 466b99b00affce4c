#include "codec/derived_area.h"

#include "codec/api.h"
#include "codec/derived_lines.h"
#include "core/coverage_walk.h"

#include <math.h>

static bool has_points(const struct centre *c, uint32_t area, struct wall_ms t)
{
    const struct area_row *row = inventory_area(c->inventory, area, t);
    return row && !row->village;
}

static double declared_ratio(const struct inventory *inv, uint32_t area, enum technology technology,
                             uint32_t who)
{
    const struct declared_row *row =
        coverage_declared(inv, area, technology, who, COVERAGE_VILLAGES);
    return row && row->denominator > 0 ? row->numerator / row->denominator : NAN;
}

static void put_figure(const struct coverage_figure *f, struct derived_coverage_point *p)
{
    p->villages.total = (double)f->total.villages;
    p->villages.nominal = (double)f->nominal.villages;
    p->villages.live = (double)f->live.villages;
    p->villages.unknown = (double)f->unknown.villages;
    p->households.total = (double)f->total.households;
    p->households.nominal = (double)f->nominal.households;
    p->households.live = (double)f->live.households;
    p->households.unknown = (double)f->unknown.households;
    p->population.total = (double)f->total.population;
    p->population.nominal = (double)f->nominal.population;
    p->population.live = (double)f->live.population;
    p->population.unknown = (double)f->unknown.population;
}

/* The walk's context: whose lines these are. */
struct lines {
    struct buf *out;
    const struct inventory *inv;
    uint32_t area;
    struct wall_ms t;
};

static void put_line(void *context, const struct coverage_line *line)
{
    const struct lines *to = context;
    const struct inventory *inv = to->inv;
    struct derived_coverage_point p = {
        .t = to->t,
        .area = slice_of(names_text(&inv->areas, to->area)),
        .technology = slice_of(coverage_technology_word((int)line->technology)),
        .op = slice_of(coverage_walk_who(inv, line->who)),
        .declared = declared_ratio(inv, to->area, line->technology, line->who),
        .measured = line->is_measured ? (double)line->measured.covered.villages : NAN,
        .points = line->is_measured ? (double)line->measured.points : NAN};
    put_figure(&line->figure, &p);
    derived_lines_coverage(to->out, &p);
}

void derived_area_coverage(const struct centre *c, const struct coverage *coverage,
                           const struct measured *measured, uint32_t area, struct wall_ms t,
                           struct buf *out)
{
    struct lines to = {out, c->inventory, area, t};
    if (has_points(c, area, t))
        coverage_walk(coverage, measured, c->inventory, area, put_line, &to);
}

static void put_ratios(const struct availability_area *a, struct derived_availability_point *p)
{
    p->enough = a->enough > 0;
    if (!availability_observed(&a->all, &p->observed))
        p->observed = NAN;
    if (!p->enough || !availability_confirmed(&a->sum, &p->confirmed))
        p->confirmed = NAN;
    if (!p->enough || !availability_lower(&a->sum, &p->lower))
        p->lower = NAN;
    if (!availability_weighted(a, &p->weighted))
        p->weighted = NAN;
}

static void availability_point(const struct centre *c, const struct availability_area *a,
                               uint32_t area, enum site_kind kind, uint32_t op, const char *window,
                               struct wall_ms t, struct buf *out)
{
    struct derived_availability_point p = {
        .t = t,
        .area = slice_of(names_text(&c->inventory->areas, area)),
        .kind = slice_of(api_kind_word((int)kind)),
        .op = slice_of(op == INV_NONE ? "all" : names_text(&c->inventory->operators, op)),
        .window = slice_of(window),
        .up_ms = availability_up_ms(&a->sum),
        .down_ms = a->sum.state_ms[STATE_DOWN],
        .silent_ms = a->sum.state_ms[STATE_SILENT],
        .outages = a->sum.outages,
        .mttr_ms = availability_mttr_ms(&a->sum),
        .mtbf_ms = availability_mtbf_ms(&a->sum)};
    put_ratios(a, &p);
    derived_lines_availability(out, &p);
}

void derived_area_availability(const struct centre *c, const struct availability_table *table,
                               size_t window, const char *word, uint32_t area, struct wall_ms t,
                               struct buf *out)
{
    for (int kind = 0; kind < API_KINDS; kind++) {
        for (uint32_t i = 0; i <= c->inventory->operators.len; i++) {
            uint32_t op = i == 0 ? INV_NONE : i - 1;
            const struct availability_area *a =
                availability_table_at(table, window, area, (enum site_kind)kind, op);
            if (a && a->units > 0)
                availability_point(c, a, area, (enum site_kind)kind, op, word, t, out);
        }
    }
}
