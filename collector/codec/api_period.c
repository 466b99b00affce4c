#include "codec/api_period.h"

#include "base/err.h"
#include "codec/api_figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { UNITS_MAX = 16 << 20, INSTANTS_MAX = 1 << 20 };

/* A unit of the answer with its figure as recorded last. */
struct member {
    uint32_t unit;
    int kind;
    uint32_t op;
    int64_t population;
    bool revised; /* only then it was ever another */
    struct availability last;
    struct availability with; /* the same with maintenance declared in retrospect */
};

/* One answer in the making. */
struct making {
    const struct api_scope *scope;
    const struct api_period_query *query;
    const struct period_reading *reading;
    bool final;
    bool excused;  /* maintenance declared in retrospect may make another figure of some unit */
    bool changing; /* evidence is changing a final day of a unit */
    struct wall_ms final_at;
    struct validity window; /* cut at now */
    struct vec members;     /* struct member */
    struct vec instants;    /* struct wall_ms at which a unit was revised, rising */
    size_t left_out;
    struct emit e;
};

static struct validity window_of(const struct api_scope *scope, const struct calendar_period *p)
{
    int64_t now = world_now(scope->centre->world).ms;
    return (struct validity){p->from, {p->to.ms < now ? p->to.ms : now}};
}

static bool wanted(const struct api_scope *scope, const struct api_period_query *query,
                   uint32_t unit, struct wall_ms last, int *ret_kind)
{
    const struct inventory *inv = scope->centre->inventory;
    const struct unit_id *id = inventory_unit_id(inv, unit);
    const struct site_row *row = inventory_site(inv, id->site, last);
    *ret_kind = row ? (int)row->kind : 0;
    if (query->site != INV_NONE)
        return id->site == query->site;
    struct availability_query q = {.area = query->area,
                                   .kind = row ? row->kind : (enum site_kind)0,
                                   .op = query->every_operator ? INV_NONE : query->op,
                                   .window = {{0}, {last.ms + 1}}};
    bool kind = query->kind < 0 || query->kind == *ret_kind;
    return row && kind && availability_asked(inv, &q, unit);
}

int api_period_want(const struct api_scope *scope, const struct api_period_query *query,
                    struct period_reading *reading)
{
    const struct centre *c = scope->centre;
    struct wall_ms last = wall_add(window_of(scope, &query->period).to, -1);
    int err = 0;
    int kind = 0;
    period_reading_init(reading, (struct validity){query->period.from, query->period.to},
                        c->options.derived.zone_ms);
    for (uint32_t unit = 0; !err && unit < c->inventory->units.len; unit++)
        if (wanted(scope, query, unit, last, &kind))
            err = period_want(reading, c->annals, unit);
    return err;
}

bool api_period_fits(const struct api_scope *scope, const struct period_reading *reading)
{
    for (size_t i = 0; i < reading->histories.len; i++) {
        uint32_t unit = ((const struct period_history *)vec_at(&reading->histories, i))->unit;
        if (!period_fits(reading, scope->centre->annals, unit))
            return false;
    }
    return true;
}

/* ---- members ---- */

/* The figure with maintenance declared in retrospect, and how much of it there is. */
static struct availability with_retroactive(struct making *m, const struct member *member)
{
    const struct annals *a = m->scope->centre->annals;
    if (!period_excused(m->reading, a, member->unit))
        return member->last;
    struct availability with = period_of_unit(
        m->reading, a, member->unit, (struct period_when){m->final, {WALL_NEVER_MS}, true});
    with.retroactive_ms =
        with.state_ms[STATE_MAINTENANCE] - member->last.state_ms[STATE_MAINTENANCE];
    m->excused |= with.retroactive_ms > 0;
    return with;
}

static int add_member(struct making *m, uint32_t unit)
{
    const struct centre *c = m->scope->centre;
    const struct unit_id *id = inventory_unit_id(c->inventory, unit);
    const struct site_row *row = inventory_site(c->inventory, id->site, wall_add(m->window.to, -1));
    struct member *member = vec_push(&m->members);
    size_t before = m->instants.len;
    size_t changing = 0;
    if (!member)
        return ERR_NOMEM;
    *member = (struct member){.unit = unit, .kind = row ? (int)row->kind : 0, .op = id->op};
    member->last = period_of_unit(m->reading, c->annals, unit,
                                  (struct period_when){m->final, {WALL_NEVER_MS}, false});
    member->with = with_retroactive(m, member);
    int err = 0;
    if (m->final)
        err = period_revised(m->reading, unit, m->final_at, &m->instants);
    member->revised = m->instants.len > before;
    const int64_t *days = revisions_days(c->annals->revisions, unit, &changing);
    int64_t zone_ms = m->reading->zone_ms;
    for (size_t i = 0; m->final && i < changing; i++)
        m->changing |= days[i] >= calendar_day(m->window.from, zone_ms) &&
                       days[i] < calendar_day(m->query->period.to, zone_ms);
    return err ? err
               : availability_population(c->inventory, unit, m->window.to, &member->population);
}

