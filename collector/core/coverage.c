#include "core/coverage.h"

#include "core/coverage_own.h"

#include "base/err.h"
#include "core/inventory_tree.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const technology_words[] = {
#define WORD(name, value, word) [value] = (word),
    TECHNOLOGY_MAP(WORD)
#undef WORD
};

static const char *const measure_words[] = {
#define WORD(name, value, word) [value] = (word),
    COVERAGE_MEASURE_MAP(WORD)
#undef WORD
};

const char *coverage_technology_word(int technology)
{
    return technology >= 0 && technology < TECHNOLOGY_COUNT ? technology_words[technology] : "";
}

enum technology coverage_technology(struct slice word)
{
    unsigned i = 0;
    while (i < TECHNOLOGY_COUNT && !slice_is(word, technology_words[i]))
        i++;
    return i;
}

struct coverage *coverage_new(const struct inventory *inv, struct wall_ms t)
{
    struct coverage *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    if (coverage_set_inventory(c, inv, t) != 0) {
        coverage_free(c);
        return NULL;
    }
    return c;
}

void coverage_free(struct coverage *c)
{
    if (!c)
        return;
    coverage_build_done(c);
    free(c->standing);
    free(c);
}

int coverage_set_inventory(struct coverage *c, const struct inventory *inv, struct wall_ms t)
{
    size_t n = inv->unit_ids.len;
    uint8_t *standing = realloc(c->standing, n + 1);
    if (!standing)
        return ERR_NOMEM;
    if (n > c->n_units)
        memset(standing + c->n_units, SERVICE_UNKNOWN, n - c->n_units);
    c->standing = standing;
    c->n_units = (uint32_t)n;
    c->inv = inv;
    c->at = t;
    return coverage_build(c);
}

void coverage_set_same(struct coverage *c, const struct inventory *inv)
{
    c->inv = inv;
}

int coverage_advance(struct coverage *c, struct wall_ms t)
{
    if (c->since.ms <= t.ms && t.ms < c->next.ms)
        return 0;
    c->at = t;
    return coverage_build(c);
}

static enum coverage_service service_of_view(const struct unit_view *view)
{
    static const uint8_t services[STATE_COUNT] = {
        [STATE_DOWN] = SERVICE_DEAD,
        [STATE_SILENT] = SERVICE_UNKNOWN,
        [STATE_DEGRADED] = SERVICE_LIVE,
        [STATE_UNOBSERVED] = SERVICE_UNKNOWN,
        [STATE_MAINTENANCE] = SERVICE_UNKNOWN,
        [STATE_ASLEEP] = SERVICE_UNKNOWN,
        [STATE_UP] = SERVICE_LIVE,
        [STATE_PLANNED] = SERVICE_UNKNOWN,
    };
    return services[view->beneath];
}

static void note_changed(struct coverage *c, uint32_t area)
{
    c->touched++;
    if (c->areas[area].changed)
        return;
    c->areas[area].changed = true;
    *(uint32_t *)vec_push(&c->changed) = area;
}

/* A village and a unit of it that changed: the columns of its operator, ANY and ALL may follow. */
static void change_village(struct coverage *c, uint32_t area, uint32_t unit,
                           enum coverage_service was, enum coverage_service is)
{
    const struct unit_id *id = inventory_unit_id(c->inv, unit);
    const uint32_t columns[] = {coverage_column(c, id->op), coverage_column(c, COVERAGE_ANY),
                                coverage_column(c, COVERAGE_ALL)};
    uint32_t village = c->areas[area].village;
    unsigned before[TECHNOLOGY_COUNT][3], mask = coverage_live_mask(id);
    bool changed = false;
    for (unsigned t = 0; t < TECHNOLOGY_COUNT; t++)
        for (unsigned k = 0; mask >> t & 1 && k < 3; k++)
            before[t][k] = coverage_status(c, village, t, columns[k]);
    coverage_count_unit(c, village, unit, was, -1);
    coverage_count_unit(c, village, unit, is, 1);
    for (unsigned t = 0; t < TECHNOLOGY_COUNT; t++)
        for (unsigned k = 0; mask >> t & 1 && k < 3; k++) {
            unsigned after = coverage_status(c, village, t, columns[k]);
            if (after == before[t][k])
                continue;
            coverage_add_above(c, area, t, columns[k], before[t][k], after);
            changed = true;
        }
    c->touched += !changed;
    for (int depth = 0; changed && area != INV_NONE && depth < INVENTORY_TREE_DEPTH; depth++) {
        note_changed(c, area);
        area = c->areas[area].parent;
    }
}

