#include "shell/routes_own.h"

#include "io/log.h"
#include "shell/page.h"

#include <stdio.h>
#include <string.h>

enum { MAX_AGE_S = 86400 };

static void get_healthz(struct routes_request *r)
{
    struct emit e = emit_to(&r->answer->body);
    emit_object(&e, NULL);
    emit_bool(&e, "alive", true);
    emit_end(&e);
}

/* When anything was last heard of any probe; WALL_NEVER_MS if nothing was since the start. */
static struct wall_ms last_heard(const struct centre *c)
{
    struct wall_ms newest = {INT64_MIN};
    for (uint32_t probe = 0; probe < c->inventory->probes.len; probe++) {
        struct wall_ms heard = world_probe_heard(c->world, probe);
        newest = heard.ms > newest.ms ? heard : newest;
    }
    if (newest.ms == INT64_MIN)
        newest.ms = WALL_NEVER_MS;
    return newest;
}

/* A database that is away is not unready: everything waits on the disk (DESIGN section 6). Nor is a
 * doubted clock: what can be judged is taken, and another start would mend nothing. Whoever asks
 * from outside may say how old the newest data may be. */
static void get_readyz(struct routes_request *r)
{
    const struct routes_view *v = &r->view;
    uint64_t max_age_s = 0;
    if (!routes_read_count(r, "max_age_s", 0, MAX_AGE_S, &max_age_s))
        return;
    struct wall_ms newest = last_heard(v->scope.centre);
    bool fresh = max_age_s == 0 || (newest.ms != WALL_NEVER_MS &&
                                    v->scope.now.ms - newest.ms <= (int64_t)max_age_s * 1000);
    struct emit e = emit_to(&r->answer->body);
    bool ready = v->broker && v->store && v->intake && fresh;
    r->answer->status = ready ? 200 : 503;
    emit_object(&e, NULL);
    emit_bool(&e, "ready", ready);
    emit_bool(&e, "broker", v->broker);
    emit_bool(&e, "store", v->store);
    emit_bool(&e, "intake", v->intake);
    emit_text(&e, "clock", v->clock ? v->clock : "ok");
    emit_text(&e, "database", v->database[0] ? v->database : "ok");
    emit_instant(&e, "heard", newest);
    emit_end(&e);
}

static void get_metrics(struct routes_request *r)
{
    static const char *const yes_no[] = {"0", "1"};
    int probes = 0;
    if (!routes_read_word(r, "probes", yes_no, 2, &probes))
        return;
    r->answer->type = "text/plain; version=0.0.4; charset=utf-8";
    r->routes->metrics(r->routes->context, probes == 1 ? r->query->role : HTTP_NOBODY,
                       &r->answer->body);
}

/* A page that asks again says by the way how it is. */
static void get_wall(struct routes_request *r)
{
    const char *page = http_query_value(r->query, "page");
    uint64_t heap = 0;
    if (!routes_read_count(r, "heap", 0, INT64_MAX, &heap))
        return;
    if (page && *page)
        wall_pages_heard(r->routes->pages, page, heap, r->view.mono);
    struct wall_conf own = *r->view.wall;
    own.guest |= r->query->role == HTTP_GUEST;
    wall_conf_write(&own, r->view.utc_offset_ms, &r->answer->body);
}

static void get_outlines(struct routes_request *r)
{
    struct slice outlines = r->view.outlines;
    if (outlines.len == 0) {
        routes_say(r->answer, 404, "no outlines are configured", NULL);
        return;
    }
    r->answer->type = "application/geo+json";
    buf_put(&r->answer->body, outlines.at, outlines.len);
}

static void get_events(struct routes_request *r)
{
    r->turn = HTTP_EVENTS;
}

/* The row says all that there is to know of a path: `/api/v1/openapi.json` is written from it. What
 * its handler may refuse stands behind the parameters; routes_errors.c adds what is refused before
 * the handler is asked. */
