/* Series for charts: what is asked, in words; codec/api_series.h answers. */
#include "shell/routes_own.h"

#include "base/err.h"
#include "codec/api_series.h"

#include <stdio.h>

enum { STEPS_DEFAULT_HOUR = 7 * 24, STEPS_DEFAULT_DAY = 90 };

static const int64_t HOUR_MS = 3600 * INT64_C(1000);
static const int64_t DAY_MS = 24 * INT64_C(3600000);

/* What stretch a step stands for where the request does not say. */
static int64_t default_ms(enum derived_grid step)
{
    return step == DERIVED_HOUR ? STEPS_DEFAULT_HOUR * HOUR_MS : STEPS_DEFAULT_DAY * DAY_MS;
}

static bool read_grid(struct routes_request *r, struct api_series_query *query)
{
    const char *words[API_SERIES_STEPS];
    const struct centre *c = r->view.scope.centre;
    struct wall_ms now = world_now(c->world);
    struct validity window;
    int step;
    for (int i = 0; i < API_SERIES_STEPS; i++)
        words[i] = api_series_step_word(i);
    if (!routes_read_word(r, "step", words, API_SERIES_STEPS, &step))
        return false;
    query->step = step < 0 ? DERIVED_DAY : api_series_step(step);
    if (!routes_read_instant(r, "to", now, &window.to) ||
        !routes_read_instant(r, "from", wall_add(window.to, -default_ms(query->step)),
                             &window.from))
        return false;
    if (series_grid_make(query->step, c->options.derived.zone_ms, window, now, &query->grid) == 0)
        return true;
    routes_say(r->answer, 400, "nothing lies between from and to, or more than 2000 steps", NULL);
    return false;
}

static bool read_site(struct routes_request *r, uint32_t *ret_site)
{
    const char *site = http_query_value(r->query, "site");
    *ret_site = INV_NONE;
    if (!site || !*site)
        return true;
    snprintf(r->id, sizeof r->id, "%s", site);
    return routes_find_site(r, ret_site);
}

static void answer_coverage(struct routes_request *r, const struct api_series_query *query)
{
    if (query->site != INV_NONE) {
        routes_say(r->answer, 400, "coverage is an area's", "site");
        return;
    }
    routes_no_memory(r, api_series_coverage(&r->view.scope, query, &r->answer->body));
}

void routes_get_series(struct routes_request *r)
{
    static const char *const whats[] = {"availability", "coverage"};
    struct api_series_query query = {.area = INV_NONE, .op = INV_NONE};
    int what;
    if (!routes_read_word(r, "what", whats, 2, &what) || !read_grid(r, &query) ||
        !routes_read_kind(r, &query.kind) || !read_site(r, &query.site) ||
        !routes_read_operator(r, &query.op, &query.any_operator) ||
        (query.site == INV_NONE && !routes_read_area(r, &query.area)))
        return;
    if (what == 1)
        answer_coverage(r, &query);
    else
        routes_promise(r, periods_series, &query);
}