static int by_time(const void *a, const void *b)
{
    int64_t x = ((const struct wall_ms *)a)->ms;
    int64_t y = ((const struct wall_ms *)b)->ms;
    return x < y ? -1 : x > y;
}

/* Each instant once, the newest ones only. */
static void sort_instants(struct making *m)
{
    struct wall_ms *all = m->instants.items;
    size_t kept = 0;
    if (m->instants.len)
        qsort(all, m->instants.len, sizeof *all, by_time);
    for (size_t i = 0; i < m->instants.len; i++)
        if (!kept || all[kept - 1].ms != all[i].ms)
            all[kept++] = all[i];
    m->instants.len = kept;
    if (kept > API_PERIOD_REVISIONS_MAX)
        m->left_out = kept - API_PERIOD_REVISIONS_MAX;
    vec_remove(&m->instants, 0, m->left_out);
}

static struct availability figure_of(const struct making *m, const struct member *member,
                                     struct wall_ms as_of)
{
    if (!member->revised || as_of.ms == WALL_NEVER_MS)
        return member->last;
    return period_of_unit(m->reading, m->scope->centre->annals, member->unit,
                          (struct period_when){true, as_of, false});
}

/* ---- figures: of a unit, or of a kind and operator ---- */

/* Whose figure. */
struct who {
    const struct member *member; /* one unit, or NULL */
    int kind;
    uint32_t op;
    bool with; /* the one with maintenance declared in retrospect, as recorded last */
};

static bool belongs(const struct who *who, const struct member *member)
{
    if (who->member)
        return who->member == member;
    return member->kind == who->kind && (who->op == INV_NONE || who->op == member->op);
}

static struct availability_area sum_of(const struct making *m, const struct who *who,
                                       struct wall_ms as_of)
{
    struct availability_area area = {0};
    for (size_t i = 0; i < m->members.len; i++) {
        const struct member *member = vec_at(&m->members, i);
        if (!belongs(who, member))
            continue;
        struct availability own = who->with ? member->with : figure_of(m, member, as_of);
        availability_area_add(&area, &own, member->population, AVAILABILITY_ENOUGH);
        if (who->member)
            area.all = own; /* planned throughout as well */
    }
    return area;
}

static void put_numbers(struct making *m, const struct who *who,
                        const struct availability_area *area)
{
    double observed = NAN;
    double weighted = NAN;
    bool has_observed = availability_observed(&area->all, &observed);
    bool has_weighted = availability_weighted(area, &weighted);
    bool alone = who->member != NULL;
    api_figure_put(&m->e, alone ? &area->all : &area->sum, area->enough > 0);
    if (!alone)
        api_figure_ratio(&m->e, "weighted", has_weighted, weighted);
    api_figure_ratio(&m->e, "observed", has_observed, observed);
    if (!alone)
        emit_int(&m->e, "units", area->units);
    if (!alone)
        emit_int(&m->e, "units_enough", area->enough);
    api_figure_times(&m->e, &area->all);
}

/* Beside the figure, never instead of it (FIGURES section 3). */
static void put_with(struct making *m, struct who who)
{
    who.with = true;
    struct availability_area area = {0};
    if (m->excused)
        area = sum_of(m, &who, (struct wall_ms){WALL_NEVER_MS});
    struct availability sum = who.member ? area.all : area.sum;
    sum.retroactive_ms = area.all.retroactive_ms; /* of units without enough data too */
    api_figure_retroactive(&m->e, &sum, area.enough > 0);
}

static bool same_sums(const struct availability *a, const struct availability *b)
{
    return memcmp(a->state_ms, b->state_ms, sizeof a->state_ms) == 0 &&
           memcmp(a->cause_ms, b->cause_ms, sizeof a->cause_ms) == 0 &&
           a->uncertainty_ms == b->uncertainty_ms && a->outages == b->outages &&
           a->unverified == b->unverified;
}

static bool same(const struct availability_area *a, const struct availability_area *b)
{
    return same_sums(&a->all, &b->all) && same_sums(&a->sum, &b->sum) && a->units == b->units &&
           a->enough == b->enough;
}

static const char *reason_at(const struct making *m, const struct who *who, struct wall_ms at)
{
    bool any = false;
    for (size_t i = 0; i < m->members.len; i++) {
        const struct member *member = vec_at(&m->members, i);
        if (!belongs(who, member) || !member->revised)
            continue;
        enum revision_reason reason = period_reason(m->reading, member->unit, at, &any);
        if (any)
            return revisions_reason_word((int)reason);
    }
    return "";
}

static void put_revision(struct making *m, const struct who *who, struct wall_ms at, size_t number,
                         const struct availability_area *old, const struct availability_area *new)
{
    struct emit *e = &m->e;
    emit_object(e, NULL);
    emit_int(e, "revision", (int64_t)number);
    emit_instant(e, "at", at);
    emit_text(e, "reason", old ? reason_at(m, who, at) : "final");
    if (old) {
        emit_object(e, "old");
        put_numbers(m, who, old);
        emit_end(e);
    } else {
        emit_null(e, "old");
    }
    emit_object(e, "new");
    put_numbers(m, who, new);
    emit_end(e);
    emit_end(e);
}

