#include "core/moving.h"

#include "base/err.h"
#include "core/calendar.h"

enum { UNITS_MAX = 16 << 20, LOOKS = 1000 };

static const int64_t LOOK_MS = 10000;

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

static bool is_up(uint16_t code)
{
    enum unit_state state = code == TIMELINE_NOTHING ? STATE_UNOBSERVED : state_unpack(code).state;
    return state == STATE_UP || state == STATE_DEGRADED;
}

static bool is_down(uint16_t code)
{
    return code != TIMELINE_NOTHING && state_unpack(code).state == STATE_DOWN;
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

/* Whether enough is observed changes between the unit's own changes. */
static int64_t doubted_at(const struct moving *m, const struct availability *a, struct wall_ms now)
{
    int64_t length = m->query.length_ms ? m->query.length_ms : m->month.to.ms - m->month.from.ms;
    bool in_doubt = a->state_ms[STATE_SILENT] + a->state_ms[STATE_UNOBSERVED] > 0;
    int64_t later = length / LOOKS > LOOK_MS ? length / LOOKS : LOOK_MS;
    return in_doubt ? now.ms + later : WALL_NEVER_MS;
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

int moving_look(struct moving *m, const struct world *w, uint32_t unit)
{
    struct moving_unit *u = unit < m->units.len ? vec_at(&m->units, unit) : NULL;
    if (!u || !u->asked)
        return 0;
    struct wall_ms now = world_now(w);
    struct validity window = window_at(m, now);
    const struct timeline *states = world_unit_timeline(w, unit);
    struct availability a = availability_of_unit(w, unit, window);
    uint16_t last = timeline_at(states, now);
    uint16_t first = m->query.length_ms ? timeline_at(states, window.from) : TIMELINE_NOTHING;
    count(m, u, -1);
    u->up = line_of(availability_up_ms(&a), is_up(last), is_up(first), now);
    u->down = line_of(a.state_ms[STATE_DOWN], is_down(last), is_down(first), now);
    u->counted = availability_enough(&a, AVAILABILITY_ENOUGH);
    count(m, u, 1);
    int64_t leaves = leaves_at(m, states, window.from);
    int64_t doubted = doubted_at(m, &a, now);
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
