#include "codec/api_outage.h"

#include "codec/api_life.h"

#include <stdio.h>

enum { MEMBERS_SHOWN = 100 };

static struct outage_sources sources_of(const struct centre *c)
{
    return (struct outage_sources){c->outages, c->inventory, c->serving, c->world, NULL};
}

static bool restricted(const struct api_scope *scope, uint32_t site)
{
    const struct site_row *row = inventory_site(scope->centre->inventory, site, scope->now);
    return !api_site_shown(scope, row);
}

bool api_outage_hidden(const struct api_scope *scope, const struct outage *o)
{
    return restricted(scope, inventory_unit_id(scope->centre->inventory, o->unit)->site);
}

/* What is not over is not known to the millisecond either. */
static void put_end_uncertainty(const struct api_scope *scope, const struct outage *o,
                                struct emit *e)
{
    if (o->to.ms == WALL_NEVER_MS)
        emit_null(e, "to_uncertainty_ms");
    else
        emit_int(e, "to_uncertainty_ms",
                 world_uncertainty_ms(scope->centre->world, o->unit, o->to));
}

static void put_number(struct emit *e, const char *key, const struct outage *o)
{
    char text[32];
    snprintf(text, sizeof text, "SC%llu", (unsigned long long)o->number);
    emit_text(e, key, text);
}

/* What a probe of the site said when it began again within the outage or at its end: why it had
 * been silent, as far as it knows. NULL if none did. */
static const char *start_within(const struct centre *c, uint32_t site, const struct outage *o)
{
    size_t n = 0;
    const uint32_t *probes = world_own_probes(c->world, site, &n);
    for (size_t i = 0; i < n; i++) {
        const struct session_view *s = session_view(c->session, probes[i]);
        if (s->start && s->started.ms > o->from.ms && s->started.ms <= o->to.ms)
            return start_word((int)s->start);
    }
    return NULL;
}

static void put_outage(const struct api_scope *scope, const struct outage *o, struct emit *e)
{
    const struct centre *c = scope->centre;
    uint32_t site = inventory_unit_id(c->inventory, o->unit)->site;
    bool hidden = restricted(scope, site);
    put_number(e, "outage", o);
    emit_text(e, "unit", hidden ? NULL : names_text(&c->inventory->units, o->unit));
    emit_text(e, "site", hidden ? NULL : names_text(&c->inventory->sites, site));
    emit_instant(e, "from", o->from);
    emit_instant(e, "to", o->to);
    emit_bool(e, "open", o->to.ms == WALL_NEVER_MS);
    emit_int(e, "duration_ms", (o->to.ms == WALL_NEVER_MS ? scope->now.ms : o->to.ms) - o->from.ms);
    emit_bool(e, "verified", o->verified);
    emit_text(e, "cause", cause_word((int)o->cause));
    emit_text(e, "probe_started_after", hidden ? NULL : start_within(c, site, o));
    emit_int(e, "from_uncertainty_ms", world_uncertainty_ms(c->world, o->unit, o->from));
    put_end_uncertainty(scope, o, e);
}

static void put_impact(struct emit *e, const char *key, const struct outage_impact *i)
{
    emit_object(e, key);
    emit_int(e, "villages", i->villages);
    emit_int(e, "households", i->households);
    emit_int(e, "population", i->population);
    emit_end(e);
}

void api_outage_impacts(const char *key, const struct outage_impacts *i, struct emit *e)
{
    emit_object(e, key);
    put_impact(e, "exposed", &i->exposed);
    put_impact(e, "without_service", &i->without_down);
    put_impact(e, "without_service_silent", &i->without_silent);
    emit_end(e);
}

static void put_site_name(const struct api_scope *scope, const struct outage *root, struct emit *e)
{
    const struct inventory *inv = scope->centre->inventory;
    uint32_t site = inventory_unit_id(inv, root->unit)->site;
    const struct site_row *row = inventory_site(inv, site, scope->now);
    bool shown = row && !restricted(scope, site);
    emit_text(e, "root_name", shown ? row->name : NULL);
    emit_text(e, "root_area", row ? names_text(&inv->areas, row->area) : NULL);
}

