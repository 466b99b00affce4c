#include "shell/routes.h"

#include "base/err.h"
#include "base/iso.h"
#include "base/num.h"
#include "core/inventory_tree.h"
#include "shell/page.h"

#include <stdio.h>
#include <string.h>

enum { PAGE_DEFAULT = 100, PAGE_MAX = 1000, ID_MAX = 128, DAY_MS = 86400000 };

/* One request with its parameters at hand. */
struct request {
    const struct http_query *query;
    struct http_answer *answer;
    struct routes_view view;
    char id[ID_MAX]; /* what stands for {id} in the path */
    struct api_page page;
};

static void say(struct http_answer *answer, int status, const char *what, const char *about)
{
    answer->status = status;
    buf_clear(&answer->body);
    struct emit e = emit_to(&answer->body);
    emit_object(&e, NULL);
    emit_text(&e, "error", what);
    if (about)
        emit_text(&e, "about", about);
    emit_end(&e);
}

/* A number of the inventory by its id; false with the answer said. */
static bool find(struct request *r, const struct names *names, const char *id, const char *what,
                 uint32_t *ret_number)
{
    uint32_t number = names_find(names, slice_of(id));
    if (number == NAMES_NONE) {
        say(r->answer, 404, what, id);
        return false;
    }
    *ret_number = number;
    return true;
}

/* Parameter ?area=, the root where it is absent. */
static bool read_area(struct request *r, uint32_t *ret_area)
{
    const struct inventory *inv = r->view.scope.centre->inventory;
    const char *id = http_query_value(r->query, "area");
    if (id && *id)
        return find(r, &inv->areas, id, "unknown area", ret_area);
    uint32_t root = inventory_tree_root(inv, r->view.scope.now);
    if (root == INV_NONE) {
        say(r->answer, 404, "the inventory has no areas", NULL);
        return false;
    }
    *ret_area = root;
    return true;
}

static bool read_instant(struct request *r, const char *name, struct wall_ms fallback,
                         struct wall_ms *ret_t)
{
    const char *text = http_query_value(r->query, name);
    if (!text || !*text) {
        *ret_t = fallback;
        return true;
    }
    if (iso_parse(slice_of(text), 0, ret_t) == 0)
        return true;
    say(r->answer, 400, "not an instant like 2026-11-22T06:00:00Z", name);
    return false;
}

static bool read_count(struct request *r, const char *name, uint64_t fallback, uint64_t max,
                       uint64_t *ret_value)
{
    const char *text = http_query_value(r->query, name);
    *ret_value = fallback;
    if (!text || !*text)
        return true;
    if (num_parse_u64(slice_of(text), ret_value) == 0 && *ret_value <= max)
        return true;
    say(r->answer, 400, "not a whole number in range", name);
    return false;
}

static bool read_page(struct request *r)
{
    return read_count(r, "offset", 0, UINT32_MAX, &r->page.offset) &&
           read_count(r, "limit", PAGE_DEFAULT, PAGE_MAX, &r->page.limit);
}

/* Parameter @p name as the index of a word; -1 where it is absent. */
static bool read_word(struct request *r, const char *name, const char *const *words, int n,
                      int *ret_index)
{
    const char *text = http_query_value(r->query, name);
    *ret_index = -1;
    if (!text || !*text)
        return true;
    for (int i = 0; i < n; i++)
        if (strcmp(words[i], text) == 0)
            *ret_index = i;
    if (*ret_index >= 0)
        return true;
    say(r->answer, 400, "unknown word", name);
    return false;
}

static bool read_kind(struct request *r, int *ret_kind)
{
    const char *kinds[API_KINDS];
    for (int i = 0; i < API_KINDS; i++)
        kinds[i] = api_kind_word(i);
    return read_word(r, "kind", kinds, API_KINDS, ret_kind);
}

static void no_memory(struct request *r, int err)
{
    if (err)
        say(r->answer, 500, "out of memory", NULL);
}

static void get_overview(struct request *r)
{
    uint32_t area;
    if (read_area(r, &area))
        no_memory(r, api_overview(&r->view.scope, area, &r->answer->body));
}

static void get_areas(struct request *r)
{
    const struct inventory *inv = r->view.scope.centre->inventory;
    const char *parent = http_query_value(r->query, "parent");
    uint32_t area = INV_NONE;
    if (!read_page(r) ||
        (parent && *parent && !find(r, &inv->areas, parent, "unknown area", &area)))
        return;
    api_areas(&r->view.scope, area, r->page, &r->answer->body);
}

static void get_area(struct request *r)
{
    uint32_t area;
    if (find(r, &r->view.scope.centre->inventory->areas, r->id, "unknown area", &area))
        api_area(&r->view.scope, area, &r->answer->body);
}

