#include "codec/api_report.h"

#include <stdio.h>

enum { NAMES_SHOWN = 100 };

static const struct inventory *inventory_of(const struct api_report *r)
{
    return r->scope->centre->inventory;
}

struct coverage_figure api_report_people(const struct api_report *r, enum technology family,
                                         struct coverage_count *ret_out)
{
    struct coverage_figure f =
        coverage_figure(r->coverage, r->query->question.area, family, COVERAGE_ANY);
    ret_out->villages = f.nominal.villages - f.live.villages - f.unknown.villages;
    ret_out->households = f.nominal.households - f.live.households - f.unknown.households;
    ret_out->population = f.nominal.population - f.live.population - f.unknown.population;
    return f;
}

const char *api_report_site_name(const struct api_report *r, uint32_t site)
{
    const struct site_row *row = inventory_site(inventory_of(r), site, r->scope->now);
    if (!api_site_shown(r->scope, row))
        return NULL;
    return row->name[0] ? row->name : names_text(&inventory_of(r)->sites, site);
}

const char *api_report_operator_name(const struct api_report *r, uint32_t op)
{
    const struct inventory *inv = inventory_of(r);
    if (op == INV_NONE)
        return NULL;
    const struct operator_row *row =
        op < inv->operator_rows.len ? vec_at(&inv->operator_rows, op) : NULL;
    return row && row->name[0] ? row->name : names_text(&inv->operators, op);
}

static void put_people(struct emit *e, const char *key, const struct coverage_count *count)
{
    emit_object(e, key);
    emit_int(e, "villages", count->villages);
    emit_int(e, "households", count->households);
    emit_int(e, "population", count->population);
    emit_end(e);
}

static void put_count(struct emit *e, const struct flash_count *count)
{
    emit_int(e, "total", count->total);
    emit_int(e, "out", count->out);
    emit_int(e, "unverified", count->unverified);
    emit_int(e, "standing", count->standing);
    emit_int(e, "restored", count->restored);
    emit_object(e, "causes");
    for (int cause = 0; cause < CAUSE_NONE; cause++)
        if (count->causes[cause])
            emit_int(e, cause_word(cause), count->causes[cause]);
    emit_end(e);
}

static void put_kinds(const struct api_report *r, struct emit *e)
{
    emit_array(e, "kinds");
    for (int kind = 0; kind < FLASH_KINDS; kind++) {
        if (r->report->kinds[kind].total == 0)
            continue;
        emit_object(e, NULL);
        emit_text(e, "kind", api_kind_word(kind));
        put_count(e, &r->report->kinds[kind]);
        emit_end(e);
    }
    emit_end(e);
}

static void put_operators(const struct api_report *r, struct emit *e)
{
    emit_array(e, "operators");
    for (size_t i = 0; i < r->report->operators.len; i++) {
        const struct flash_operator *o = vec_at(&r->report->operators, i);
        emit_object(e, NULL);
        emit_text(e, "operator",
                  o->op == INV_NONE ? NULL : names_text(&inventory_of(r)->operators, o->op));
        emit_text(e, "name", api_report_operator_name(r, o->op));
        put_count(e, &o->count);
        emit_end(e);
    }
    emit_end(e);
}

/* A restricted route counts, and shows nothing else. */
static void put_routes(const struct api_report *r, struct emit *e)
{
    size_t shown = 0;
    emit_array(e, "routes");
    for (size_t i = 0; i < r->report->routes.len && shown < NAMES_SHOWN; i++) {
        const struct flash_route *route = vec_at(&r->report->routes, i);
        const char *name = api_report_site_name(r, route->site);
        if (!name)
            continue;
        emit_object(e, NULL);
        emit_text(e, "site", names_text(&inventory_of(r)->sites, route->site));
        emit_text(e, "name", name);
        emit_instant(e, "since", route->since);
        emit_text(e, "cause", cause_word((int)route->cause));
        emit_bool(e, "verified", route->verified);
        emit_end(e);
        shown++;
    }
    emit_end(e);
    emit_int(e, "routes_total", (int64_t)r->report->routes.len);
}

static void put_areas(const struct api_report *r, const char *key, const struct vec *areas,
                      struct emit *e)
{
    emit_array(e, key);
    for (size_t i = 0; i < areas->len && i < NAMES_SHOWN; i++) {
        uint32_t area = *(uint32_t *)vec_at(areas, i);
        const struct area_row *row = inventory_area(inventory_of(r), area, r->scope->now);
        emit_object(e, NULL);
        emit_text(e, "id", names_text(&inventory_of(r)->areas, area));
        emit_text(e, "name", row ? row->name : "");
        emit_end(e);
    }
    emit_end(e);
}

