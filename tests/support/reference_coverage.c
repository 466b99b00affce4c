/* Coverage at an instant: FIGURES section 4, 7.10, 7.25. */
#include "reference_inside.h"

#include "reference_figures.h"

static bool valid_at(struct validity valid, struct wall_ms t)
{
    return valid.from.ms <= t.ms && t.ms < valid.to.ms;
}

/** True if @p area is @p above or lies below it, in the tree of the instant. */
static bool below(const struct inventory *inv, uint32_t area, uint32_t above, struct wall_ms t)
{
    while (area != above) {
        const struct area_row *row = inventory_area(inv, area, t);
        if (!row || row->parent == INV_NONE)
            return false;
        area = row->parent;
    }
    return inventory_area(inv, above, t) != NULL;
}

static bool is_village(const struct inventory *inv, uint32_t area, struct wall_ms t)
{
    const struct area_row *row = inventory_area(inv, area, t);
    return row && row->village;
}

bool reference_meant_for(const struct reference *r, uint32_t unit, uint32_t village,
                         struct wall_ms t)
{
    if (!is_village(r->inv, village, t))
        return false;
    for (size_t i = 0; i < r->inv->serves_rows.len; i++) {
        const struct serves_row *row = vec_at(&r->inv->serves_rows, i);
        if (row->unit == unit && valid_at(row->valid, t) && below(r->inv, village, row->area, t))
            return true; /* a row for a larger area stands for all villages below it (7.10) */
    }
    return false;
}

bool reference_serves(const struct reference *r, uint32_t unit, uint32_t village, struct wall_ms t)
{
    return ref_exists(r, unit, t) && reference_meant_for(r, unit, village, t);
}

/** True if a unit counts for a technology: live coverage goes technology by technology, in nominal
 * coverage a higher generation implies the lower ones. */
static bool counts(const struct unit_id *id, enum technology technology, bool nominal)
{
    if (technology == TECHNOLOGY_FIBRE)
        return id->family == FAMILY_FIBRE;
    if (id->family != FAMILY_MOBILE)
        return false;
    int generation = (int)technology + 2;
    return technology == TECHNOLOGY_MOBILE || id->generation == generation ||
           (nominal && id->generation > generation);
}

bool reference_below(const struct reference *r, uint32_t area, uint32_t above, struct wall_ms t)
{
    return below(r->inv, area, above, t);
}

/** What the units of one operator (or COVERAGE_ANY) make of a village. */
struct village {
    bool nominal, live, possible;
};

static struct village by_operator(const struct reference *r, uint32_t village,
                                  enum technology technology, uint32_t who, struct wall_ms t)
{
    struct village v = {false, false, false};
    for (uint32_t unit = 0; unit < r->inv->units.len; unit++) {
        const struct unit_id *id = inventory_unit_id(r->inv, unit);
        if ((who != COVERAGE_ANY && id->op != who) || !counts(id, technology, true) ||
            !reference_serves(r, unit, village, t))
            continue;
        v.nominal = true;
        if (!counts(id, technology, false))
            continue;
        enum unit_state beneath = reference_unit_at(r, unit, t).beneath;
        bool live = beneath == STATE_UP || beneath == STATE_DEGRADED;
        v.live |= live;
        v.possible |= live || beneath == STATE_SILENT || beneath == STATE_UNOBSERVED;
    }
    return v;
}

/** 7.25: every operator with an existing unit of the technology's family. */
static bool in_all(const struct reference *r, uint32_t op, enum technology technology,
                   struct wall_ms t)
{
    for (uint32_t unit = 0; unit < r->inv->units.len; unit++) {
        const struct unit_id *id = inventory_unit_id(r->inv, unit);
        enum technology family = technology == TECHNOLOGY_FIBRE ? technology : TECHNOLOGY_MOBILE;
        if (id->op == op && counts(id, family, false) && ref_exists(r, unit, t))
            return true;
    }
    return false;
}

static struct village of_village(const struct reference *r, uint32_t village,
                                 enum technology technology, uint32_t who, struct wall_ms t)
{
    if (who != COVERAGE_ALL)
        return by_operator(r, village, technology, who, t);
    struct village all = {true, true, true};
    bool any = false;
    for (uint32_t op = 0; op < r->inv->operators.len; op++) {
        if (!in_all(r, op, technology, t))
            continue;
        struct village one = by_operator(r, village, technology, op, t);
        all.nominal &= one.nominal;
        all.live &= one.live;
        all.possible &= one.possible;
        any = true;
    }
    return any ? all : (struct village){false, false, false};
}

static void add(struct coverage_count *count, const struct area_row *row)
{
    count->villages++;
    count->households += row->households > 0 ? row->households : 0;
    count->population += row->population > 0 ? row->population : 0;
}

struct coverage_figure reference_coverage(const struct reference *r, uint32_t area,
                                          enum technology technology, uint32_t who,
                                          struct wall_ms t)
{
    struct coverage_figure figure = {.year_oldest = 0};
    for (uint32_t village = 0; village < r->inv->areas.len; village++) {
        if (!is_village(r->inv, village, t) || !below(r->inv, village, area, t))
            continue;
        const struct area_row *row = inventory_area(r->inv, village, t);
        struct village v = of_village(r, village, technology, who, t);
        add(&figure.total, row);
        figure.without_population += row->population < 0;
        if (row->year && (!figure.year_oldest || row->year < figure.year_oldest))
            figure.year_oldest = row->year;
        if (row->year > figure.year_newest)
            figure.year_newest = row->year;
        if (v.nominal)
            add(&figure.nominal, row);
        if (v.live)
            add(&figure.live, row);
        else if (v.possible) /* no live unit, but a silent or unobserved one */
            add(&figure.unknown, row);
    }
    return figure;
}
