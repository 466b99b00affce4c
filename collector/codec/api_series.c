#include "codec/api_series_own.h"

#include "base/err.h"
#include "core/calendar.h"
#include "core/inventory_tree.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *word;
    enum derived_grid grid;
} STEPS[API_SERIES_STEPS] = {{"hour", DERIVED_HOUR}, {"day", DERIVED_DAY}};

const char *api_series_step_word(int index)
{
    return index >= 0 && index < API_SERIES_STEPS ? STEPS[index].word : "";
}

enum derived_grid api_series_step(int index)
{
    return STEPS[index].grid;
}

/* ---- what is wanted ---- */

/* The kind of a site at or below the area at @p t, AVAILABILITY_KINDS if it is not asked for; it
 * stays so until *ret_until. */
static int kind_until(const struct inventory *inv, const struct api_series_query *query,
                      uint32_t site, struct wall_ms t, struct wall_ms *ret_until)
{
    const struct site_row *row = inventory_site(inv, site, t);
    *ret_until = wall_add(t, 1);
    if (!row)
        return AVAILABILITY_KINDS;
    bool within = inventory_tree_within_until(inv, row->area, query->area, t, ret_until);
    ret_until->ms = row->valid.to.ms < ret_until->ms ? row->valid.to.ms : ret_until->ms;
    bool asked = query->kind < 0 || query->kind == (int)row->kind;
    return within && asked ? (int)row->kind : AVAILABILITY_KINDS;
}

/* A step asks where a unit belongs at its last millisecond (FIGURES 7.23). */
static struct wall_ms judged_at(const struct series_grid *grid, uint32_t step)
{
    return wall_add(series_grid_end(grid, step), -1);
}

/* The run of steps from @p from on in which the site belongs to one kind. */
static struct series_run next_run(const struct inventory *inv, const struct api_series_query *query,
                                  uint32_t site, uint32_t from)
{
    struct wall_ms until;
    int kind = kind_until(inv, query, site, judged_at(&query->grid, from), &until);
    struct series_run run = {(uint32_t)kind, from, from + 1};
    if (until.ms >= query->grid.to.ms)
        run.to = query->grid.steps;
    while (run.to < query->grid.steps && judged_at(&query->grid, run.to).ms < until.ms)
        run.to++;
    return run;
}

static int want_unit_of_area(const struct api_scope *scope, const struct api_series_query *query,
                             uint32_t unit, struct series_reading *reading)
{
    const struct centre *c = scope->centre;
    const struct unit_id *id = inventory_unit_id(c->inventory, unit);
    bool begun = false;
    int err = 0;
    if (query->op != INV_NONE && query->op != id->op)
        return 0;
    for (uint32_t step = 0; !err && step < query->grid.steps;) {
        struct series_run run = next_run(c->inventory, query, id->site, step);
        step = run.to;
        if (run.group == AVAILABILITY_KINDS)
            continue;
        err = begun ? 0 : series_reading_want(reading, c->annals, unit);
        begun = true;
        if (!err)
            err = series_reading_run(reading, run);
    }
    return err;
}

static int want_site(const struct api_scope *scope, const struct api_series_query *query,
                     struct series_reading *reading)
{
    const struct centre *c = scope->centre;
    size_t n = 0;
    const uint32_t *units = inventory_site_units(c->inventory, query->site, &n);
    int err =
        series_reading_init(reading, &query->grid, (uint32_t)n, true, c->options.derived.zone_ms);
    for (uint32_t i = 0; !err && i < n; i++) {
        err = series_reading_want(reading, c->annals, units[i]);
        if (!err)
            err = series_reading_run(reading, (struct series_run){i, 0, query->grid.steps});
    }
    return err;
}

int api_series_want(const struct api_scope *scope, const struct api_series_query *query,
                    struct series_reading *reading)
{
    if (query->site != INV_NONE)
        return want_site(scope, query, reading);
    int err = series_reading_init(reading, &query->grid, AVAILABILITY_KINDS, false,
                                  scope->centre->options.derived.zone_ms);
    for (uint32_t unit = 0; !err && unit < scope->centre->inventory->units.len; unit++)
        err = want_unit_of_area(scope, query, unit, reading);
    return err;
}

/* ---- the answer ---- */