static void put_communes(const struct api_report *r, struct emit *e)
{
    const struct flash_report *report = r->report;
    emit_object(e, "communes");
    emit_int(e, "total", report->communes_total);
    emit_int(e, "without_service", (int64_t)report->communes.len);
    emit_int(e, "unverified", (int64_t)report->communes_unsure.len);
    put_areas(r, "names", &report->communes, e);
    put_areas(r, "names_unverified", &report->communes_unsure, e);
    emit_end(e);
}

static void put_families(const struct api_report *r, struct emit *e)
{
    static const enum technology families[] = {TECHNOLOGY_MOBILE, TECHNOLOGY_FIBRE};

    emit_array(e, "people");
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        struct coverage_count out;
        struct coverage_figure f = api_report_people(r, families[i], &out);
        emit_object(e, NULL);
        emit_text(e, "technology", coverage_technology_word((int)families[i]));
        put_people(e, "without_service", &out);
        put_people(e, "unverified", &f.unknown);
        put_people(e, "served", &f.nominal);
        emit_int(e, "year_oldest", f.year_oldest);
        emit_int(e, "year_newest", f.year_newest);
        emit_end(e);
    }
    emit_end(e);
}

static void put_outage(const struct api_report *r, const struct outage_group *g, struct emit *e)
{
    struct life_view life = flash_report_life(r->from, r->report, g, r->scope->now);
    uint32_t site = inventory_unit_id(inventory_of(r), g->root.unit)->site;
    const char *name = api_report_site_name(r, site);
    struct wall_ms never = {WALL_NEVER_MS};
    char number[32];
    snprintf(number, sizeof number, "SC%llu", (unsigned long long)g->root.number);
    emit_object(e, NULL);
    emit_text(e, "outage", number);
    emit_text(e, "site", name ? names_text(&inventory_of(r)->sites, site) : NULL);
    emit_text(e, "name", name);
    emit_instant(e, "from", g->root.from);
    emit_int(e, "duration_ms", r->scope->now.ms - g->root.from.ms);
    emit_bool(e, "verified", g->verified);
    emit_text(e, "cause", cause_word((int)g->root.cause));
    emit_int(e, "sites_out", g->sites_out);
    emit_int(e, "people", outage_groups_people(g));
    emit_text(e, "stage", life_stage_word((int)life.stage));
    emit_instant(e, "expected", life.expected ? life.expected->until : never);
    emit_end(e);
}

static void put_outages(const struct api_report *r, struct emit *e)
{
    const struct vec *groups = &r->report->outages.groups;
    int64_t unverified = 0;
    emit_array(e, "outages");
    for (size_t i = 0; i < groups->len; i++) {
        const struct outage_group *g = vec_at(groups, i);
        unverified += !g->verified;
        if (i < NAMES_SHOWN)
            put_outage(r, g, e);
    }
    emit_end(e);
    emit_int(e, "outages_total", (int64_t)groups->len);
    emit_int(e, "outages_unverified", unverified);
}

static void put_head(const struct api_report *r, struct emit *e)
{
    const struct flash_question *q = &r->query->question;
    const struct area_row *row = inventory_area(inventory_of(r), q->area, r->scope->now);
    emit_text(e, "centre", r->scope->name);
    emit_bool(e, "simulated", r->scope->simulated);
    emit_text(e, "area", names_text(&inventory_of(r)->areas, q->area));
    emit_text(e, "area_name", row ? row->name : NULL);
    emit_instant(e, "at", r->scope->now);
    emit_int(e, "standing_ms", q->standing_ms);
    emit_int(e, "restored_ms", q->restored_ms);
}

static int put_report(const struct api_report *r, struct buf *out)
{
    struct emit e = emit_to(out);
    struct buf text;
    buf_init(&text, out->max);
    report_text(r, &text);
    int err = text.err;
    emit_object(&e, NULL);
    put_head(r, &e);
    put_kinds(r, &e);
    put_operators(r, &e);
    api_power_put(&e, "power", &r->power);
    put_routes(r, &e);
    put_communes(r, &e);
    put_families(r, &e);
    put_outages(r, &e);
    emit_text(&e, "text", text.data ? text.data : "");
    emit_end(&e);
    buf_done(&text);
    return err;
}

int api_report(const struct api_scope *scope, const struct api_report_query *query, struct buf *out)
{
    const struct centre *c = scope->centre;
    struct flash_sources from = {{c->outages, c->inventory, c->serving, c->world, NULL},
                                 scope->past ? scope->past : c->coverage,
                                 c->lives};
    struct flash_report report;
    int err = flash_report_make(&from, &query->question, &report);
    struct api_report r = {scope, query, &from, &report, from.coverage, {{0}, 0, 0}};
    if (!err)
        err = api_power_count(scope, query->question.area, SITE_BTS, &r.power);
    if (!err)
        err = put_report(&r, out);
    flash_report_done(&report);
    return err;
}