static const struct routes_row ROUTES[] = {
    {HTTP_GET, "/healthz", HTTP_NOBODY, false, get_healthz, "", "", "health", "Does it run?"},
    {HTTP_GET, "/readyz", HTTP_VIEWER, false, get_readyz, "max_age_s", "400 503*", "readiness",
     "Does it work? With max_age_s: and was anything heard of a probe within that time?"},
    {HTTP_GET, "/metrics", HTTP_VIEWER, false, get_metrics, "probes", "400", "text/plain",
     "Counters for Prometheus; with probes=1 the packs of each probe, too."},
    {HTTP_GET, "/api/v1/openapi.json", HTTP_GUEST, false, routes_get_openapi, "", "",
     "application/json", "This description."},
    {HTTP_GET, "/api/v1/events", HTTP_GUEST, false, get_events, "", "503", "text/event-stream",
     "What changes, as it is stored: events overview, sites, areas, hb, resync."},
    {HTTP_GET, "/api/v1/wall", HTTP_GUEST, false, get_wall, "page heap", "400", "wall",
     "How the wall page is to look."},
    {HTTP_GET, "/api/v1/outlines", HTTP_GUEST, false, get_outlines, "", "404",
     "application/geo+json", "Outlines of areas, if they are configured."},
    {HTTP_GET, "/api/v1/overview", HTTP_GUEST, true, routes_get_overview, "area at", "400 404",
     "overview", "The figures of an area for its wall, now or at an instant of the past."},
    {HTTP_GET, "/api/v1/areas", HTTP_GUEST, true, routes_get_areas, "parent level at offset limit",
     "400 404", "areas", "Areas directly below another; without one the roots."},
    {HTTP_GET, "/api/v1/areas/{id}", HTTP_GUEST, true, routes_get_area, "", "404", "area_whole",
     "One area."},
    {HTTP_GET, "/api/v1/sites", HTTP_GUEST, true, routes_get_sites,
     "area state kind at offset limit", "400 404", "sites", "Sites at or below an area."},
    {HTTP_GET, "/api/v1/sites/{id}", HTTP_VIEWER, true, routes_get_site, "", "404", "site_whole",
     "One site."},
    {HTTP_GET, "/api/v1/sites/{id}/timeline", HTTP_VIEWER, true, routes_get_timeline, "from to",
     "400 404", "timeline", "What the units of a site were."},
    {HTTP_GET, "/api/v1/sites/{id}/readings", HTTP_VIEWER, true, routes_get_readings, "", "404",
     "readings",
     "What each check of a site measured last. A site's readings are kept from the first such "
     "question on, until nobody has asked for five minutes; eight sites at once."},
    {HTTP_GET, "/api/v1/probes", HTTP_VIEWER, true, routes_get_probes,
     "area late_s clock feeds offset limit", "400 404", "probes",
     "Probes at or below an area, perhaps only those unheard for a while."},
    {HTTP_GET, "/api/v1/feeds", HTTP_VIEWER, true, routes_get_feeds, "", "", "feeds",
     "Operators' feeds: how old the word of each is, and what was wrong with it."},
    {HTTP_GET, "/api/v1/disagreements", HTTP_VIEWER, true, routes_get_disagreements,
     "area offset limit", "400 404", "disagreements",
     "Units that our probes and their operator see differently, side by side."},
    {HTTP_GET, "/api/v1/availability", HTTP_GUEST, true, routes_get_availability,
     "area site kind operator window from to period revisions", "400 404", "availability",
     "Availability of a site's units, or of an area."},
    {HTTP_GET, "/api/v1/series", HTTP_GUEST, true, routes_get_series,
     "what area site kind operator from to step", "400 404", "series",
     "Figures hour by hour or day by day, for charts: availability of an area or of a site's "
     "units, or coverage of an area."},
    {HTTP_GET, "/api/v1/coverage", HTTP_GUEST, true, routes_get_coverage, "area at", "400 404",
     "coverage", "Coverage of an area, now or at an instant of the past."},
    {HTTP_GET, "/api/v1/power", HTTP_GUEST, true, routes_get_power, "area at offset limit",
     "400 404", "power",
     "What feeds the sites of an area, and who is on battery for how long yet."},
    {HTTP_GET, "/api/v1/report", HTTP_GUEST, true, routes_get_report, "area at lang", "400 404",
     "report",
     "The flash report of an area, now or at an instant of the past, with its text to copy."},
    {HTTP_GET, "/api/v1/outages", HTTP_GUEST, true, routes_get_outages,
     "open area from to offset limit", "400 404", "outages", "Outages by their roots."},
    {HTTP_GET, "/api/v1/outages/{id}", HTTP_VIEWER, true, routes_get_case, "offset limit",
     "400 404 410", "outage_case",
     "One outage, by any number it has or had, with what was done about it."},
    {HTTP_POST, "/api/v1/outages/{id}/acknowledge", HTTP_OPERATOR, true, routes_post_act,
     "body:act_wish", "400 404 409 410", "outage_case", "Takes an outage on."},
    {HTTP_POST, "/api/v1/outages/{id}/assign", HTTP_OPERATOR, true, routes_post_act,
     "body:assign_wish", "400 404 409 410", "outage_case", "Passes an outage on."},
    {HTTP_POST, "/api/v1/outages/{id}/progress", HTTP_OPERATOR, true, routes_post_act,
     "body:progress_wish", "400 404 409 410", "outage_case",
     "Says that work is under way, or what it waits for."},
    {HTTP_POST, "/api/v1/outages/{id}/comment", HTTP_OPERATOR, true, routes_post_act,
     "body:comment_wish", "400 404 409 410", "outage_case", "Remarks something."},
    {HTTP_POST, "/api/v1/outages/{id}/shelve", HTTP_OPERATOR, true, routes_post_act,
     "body:shelve_wish", "400 404 409 410", "outage_case",
     "Takes an outage off the top list for a while; it counts as before."},
    {HTTP_POST, "/api/v1/outages/{id}/unshelve", HTTP_OPERATOR, true, routes_post_act,
     "body:act_wish", "400 404 409 410", "outage_case", "Puts it back."},
    {HTTP_POST, "/api/v1/outages/{id}/expect", HTTP_OPERATOR, true, routes_post_act,
     "body:expect_wish", "400 404 409 410", "outage_case",
     "Says when service is expected to be back."},
    {HTTP_POST, "/api/v1/outages/{id}/close", HTTP_OPERATOR, true, routes_post_act, "body:act_wish",
     "400 404 409 410", "outage_case", "Closes an outage that is over."},
    {HTTP_GET, "/api/v1/handover", HTTP_VIEWER, true, routes_get_handover, "offset limit", "400",
     "handover", "What one shift hands over to the next."},
    {HTTP_POST, "/api/v1/handover/give", HTTP_OPERATOR, true, routes_post_handover,
     "body:signature_wish", "400", "signature", "Signs that a shift was handed over."},
    {HTTP_POST, "/api/v1/handover/take", HTTP_OPERATOR, true, routes_post_handover,
     "body:signature_wish", "400 409", "signature", "Signs that a shift was taken over."},
    {HTTP_GET, "/api/v1/shift", HTTP_VIEWER, true, routes_get_shift, "from to offset limit format",
     "400", "shift_log",
     "The shift log: of the shift that goes on where from is absent, 31 days at most. format=csv: "
     "all of it as a table, the oldest first."},
    {HTTP_POST, "/api/v1/shift", HTTP_OPERATOR, true, routes_post_shift, "body:note_wish", "400",
     "note", "Writes a note into the shift log."},
    {HTTP_GET, "/api/v1/indicators", HTTP_GUEST, true, routes_get_indicators, "area offset limit",
     "400 404", "indicators", "The authority's figures of an area."},
    {HTTP_GET, "/api/v1/declarations", HTTP_VIEWER, true, routes_get_declarations,
     "site offset limit", "400 404", "declarations",
     "Maintenance and energy saving that is declared."},
    {HTTP_POST, "/api/v1/declarations", HTTP_OPERATOR, true, routes_post_declaration,
     "body:declaration_wish", "400 403 404 409", "declaration",
     "Declares maintenance or energy saving; what has begun takes an admin."},
    {HTTP_DELETE, "/api/v1/declarations/{id}", HTTP_OPERATOR, true, routes_delete_declaration, "",
     "403 404 409", "declaration", "Withdraws a declaration; a retroactive one takes an admin."},
    {HTTP_POST, "/api/v1/declarations/plan", HTTP_OPERATOR, true, routes_post_plan,
     "body:plan_wish", "400 403 404 409", "plan",
     "Declares several at once: a site with all that would be out with it, works that come again."},
    {HTTP_DELETE, "/api/v1/declarations/plan/{id}", HTTP_OPERATOR, true, routes_delete_plan, "",
     "403 404 409", "plan_end",
     "Withdraws all that was declared in one request with this one and is not over."},
    {HTTP_GET, "/api/v1/audit", HTTP_ADMIN, false, routes_get_audit, "before limit", "400 503",
     "audit", "Who did what, the newest first."},
    {HTTP_GET, "/api/v1/pages", HTTP_OPERATOR, true, routes_get_pages, "offset limit", "400",
     "pages", "Pages to people, the newest first: what was told whom, and what became of it."},
    {HTTP_GET, "/a/{id}", HTTP_NOBODY, true, routes_get_link, "", "404* 409*", "text/html",
     "The link of a page: asks whether to acknowledge its outage."},
    {HTTP_POST, "/a/{id}", HTTP_NOBODY, true, routes_post_link, "", "404* 409*", "text/html",
     "Acknowledges it, once; the address is the permission."},
    {HTTP_POST, "/api/v1/replies", HTTP_OPERATOR, true, routes_post_reply, "body:reply_wish", "400",
     "reply", "An SMS that came to a gateway: TN 1042 of a number on the rota acknowledges."},
    {HTTP_GET, "/api/v1/deadletters", HTTP_OPERATOR, false, routes_get_letters,
     "after reason limit", "400 503", "letters", "What was refused for good, the oldest first."},
    {HTTP_GET, "/api/v1/deadletters/{id}", HTTP_OPERATOR, false, routes_get_letter, "", "404 503",
     "letter_whole", "One dead letter with what it held."},
    {HTTP_DELETE, "/api/v1/deadletters/{id}", HTTP_ADMIN, false, routes_purge_letter, "", "404 503",
     "letter_end", "Throws a dead letter away."},
    {HTTP_POST, "/api/v1/deadletters/{id}/purge", HTTP_ADMIN, false, routes_purge_letter, "",
     "404 503", "letter_end", "Throws a dead letter away."},
    {HTTP_POST, "/api/v1/deadletters/{id}/requeue", HTTP_ADMIN, false, routes_requeue_letter, "",
     "404 409 503", "letter_end", "Takes a dead letter again, once what refused it is mended."},
    {HTTP_GET, "/api/v1/ledger", HTTP_VIEWER, true, routes_get_ledger, "probe offset limit",
     "400 404", "ledger", "What became of everything that was sent."},
};