void api_series_head(struct emit *e, const struct api_scope *scope,
                     const struct api_series_query *query, const char *what)
{
    const struct centre *c = scope->centre;
    int64_t zone_ms = c->options.derived.zone_ms;
    struct wall_ms sure = wall_add(world_now(c->world), -c->options.grace_ms);
    emit_text(e, "what", what);
    if (query->site != INV_NONE)
        emit_text(e, "site", names_text(&c->inventory->sites, query->site));
    else
        emit_text(e, "area", names_text(&c->inventory->areas, query->area));
    emit_text(e, "step", query->step == DERIVED_HOUR ? "hour" : "day");
    emit_instant(e, "from", query->grid.from);
    emit_instant(e, "to", query->grid.to);
    emit_instant(e, "final_to", calendar_midnight(calendar_day(sure, zone_ms), zone_ms));
}

static void put_at(struct emit *e, const struct series_grid *grid)
{
    emit_array(e, "at");
    for (uint32_t step = 0; step < grid->steps; step++)
        emit_instant(e, NULL, series_grid_start(grid, step));
    emit_end(e);
}

typedef bool ratio_of(const struct availability *a, double *ret_ratio);

/* A ratio of each step: of the units with enough data, or of all. */
static void put_ratios(struct emit *e, const char *key, const struct series *s, uint32_t group,
                       bool enough, ratio_of *of)
{
    emit_array(e, key);
    for (uint32_t step = 0; step < s->grid.steps; step++) {
        const struct series_cell *cell = series_at(s, group, step);
        struct availability a = {.uncertainty_ms = 0};
        double value = NAN;
        memcpy(a.state_ms, enough ? cell->enough_ms : cell->all_ms, sizeof a.state_ms);
        bool has = of(&a, &value);
        emit_number(e, NULL, has ? value : NAN);
    }
    emit_end(e);
}

static void put_units(struct emit *e, const struct series *s, uint32_t group)
{
    emit_array(e, "units");
    for (uint32_t step = 0; step < s->grid.steps; step++)
        emit_int(e, NULL, series_at(s, group, step)->units);
    emit_end(e);
    emit_array(e, "units_enough");
    for (uint32_t step = 0; step < s->grid.steps; step++)
        emit_int(e, NULL, series_at(s, group, step)->enough);
    emit_end(e);
}

static void put_times(struct emit *e, const struct series *s, uint32_t group)
{
    emit_object(e, "state_ms");
    for (int state = 0; state < STATE_COUNT; state++) {
        emit_array(e, state_word(state));
        for (uint32_t step = 0; step < s->grid.steps; step++)
            emit_int(e, NULL, series_at(s, group, step)->all_ms[state]);
        emit_end(e);
    }
    emit_end(e);
}

static void put_columns(struct emit *e, const struct series *s, uint32_t group)
{
    if (!s->alone)
        put_units(e, s, group);
    put_ratios(e, "confirmed", s, group, true, availability_confirmed);
    put_ratios(e, "lower", s, group, true, availability_lower);
    put_ratios(e, "observed", s, group, false, availability_observed);
    put_times(e, s, group);
}

static bool is_empty(const struct series *s, uint32_t group)
{
    for (uint32_t step = 0; step < s->grid.steps; step++)
        if (series_at(s, group, step)->units > 0)
            return false;
    return true;
}

static void put_line(struct emit *e, const struct api_scope *scope,
                     const struct api_series_query *query, const struct series_reading *reading,
                     uint32_t group)
{
    const struct inventory *inv = scope->centre->inventory;
    emit_object(e, NULL);
    if (query->site != INV_NONE) {
        const struct series_unit *unit = vec_at(&reading->units, group);
        emit_text(e, "unit", names_text(&inv->units, unit->unit));
    } else {
        emit_text(e, "kind", api_kind_word((int)group));
        emit_text(e, "operator",
                  query->op == INV_NONE ? "all" : names_text(&inv->operators, query->op));
    }
    put_columns(e, &reading->series, group);
    emit_end(e);
}

int api_series(const struct api_scope *scope, const struct api_series_query *query,
               struct series_reading *reading, struct buf *out)
{
    struct emit e = emit_to(out);
    series_reading_finish(reading, scope->centre->annals);
    emit_object(&e, NULL);
    api_series_head(&e, scope, query, "availability");
    put_at(&e, &query->grid);
    emit_array(&e, "lines");
    for (uint32_t group = 0; group < reading->series.groups; group++)
        if (!is_empty(&reading->series, group))
            put_line(&e, scope, query, reading, group);
    emit_end(&e);
    emit_end(&e);
    return out->err;
}