/* Counts the revisions of a figure, and shows each if asked to. */
static size_t put_revisions(struct making *m, const struct who *who, bool show)
{
    struct availability_area old = sum_of(
        m, who,
        m->left_out ? wall_add(*(struct wall_ms *)vec_at(&m->instants, 0), -1) : m->final_at);
    size_t number = 1 + m->left_out;
    if (show && !m->left_out)
        put_revision(m, who, m->final_at, number, NULL, &old);
    for (size_t i = 0; i < m->instants.len; i++) {
        struct wall_ms at = *(struct wall_ms *)vec_at(&m->instants, i);
        struct availability_area new = sum_of(m, who, at);
        if (same(&old, &new))
            continue;
        number++;
        if (show)
            put_revision(m, who, at, number, &old, &new);
        old = new;
    }
    return number;
}

static void put_history(struct making *m, const struct who *who)
{
    if (!m->final) {
        emit_null(&m->e, "revision");
        return;
    }
    emit_int(&m->e, "revision", (int64_t)put_revisions(m, who, false));
    if (!m->query->revisions)
        return;
    emit_array(&m->e, "revisions");
    (void)put_revisions(m, who, true);
    emit_end(&m->e);
}

static void put_member(struct making *m, const struct member *member)
{
    struct who who = {.member = member, .op = INV_NONE};
    struct availability_area area = sum_of(m, &who, (struct wall_ms){WALL_NEVER_MS});
    emit_object(&m->e, NULL);
    emit_text(&m->e, "unit", names_text(&m->scope->centre->inventory->units, member->unit));
    put_numbers(m, &who, &area);
    put_with(m, who);
    put_history(m, &who);
    emit_end(&m->e);
}

static void put_operator(struct making *m, uint32_t op)
{
    const struct inventory *inv = m->scope->centre->inventory;
    for (int kind = 0; kind < API_KINDS; kind++) {
        struct who who = {.kind = kind, .op = op};
        struct availability_area area = sum_of(m, &who, (struct wall_ms){WALL_NEVER_MS});
        if (area.units == 0)
            continue;
        emit_object(&m->e, NULL);
        emit_text(&m->e, "kind", api_kind_word(kind));
        emit_text(&m->e, "operator", op == INV_NONE ? "all" : names_text(&inv->operators, op));
        put_numbers(m, &who, &area);
        put_with(m, who);
        put_history(m, &who);
        emit_end(&m->e);
    }
}

static void put_figures(struct making *m)
{
    const struct api_period_query *query = m->query;
    if (query->site != INV_NONE) {
        for (size_t i = 0; i < m->members.len; i++)
            put_member(m, vec_at(&m->members, i));
        return;
    }
    put_operator(m, query->every_operator ? INV_NONE : query->op);
    uint32_t operators = m->scope->centre->inventory->operators.len;
    for (uint32_t op = 0; query->every_operator && op < operators; op++)
        put_operator(m, op);
}

static void put_head(struct making *m)
{
    const struct inventory *inv = m->scope->centre->inventory;
    const struct api_period_query *query = m->query;
    char text[CALENDAR_TEXT_MAX];
    calendar_write(&query->period, m->reading->zone_ms, text);
    if (query->site != INV_NONE)
        emit_text(&m->e, "site", names_text(&inv->sites, query->site));
    else
        emit_text(&m->e, "area", names_text(&inv->areas, query->area));
    emit_text(&m->e, "period", text);
    emit_instant(&m->e, "from", m->window.from);
    emit_instant(&m->e, "to", m->window.to);
    emit_bool(&m->e, "provisional", !m->final);
    if (m->final_at.ms == WALL_NEVER_MS)
        emit_null(&m->e, "final_at");
    else
        emit_instant(&m->e, "final_at", m->final_at);
    emit_bool(&m->e, "changing", m->changing);
    if (m->left_out)
        emit_int(&m->e, "revisions_left_out", (int64_t)m->left_out);
}

int api_period(const struct api_scope *scope, const struct api_period_query *query,
               const struct period_reading *reading, struct buf *out)
{
    struct making m = {.scope = scope,
                       .query = query,
                       .reading = reading,
                       .final_at =
                           calendar_final_at(&query->period, scope->centre->options.grace_ms),
                       .window = window_of(scope, &query->period),
                       .e = emit_to(out)};
    m.final = m.final_at.ms <= world_now(scope->centre->world).ms;
    vec_init(&m.members, sizeof(struct member), UNITS_MAX);
    vec_init(&m.instants, sizeof(struct wall_ms), INSTANTS_MAX);
    int err = 0;
    for (size_t i = 0; !err && i < reading->histories.len; i++)
        err = add_member(&m, ((const struct period_history *)vec_at(&reading->histories, i))->unit);
    if (!err) {
        sort_instants(&m);
        emit_object(&m.e, NULL);
        put_head(&m);
        emit_array(&m.e, "figures");
        put_figures(&m);
        emit_end(&m.e);
        emit_end(&m.e);
    }
    vec_done(&m.members);
    vec_done(&m.instants);
    return err;
}