const struct routes_row *routes_table(size_t *ret_len)
{
    *ret_len = sizeof ROUTES / sizeof *ROUTES;
    return ROUTES;
}

/* True if @p path has the form; the part that stands for {id} is copied. */
static bool matches(const char *form, const char *path, char id[ROUTES_ID_MAX])
{
    while (*form && *path) {
        if (*form == '{') {
            size_t len = strcspn(path, "/");
            if (len == 0 || len >= ROUTES_ID_MAX)
                return false;
            snprintf(id, ROUTES_ID_MAX, "%.*s", (int)len, path);
            form += strlen("{id}");
            path += len;
        } else if (*form++ != *path++) {
            return false;
        }
    }
    return *form == *path;
}

/* The row of the request, or NULL with the methods that its path does have. */
static const struct routes_row *route_of(struct routes_request *r, unsigned *ret_allow)
{
    *ret_allow = 0;
    for (size_t i = 0; i < sizeof ROUTES / sizeof *ROUTES; i++) {
        if (!matches(ROUTES[i].path, r->query->path, r->id))
            continue;
        if (ROUTES[i].method == r->query->method)
            return &ROUTES[i];
        *ret_allow |= HTTP_BIT(ROUTES[i].method);
    }
    return NULL;
}

static bool allowed(const struct routes_request *r, enum http_role role)
{
    static const char *const needs[] = {[HTTP_VIEWER] = "a guest may not see this",
                                        [HTTP_OPERATOR] = "this takes an operator's token",
                                        [HTTP_ADMIN] = "this takes an admin's token"};
    if (r->query->role >= role)
        return true;
    if (r->query->role == HTTP_NOBODY)
        routes_say(r->answer, 401, "a token is needed: Authorization: Bearer ...", NULL);
    else
        routes_say(r->answer, 403, needs[role], NULL);
    return false;
}