static void get_sites(struct request *r)
{
    const char *states[STATE_COUNT];
    struct api_sites_filter filter = {.area = INV_NONE};
    for (int i = 0; i < STATE_COUNT; i++)
        states[i] = state_word(i);
    if (!read_page(r) || !read_word(r, "state", states, STATE_COUNT, &filter.state) ||
        !read_kind(r, &filter.kind))
        return;
    const char *area = http_query_value(r->query, "area");
    if (area && *area && !read_area(r, &filter.area))
        return;
    api_sites(&r->view.scope, &filter, r->page, &r->answer->body);
}

static bool find_site(struct request *r, uint32_t *ret_site)
{
    const struct inventory *inv = r->view.scope.centre->inventory;
    if (!find(r, &inv->sites, r->id, "unknown site", ret_site))
        return false;
    const struct site_row *row = inventory_site(inv, *ret_site, r->view.scope.now);
    if (row && row->visibility != VISIBILITY_RESTRICTED)
        return true;
    say(r->answer, 404, "unknown site", r->id);
    return false;
}

static void get_site(struct request *r)
{
    uint32_t site;
    if (find_site(r, &site))
        api_site(&r->view.scope, site, &r->answer->body);
}

static bool read_window(struct request *r, struct wall_ms *ret_from, struct wall_ms *ret_to)
{
    struct wall_ms now = r->view.scope.now;
    if (!read_instant(r, "to", now, ret_to) ||
        !read_instant(r, "from", wall_add(*ret_to, -DAY_MS), ret_from))
        return false;
    if (ret_to->ms > now.ms)
        *ret_to = now;
    if (ret_from->ms <= ret_to->ms)
        return true;
    say(r->answer, 400, "from must not be later than to", NULL);
    return false;
}

static void get_timeline(struct request *r)
{
    uint32_t site;
    struct wall_ms from;
    struct wall_ms to;
    if (find_site(r, &site) && read_window(r, &from, &to))
        api_timeline(&r->view.scope, site, from, to, &r->answer->body);
}

static void get_coverage(struct request *r)
{
    uint32_t area;
    struct wall_ms at;
    if (!read_area(r, &area) || !read_instant(r, "at", r->view.scope.now, &at))
        return;
    if (at.ms > r->view.scope.now.ms)
        at = r->view.scope.now;
    no_memory(r, api_coverage(&r->view.scope, area, at, &r->answer->body));
}

static bool read_figure_window(struct request *r, struct validity *ret_window)
{
    const char *word = http_query_value(r->query, "window");
    enum availability_window which = AVAILABILITY_24H;
    if (http_query_value(r->query, "from"))
        return read_window(r, &ret_window->from, &ret_window->to);
    if (word && *word && availability_window_read(slice_of(word), &which) != 0) {
        say(r->answer, 400, "unknown word", "window");
        return false;
    }
    *ret_window = availability_window(which, r->view.scope.now);
    return true;
}

static void get_availability(struct request *r)
{
    const struct inventory *inv = r->view.scope.centre->inventory;
    const char *site = http_query_value(r->query, "site");
    const char *op = http_query_value(r->query, "operator");
    struct api_availability_filter filter = {.op = INV_NONE, .every_operator = !op || !*op};
    if (!read_figure_window(r, &filter.window) || !read_kind(r, &filter.kind))
        return;
    if (site && *site) {
        uint32_t number;
        snprintf(r->id, sizeof r->id, "%s", site);
        if (find_site(r, &number))
            api_availability_site(&r->view.scope, number, filter.window, &r->answer->body);
        return;
    }
    if (op && *op && strcmp(op, "all") != 0 &&
        !find(r, &inv->operators, op, "unknown operator", &filter.op))
        return;
    if (read_area(r, &filter.area))
        no_memory(r, api_availability(&r->view.scope, &filter, &r->answer->body));
}

static void get_outages(struct request *r)
{
    static const char *const yes_no[] = {"0", "1"};
    int open;
    uint32_t area;
    struct wall_ms from;
    struct wall_ms to;
    if (!read_page(r) || !read_word(r, "open", yes_no, 2, &open) || !read_area(r, &area) ||
        !read_window(r, &from, &to))
        return;
    if (open == 1)
        from.ms = INT64_MIN;
    no_memory(r, api_outages(&r->view.scope, area, open == 1, from, to, r->page, &r->answer->body));
}

static void get_indicators(struct request *r)
{
    uint32_t area;
    if (read_page(r) && read_area(r, &area))
        api_indicators(&r->view.scope, area, r->page, &r->answer->body);
}

