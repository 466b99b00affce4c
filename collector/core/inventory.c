#include "core/inventory.h"

#include "core/inventory_rows.h"

#include <stdlib.h>

struct inventory *inventory_new(void)
{
    struct inventory *inv = calloc(1, sizeof *inv);
    struct inventory_private *own = calloc(1, sizeof *own);
    if (!inv || !own) {
        free(inv);
        free(own);
        return NULL;
    }
    inv->own = own;
    static const uint32_t most_names[NAMES_COUNT] = {
        [NAMES_AREAS] = 1 << 21,    [NAMES_OPERATORS] = 1 << 8, [NAMES_SITES] = 1 << 22,
        [NAMES_SERVICES] = 1 << 10, [NAMES_UNITS] = 1 << 24,    [NAMES_PROBES] = 1 << 22,
        [NAMES_GROUPS] = 1 << 23,
    };
    for (unsigned i = 0; i < NAMES_COUNT; i++)
        names_init(inventory_names(inv, i), most_names[i]);
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        vec_init(inventory_rows(inv, i), inventory_table(i)->size, UINT32_MAX);
    vec_init(&inv->unit_ids, sizeof(struct unit_id), UINT32_MAX);
    vec_init(&inv->also, sizeof(uint32_t), UINT32_MAX);
    return inv;
}

void inventory_free(struct inventory *inv)
{
    if (!inv)
        return;
    for (unsigned i = 0; i < NAMES_COUNT; i++)
        names_done(inventory_names(inv, i));
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        vec_done(inventory_rows(inv, i));
    vec_done(&inv->unit_ids);
    vec_done(&inv->also);
    arena_done(&inv->own->texts);
    free(inv->own->site_first);
    free(inv->own->site_units);
    free(inv->own->children_first);
    free(inv->own->children);
    free(inv->own);
    free(inv);
}

/* Every row begins with the number of its thing. */
static uint32_t thing_of(const struct vec *rows, size_t at)
{
    return *(const uint32_t *)vec_at(rows, at);
}

/* Rows [low, high) among which the first of `thing` or of one after it stands, or else high. */
struct stretch {
    size_t low, high;
};

/* Things are numbered from 0 on and mostly have as many rows each: looks around where the row would
 * stand then, in steps that double. */
static struct stretch around(const struct vec *rows, uint32_t thing, uint32_t last)
{
    struct stretch s = {0, rows->len - 1};
    size_t guess = last ? (uint64_t)thing * s.high / last : 0;
    if (thing_of(rows, guess) < thing) {
        s.low = guess + 1;
        for (size_t step = 1; step < rows->len - guess; step *= 2) {
            if (thing_of(rows, guess + step) >= thing)
                return (struct stretch){s.low, guess + step};
            s.low = guess + step + 1;
        }
        return s;
    }
    s.high = guess;
    for (size_t step = 1; step <= guess; step *= 2) {
        if (thing_of(rows, guess - step) < thing)
            return (struct stretch){guess - step + 1, s.high};
        s.high = guess - step;
    }
    return s;
}

/* First row of `thing` or of one after it. */
static size_t lower_bound(const struct vec *rows, uint32_t thing)
{
    uint32_t last = rows->len ? thing_of(rows, rows->len - 1) : 0;
    if (rows->len == 0 || last < thing)
        return rows->len;
    struct stretch s = around(rows, thing, last);
    while (s.low < s.high) {
        size_t middle = s.low + (s.high - s.low) / 2;
        if (thing_of(rows, middle) < thing)
            s.low = middle + 1;
        else
            s.high = middle;
    }
    return s.low;
}

const void *inventory_range(const struct vec *rows, uint32_t thing, size_t *ret_len)
{
    size_t first = lower_bound(rows, thing);
    size_t end = first;
    while (end < rows->len && thing_of(rows, end) == thing)
        end++;
    *ret_len = end - first;
    return *ret_len ? vec_at(rows, first) : NULL;
}

/* The row of `thing` valid at t, or NULL. */
static const void *row_at(const struct inventory *inv, enum inventory_table_number number,
                          uint32_t thing, struct wall_ms t)
{
    const struct vec *rows = inventory_rows(inv, number);
    const struct inventory_table *table = inventory_table(number);
    for (size_t i = lower_bound(rows, thing); i < rows->len && thing_of(rows, i) == thing; i++)
        if (validity_has(*inventory_row_valid(table, vec_at(rows, i)), t))
            return vec_at(rows, i);
    return NULL;
}

const struct area_row *inventory_area(const struct inventory *inv, uint32_t area, struct wall_ms t)
{
    return row_at(inv, TABLE_AREAS, area, t);
}

