#include "core/outage_root.h"

#include <string.h>

/* Further than this nobody looks: the inventory has no cycles, but it may be deep. */
enum { STEPS_MAX = 32, LEVEL_MAX = 64 };

/* The sites at one distance. */
struct level {
    uint32_t site[LEVEL_MAX];
    size_t len;
};

/* Earlier first, then the lower number (FIGURES 7.21). */
static const struct outage *earlier(const struct outage *a, const struct outage *b)
{
    if (!a || !b)
        return a ? a : b;
    if (a->from.ms != b->from.ms)
        return a->from.ms < b->from.ms ? a : b;
    return a->number <= b->number ? a : b;
}

/* The earliest outage among the units of a site, if every existing one has an outage that overlaps
 * @p of. */
static const struct outage *site_out(const struct outages *o, const struct inventory *inv,
                                     uint32_t site, const struct outage *of)
{
    size_t n = 0;
    const uint32_t *units = inventory_site_units(inv, site, &n);
    const struct outage *first = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!inventory_unit_exists(inv, units[i], of->from))
            continue;
        const struct outage *out = outages_overlapping(o, units[i], of->from, of->to);
        if (!out)
            return NULL;
        first = earlier(first, out);
    }
    return first;
}

static const struct outage *member_out(const struct outages *o, const struct inventory *inv,
                                       const struct depends_row *row, const struct outage *of)
{
    if (row->on_unit != INV_NONE)
        return outages_overlapping(o, row->on_unit, of->from, of->to);
    return site_out(o, inv, row->on_site, of);
}

static bool row_valid(const struct depends_row *row, struct wall_ms t)
{
    return row->valid.from.ms <= t.ms && t.ms < row->valid.to.ms;
}

/* The earliest outage of a group of alternatives [at, *ret_end) if all its valid members are out.
 */
static const struct outage *group_out(const struct outages *o, const struct inventory *inv,
                                      const struct depends_row *rows, size_t n, size_t at,
                                      const struct outage *of, size_t *ret_end)
{
    const struct outage *first = NULL;
    bool all = true;
    size_t end = at;
    for (; end < n && rows[end].group == rows[at].group; end++) {
        if (!row_valid(&rows[end], of->from))
            continue;
        const struct outage *out = member_out(o, inv, &rows[end], of);
        all = all && out;
        first = earlier(first, out);
    }
    *ret_end = end;
    return all ? first : NULL;
}

static void add_site(struct level *level, uint32_t site)
{
    for (size_t i = 0; i < level->len; i++)
        if (level->site[i] == site)
            return;
    if (level->len < LEVEL_MAX)
        level->site[level->len++] = site;
}

/* The outage that the things @p site depends on directly offer; what they are goes to @p next. */
static const struct outage *parents_out(const struct outages *o, const struct inventory *inv,
                                        uint32_t site, const struct outage *of, struct level *next)
{
    size_t n = 0;
    const struct depends_row *rows = inventory_depends(inv, site, &n);
    const struct outage *best = NULL;
    for (size_t at = 0; at < n;) {
        size_t end = at;
        best = earlier(best, group_out(o, inv, rows, n, at, of, &end));
        for (; at < end; at++)
            if (row_valid(&rows[at], of->from))
                add_site(next, rows[at].on_site);
    }
    return best;
}

/* The nearest thing with an outage, level by level. */
static const struct outage *joined(const struct outages *o, const struct inventory *inv,
                                   const struct outage *of)
{
    struct level level = {{inventory_unit_id(inv, of->unit)->site}, 1};
    for (int step = 0; step < STEPS_MAX && level.len > 0; step++) {
        struct level next = {.len = 0};
        const struct outage *best = NULL;
        for (size_t i = 0; i < level.len; i++)
            best = earlier(best, parents_out(o, inv, level.site[i], of, &next));
        if (best)
            return best;
        memcpy(&level, &next, sizeof level);
    }
    return NULL;
}

/* What stands for an outage among those of its own site: all units out together are one failure of
 * the site. */
static const struct outage *of_site(const struct outages *o, const struct inventory *inv,
                                    const struct outage *outage)
{
    const struct outage *first =
        site_out(o, inv, inventory_unit_id(inv, outage->unit)->site, outage);
    return first ? first : outage;
}

const struct outage *outage_root(const struct outages *o, const struct inventory *inv,
                                 const struct outage *outage)
{
    const struct outage *root = outage;
    for (int step = 0; step < STEPS_MAX; step++) {
        const struct outage *above = joined(o, inv, root);
        if (!above)
            break;
        root = above;
    }
    return of_site(o, inv, root);
}

bool outage_whole_site(const struct outages *o, const struct inventory *inv,
                       const struct outage *outage)
{
    return site_out(o, inv, inventory_unit_id(inv, outage->unit)->site, outage) != NULL;
}
