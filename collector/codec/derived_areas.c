#include "codec/derived_areas.h"

#include "base/err.h"
#include "codec/derived_area.h"

enum { PRESENT_MS = 2 * 60 * 1000 };

static enum derived_grid grid_of(int kind)
{
    static const enum derived_grid grid[] = {

#define GRID_OF(name, number, grid, closed) [number] = grid,
        DERIVED_KIND_MAP(GRID_OF)
#undef GRID_OF
    };
    return grid[kind];
}

/* The first instant after `after` that a span of the kind covers; WALL_NEVER_MS if none does. */
static struct wall_ms next_instant(const struct derived_areas *a, int kind, struct wall_ms after)
{
    struct wall_ms next = {WALL_NEVER_MS};
    for (size_t i = 0; i < a->n; i++) {
        const struct derived_span *span = &a->spans[i];
        if ((int)span->kind != kind || span->to.ms <= after.ms)
            continue;
        struct wall_ms t = span->from;
        if (t.ms <= after.ms)
            t = derived_grid_next(grid_of(kind), a->zone_ms, after);
        if (t.ms < span->to.ms && t.ms < next.ms)
            next = t;
    }
    return next;
}

static void forget_table(struct derived_areas *a)
{
    availability_table_free(a->table);
    a->table = NULL;
}

static void forget_coverage(struct derived_areas *a)
{
    coverage_free(a->coverage);
    a->coverage = NULL;
}

void derived_areas_init(struct derived_areas *a, const struct centre *centre, int64_t zone_ms)
{
    *a = (struct derived_areas){.centre = centre, .zone_ms = zone_ms, .kind = DERIVED_GRIDS};
}

void derived_areas_done(struct derived_areas *a)
{
    forget_table(a);
    forget_coverage(a);
}

void derived_areas_begin(struct derived_areas *a, struct wall_ms now,
                         const struct derived_span *spans, size_t n)
{
    forget_table(a);
    if (a->inventories != a->centre->inventories)
        forget_coverage(a);
    a->inventories = a->centre->inventories;
    a->now = now;
    a->spans = spans;
    a->n = n;
    a->kind = DERIVED_AREA;
    a->t.ms = INT64_MIN;
}

static size_t windows_of(const struct derived_areas *a)
{
    return a->kind == DERIVED_AREA ? AVAILABILITY_WINDOWS : 1;
}

static struct validity window_at(const struct derived_areas *a, size_t window)
{
    if (a->kind == DERIVED_AREA)
        return availability_window((enum availability_window)window, a->t);
    return (struct validity){a->t, derived_grid_next(grid_of(a->kind), a->zone_ms, a->t)};
}

static const char *word_of(const struct derived_areas *a, size_t window)
{
    static const char *const word[] = {
        [DERIVED_AREA_HOUR] = "hour", [DERIVED_AREA_DAY] = "day", [DERIVED_AREA_MONTH] = "month"};
    return a->kind == DERIVED_AREA ? availability_window_word((int)window) : word[a->kind];
}

static int cover(struct derived_areas *a)
{
    if (a->coverage && coverage_advance(a->coverage, a->t) != 0)
        forget_coverage(a);
    if (!a->coverage)
        a->coverage = coverage_new(a->centre->inventory, a->t);
    return a->coverage ? 0 : ERR_NOMEM;
}

/* Goes on with the next kind and instant, if there is one. */
static int begin(struct derived_areas *a)
{
    struct validity window[AVAILABILITY_WINDOWS];
    const struct inventory *inv = a->centre->inventory;
    a->t = next_instant(a, a->kind, a->t);
    while (a->t.ms == WALL_NEVER_MS && ++a->kind < DERIVED_GRIDS)
        a->t = next_instant(a, a->kind, (struct wall_ms){INT64_MIN});
    if (a->kind == DERIVED_GRIDS)
        return 0;
    a->unit = 0;
    for (size_t i = 0; i < windows_of(a); i++)
        window[i] = window_at(a, i);
    a->table = availability_table_new(inv, a->t, window, windows_of(a));
    if (!a->table)
        return ERR_NOMEM;
    return a->kind == DERIVED_AREA ? cover(a) : 0;
}

static int look_at(struct derived_areas *a, uint32_t unit)
{
    const struct centre *c = a->centre;
    if (a->kind == DERIVED_AREA) {
        struct unit_view view = world_unit_at(c->world, unit, a->t);
        coverage_unit(a->coverage, unit, &view);
    }
    return availability_table_add(a->table, c->world, c->inventory, unit, AVAILABILITY_ENOUGH);
}

static void write_area(const struct derived_areas *a, uint32_t area, struct buf *out)
{
    /* what is measured is known of the present only: a correction of an older point leaves those
     * fields as they were written then */
    bool present = a->now.ms - a->t.ms < PRESENT_MS;
    if (a->kind == DERIVED_AREA)
        derived_area_coverage(a->centre, a->coverage, present ? a->centre->measured : NULL, area,
                              a->t, out);
    for (size_t i = 0; i < windows_of(a); i++)
        derived_area_availability(a->centre, a->table, i, word_of(a, i), area, a->t, out);
}

/* Every unit was looked at. */
static void end(struct derived_areas *a, struct buf *out)
{
    for (size_t i = 0; i < a->n; i++) {
        const struct derived_span *span = &a->spans[i];
        if ((int)span->kind == a->kind && span->from.ms <= a->t.ms && a->t.ms < span->to.ms)
            write_area(a, span->thing, out);
    }
    forget_table(a);
}

int derived_areas_work(struct derived_areas *a, size_t *units, struct buf *out)
{
    uint32_t all = a->centre->inventory->units.len;
    int err = a->inventories == a->centre->inventories ? out->err : ERR_BUSY;
    while (!err && a->kind < DERIVED_GRIDS && *units != 0) {
        if (!a->table)
            err = begin(a);
        for (; !err && a->table && a->unit < all && *units != 0; --*units)
            err = look_at(a, a->unit++);
        if (!err && a->table && a->unit == all) {
            end(a, out);
            err = out->err;
        }
    }
    return err;
}
