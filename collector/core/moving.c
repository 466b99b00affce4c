#include "core/moving.h"

#include "base/err.h"
#include "core/calendar.h"

#include <math.h>

enum { UNITS_MAX = 16 << 20 };

/* Nothing is looked at again sooner. */
static const int64_t LOOK_MS = 1000;

/* What crosses later is looked at by then for other reasons. */
static const double FAR_MS = 400.0 * 86400000;

void moving_init(struct moving *m, const struct moving_query *query)
{
    *m = (struct moving){.query = *query};
    vec_init(&m->units, sizeof(struct moving_unit), UNITS_MAX);
    due_init(&m->due, UNITS_MAX);
}

void moving_done(struct moving *m)
{
    vec_done(&m->units);
    due_done(&m->due);
}

static struct validity window_at(const struct moving *m, struct wall_ms now)
{
    int64_t from = m->query.length_ms ? now.ms - m->query.length_ms : m->month.from.ms;
    return (struct validity){{from}, now};
}

static enum unit_state state_of(uint16_t code)
{
    return code == TIMELINE_NOTHING ? STATE_UNOBSERVED : state_unpack(code).state;
}

static bool is_up(enum unit_state state)
{
    return state == STATE_UP || state == STATE_DEGRADED;
}

static bool is_known(enum unit_state state)
{
    return is_up(state) || state == STATE_DOWN;
}

static bool is_unknown(enum unit_state state)
{
    return state == STATE_SILENT || state == STATE_UNOBSERVED;
}

/* The states at the window's end and at its beginning; of a month nothing is left behind. */
struct edges {
    enum unit_state last, first;
};

static struct edges edges_of(const struct moving *m, const struct timeline *states,
                             struct validity window)
{
    enum unit_state last = state_of(timeline_at(states, window.to));
    enum unit_state first =
        m->query.length_ms ? state_of(timeline_at(states, window.from)) : STATE_PLANNED;
    return (struct edges){last, first};
}

/* The line through a time at `now` that grows at the window's end and shrinks at its beginning. */
static struct moving_line line_of(int64_t ms, bool grows, bool shrinks, struct wall_ms now)
{
    int64_t slope = (int64_t)grows - (int64_t)shrinks;
    return (struct moving_line){ms - slope * now.ms, slope};
}

static void add_line(struct moving_line *sum, const struct moving_line *line, int by)
{
    sum->at += by * line->at;
    sum->slope += by * line->slope;
}

static void count(struct moving *m, const struct moving_unit *u, int by)
{
    if (!u->counted)
        return;
    add_line(&m->up, &u->up, by);
    add_line(&m->down, &u->down, by);
    m->counted += (uint32_t)by;
}

/* When the window's beginning comes to the unit's next change. */
static int64_t leaves_at(const struct moving *m, const struct timeline *states, struct wall_ms from)
{
    if (!m->query.length_ms)
        return WALL_NEVER_MS;
    int64_t to = timeline_span_at(states, timeline_index(states, from)).to.ms;
    return to == WALL_NEVER_MS ? to : to + m->query.length_ms;
}

/* When enough is observed, or not any more: where a line crosses zero. */
static int64_t doubted_at(const struct availability *a, const struct edges *e, struct wall_ms now)
{
    double known = (double)(availability_up_ms(a) + a->state_ms[STATE_DOWN]);
    double unknown = (double)(a->state_ms[STATE_SILENT] + a->state_ms[STATE_UNOBSERVED]);
    double known_by = (double)is_known(e->last) - (double)is_known(e->first);
    double unknown_by = (double)is_unknown(e->last) - (double)is_unknown(e->first);
    double spare = known - AVAILABILITY_ENOUGH * (known + unknown);
    double by = known_by - AVAILABILITY_ENOUGH * (known_by + unknown_by);
    bool crosses = spare < 0 ? by > 0 : by < 0;
    double in_ms = crosses ? fabs(spare / by) : 0;
    if (!crosses || in_ms > FAR_MS)
        return WALL_NEVER_MS;
    return now.ms + (in_ms < (double)LOOK_MS ? LOOK_MS : (int64_t)in_ms + 1);
}

