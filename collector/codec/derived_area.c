#include "codec/derived_area.h"

#include "codec/derived_lines.h"

#include <math.h>

static bool has_points(const struct centre *c, uint32_t area, struct wall_ms t)
{
    const struct area_row *row = inventory_area(c->inventory, area, t);
    return row && !row->village;
}

static struct slice who_of(const struct inventory *inv, uint32_t who)
{
    if (who == COVERAGE_ANY)
        return slice_of("any");
    return slice_of(who == COVERAGE_ALL ? "all" : names_text(&inv->operators, who));
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

void derived_area_coverage(const struct centre *c, const struct coverage *coverage, uint32_t area,
                           struct wall_ms t, struct buf *out)
{
    const struct inventory *inv = c->inventory;
    if (!has_points(c, area, t))
        return;
    for (int technology = 0; technology < TECHNOLOGY_COUNT; technology++) {
        for (uint32_t i = 0; i < inv->operators.len + 2; i++) {
            uint32_t who = i == 0 ? COVERAGE_ANY : i == 1 ? COVERAGE_ALL : i - 2;
            struct coverage_figure f =
                coverage_figure(coverage, area, (enum technology)technology, who);
            if (f.nominal.villages == 0)
                continue;
            struct derived_coverage_point p = {
                .t = t,
                .area = slice_of(names_text(&inv->areas, area)),
                .technology = slice_of(coverage_technology_word(technology)),
                .op = who_of(inv, who),
                .declared = declared_ratio(inv, area, (enum technology)technology, who),
                .measured = NAN,
                .points = NAN};
            put_figure(&f, &p);
            derived_lines_coverage(out, &p);
        }
    }
}

int derived_area_now(const struct centre *c, uint32_t area, struct wall_ms t, struct buf *out)
{
    (void)c;
    (void)area;
    (void)t;
    (void)out;
    return 0;
}

int derived_area_closed(const struct centre *c, uint32_t area, struct wall_ms from,
                        struct wall_ms to, enum derived_grid grid, struct buf *out)
{
    (void)from;
    (void)to;
    (void)grid;
    return derived_area_now(c, area, from, out);
}
