#include "codec/api.h"

#include "base/err.h"
#include "core/coverage_walk.h"
#include "core/inventory_tree.h"

#include <math.h>
#include <string.h>

static void put_count(struct emit *e, const char *key, const struct coverage_count *count)
{
    emit_object(e, key);
    emit_int(e, "villages", count->villages);
    emit_int(e, "households", count->households);
    emit_int(e, "population", count->population);
    emit_end(e);
}

static void put_declared(struct emit *e, const struct inventory *inv, uint32_t area,
                         enum technology technology, uint32_t who)
{
    const struct declared_row *row =
        coverage_declared(inv, area, technology, who, COVERAGE_VILLAGES);
    if (!row) {
        emit_null(e, "declared");
        return;
    }
    emit_object(e, "declared");
    emit_number(e, "numerator", row->numerator);
    emit_number(e, "denominator", row->denominator);
    emit_text(e, "as_of", row->as_of);
    emit_text(e, "source", row->source);
    emit_end(e);
}

static void put_measured(struct emit *e, const struct coverage_line *line)
{
    if (!line->is_measured) {
        emit_null(e, "measured");
        return;
    }
    emit_object(e, "measured");
    emit_int(e, "villages", line->measured.covered.villages);
    emit_int(e, "households", line->measured.covered.households);
    emit_int(e, "population", line->measured.covered.population);
    emit_int(e, "points", line->measured.points);
    emit_end(e);
}

static void put_figure(struct emit *e, const struct coverage_figure *f)
{
    put_count(e, "total", &f->total);
    put_count(e, "nominal", &f->nominal);
    put_count(e, "live", &f->live);
    put_count(e, "unknown", &f->unknown);
    emit_int(e, "year_oldest", f->year_oldest);
    emit_int(e, "year_newest", f->year_newest);
}

/* The walk's context: where lines go, and of what. */
struct lines {
    struct emit *e;
    const struct inventory *inv;
    uint32_t area;
};

static const char *operator_name(const struct inventory *inv, uint32_t op)
{
    const struct operator_row *row =
        op < inv->operator_rows.len ? vec_at(&inv->operator_rows, op) : NULL;
    return row ? row->name : NULL;
}

static void put_line(void *context, const struct coverage_line *line)
{
    struct lines *to = context;
    emit_object(to->e, NULL);
    emit_text(to->e, "technology", coverage_technology_word((int)line->technology));
    emit_text(to->e, "operator", coverage_walk_who(to->inv, line->who));
    emit_text(to->e, "operator_name", operator_name(to->inv, line->who));
    put_figure(to->e, &line->figure);
    put_measured(to->e, line);
    put_declared(to->e, to->inv, to->area, line->technology, line->who);
    emit_end(to->e);
}

static void put_coverage(const struct inventory *inv, const struct coverage *coverage,
                         const struct measured *measured, uint32_t area, struct emit *e)
{
    struct lines to = {e, inv, area};
    emit_array(e, "coverage");
    coverage_walk(coverage, measured, inv, area, put_line, &to);
    emit_end(e);
}

static void put_name(struct emit *e, const struct inventory *inv, const struct area_row *row)
{
    emit_text(e, "id", names_text(&inv->areas, row->area));
    emit_text(e, "name", row->name);
    emit_text(e, "level", row->level);
    emit_text(e, "parent", row->parent == INV_NONE ? NULL : names_text(&inv->areas, row->parent));
    emit_number(e, "lat", row->lat);
    emit_number(e, "lon", row->lon);
    if (row->population >= 0)
        emit_int(e, "population", row->population);
    if (row->households >= 0)
        emit_int(e, "households", row->households);
    emit_int(e, "year", row->year);
}

/* Of a list of areas: any operator, the live figure. */
static void put_short_line(void *context, const struct coverage_line *line)
{
    struct emit *e = context;
    const struct coverage_figure *f = &line->figure;
    if (line->who != COVERAGE_ANY)
        return;
    emit_object(e, coverage_technology_word((int)line->technology));
    emit_int(e, "villages", f->live.villages);
    emit_int(e, "villages_nominal", f->nominal.villages);
    emit_int(e, "villages_unknown", f->unknown.villages);
    emit_int(e, "villages_total", f->total.villages);
    emit_int(e, "population", f->live.population);
    emit_int(e, "population_unknown", f->unknown.population);
    emit_int(e, "population_total", f->total.population);
    emit_end(e);
}

