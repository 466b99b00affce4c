/* Availability over a calendar period: parameters on the loop, the store on a worker. */
#include "shell/routes_own.h"

#include "base/err.h"

#include <stdio.h>

static bool read_period(struct routes_request *r, struct calendar_period *ret_period)
{
    const char *text = http_query_value(r->query, "period");
    const struct api_scope *scope = &r->view.scope;
    if (calendar_read(slice_of(text ? text : ""), scope->centre->options.derived.zone_ms,
                      scope->now, ret_period) != 0) {
        routes_say(r->answer, 400,
                   "not a period like day:2026-11-21, month:2026-10, quarter:2026-Q3, year:2026 or "
                   "ytd",
                   "period");
        return false;
    }
    if (ret_period->from.ms < world_now(scope->centre->world).ms)
        return true;
    routes_say(r->answer, 400, "the period has not begun", "period");
    return false;
}

/* A site, or an area with kind and operator. */
static bool read_whose(struct routes_request *r, struct api_period_query *query)
{
    const char *site = http_query_value(r->query, "site");
    query->site = query->area = query->op = INV_NONE;
    if (site && *site) {
        snprintf(r->id, sizeof r->id, "%s", site);
        return routes_find_site(r, &query->site);
    }
    return routes_read_operator(r, &query->op, &query->every_operator) &&
           routes_read_area(r, &query->area);
}

void routes_get_period(struct routes_request *r)
{
    static const char *const yes_no[] = {"0", "1"};
    struct api_period_query query = {.op = INV_NONE};
    int revisions = 0;
    if (!read_period(r, &query.period) || !routes_read_kind(r, &query.kind) ||
        !routes_read_word(r, "revisions", yes_no, 2, &revisions) || !read_whose(r, &query))
        return;
    query.revisions = revisions == 1;
    routes_promise(r, periods_answer, &query);
}

void routes_promise(struct routes_request *r, routes_ask *ask, const void *query)
{
    struct http_promise *promise = http_promise_new(r->query);
    int err = promise ? ask(r->routes->periods, query, promise) : ERR_NOMEM;
    if (!err) {
        r->turn = HTTP_PROMISED;
        return;
    }
    if (promise)
        http_promise_drop(promise);
    if (err == ERR_RANGE)
        routes_say(r->answer, 400, "too many units in so many steps: ask for fewer", NULL);
    else
        routes_say(r->answer, 503,
                   err == ERR_FULL ? "too many ask for the past, come back later" : "out of memory",
                   NULL);
}
