/* Declarations of people: maintenance and energy saving, made and withdrawn through the API. In
 * time an operator may; what has begun takes an admin (FIGURES section 3). */
#include "shell/routes_own.h"

#include "base/err.h"
#include "base/num.h"
#include "core/inventory_declare.h"
#include "io/log.h"
#include "wire/tree.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { REASON_BYTES = 500, BY_BYTES = 64, TARGET_BYTES = 256 };

static const int64_t LONGEST_MS = INT64_C(366) * 24 * 60 * 60 * 1000;

/* What lies further back is in no timeline any more. */
static const int64_t OLDEST_MS = INT64_C(70) * 24 * 60 * 60 * 1000;

/* A declaration as it was asked for; the wish's texts lie in here. */
struct asked {
    struct inventory_wish wish;
    char target[TARGET_BYTES + 1];
    char reason[REASON_BYTES + 1];
    char by[BY_BYTES + 1];
};

/* Half of the memory may speak of the new inventory already: what is stored can be trusted. */
static void check_memory(int err)
{
    if (err != ERR_NOMEM)
        return;
    log_event(LOG_ERROR, "inventory.no_memory",
              "do=\"give the collector more memory; it starts again from what is stored\"");
    _exit(1);
}

static bool refuse(struct routes_request *r, const char *what, const char *about)
{
    routes_say(r->answer, 400, what, about);
    return false;
}

static void take_members(struct tree *t, void *into)
{
    struct asked *asked = into;
    static const char *const kinds[] = {"maintenance", "asleep"};
    (void)tree_need(t, t->root, "target");
    routes_body_text(t, "target", asked->target, TARGET_BYTES);
    routes_body_text(t, "reason", asked->reason, REASON_BYTES);
    (void)tree_need(t, t->root, "by");
    routes_body_text(t, "by", asked->by, BY_BYTES);
    asked->wish.kind = (enum declaration_kind)tree_word(t, tree_need(t, t->root, "kind"), kinds, 2);
    asked->wish.span.from = routes_body_instant(t, "from");
    asked->wish.span.to = routes_body_instant(t, "to");
    asked->wish.reason = asked->reason;
    asked->wish.by = asked->by;
}

/* "SITE", or "SITE/SERVICE@OPERATOR", or "SITE/SERVICE". */
static bool find_target(struct routes_request *r, struct asked *asked)
{
    const struct inventory *inv = r->view.scope.centre->inventory;
    struct inventory_wish *wish = &asked->wish;
    size_t site_len = strcspn(asked->target, "/");
    snprintf(r->id, sizeof r->id, "%.*s", (int)site_len, asked->target);
    wish->unit = INV_NONE;
    if (!routes_find_site(r, &wish->site))
        return false;
    if (!asked->target[site_len])
        return true;
    wish->unit = inventory_find_unit(inv, wish->site, slice_of(asked->target + site_len + 1));
    if (wish->unit == INV_NONE)
        routes_say(r->answer, 404, "unknown unit", asked->target);
    return wish->unit != INV_NONE;
}

static bool check_span(struct routes_request *r, const struct inventory_wish *wish)
{
    struct wall_ms now = r->view.scope.now;
    if (wish->span.from.ms >= wish->span.to.ms)
        return refuse(r, "from must be before to", NULL);
    if (wish->span.to.ms - wish->span.from.ms > LONGEST_MS)
        return refuse(r, "nothing is declared for more than a year at once", NULL);
    if (wish->span.from.ms < now.ms - OLDEST_MS)
        return refuse(r, "timelines are kept for 70 days: from is earlier", NULL);
    return true;
}

/* Whoever declares what has begun, or takes back what was declared so, changes the past. */
static bool may_change_past(struct routes_request *r, bool past)
{
    if (!past || r->query->role >= HTTP_ADMIN)
        return true;
    routes_say(r->answer, 403, "what has begun takes an admin's token", NULL);
    return false;
}

static void answer_with(struct routes_request *r, int64_t number, int status)
{
    const struct inventory *inv = r->view.scope.centre->inventory;
    r->answer->status = status;
    api_declaration(&r->view.scope, inventory_declared(inv, number), &r->answer->body);
}

void routes_post_declaration(struct routes_request *r)
{
    struct asked asked = {.target = ""};
    struct wall_ms now = r->view.scope.now;
    int64_t number = 0;
    if (!routes_read_body(r, take_members, &asked) || !find_target(r, &asked) ||
        !check_span(r, &asked.wish) || !may_change_past(r, asked.wish.span.from.ms <= now.ms))
        return;
    if (!asked.by[0]) {
        refuse(r, "by must say who declares it", NULL);
        return;
    }
    int err = centre_declare(routes_change(r), &asked.wish, now, &number);
    check_memory(err);
    if (err)
        routes_say(r->answer, 409, "too many declarations are kept", NULL);
    else
        answer_with(r, number, 201);
}

void routes_delete_declaration(struct routes_request *r)
{
    const struct inventory *inv = r->view.scope.centre->inventory;
    struct wall_ms now = r->view.scope.now;
    uint64_t number = 0;
    const struct declaration *d = NULL;
    if (num_parse_u64(slice_of(r->id), &number) == 0 && number <= INT64_MAX)
        d = inventory_declared(inv, (int64_t)number);
    if (!d) {
        routes_say(r->answer, 404, "nobody declared that here; rows of the files end there", r->id);
        return;
    }
    if (d->withdrawn.ms != 0) {
        routes_say(r->answer, 409, "it is withdrawn already", r->id);
        return;
    }
    if (!may_change_past(r, d->retroactive))
        return;
    int err = centre_withdraw(routes_change(r), d->number, now);
    check_memory(err);
    routes_no_memory(r, err);
    if (!err)
        answer_with(r, (int64_t)number, 200);
}

void routes_get_declarations(struct routes_request *r)
{
    const char *site = http_query_value(r->query, "site");
    uint32_t number = INV_NONE;
    if (!routes_read_page(r))
        return;
    if (site && *site) {
        snprintf(r->id, sizeof r->id, "%s", site);
        if (!routes_find_site(r, &number))
            return;
    }
    api_declarations(&r->view.scope, number, r->page, &r->answer->body);
}