static void get_ledger(struct request *r)
{
    if (read_page(r))
        api_ledger(&r->view.scope, &r->view.ledger, r->page, &r->answer->body);
}

static void get_healthz(struct request *r)
{
    struct emit e = emit_to(&r->answer->body);
    emit_object(&e, NULL);
    emit_bool(&e, "alive", true);
    emit_end(&e);
}

/* A database that is away is not unready: everything waits on the disk (DESIGN section 6). */
static void get_readyz(struct request *r)
{
    const struct routes_view *v = &r->view;
    struct emit e = emit_to(&r->answer->body);
    bool ready = v->broker && v->store && v->intake;
    r->answer->status = ready ? 200 : 503;
    emit_object(&e, NULL);
    emit_bool(&e, "ready", ready);
    emit_bool(&e, "broker", v->broker);
    emit_bool(&e, "store", v->store);
    emit_bool(&e, "intake", v->intake);
    emit_text(&e, "database", v->database[0] ? v->database : "ok");
    emit_end(&e);
}

/* Who may ask, and whether the answer waits for the commit under way. */
struct route {
    const char *path; /* "{id}" stands for one part */
    enum http_role role;
    bool waits;
    void (*get)(struct request *r);
};

static const struct route ROUTES[] = {
    {"/healthz", HTTP_NOBODY, false, get_healthz},
    {"/readyz", HTTP_VIEWER, false, get_readyz},
    {"/api/v1/overview", HTTP_VIEWER, true, get_overview},
    {"/api/v1/areas", HTTP_VIEWER, true, get_areas},
    {"/api/v1/areas/{id}", HTTP_VIEWER, true, get_area},
    {"/api/v1/sites", HTTP_VIEWER, true, get_sites},
    {"/api/v1/sites/{id}", HTTP_VIEWER, true, get_site},
    {"/api/v1/sites/{id}/timeline", HTTP_VIEWER, true, get_timeline},
    {"/api/v1/availability", HTTP_VIEWER, true, get_availability},
    {"/api/v1/coverage", HTTP_VIEWER, true, get_coverage},
    {"/api/v1/outages", HTTP_VIEWER, true, get_outages},
    {"/api/v1/indicators", HTTP_VIEWER, true, get_indicators},
    {"/api/v1/ledger", HTTP_VIEWER, true, get_ledger},
};

/* True if @p path has the form; the part that stands for {id} is copied. */
static bool matches(const char *form, const char *path, char id[ID_MAX])
{
    while (*form && *path) {
        if (*form == '{') {
            size_t len = strcspn(path, "/");
            if (len == 0 || len >= ID_MAX)
                return false;
            snprintf(id, ID_MAX, "%.*s", (int)len, path);
            form += strlen("{id}");
            path += len;
        } else if (*form++ != *path++) {
            return false;
        }
    }
    return *form == *path;
}

static const struct route *route_of(const char *path, char id[ID_MAX])
{
    for (size_t i = 0; i < sizeof ROUTES / sizeof *ROUTES; i++)
        if (matches(ROUTES[i].path, path, id))
            return &ROUTES[i];
    return NULL;
}

static bool allowed(const struct http_query *query, enum http_role role, struct http_answer *answer)
{
    if (query->role >= role)
        return true;
    say(answer, 401, "a token is needed: Authorization: Bearer ...", NULL);
    return false;
}

enum http_turn routes_handle(void *context, const struct http_query *query,
                             struct http_answer *answer)
{
    struct routes *routes = context;
    struct request r = {.query = query, .answer = answer};
    if (strcmp(query->path, "/metrics") == 0) {
        if (allowed(query, HTTP_VIEWER, answer)) {
            answer->type = "text/plain; version=0.0.4; charset=utf-8";
            routes->metrics(routes->context, &answer->body);
        }
        return HTTP_ANSWERED;
    }
    if (strcmp(query->path, "/api/v1/events") == 0)
        return allowed(query, HTTP_VIEWER, answer) ? HTTP_EVENTS : HTTP_ANSWERED;
    if (page_answer(query->path, answer)) /* no secrets in it; what it asks for needs the token */
        return HTTP_ANSWERED;
    const struct route *route = route_of(query->path, r.id);
    if (!route) {
        say(answer, 404, "no such path", query->path);
        return HTTP_ANSWERED;
    }
    if (!allowed(query, route->role, answer))
        return HTTP_ANSWERED;
    routes->fill(routes->context, &r.view);
    if (route->waits && !r.view.settled) {
        if (r.view.store)
            return HTTP_LATER;
        say(answer, 503, "the store takes nothing at present; is the disk full?", NULL);
        return HTTP_ANSWERED;
    }
    route->get(&r);
    return HTTP_ANSWERED;
}