void coverage_unit(struct coverage *c, uint32_t unit, const struct unit_view *view)
{
    enum coverage_service was = coverage_service_of(c, unit);
    c->standing[unit] = (uint8_t)service_of_view(view);
    enum coverage_service is = coverage_service_of(c, unit);
    if (was == is)
        return;
    for (uint32_t i = c->served_first[unit]; i < c->served_first[unit + 1]; i++)
        change_village(c, *(uint32_t *)vec_at(&c->served, i), unit, was, is);
}

static struct coverage_count minus(struct coverage_count a, struct coverage_count b)
{
    return (struct coverage_count){a.villages - b.villages, a.households - b.households,
                                   a.population - b.population};
}

static struct coverage_count if_bit(unsigned status, unsigned bit, struct coverage_count count)
{
    return status & bit ? count : (struct coverage_count){0, 0, 0};
}

struct coverage_figure coverage_figure(const struct coverage *c, uint32_t area,
                                       enum technology technology, uint32_t who)
{
    struct coverage_figure figure = {0};
    uint32_t column = coverage_column(c, who);
    if (area >= c->n_areas || column == INV_NONE)
        return figure;
    const struct coverage_area *place = &c->areas[area];
    struct coverage_sums sums = {0};
    if (place->village != INV_NONE) {
        unsigned status = coverage_status(c, place->village, technology, column);
        sums.nominal = if_bit(status, STATUS_NOMINAL, place->total);
        sums.live = if_bit(status, STATUS_LIVE, place->total);
        sums.possible = if_bit(status, STATUS_POSSIBLE, place->total);
    } else if (place->sums != INV_NONE) {
        sums = *coverage_sums_at(c, place->sums, technology, column);
    }
    figure.total = place->total;
    figure.nominal = sums.nominal;
    figure.live = sums.live;
    figure.unknown = minus(sums.possible, sums.live);
    figure.year_oldest = place->year_oldest;
    figure.year_newest = place->year_newest;
    figure.without_population = place->without_population;
    return figure;
}

bool coverage_in_all(const struct coverage *c, uint32_t op, enum family family)
{
    return op < c->n_operators && c->in_all[family == FAMILY_FIBRE][op];
}

uint64_t coverage_builds(const struct coverage *c)
{
    return c->builds;
}

enum coverage_state coverage_village(const struct coverage *c, uint32_t village,
                                     enum technology technology, uint32_t who)
{
    uint32_t column = coverage_column(c, who);
    if (village >= c->n_areas || c->areas[village].village == INV_NONE || column == INV_NONE)
        return COVERAGE_UNSERVED;
    unsigned status = coverage_status(c, c->areas[village].village, technology, column);
    if (status & STATUS_LIVE)
        return COVERAGE_LIVE;
    if (status & STATUS_POSSIBLE)
        return COVERAGE_UNKNOWN;
    return status & STATUS_NOMINAL ? COVERAGE_DARK : COVERAGE_UNSERVED;
}

int coverage_dark(const struct coverage *c, uint32_t area, enum technology technology, uint32_t who,
                  struct vec *villages)
{
    size_t kept = villages->len;
    int err = inventory_tree_villages(c->inv, area, c->at, villages);
    uint32_t *at = villages->items;
    for (size_t i = kept; err == 0 && i < villages->len; i++) {
        enum coverage_state state = coverage_village(c, at[i], technology, who);
        if (state == COVERAGE_DARK || state == COVERAGE_UNSERVED)
            at[kept++] = at[i];
    }
    vec_remove(villages, kept, villages->len - kept);
    return err;
}

const struct declared_row *coverage_declared(const struct inventory *inv, uint32_t area,
                                             enum technology technology, uint32_t who,
                                             enum coverage_measure measure)
{
    char name[128];
    bool any = who == COVERAGE_ANY;
    const struct declared_row *rows = inv->declared_rows.items, *newest = NULL;
    if (!any && who >= inv->operators.len)
        return NULL;
    snprintf(name, sizeof name, "%s_%s%s%s", technology_words[technology], measure_words[measure],
             any ? "" : "@", any ? "" : names_text(&inv->operators, who));
    for (size_t i = 0; i < inv->declared_rows.len; i++)
        if (rows[i].area == area && strcmp(rows[i].indicator, name) == 0 &&
            (!newest || strcmp(newest->as_of, rows[i].as_of) < 0))
            newest = &rows[i];
    return newest;
}

const uint32_t *coverage_changed(const struct coverage *c, size_t *ret_len)
{
    *ret_len = c->changed.len;
    return c->changed.items;
}

void coverage_changed_clear(struct coverage *c)
{
    for (size_t i = 0; i < c->changed.len; i++)
        c->areas[*(uint32_t *)vec_at(&c->changed, i)].changed = false;
    c->changed.len = 0;
}

uint64_t coverage_touched(const struct coverage *c)
{
    return c->touched;
}
