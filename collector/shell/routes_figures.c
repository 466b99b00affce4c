#include "shell/routes_own.h"

#include "base/err.h"
#include "codec/api_power.h"
#include "codec/api_readings.h"
#include "codec/api_report.h"
#include "core/coverage_past.h"

#include <stdio.h>
#include <string.h>

enum { RESTORED_MS = 24 * 3600 * 1000 };

/* Parameter ?at=: the request speaks of that instant from here on; @p ret_past (NULL: not needed)
 * is its coverage, the caller's to free. */
static bool begin_at(struct routes_request *r, struct coverage **ret_past)
{
    struct api_scope *scope = &r->view.scope;
    struct wall_ms at;
    if (!routes_read_instant(r, "at", scope->now, &at))
        return false;
    if (at.ms >= scope->now.ms)
        return true;
    scope->now = at;
    if (!ret_past)
        return true;
    scope->past = *ret_past = coverage_past(scope->centre->world, scope->centre->inventory, at);
    if (!scope->past)
        routes_no_memory(r, ERR_NOMEM);
    return scope->past != NULL;
}

void routes_get_overview(struct routes_request *r)
{
    struct coverage *past = NULL;
    uint32_t area;
    if (begin_at(r, &past) && routes_read_area(r, &area))
        routes_no_memory(r, api_overview(&r->view.scope, area, &r->answer->body));
    coverage_free(past);
}

void routes_get_areas(struct routes_request *r)
{
    const struct inventory *inv = r->view.scope.centre->inventory;
    const char *parent = http_query_value(r->query, "parent");
    const char *level = http_query_value(r->query, "level");
    struct api_areas_filter filter = {INV_NONE, level && *level ? level : NULL};
    struct coverage *past = NULL;
    if (routes_read_page(r) &&
        (!parent || !*parent ||
         routes_find(r, &inv->areas, parent, "unknown area", &filter.parent)) &&
        begin_at(r, &past))
        api_areas(&r->view.scope, &filter, r->page, &r->answer->body);
    coverage_free(past);
}

void routes_get_area(struct routes_request *r)
{
    uint32_t area;
    if (routes_find(r, &r->view.scope.centre->inventory->areas, r->id, "unknown area", &area))
        api_area(&r->view.scope, area, &r->answer->body);
}

void routes_get_sites(struct routes_request *r)
{
    const char *states[STATE_COUNT];
    struct api_sites_filter filter = {.area = INV_NONE};
    for (int i = 0; i < STATE_COUNT; i++)
        states[i] = state_word(i);
    if (!routes_read_page(r) || !routes_read_word(r, "state", states, STATE_COUNT, &filter.state) ||
        !routes_read_kind(r, &filter.kind) || !begin_at(r, NULL))
        return;
    const char *area = http_query_value(r->query, "area");
    if (area && *area && !routes_read_area(r, &filter.area))
        return;
    api_sites(&r->view.scope, &filter, r->page, &r->answer->body);
}

void routes_get_site(struct routes_request *r)
{
    uint32_t site;
    if (routes_find_site(r, &site))
        api_site(&r->view.scope, site, &r->answer->body);
}

void routes_get_timeline(struct routes_request *r)
{
    uint32_t site;
    struct wall_ms from;
    struct wall_ms to;
    if (routes_find_site(r, &site) && routes_read_window(r, &from, &to))
        api_timeline(&r->view.scope, site, from, to, &r->answer->body);
}

void routes_get_readings(struct routes_request *r)
{
    uint32_t site;
    const struct routes_view *v = &r->view;
    if (routes_find_site(r, &site))
        api_readings(&v->scope, latest_ask(v->latest, slice_of(r->id), v->mono, v->scope.now),
                     &r->answer->body);
}

void routes_get_coverage(struct routes_request *r)
{
    struct coverage *past = NULL;
    uint32_t area;
    if (begin_at(r, &past) && routes_read_area(r, &area))
        routes_no_memory(r, api_coverage(&r->view.scope, area, &r->answer->body));
    coverage_free(past);
}

