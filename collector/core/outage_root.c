#include "core/outage_root.h"

#include <string.h>

/* Further than this nobody looks: the inventory has no cycles, but it may be deep. */
enum { STEPS_MAX = 32, LEVEL_MAX = 64 };

/* The sites at one distance. */
struct level {
    uint32_t site[LEVEL_MAX];
    size_t len;
};

/* Number 0: there is no outage. */
static const struct outage NONE = {0};

/* Earlier first, then the lower number (FIGURES 7.21). */
static struct outage earlier(struct outage a, struct outage b)
{
    if (!a.number || !b.number)
        return a.number ? a : b;
    if (a.from.ms != b.from.ms)
        return a.from.ms < b.from.ms ? a : b;
    return a.number <= b.number ? a : b;
}

/* Who looks for a root; what holds at the start of its outage is looked at. */
struct asking {
    const struct outages *o;
    const struct inventory *inv;
    struct outage of;
};

/* The rows of one group of alternatives. */
struct group {
    const struct depends_row *rows;
    size_t len;
};

static struct outage out_at(const struct asking *a, uint32_t unit, struct wall_ms t)
{
    return outages_overlapping(a->o, unit, t, wall_add(t, 1));
}

/* The earliest outage among the units of a site, if every existing one is out at @p t. */
static struct outage site_out_at(const struct asking *a, uint32_t site, struct wall_ms t)
{
    size_t n = 0;
    const uint32_t *units = inventory_site_units(a->inv, site, &n);
    struct outage first = NONE;
    for (size_t i = 0; i < n; i++) {
        if (!inventory_unit_exists(a->inv, units[i], a->of.from))
            continue;
        struct outage out = out_at(a, units[i], t);
        if (!out.number)
            return NONE;
        first = earlier(first, out);
    }
    return first;
}

static bool row_valid(const struct depends_row *row, struct wall_ms t)
{
    return validity_has(row->valid, t);
}

/* The earliest outage of a group if all its valid members are out at @p t. */
static struct outage group_out_at(const struct asking *a, const struct group *group,
                                  struct wall_ms t)
{
    struct outage first = NONE;
    for (size_t i = 0; i < group->len; i++) {
        const struct depends_row *row = &group->rows[i];
        if (!row_valid(row, a->of.from))
            continue;
        struct outage out =
            row->on_unit != INV_NONE ? out_at(a, row->on_unit, t) : site_out_at(a, row->on_site, t);
        if (!out.number)
            return NONE;
        first = earlier(first, out);
    }
    return first;
}

/* What is asked at one instant: of a group or of a site. */
struct question {
    const struct group *group; /* NULL: of the site */
    uint32_t site;
};

static struct outage answer_at(const struct asking *a, const struct question *q, struct wall_ms t)
{
    return q->group ? group_out_at(a, q->group, t) : site_out_at(a, q->site, t);
}

/* Several outages overlap where one of them begins inside the others: asks at the beginnings of a
 * unit's outages inside the one in question. */
static struct outage at_beginnings(const struct asking *a, const struct question *q, uint32_t unit)
{
    struct outage first = NONE;
    for (size_t i = outages_count(a->o, unit); i > 0; i--) {
        struct wall_ms from = outages_at(a->o, unit, i - 1).from;
        if (from.ms <= a->of.from.ms)
            break;
        if (from.ms < a->of.to.ms)
            first = earlier(first, answer_at(a, q, from));
    }
    return first;
}

static struct outage of_units(const struct asking *a, const struct question *q, uint32_t site)
{
    size_t n = 0;
    const uint32_t *units = inventory_site_units(a->inv, site, &n);
    struct outage first = NONE;
    for (size_t i = 0; i < n; i++)
        first = earlier(first, at_beginnings(a, q, units[i]));
    return first;
}

/* The earliest outage that a site as a whole has together with the one in question. */
static struct outage site_out(const struct asking *a, uint32_t site)
{
    struct question q = {NULL, site};
    return earlier(answer_at(a, &q, a->of.from), of_units(a, &q, site));
}

/* The same of a group. */
static struct outage group_out(const struct asking *a, const struct group *group)
{
    struct question q = {group, INV_NONE};
    struct outage first = answer_at(a, &q, a->of.from);
    for (size_t i = 0; i < group->len; i++)
        first = earlier(first, of_units(a, &q, group->rows[i].on_site));
    return first;
}

static void add_site(struct level *level, uint32_t site)
{
    for (size_t i = 0; i < level->len; i++)
        if (level->site[i] == site)
            return;
    if (level->len < LEVEL_MAX)
        level->site[level->len++] = site;
}

/* The one valid member of a group, NULL if there are alternatives: no step leads through those. */
static const struct depends_row *only_member(const struct group *group, struct wall_ms t)
{
    const struct depends_row *only = NULL;
    for (size_t i = 0; i < group->len; i++) {
        if (!row_valid(&group->rows[i], t))
            continue;
        if (only)
            return NULL;
        only = &group->rows[i];
    }
    return only;
}

/* The outage that the things @p site depends on directly offer; where a further step leads goes to
 * @p next. */
static struct outage parents_out(const struct asking *a, uint32_t site, struct level *next)
{
    size_t n = 0;
    const struct depends_row *rows = inventory_depends(a->inv, site, &n);
    struct outage best = NONE;
    for (size_t at = 0; at < n;) {
        struct group group = {&rows[at], 0};
        for (; at < n && rows[at].group == group.rows->group; at++)
            group.len++;
        best = earlier(best, group_out(a, &group));
        const struct depends_row *only = only_member(&group, a->of.from);
        if (only)
            add_site(next, only->on_site);
    }
    return best;
}

/* The nearest thing with an outage, level by level. */
static struct outage joined(const struct asking *a)
{
    struct level level = {{inventory_unit_id(a->inv, a->of.unit)->site}, 1};
    for (int step = 0; step < STEPS_MAX && level.len > 0; step++) {
        struct level next = {.len = 0};
        struct outage best = NONE;
        for (size_t i = 0; i < level.len; i++)
            best = earlier(best, parents_out(a, level.site[i], &next));
        if (best.number)
            return best;
        memcpy(&level, &next, sizeof level);
    }
    return NONE;
}

static uint32_t site_of(const struct asking *a)
{
    return inventory_unit_id(a->inv, a->of.unit)->site;
}

struct outage outage_root(const struct outages *o, const struct inventory *inv,
                          const struct outage *outage)
{
    struct asking a = {o, inv, *outage};
    for (int step = 0; step < STEPS_MAX; step++) {
        struct outage above = joined(&a);
        if (!above.number)
            break;
        a.of = above;
    }
    /* All units of a site out together are one failure of the site. */
    struct outage first = site_out(&a, site_of(&a));
    return first.number ? first : a.of;
}

bool outage_whole_site(const struct outages *o, const struct inventory *inv,
                       const struct outage *outage)
{
    struct asking a = {o, inv, *outage};
    return site_out(&a, site_of(&a)).number != 0;
}