static const struct coverage *coverage_of(const struct api_scope *scope)
{
    return scope->past ? scope->past : scope->centre->coverage;
}

static void put_short(const struct api_scope *scope, uint32_t area, struct emit *e)
{
    emit_object(e, "live");
    coverage_walk(coverage_of(scope), NULL, scope->centre->inventory, area, put_short_line, e);
    emit_end(e);
}

void api_area_item(const struct api_scope *scope, uint32_t area, struct emit *e)
{
    const struct centre *c = scope->centre;
    const struct area_row *row = inventory_area(c->inventory, area, scope->now);
    if (!row)
        return;
    emit_object(e, NULL);
    put_name(e, c->inventory, row);
    put_short(scope, area, e);
    emit_end(e);
}

static bool passes(const struct api_scope *scope, const struct api_areas_filter *filter,
                   uint32_t area)
{
    const struct inventory *inv = scope->centre->inventory;
    const struct area_row *row = inventory_area(inv, area, scope->now);
    if (!row || !filter->level)
        return row && row->parent == filter->parent;
    return strcmp(row->level, filter->level) == 0 &&
           (filter->parent == INV_NONE ||
            inventory_tree_within(inv, area, filter->parent, scope->now));
}

void api_areas(const struct api_scope *scope, const struct api_areas_filter *filter,
               struct api_page page, struct buf *out)
{
    const struct inventory *inv = scope->centre->inventory;
    struct emit e = emit_to(out);
    uint64_t total = 0;
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    emit_array(&e, "areas");
    for (uint32_t area = 0; area < inv->areas.len; area++) {
        if (!passes(scope, filter, area))
            continue;
        if (api_page_has(page, total))
            api_area_item(scope, area, &e);
        total++;
    }
    api_page_end(page, total, &e);
    emit_end(&e);
}

void api_area(const struct api_scope *scope, uint32_t area, struct buf *out)
{
    const struct centre *c = scope->centre;
    const struct area_row *row = inventory_area(c->inventory, area, scope->now);
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    if (row) {
        put_name(&e, c->inventory, row);
        put_coverage(c->inventory, c->coverage, c->measured, area, &e);
    }
    emit_end(&e);
}

int api_coverage(const struct api_scope *scope, uint32_t area, struct buf *out)
{
    const struct centre *c = scope->centre;
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    emit_text(&e, "area", names_text(&c->inventory->areas, area));
    emit_instant(&e, "at", scope->now);
    put_coverage(c->inventory, coverage_of(scope), scope->past ? NULL : c->measured, area, &e);
    api_cover(scope, area, &e);
    int err = api_dark(scope, coverage_of(scope), area, &e);
    emit_end(&e);
    return err;
}

void api_indicators(const struct api_scope *scope, uint32_t area, struct api_page page,
                    struct buf *out)
{
    const struct inventory *inv = scope->centre->inventory;
    struct emit e = emit_to(out);
    uint64_t total = 0;
    emit_object(&e, NULL);
    emit_array(&e, "indicators");
    for (size_t i = 0; i < inv->declared_rows.len; i++) {
        const struct declared_row *row = vec_at(&inv->declared_rows, i);
        if (row->area != area)
            continue;
        if (api_page_has(page, total)) {
            emit_object(&e, NULL);
            emit_text(&e, "indicator", row->indicator);
            emit_number(&e, "numerator", row->numerator);
            emit_number(&e, "denominator", row->denominator);
            emit_number(&e, "ratio",
                        row->denominator != 0 ? row->numerator / row->denominator : NAN);
            emit_text(&e, "as_of", row->as_of);
            emit_text(&e, "source", row->source);
            emit_end(&e);
        }
        total++;
    }
    api_page_end(page, total, &e);
    emit_end(&e);
}