void api_outage_group(const struct api_scope *scope, const struct outage_groups *groups,
                      const struct outage_group *g, struct api_page page, struct emit *e)
{
    struct life_view life = api_life_of(scope, groups, g);
    put_outage(scope, &g->root, e);
    put_site_name(scope, &g->root, e);
    api_life_put(&life, api_outage_hidden(scope, &g->root), e);
    emit_bool(e, "group_verified", g->verified);
    emit_int(e, "sites", g->sites);
    emit_int(e, "sites_out", g->sites_out);
    emit_int(e, "units", (int64_t)g->len);
    api_outage_impacts("mobile", &g->mobile, e);
    api_outage_impacts("fibre", &g->fibre, e);
    emit_array(e, "members");
    for (uint64_t i = page.offset; i < g->len && api_page_has(page, i); i++) {
        emit_object(e, NULL);
        put_outage(scope, vec_at(&groups->members, g->first + i), e);
        emit_end(e);
    }
    emit_end(e);
}

static void put_item(const struct api_scope *scope, const struct outage_groups *groups, size_t at,
                     struct emit *e)
{
    const struct api_page members = {0, MEMBERS_SHOWN};
    emit_object(e, NULL);
    api_outage_group(scope, groups, vec_at(&groups->groups, at), members, e);
    emit_end(e);
}

void api_outage_list(const struct api_scope *scope, const struct outage_groups *groups,
                     struct api_page page, struct emit *e)
{
    emit_array(e, "outages");
    for (uint64_t i = page.offset; i < groups->groups.len && api_page_has(page, i); i++)
        put_item(scope, groups, i, e);
    emit_end(e);
    emit_int(e, "outages_total", (int64_t)groups->groups.len);
}

void api_outage_top(const struct api_scope *scope, const struct outage_groups *groups,
                    uint64_t limit, struct emit *e)
{
    emit_array(e, "outages");
    for (size_t i = 0; limit > 0 && i < groups->groups.len; i++) {
        if (api_life_of(scope, groups, vec_at(&groups->groups, i)).shelf)
            continue;
        put_item(scope, groups, i, e);
        limit--;
    }
    emit_end(e);
    emit_int(e, "outages_total", (int64_t)groups->groups.len);
}

int api_outage_open(const struct api_scope *scope, uint32_t area, struct outage_groups *ret_groups)
{
    struct outage_sources from = sources_of(scope->centre);
    struct outage_question q = {area, true, {INT64_MIN}, {WALL_NEVER_MS}, scope->now, 0};
    return outage_groups_ask(&from, &q, ret_groups);
}

int api_outage_then(const struct api_scope *scope, uint32_t area, struct outage_groups *ret_groups)
{
    struct outage_sources from = sources_of(scope->centre);
    struct outage_question q = {area, false, scope->now, wall_add(scope->now, 1), scope->now, 0};
    return outage_groups_ask(&from, &q, ret_groups);
}

int api_outages(const struct api_scope *scope, uint32_t area, bool only_open, struct wall_ms from,
                struct wall_ms to, struct api_page page, const struct vec *past, struct buf *out)
{
    struct outage_sources sources = sources_of(scope->centre);
    sources.past = past;
    struct outage_question q = {area, only_open, from, to, scope->now, 0};
    struct outage_groups groups;
    int err = outage_groups_ask(&sources, &q, &groups);
    if (err)
        return err;
    struct emit e = emit_to(out);
    emit_object(&e, NULL);
    emit_instant(&e, "as_of", scope->now);
    api_outage_list(scope, &groups, page, &e);
    emit_int(&e, "offset", (int64_t)page.offset);
    emit_end(&e);
    outage_groups_done(&groups);
    return 0;
}