static void say_no_route(struct routes_request *r, unsigned allow)
{
    if (!allow) {
        routes_say(r->answer, 404, "no such path", r->query->path);
        return;
    }
    r->answer->allow = allow;
    routes_say(r->answer, 405, "this path does not take that method", r->query->path);
}

struct audit_actor routes_actor(const struct routes_request *r)
{
    struct audit_actor actor;
    bool linked = r->bearer[0] != '\0';
    snprintf(actor.who, sizeof actor.who, "%s", linked ? r->bearer : r->query->who);
    snprintf(actor.role, sizeof actor.role, "%s",
             linked ? "link" : http_role_word((int)r->query->role));
    snprintf(actor.address, sizeof actor.address, "%s", r->query->address);
    return actor;
}

/* Whatever changed the centre stands in the audit log, in the commit of the change. */
static void note_change(const struct routes_request *r, const struct routes_row *route)
{
    static const char *const methods[] = {[HTTP_POST] = "POST", [HTTP_DELETE] = "DELETE"};
    char act[128];
    if (r->turn != HTTP_COMMITTED || r->answer->status >= 300)
        return;
    snprintf(act, sizeof act, "%s %s", methods[route->method], route->path);
    struct audit_actor actor = routes_actor(r);
    struct audit_entry entry = audit_by(&actor, r->view.scope.now, act, r->id);
    entry.text[AUDIT_DETAIL] = r->query->body;
    r->routes->audit(r->routes->context, &entry);
    log_event(LOG_NOTE, "http.change", "method=%s path=%s role=%s who=%s from=%s",
              methods[route->method], r->query->path, actor.role, actor.who, actor.address);
}

static enum http_turn answer_route(struct routes_request *r, const struct routes_row *route)
{
    if (!allowed(r, route->role))
        return HTTP_ANSWERED;
    r->routes->fill(r->routes->context, &r->view);
    r->view.scope.guest = r->query->role == HTTP_GUEST;
    if (route->waits && !r->view.settled) {
        if (r->view.store)
            return HTTP_LATER;
        routes_say(r->answer, 503, "the store takes nothing at present; is the disk full?", NULL);
        return HTTP_ANSWERED;
    }
    route->handle(r);
    routes_check_error(r, route);
    note_change(r, route);
    return r->turn;
}

enum http_turn routes_handle(void *context, const struct http_query *query,
                             struct http_answer *answer)
{
    struct routes_request r = {
        .query = query, .answer = answer, .routes = context, .turn = HTTP_ANSWERED};
    unsigned allow = 0;
    const struct routes_row *route = route_of(&r, &allow);
    if (route)
        return answer_route(&r, route);
    /* no secrets in the page; what it asks for needs the token */
    if (query->method != HTTP_GET || !page_answer(query, answer))
        say_no_route(&r, allow);
    return HTTP_ANSWERED;
}