void routes_get_report(struct routes_request *r)
{
    static const char *const languages[REPORT_LANGUAGES] = {"vi", "en"};
    const struct routes_view *v = &r->view;
    struct api_report_query query = {
        .zone_ms = v->utc_offset_ms,
        .question = {.standing_ms = v->wall->standing_ms, .restored_ms = RESTORED_MS}};
    struct coverage *past = NULL;
    int language;
    if (routes_read_word(r, "lang", languages, REPORT_LANGUAGES, &language) && begin_at(r, &past) &&
        routes_read_area(r, &query.question.area)) {
        query.language = language < 0 ? REPORT_VI : (enum report_language)language;
        query.question.at = v->scope.now;
        routes_no_memory(r, api_report(&v->scope, &query, &r->answer->body));
    }
    coverage_free(past);
}

void routes_get_power(struct routes_request *r)
{
    uint32_t area;
    if (routes_read_page(r) && begin_at(r, NULL) && routes_read_area(r, &area))
        routes_no_memory(r, api_power(&r->view.scope, area, r->page, &r->answer->body));
}

void routes_get_availability(struct routes_request *r)
{
    const char *site = http_query_value(r->query, "site");
    struct api_availability_filter filter = {.op = INV_NONE};
    if (http_query_value(r->query, "period")) {
        routes_get_period(r);
        return;
    }
    if (!routes_read_figure_window(r, &filter.window) || !routes_read_kind(r, &filter.kind))
        return;
    if (site && *site) {
        uint32_t number;
        snprintf(r->id, sizeof r->id, "%s", site);
        if (routes_find_site(r, &number))
            api_availability_site(&r->view.scope, number, filter.window, &r->answer->body);
        return;
    }
    if (routes_read_operator(r, &filter.op, &filter.every_operator) &&
        routes_read_area(r, &filter.area))
        routes_no_memory(r, api_availability(&r->view.scope, &filter, &r->answer->body));
}

void routes_get_outages(struct routes_request *r)
{
    static const char *const yes_no[] = {"0", "1"};
    int open;
    uint32_t area;
    struct wall_ms from;
    struct wall_ms to;
    if (!routes_read_page(r) || !routes_read_word(r, "open", yes_no, 2, &open) ||
        !routes_read_area(r, &area) || !routes_read_window(r, &from, &to))
        return;
    if (open != 1 && api_past_needed(&r->view.scope)) {
        const struct api_past_query query = {area, from, to, r->page, r->view.scope.guest};
        routes_promise(r, periods_outages, &query);
        return;
    }
    if (open == 1)
        from.ms = INT64_MIN;
    routes_no_memory(
        r, api_outages(&r->view.scope, area, open == 1, from, to, r->page, NULL, &r->answer->body));
}

void routes_get_indicators(struct routes_request *r)
{
    uint32_t area;
    if (routes_read_page(r) && routes_read_area(r, &area))
        api_indicators(&r->view.scope, area, r->page, &r->answer->body);
}

void routes_get_probes(struct routes_request *r)
{
    static const char *const clocks[] = {"wrong"};
    static const char *const feeds_among[] = {"without", "only"};
    struct api_probes_filter filter = {.area = INV_NONE};
    uint64_t late_s;
    int clock;
    int feeds;
    const char *area = http_query_value(r->query, "area");
    if (!routes_read_page(r) || !routes_read_count(r, "late_s", 0, UINT32_MAX, &late_s) ||
        !routes_read_word(r, "clock", clocks, 1, &clock) ||
        !routes_read_word(r, "feeds", feeds_among, 2, &feeds) ||
        (area && *area && !routes_read_area(r, &filter.area)))
        return;
    filter.late_ms = (int64_t)late_s * 1000;
    filter.wrong_clock = clock == 0;
    if (feeds >= 0)
        filter.feeds = feeds == 0 ? API_FEEDS_NOT : API_FEEDS_ONLY;
    api_probes(&r->view.scope, &filter, r->page, &r->answer->body);
}

void routes_get_ledger(struct routes_request *r)
{
    const struct names *probes = &r->view.scope.centre->inventory->probes;
    const char *id = http_query_value(r->query, "probe");
    uint32_t probe = INV_NONE;
    if (!routes_read_page(r) || (id && *id && !routes_find(r, probes, id, "unknown probe", &probe)))
        return;
    r->view.ledger.every_probe = r->query->role >= HTTP_OPERATOR;
    if (probe != INV_NONE && !r->view.ledger.every_probe &&
        !api_probe_shown(&r->view.scope, probe)) {
        routes_say(r->answer, 404, "unknown probe", id);
        return;
    }
    api_ledger(&r->view.scope, &r->view.ledger, probe, r->page, &r->answer->body);
}
