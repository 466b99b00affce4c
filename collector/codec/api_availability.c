#include "codec/api.h"

#include "base/err.h"
#include "codec/api_figure.h"

#include <math.h>

static void put_window(struct emit *e, struct validity window)
{
    emit_instant(e, "from", window.from);
    emit_instant(e, "to", window.to);
    emit_bool(e, "provisional", true); /* final are calendar periods: codec/api_period.h */
}

void api_availability_site(const struct api_scope *scope, uint32_t site, struct validity window,
                           struct buf *out)
{
    const struct centre *c = scope->centre;
    struct emit e = emit_to(out);
    size_t n = 0;
    const uint32_t *units = inventory_site_units(c->inventory, site, &n);
    emit_object(&e, NULL);
    emit_text(&e, "site", names_text(&c->inventory->sites, site));
    put_window(&e, window);
    emit_array(&e, "figures");
    for (size_t i = 0; i < n; i++) {
        struct availability a = availability_of_unit(c->world, units[i], window);
        double observed = NAN;
        bool has_observed = availability_observed(&a, &observed);
        emit_object(&e, NULL);
        emit_text(&e, "unit", names_text(&c->inventory->units, units[i]));
        api_figure_put(&e, &a, availability_enough(&a, AVAILABILITY_ENOUGH));
        api_figure_ratio(&e, "observed", has_observed, observed);
        api_figure_times(&e, &a);
        a = availability_with_retroactive(c->world, c->inventory, units[i], window);
        api_figure_retroactive(&e, &a, availability_enough(&a, AVAILABILITY_ENOUGH));
        emit_end(&e);
    }
    emit_end(&e);
    emit_end(&e);
}

static void put_area_figure(const struct api_scope *scope, const struct availability_query *q,
                            const struct availability_area *a, const struct availability_area *with,
                            struct emit *e)
{
    const struct inventory *inv = scope->centre->inventory;
    double observed = NAN;
    double weighted = NAN;
    bool has_observed = availability_observed(&a->all, &observed);
    bool has_weighted = availability_weighted(a, &weighted);
    emit_object(e, NULL);
    emit_text(e, "kind", api_kind_word((int)q->kind));
    emit_text(e, "operator", q->op == INV_NONE ? "all" : names_text(&inv->operators, q->op));
    api_figure_put(e, &a->sum, a->enough > 0);
    api_figure_ratio(e, "weighted", has_weighted, weighted);
    api_figure_ratio(e, "observed", has_observed, observed);
    emit_int(e, "units", a->units);
    emit_int(e, "units_enough", a->enough);
    api_figure_times(e, &a->all);
    struct availability sum = with->sum; /* the times of units without enough data too */
    sum.retroactive_ms = with->all.retroactive_ms;
    api_figure_retroactive(e, &sum, with->enough > 0);
    emit_end(e);
}

/* All kinds asked for, of one operator or all together. */
static int put_kinds(const struct api_scope *scope, const struct api_availability_filter *filter,
                     uint32_t op, struct emit *e)
{
    const struct centre *c = scope->centre;
    struct availability_area areas[AVAILABILITY_KINDS];
    struct availability_area with[AVAILABILITY_KINDS] = {{.units = 0}};
    struct availability_query q = {
        .area = filter->area, .op = op, .window = filter->window, .enough = AVAILABILITY_ENOUGH};
    int err = availability_of_kinds(c->world, c->inventory, &q, areas);
    q.with_retroactive = availability_any_retroactive(c->inventory, q.window);
    if (!err && q.with_retroactive)
        err = availability_of_kinds(c->world, c->inventory, &q, with);
    for (int kind = 0; !err && kind < AVAILABILITY_KINDS; kind++) {
        q.kind = (enum site_kind)kind;
        bool asked = filter->kind < 0 || filter->kind == kind;
        if (asked && areas[kind].units > 0)
            put_area_figure(scope, &q, &areas[kind], &with[kind], e);
    }
    return err;
}

int api_availability_figures(const struct api_scope *scope,
                             const struct api_availability_filter *filter, struct emit *e)
{
    uint32_t operators = scope->centre->inventory->operators.len;
    int err = put_kinds(scope, filter, filter->every_operator ? INV_NONE : filter->op, e);
    for (uint32_t op = 0; !err && filter->every_operator && op < operators; op++)
        err = put_kinds(scope, filter, op, e);
    return err;
}

int api_availability(const struct api_scope *scope, const struct api_availability_filter *filter,
                     struct buf *out)
{
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    emit_text(&e, "area", names_text(&scope->centre->inventory->areas, filter->area));
    put_window(&e, filter->window);
    emit_array(&e, "figures");
    int err = api_availability_figures(scope, filter, &e);
    emit_end(&e);
    emit_end(&e);
    return err;
}
