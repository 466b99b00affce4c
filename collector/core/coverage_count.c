/* The counters: how units add up to a village's status, and villages to sums above them. */
#include "core/coverage_own.h"

#include "core/inventory_tree.h"

static unsigned bit(unsigned technology)
{
    return 1u << technology;
}

unsigned coverage_nominal_mask(const struct unit_id *id)
{
    unsigned mask = coverage_live_mask(id);
    for (unsigned lower = 2; id->family == FAMILY_MOBILE && lower < id->generation; lower++)
        mask |= bit(TECHNOLOGY_2G + lower - 2);
    return mask;
}

unsigned coverage_live_mask(const struct unit_id *id)
{
    if (id->family == FAMILY_MOBILE)
        return bit(TECHNOLOGY_2G + id->generation - 2u) | bit(TECHNOLOGY_MOBILE);
    return id->family == FAMILY_FIBRE ? bit(TECHNOLOGY_FIBRE) : 0;
}

/* Columns: the operators by number, those without, ANY, ALL. */
uint32_t coverage_column(const struct coverage *c, uint32_t who)
{
    if (who == INV_NONE)
        return c->n_operators;
    if (who == COVERAGE_ANY)
        return c->n_operators + 1;
    if (who == COVERAGE_ALL)
        return c->n_operators + 2;
    return who < c->n_operators ? who : INV_NONE;
}

struct coverage_units *coverage_units_at(const struct coverage *c, uint32_t village,
                                         unsigned technology, uint32_t column)
{
    size_t columns = c->n_operators + 1;
    return &c->units_table[((size_t)village * TECHNOLOGY_COUNT + technology) * columns + column];
}

struct coverage_sums *coverage_sums_at(const struct coverage *c, uint32_t sums, unsigned technology,
                                       uint32_t column)
{
    size_t columns = c->n_operators + 3;
    return &c->sums_table[((size_t)sums * TECHNOLOGY_COUNT + technology) * columns + column];
}

static unsigned status_of(const struct coverage_units *units)
{
    return (units->nominal ? STATUS_NOMINAL : 0u) | (units->live ? STATUS_LIVE : 0u) |
           (units->live || units->unknown ? STATUS_POSSIBLE : 0u);
}

static unsigned status_of_any(const struct coverage_units *units, uint32_t columns)
{
    unsigned status = 0;
    for (uint32_t i = 0; i < columns; i++)
        status |= status_of(&units[i]);
    return status;
}

/* By nobody at all is not by all: an empty set of operators covers nothing. */
static unsigned status_of_all(const struct coverage *c, const struct coverage_units *units,
                              unsigned technology)
{
    unsigned family = technology == TECHNOLOGY_FIBRE;
    unsigned status = c->n_in_all[family] ? STATUS_NOMINAL | STATUS_LIVE | STATUS_POSSIBLE : 0;
    for (uint32_t op = 0; op < c->n_operators; op++)
        if (c->in_all[family][op])
            status &= status_of(&units[op]);
    return status;
}

unsigned coverage_status(const struct coverage *c, uint32_t village, unsigned technology,
                         uint32_t column)
{
    const struct coverage_units *units = coverage_units_at(c, village, technology, 0);
    if (column <= c->n_operators)
        return status_of(&units[column]);
    if (column == c->n_operators + 1)
        return status_of_any(units, c->n_operators + 1);
    return status_of_all(c, units, technology);
}

enum coverage_service coverage_service_of(const struct coverage *c, uint32_t unit)
{
    return c->exists[unit] ? c->standing[unit] : SERVICE_NONE;
}

void coverage_count_unit(struct coverage *c, uint32_t village, uint32_t unit,
                         enum coverage_service service, int sign)
{
    const struct unit_id *id = inventory_unit_id(c->inv, unit);
    uint32_t column = coverage_column(c, id->op), one = (uint32_t)sign;
    unsigned nominal = coverage_nominal_mask(id), live = coverage_live_mask(id);
    if (service == SERVICE_NONE)
        return;
    for (unsigned t = 0; t < TECHNOLOGY_COUNT; t++) {
        struct coverage_units *units = coverage_units_at(c, village, t, column);
        if (nominal >> t & 1)
            units->nominal += one;
        if (live >> t & 1 && service == SERVICE_LIVE)
            units->live += one;
        if (live >> t & 1 && service == SERVICE_UNKNOWN)
            units->unknown += one;
    }
}

static void add(struct coverage_count *sum, const struct coverage_count *count, unsigned was,
                unsigned is, unsigned of)
{
    int sign = (is & of ? 1 : 0) - (was & of ? 1 : 0);
    sum->villages += sign * count->villages;
    sum->households += sign * count->households;
    sum->population += sign * count->population;
}

void coverage_add_above(struct coverage *c, uint32_t area, unsigned technology, uint32_t column,
                        unsigned was, unsigned is)
{
    const struct coverage_count *count = &c->areas[area].total;
    uint32_t above = c->areas[area].parent;
    for (int depth = 1; above != INV_NONE && depth < INVENTORY_TREE_DEPTH; depth++) {
        const struct coverage_area *place = &c->areas[above];
        if (place->sums != INV_NONE) {
            struct coverage_sums *sums = coverage_sums_at(c, place->sums, technology, column);
            add(&sums->nominal, count, was, is, STATUS_NOMINAL);
            add(&sums->live, count, was, is, STATUS_LIVE);
            add(&sums->possible, count, was, is, STATUS_POSSIBLE);
        }
        above = place->parent;
    }
}
