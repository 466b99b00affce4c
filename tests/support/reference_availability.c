/* Availability over a window, summed instant by instant: FIGURES section 3, 7.9, 7.10, 7.23. */
#include "reference_inside.h"

#include "reference_figures.h"

/** Adds the stretch [from, to), in which nothing changes. */
static void add_stretch(const struct reference *r, uint32_t unit, int64_t from, int64_t to,
                        struct availability *sum)
{
    struct unit_view v = reference_unit_at(r, unit, (struct wall_ms){from});
    sum->state_ms[v.state] += to - from;
    if (v.state == STATE_DOWN)
        sum->cause_ms[v.cause] += to - from;
}

static struct availability times_in(const struct reference *r, uint32_t unit,
                                    struct validity window, const struct vec *times)
{
    struct availability sum = {.outages = 0};
    int64_t to = window.to.ms < r->now.ms ? window.to.ms : r->now.ms;
    int64_t at = window.from.ms;
    for (size_t i = 0; i < times->len && at < to; i++) {
        int64_t t = ((struct wall_ms *)vec_at(times, i))->ms;
        if (t <= at)
            continue;
        add_stretch(r, unit, at, t < to ? t : to, &sum);
        at = t;
    }
    if (at < to)
        add_stretch(r, unit, at, to, &sum);
    return sum;
}

static struct validity both(struct validity a, struct validity b)
{
    return (struct validity){a.from.ms > b.from.ms ? a.from : b.from,
                             a.to.ms < b.to.ms ? a.to : b.to};
}

struct availability reference_availability(const struct reference *r, uint32_t unit,
                                           struct validity window)
{
    struct vec times;
    struct vec outages;
    vec_init(&times, sizeof(struct wall_ms), 1 << 24);
    vec_init(&outages, sizeof(struct outage), 1 << 20);
    reference_instants(r, &times);
    reference_outages(r, unit, &outages);
    struct availability sum = times_in(r, unit, window, &times);
    for (size_t i = 0; i < outages.len; i++) {
        const struct outage *o = vec_at(&outages, i);
        struct validity inside = both(window, (struct validity){o->from, o->to});
        struct availability part = times_in(r, unit, inside, &times);
        sum.outages += part.state_ms[STATE_DOWN] > 0; /* at least 1 ms of downtime in it (7.9) */
        sum.unverified += !o->verified && part.state_ms[STATE_SILENT] > 0;
    }
    vec_done(&times);
    vec_done(&outages);
    return sum;
}

/** 7.10, 7.23: the population of the distinct villages that it serves at the window's last
 * millisecond. */
static int64_t weight(const struct reference *r, uint32_t unit, struct wall_ms last)
{
    int64_t people = 0;
    for (uint32_t area = 0; area < r->inv->areas.len; area++) {
        const struct area_row *row = inventory_area(r->inv, area, last);
        if (reference_meant_for(r, unit, area, last) && row->population > 0)
            people += row->population;
    }
    return people;
}

static void sum_up(struct availability *sum, const struct availability *more)
{
    for (int state = 0; state < STATE_COUNT; state++)
        sum->state_ms[state] += more->state_ms[state];
    for (int cause = 0; cause < CAUSE_NONE; cause++)
        sum->cause_ms[cause] += more->cause_ms[cause];
    sum->outages += more->outages;
    sum->unverified += more->unverified;
}

static void add_unit(struct availability_area *area, const struct availability *a, int64_t people,
                     double enough)
{
    int64_t up = a->state_ms[STATE_UP] + a->state_ms[STATE_DEGRADED];
    int64_t known = up + a->state_ms[STATE_DOWN];
    int64_t due = known + a->state_ms[STATE_SILENT] + a->state_ms[STATE_UNOBSERVED];
    if (!due && !a->state_ms[STATE_MAINTENANCE] && !a->state_ms[STATE_ASLEEP])
        return;
    area->units++;
    sum_up(&area->all, a); /* only its times and the observed share, unless it has enough data */
    if (!due || (double)known / (double)due < enough)
        return;
    area->enough++;
    sum_up(&area->sum, a);
    area->people_up += (double)people * (double)up;
    area->people_down += (double)people * (double)a->state_ms[STATE_DOWN];
}

struct availability_area reference_availability_area(const struct reference *r,
                                                     const struct availability_query *query)
{
    struct availability_area area = {.units = 0};
    struct wall_ms last = wall_add(query->window.to, -1);
    for (uint32_t unit = 0; unit < r->inv->units.len; unit++) {
        const struct unit_id *id = inventory_unit_id(r->inv, unit);
        const struct site_row *site = inventory_site(r->inv, id->site, last);
        if (!site || site->kind != query->kind || (query->op != INV_NONE && query->op != id->op) ||
            !reference_below(r, site->area, query->area, last))
            continue;
        struct availability a = reference_availability(r, unit, query->window);
        add_unit(&area, &a, weight(r, unit, last), query->enough);
    }
    return area;
}