const struct site_row *inventory_site(const struct inventory *inv, uint32_t site, struct wall_ms t)
{
    return row_at(inv, TABLE_SITES, site, t);
}

const struct unit_row *inventory_unit(const struct inventory *inv, uint32_t unit, struct wall_ms t)
{
    return row_at(inv, TABLE_UNITS, unit, t);
}

const struct probe_row *inventory_probe(const struct inventory *inv, uint32_t probe,
                                        struct wall_ms t)
{
    return row_at(inv, TABLE_PROBES, probe, t);
}

bool inventory_unit_exists(const struct inventory *inv, uint32_t unit, struct wall_ms t)
{
    const struct unit_row *row = inventory_unit(inv, unit, t);
    return row && row->commissioned.ms <= t.ms && t.ms < row->decommissioned.ms;
}

const struct unit_id *inventory_unit_id(const struct inventory *inv, uint32_t unit)
{
    return vec_at(&inv->unit_ids, unit);
}

const uint32_t *inventory_site_units(const struct inventory *inv, uint32_t site, size_t *ret_len)
{
    *ret_len = 0;
    if (site >= inv->sites.len)
        return NULL;
    const struct inventory_private *own = inv->own;
    *ret_len = own->site_first[site + 1] - own->site_first[site];
    return own->site_units + own->site_first[site];
}

/* "5g@a" is the name itself; "5g" names any unit of that service. */
static bool service_matches(const struct inventory *inv, uint32_t unit, struct slice service)
{
    return slice_is(service, names_text(&inv->services, inventory_unit_id(inv, unit)->service));
}

uint32_t inventory_find_unit(const struct inventory *inv, uint32_t site, struct slice name)
{
    size_t n, found = 0;
    const uint32_t *units = inventory_site_units(inv, site, &n);
    uint32_t of_service = INV_NONE;
    for (size_t i = 0; i < n; i++) {
        const char *text = strchr(names_text(&inv->units, units[i]), '/') + 1;
        if (slice_is(name, text))
            return units[i];
        if (service_matches(inv, units[i], name)) {
            of_service = units[i];
            found++;
        }
    }
    return found == 1 ? of_service : INV_NONE;
}

const struct area_row *inventory_area_rows(const struct inventory *inv, uint32_t area,
                                           size_t *ret_len)
{
    return inventory_range(&inv->area_rows, area, ret_len);
}

const struct serves_row *inventory_serves(const struct inventory *inv, uint32_t unit,
                                          size_t *ret_len)
{
    return inventory_range(&inv->serves_rows, unit, ret_len);
}

const struct depends_row *inventory_depends(const struct inventory *inv, uint32_t child_site,
                                            size_t *ret_len)
{
    return inventory_range(&inv->depends_rows, child_site, ret_len);
}

const struct declaration *inventory_declarations(const struct inventory *inv, uint32_t site,
                                                 size_t *ret_len)
{
    return inventory_range(&inv->declarations, site, ret_len);
}

const struct unit_row *inventory_unit_rows(const struct inventory *inv, uint32_t unit,
                                           size_t *ret_len)
{
    return inventory_range(&inv->unit_rows, unit, ret_len);
}

const struct probe_row *inventory_probe_rows(const struct inventory *inv, uint32_t probe,
                                             size_t *ret_len)
{
    return inventory_range(&inv->probe_rows, probe, ret_len);
}

static bool runs_units(const struct inventory *inv, uint32_t op, uint32_t site)
{
    size_t n;
    const uint32_t *units = inventory_site_units(inv, site, &n);
    for (size_t i = 0; i < n; i++)
        if (inventory_unit_id(inv, units[i])->op == op)
            return true;
    return false;
}

bool inventory_row_speaks(const struct inventory *inv, const struct probe_row *row, uint32_t site,
                          bool *ret_own)
{
    bool feed = row->feed != INV_NONE;
    bool own = !feed && row->site == site;
    bool also = feed && runs_units(inv, row->feed, site);
    for (uint32_t i = 0; !own && !also && i < row->also_len; i++)
        also = *(const uint32_t *)vec_at(&inv->also, row->also_first + i) == site;
    if (own || also)
        *ret_own = own;
    return own || also;
}

bool inventory_may_speak(const struct inventory *inv, uint32_t probe, uint32_t site,
                         struct wall_ms t, bool *ret_own)
{
    const struct probe_row *row = inventory_probe(inv, probe, t);
    return row && inventory_row_speaks(inv, row, site, ret_own);
}
