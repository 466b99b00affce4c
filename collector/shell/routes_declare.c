/* Declarations of people: maintenance and energy saving, made and withdrawn through the API. In
 * time an operator may; what has begun takes an admin (FIGURES section 3). */
#include "shell/routes_own.h"

#include "base/err.h"
#include "base/num.h"
#include "codec/emit.h"
#include "core/inventory_plan.h"
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

/* ---- several at once: a site with what depends on it, works that come again ---- */

static const int64_t DAY_MS = INT64_C(24) * 60 * 60 * 1000;

/* A plan as it was asked for. */
struct asked_plan {
    struct asked asked;
    struct inventory_plan plan;
};

static void take_plan(struct tree *t, void *into)
{
    struct asked_plan *p = into;
    static const char *const words[] = {"never", "day", "week"};
    static const int64_t days[] = {0, 1, 7};
    take_members(t, &p->asked);
    p->plan.dependents = tree_bool(t, tree_find(t->root, "dependents"));
    p->plan.every_ms = days[tree_word(t, tree_find(t->root, "every"), words, 3)] * DAY_MS;
    const struct cJSON *times = tree_find(t->root, "times");
    p->plan.times = times ? (uint32_t)tree_count(t, times, INVENTORY_PLAN_MAX) : 1;
    p->plan.wish = p->asked.wish;
}

/* Recurring works neither overlap themselves nor lie more than a year ahead. */
static bool check_plan(struct routes_request *r, const struct inventory_plan *plan)
{
    const struct validity *span = &plan->wish.span;
    if (plan->times == 0 || (plan->times > 1 && plan->every_ms == 0))
        return refuse(r, "times is at least 1, and beyond that needs every: day or week", NULL);
    if (plan->times > 1 && span->to.ms - span->from.ms > plan->every_ms)
        return refuse(r, "works that last longer than until they come again", NULL);
    if ((int64_t)(plan->times - 1) * plan->every_ms > LONGEST_MS)
        return refuse(r, "nothing is declared for more than a year at once", NULL);
    if (plan->dependents && plan->wish.unit != INV_NONE)
        return refuse(r, "dependents goes with a whole site", NULL);
    return true;
}

static void answer_plan(struct routes_request *r, int64_t first, size_t n, uint32_t times)
{
    struct emit e = emit_to(&r->answer->body);
    emit_object(&e, NULL);
    emit_int(&e, "first", first);
    emit_int(&e, "last", first + (int64_t)n - 1);
    emit_int(&e, "sites", (int64_t)(n / times));
    emit_int(&e, "times", times);
    emit_end(&e);
}

static void declare_plan(struct routes_request *r, const struct inventory_plan *plan)
{
    struct vec wishes;
    int64_t first = 0;
    struct wall_ms now = r->view.scope.now;
    vec_init(&wishes, sizeof(struct inventory_wish), INVENTORY_PLAN_MAX);
    int err = inventory_plan_wishes(r->view.scope.centre->inventory, plan, now, &wishes);
    if (err == ERR_FULL) {
        refuse(r, "more than 1,000 declarations at once", NULL);
    } else if (!err) {
        err = centre_declare_all(routes_change(r), wishes.items, wishes.len, now, &first);
        check_memory(err);
        r->answer->status = err ? r->answer->status : 201;
        if (err)
            routes_say(r->answer, 409, "too many declarations are kept", NULL);
        else
            answer_plan(r, first, wishes.len, plan->times);
    } else {
        routes_no_memory(r, err);
    }
    vec_done(&wishes);
}

void routes_post_plan(struct routes_request *r)
{
    struct asked_plan p = {.plan = {.times = 1}};
    if (!routes_read_body(r, take_plan, &p) || !find_target(r, &p.asked))
        return;
    p.plan.wish = p.asked.wish;
    if (!check_span(r, &p.plan.wish) || !check_plan(r, &p.plan) ||
        !may_change_past(r, p.plan.wish.span.from.ms <= r->view.scope.now.ms))
        return;
    if (p.asked.by[0])
        declare_plan(r, &p.plan);
    else
        refuse(r, "by must say who declares it", NULL);
}

/* The declaration that the path names, and that nobody withdrew; NULL if that was answered. */
static const struct declaration *find_declared(struct routes_request *r)
{
    uint64_t number = 0;
    const struct declaration *d = NULL;
    if (num_parse_u64(slice_of(r->id), &number) == 0 && number <= INT64_MAX)
        d = inventory_declared(r->view.scope.centre->inventory, (int64_t)number);
    if (!d)
        routes_say(r->answer, 404, "nobody declared that here; rows of the files end there", r->id);
    else if (d->withdrawn.ms != 0)
        routes_say(r->answer, 409, "it is withdrawn already", r->id);
    return d && d->withdrawn.ms == 0 ? d : NULL;
}

/* Numbers of all that one request declared and that is not over. */
static int numbers_like(const struct inventory *inv, const struct declaration *d,
                        struct wall_ms now, struct vec *ret_numbers)
{
    for (size_t i = 0; i < inv->declarations.len; i++) {
        const struct declaration *other = vec_at(&inv->declarations, i);
        bool over = !other->retroactive && other->span.to.ms <= now.ms;
        if (!inventory_plan_like(d, other) || other->withdrawn.ms != 0 || over)
            continue;
        int64_t *number = vec_push(ret_numbers);
        if (!number)
            return ERR_NOMEM;
        *number = other->number;
    }
    return 0;
}

void routes_delete_plan(struct routes_request *r)
{
    struct vec numbers;
    struct wall_ms now = r->view.scope.now;
    const struct declaration *d = find_declared(r);
    if (!d || !may_change_past(r, d->retroactive))
        return;
    vec_init(&numbers, sizeof(int64_t), INVENTORY_DECLARED_MAX);
    int err = numbers_like(r->view.scope.centre->inventory, d, now, &numbers);
    if (!err && numbers.len) {
        err = centre_withdraw_all(routes_change(r), numbers.items, numbers.len, now);
        check_memory(err);
    }
    routes_no_memory(r, err);
    if (!err) {
        struct emit e = emit_to(&r->answer->body);
        emit_object(&e, NULL);
        emit_int(&e, "withdrawn", (int64_t)numbers.len);
        emit_end(&e);
    }
    vec_done(&numbers);
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
    struct wall_ms now = r->view.scope.now;
    const struct declaration *d = find_declared(r);
    if (!d || !may_change_past(r, d->retroactive))
        return;
    int64_t number = d->number;
    int err = centre_withdraw(routes_change(r), number, now);
    check_memory(err);
    routes_no_memory(r, err);
    if (!err)
        answer_with(r, number, 200);
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
