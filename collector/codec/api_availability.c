#include "codec/api.h"

#include "base/err.h"

#include <math.h>

static void put_ratio(struct emit *e, const char *key, bool exists, double ratio)
{
    emit_number(e, key, exists ? ratio : NAN);
}

static void put_positive(struct emit *e, const char *key, int64_t ms)
{
    if (ms < 0)
        emit_null(e, key);
    else
        emit_int(e, key, ms);
}

static void put_times(struct emit *e, const struct availability *a)
{
    emit_object(e, "state_ms");
    for (int state = 0; state < STATE_COUNT; state++)
        emit_int(e, state_word(state), a->state_ms[state]);
    emit_end(e);
}

/* A figure without enough data is null, with its observed share beside it (FIGURES section 3). */
static void put_figure(struct emit *e, const struct availability *a, bool enough)
{
    double confirmed = NAN;
    double lower = NAN;
    bool has_confirmed = availability_confirmed(a, &confirmed);
    bool has_lower = availability_lower(a, &lower);
    put_ratio(e, "confirmed", enough && has_confirmed, confirmed);
    put_ratio(e, "lower", enough && has_lower, lower);
    emit_bool(e, "enough_data", enough);
    emit_int(e, "decimals", availability_decimals(a));
    emit_int(e, "outages", a->outages);
    emit_int(e, "outages_unverified", a->unverified);
    put_positive(e, "mttr_ms", availability_mttr_ms(a));
    put_positive(e, "mtbf_ms", availability_mtbf_ms(a));
    emit_int(e, "uncertainty_ms", a->uncertainty_ms);
    emit_object(e, "down_ms_by_cause");
    for (int cause = 0; cause < CAUSE_NONE; cause++)
        if (a->cause_ms[cause])
            emit_int(e, cause_word(cause), a->cause_ms[cause]);
    emit_end(e);
}

/* The same figure with the maintenance that was declared in retrospect, marked by standing apart;
 * null where there is none (FIGURES section 3). */
static void put_retroactive(struct emit *e, const struct availability *a, bool enough)
{
    if (a->retroactive_ms == 0) {
        emit_null(e, "with_retroactive");
        return;
    }
    emit_object(e, "with_retroactive");
    put_figure(e, a, enough);
    emit_int(e, "retroactive_ms", a->retroactive_ms);
    emit_end(e);
}

static void put_window(struct emit *e, struct validity window)
{
    emit_instant(e, "from", window.from);
    emit_instant(e, "to", window.to);
    emit_bool(e, "provisional", true); /* final figures come with calendar periods */
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
        put_figure(&e, &a, availability_enough(&a, AVAILABILITY_ENOUGH));
        put_ratio(&e, "observed", has_observed, observed);
        put_times(&e, &a);
        a = availability_with_retroactive(c->world, c->inventory, units[i], window);
        put_retroactive(&e, &a, availability_enough(&a, AVAILABILITY_ENOUGH));
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
    put_figure(e, &a->sum, a->enough > 0);
    put_ratio(e, "weighted", has_weighted, weighted);
    put_ratio(e, "observed", has_observed, observed);
    emit_int(e, "units", a->units);
    emit_int(e, "units_enough", a->enough);
    put_times(e, &a->all);
    struct availability sum = with->sum; /* the times of units without enough data too */
    sum.retroactive_ms = with->all.retroactive_ms;
    put_retroactive(e, &sum, with->enough > 0);
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