/* One item in the queue is enough: the earliest. */
static int queue(struct moving *m, uint32_t unit, int64_t at)
{
    struct moving_unit *u = vec_at(&m->units, unit);
    if (at >= u->next)
        return 0;
    u->next = at;
    return due_push(&m->due, (struct due){.key = at, .id = unit}) ? ERR_NOMEM : 0;
}

bool moving_asks(const struct moving *m, uint32_t unit)
{
    return unit < m->units.len && ((const struct moving_unit *)vec_at(&m->units, unit))->asked;
}

int moving_look(struct moving *m, const struct world *w, uint32_t unit)
{
    struct moving_unit *u = unit < m->units.len ? vec_at(&m->units, unit) : NULL;
    if (!u || !u->asked)
        return 0;
    struct wall_ms now = world_now(w);
    struct validity window = window_at(m, now);
    const struct timeline *states = world_unit_timeline(w, unit);
    struct availability a = availability_of_unit(w, unit, window);
    struct edges e = edges_of(m, states, window);
    count(m, u, -1);
    u->up = line_of(availability_up_ms(&a), is_up(e.last), is_up(e.first), now);
    u->down = line_of(a.state_ms[STATE_DOWN], e.last == STATE_DOWN, e.first == STATE_DOWN, now);
    u->counted = availability_enough(&a, AVAILABILITY_ENOUGH);
    count(m, u, 1);
    int64_t leaves = leaves_at(m, states, window.from);
    int64_t doubted = doubted_at(&a, &e, now);
    return queue(m, unit, leaves < doubted ? leaves : doubted);
}

static struct validity month_of(struct wall_ms now, int64_t zone_ms)
{
    struct calendar_period month = {.from = now, .to = now};
    (void)!calendar_read(slice_of("month"), zone_ms, now, &month);
    return (struct validity){month.from, month.to};
}

int moving_build(struct moving *m, const struct world *w, const struct inventory *inv)
{
    struct moving_query query = m->query;
    struct wall_ms now = world_now(w);
    struct availability_query asked = {
        .area = query.area, .kind = query.kind, .op = query.op, .window.to = {now.ms + 1}};
    int err = 0;
    moving_done(m);
    moving_init(m, &query);
    m->day = INT64_MIN;
    if (now.ms < 0) /* before the first look at a clock */
        return 0;
    m->month = month_of(now, query.zone_ms);
    m->day = calendar_day(now, query.zone_ms);
    for (uint32_t unit = 0; !err && unit < inv->units.len; unit++) {
        struct moving_unit *u = vec_push(&m->units);
        if (!u)
            return ERR_NOMEM;
        u->next = WALL_NEVER_MS;
        u->asked = availability_asked(inv, &asked, unit);
        err = moving_look(m, w, unit);
    }
    return err;
}

int moving_advance(struct moving *m, const struct world *w, const struct inventory *inv)
{
    struct due item;
    int err = 0;
    if (world_now(w).ms < 0)
        return 0;
    if (m->day != calendar_day(world_now(w), m->query.zone_ms))
        return moving_build(m, w, inv);
    while (!err && due_pop(&m->due, world_now(w).ms, &item)) {
        struct moving_unit *u = vec_at(&m->units, item.id);
        if (u->next != item.key) /* an earlier one took its place */
            continue;
        u->next = WALL_NEVER_MS;
        err = moving_look(m, w, item.id);
    }
    return err;
}

static double at(const struct moving_line *line, struct wall_ms now)
{
    return (double)(line->at + line->slope * now.ms);
}

bool moving_ratio(const struct moving *m, struct wall_ms now, double *ret_ratio)
{
    double up = at(&m->up, now);
    double whole = up + at(&m->down, now);
    if (m->counted == 0 || whole <= 0)
        return false;
    *ret_ratio = up / whole;
    return true;
}

bool moving_projected(const struct moving *month, double rate, struct wall_ms now,
                      double *ret_ratio)
{
    double up = at(&month->up, now);
    double whole = up + at(&month->down, now);
    double rest = (double)month->counted * (double)(month->month.to.ms - now.ms);
    if (month->counted == 0 || whole + rest <= 0)
        return false;
    *ret_ratio = (up + rate * rest) / (whole + rest);
    return true;
}
