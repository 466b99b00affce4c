#include "shell/routes_own.h"

#include "base/iso.h"
#include "base/num.h"
#include "core/inventory_tree.h"

#include <string.h>

enum { DAY_MS = 86400000 };

void routes_say(struct http_answer *answer, int status, const char *what, const char *about)
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
bool routes_find(struct routes_request *r, const struct names *names, const char *id,
                 const char *what, uint32_t *ret_number)
{
    uint32_t number = names_find(names, slice_of(id));
    if (number == NAMES_NONE) {
        routes_say(r->answer, 404, what, id);
        return false;
    }
    *ret_number = number;
    return true;
}

/* Parameter ?area=, the root where it is absent. */
bool routes_read_area(struct routes_request *r, uint32_t *ret_area)
{
    const struct inventory *inv = r->view.scope.centre->inventory;
    const char *id = http_query_value(r->query, "area");
    if (id && *id)
        return routes_find(r, &inv->areas, id, "unknown area", ret_area);
    uint32_t root = inventory_tree_root(inv, r->view.scope.now);
    if (root == INV_NONE) {
        routes_say(r->answer, 404, "the inventory has no areas", NULL);
        return false;
    }
    *ret_area = root;
    return true;
}

bool routes_read_instant(struct routes_request *r, const char *name, struct wall_ms fallback,
                         struct wall_ms *ret_t)
{
    const char *text = http_query_value(r->query, name);
    if (!text || !*text) {
        *ret_t = fallback;
        return true;
    }
    if (iso_parse(slice_of(text), 0, ret_t) == 0)
        return true;
    routes_say(r->answer, 400, "not an instant like 2026-11-22T06:00:00Z", name);
    return false;
}

bool routes_read_count(struct routes_request *r, const char *name, uint64_t fallback, uint64_t max,
                       uint64_t *ret_value)
{
    const char *text = http_query_value(r->query, name);
    *ret_value = fallback;
    if (!text || !*text)
        return true;
    if (num_parse_u64(slice_of(text), ret_value) == 0 && *ret_value <= max)
        return true;
    routes_say(r->answer, 400, "not a whole number in range", name);
    return false;
}

bool routes_read_page(struct routes_request *r)
{
    return routes_read_count(r, "offset", 0, UINT32_MAX, &r->page.offset) &&
           routes_read_count(r, "limit", ROUTES_PAGE_DEFAULT, ROUTES_PAGE_MAX, &r->page.limit);
}

/* Parameter @p name as the index of a word; -1 where it is absent. */
bool routes_read_word(struct routes_request *r, const char *name, const char *const *words, int n,
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
    routes_say(r->answer, 400, "unknown word", name);
    return false;
}

bool routes_read_kind(struct routes_request *r, int *ret_kind)
{
    const char *kinds[API_KINDS];
    for (int i = 0; i < API_KINDS; i++)
        kinds[i] = api_kind_word(i);
    return routes_read_word(r, "kind", kinds, API_KINDS, ret_kind);
}

struct centre *routes_change(struct routes_request *r)
{
    r->turn = HTTP_COMMITTED;
    return r->routes->change(r->routes->context);
}

void routes_no_memory(struct routes_request *r, int err)
{
    if (err)
        routes_say(r->answer, 500, "out of memory", NULL);
}

bool routes_find_site(struct routes_request *r, uint32_t *ret_site)
{
    const struct inventory *inv = r->view.scope.centre->inventory;
    if (!routes_find(r, &inv->sites, r->id, "unknown site", ret_site))
        return false;
    const struct site_row *row = inventory_site(inv, *ret_site, r->view.scope.now);
    if (api_site_shown(&r->view.scope, row))
        return true;
    routes_say(r->answer, 404, "unknown site", r->id);
    return false;
}

bool routes_read_window(struct routes_request *r, struct wall_ms *ret_from, struct wall_ms *ret_to)
{
    struct wall_ms now = r->view.scope.now;
    if (!routes_read_instant(r, "to", now, ret_to) ||
        !routes_read_instant(r, "from", wall_add(*ret_to, -DAY_MS), ret_from))
        return false;
    if (ret_to->ms > now.ms)
        *ret_to = now;
    if (ret_from->ms <= ret_to->ms)
        return true;
    routes_say(r->answer, 400, "from must not be later than to", NULL);
    return false;
}

bool routes_read_figure_window(struct routes_request *r, struct validity *ret_window)
{
    const char *word = http_query_value(r->query, "window");
    enum availability_window which = AVAILABILITY_24H;
    if (http_query_value(r->query, "from"))
        return routes_read_window(r, &ret_window->from, &ret_window->to);
    if (word && *word && availability_window_read(slice_of(word), &which) != 0) {
        routes_say(r->answer, 400, "unknown word", "window");
        return false;
    }
    *ret_window = availability_window(which, r->view.scope.now);
    return true;
}

bool routes_read_operator(struct routes_request *r, uint32_t *ret_op, bool *ret_every)
{
    const struct inventory *inv = r->view.scope.centre->inventory;
    const char *op = http_query_value(r->query, "operator");
    *ret_op = INV_NONE;
    *ret_every = !op || !*op;
    if (*ret_every || strcmp(op, "all") == 0)
        return true;
    return routes_find(r, &inv->operators, op, "unknown operator", ret_op);
}
