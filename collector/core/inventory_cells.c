#include "core/inventory_cells.h"

#include "base/err.h"
#include "base/iso.h"
#include "base/num.h"
#include "core/nfc.h"

#include <ctype.h>
#include <stdio.h>

/* A cell in a message: its beginning is enough. */
enum { SHOWN = 60 };

static int shown(struct slice cell)
{
    return cell.len < SHOWN ? (int)cell.len : SHOWN;
}

static void *member(const struct inventory_column *column, void *row)
{
    return (char *)row + column->offset;
}

void inventory_cell_text(struct inventory_reader *r, const struct inventory_column *column,
                         struct slice cell, void *row)
{
    int err = nfc_line(cell, &r->scratch, &cell);
    if (err == ERR_SYNTAX) {
        inventory_read_complain(r, "not UTF-8");
        return;
    }
    const char *copy = err == 0 ? arena_text(&r->inv->own->texts, cell) : NULL;
    if (copy)
        *(inv_text *)member(column, row) = copy;
    else
        r->err = ERR_NOMEM;
}

bool inventory_cell_is_id(struct slice id)
{
    if (id.len == 0 || id.len > INVENTORY_ID_MAX || !isalnum((unsigned char)id.at[0]))
        return false;
    for (size_t i = 0; i < id.len; i++)
        if (!isalnum((unsigned char)id.at[i]) && id.at[i] != '-' && id.at[i] != '.' &&
            id.at[i] != '_' && id.at[i] != ':')
            return false;
    return true;
}

static enum inventory_names_number names_of_table(enum inventory_table_number table)
{
    static const enum inventory_names_number names[TABLE_COUNT] = {
        [TABLE_OPERATORS] = NAMES_OPERATORS,
        [TABLE_AREAS] = NAMES_AREAS,
        [TABLE_SITES] = NAMES_SITES,
        [TABLE_PROBES] = NAMES_PROBES,
    };

    return names[table];
}

/* The first pass gives the id its number, the second finds it. */
void inventory_cell_id(struct inventory_reader *r, const struct inventory_column *column,
                       struct slice cell, void *row)
{
    if (!inventory_cell_is_id(cell)) {
        inventory_read_complain(r, "\"%.*s\" is no id: letters, digits and -._: only, at most %d",
                                shown(cell), cell.at, INVENTORY_ID_MAX);
        return;
    }
    enum inventory_names_number names = names_of_table(r->table);
    int err = names_add(inventory_names(r->inv, names), cell, member(column, row));
    if (err != 0)
        r->err = err;
}

void inventory_cell_count(struct inventory_reader *r, const struct inventory_column *column,
                          struct slice cell, void *row)
{
    int64_t value;
    if (cell.len == 0)
        return;
    if (num_parse_i64(cell, &value) != 0 || value < 0)
        inventory_read_complain(r, "\"%.*s\" is no whole number (digits only, no separators)",
                                shown(cell), cell.at);
    else
        *(int64_t *)member(column, row) = value;
}

void inventory_cell_year(struct inventory_reader *r, const struct inventory_column *column,
                         struct slice cell, void *row)
{
    int64_t value;
    if (cell.len == 0)
        return;
    if (num_parse_i64(cell, &value) != 0 || value < 1900 || value > 2199)
        inventory_read_complain(r, "\"%.*s\" is no year", shown(cell), cell.at);
    else
        *(int *)member(column, row) = (int)value;
}

/* "11,63" is 11.63; more than one comma, or a comma beside a point, is no number. */
static bool read_decimal(struct slice cell, double *ret_value)
{
    char text[NUM_TEXT_MAX * 2];
    if (cell.len >= sizeof text)
        return false;
    memcpy(text, cell.at, cell.len);
    char *comma = memchr(text, ',', cell.len);
    if (comma)
        *comma = '.';
    return num_parse((struct slice){text, cell.len}, ret_value) == 0;
}

void inventory_cell_number(struct inventory_reader *r, const struct inventory_column *column,
                           struct slice cell, void *row)
{
    if (cell.len > 0 && !read_decimal(cell, member(column, row)))
        inventory_read_complain(r, "\"%.*s\" is no number", shown(cell), cell.at);
}

static void read_degrees(struct inventory_reader *r, const struct inventory_column *column,
                         struct slice cell, double most, void *row)
{
    double value;
    if (cell.len == 0)
        return;
    if (!read_decimal(cell, &value))
        inventory_read_complain(r, "\"%.*s\" is no number", shown(cell), cell.at);
    else if (value < -most || value > most)
        inventory_read_complain(r, "%.*s is outside -%g..%g degrees%s", shown(cell), cell.at, most,
                                most, most < 180 && value <= 180 ? "; lat and lon swapped?" : "");
    else
        *(double *)member(column, row) = value;
}

void inventory_cell_latitude(struct inventory_reader *r, const struct inventory_column *column,
                             struct slice cell, void *row)
{
    read_degrees(r, column, cell, 90, row);
}

void inventory_cell_longitude(struct inventory_reader *r, const struct inventory_column *column,
                              struct slice cell, void *row)
{
    read_degrees(r, column, cell, 180, row);
}

void inventory_cell_instant(struct inventory_reader *r, const struct inventory_column *column,
                            struct slice cell, void *row)
{
    if (cell.len == 0)
        return;
    int err = iso_parse(cell, r->zone_min, member(column, row));
    if (err == ERR_RANGE)
        inventory_read_complain(r, "\"%.*s\" is a date that does not exist", shown(cell), cell.at);
    else if (err != 0)
        inventory_read_complain(r, "\"%.*s\" is no date (2026-11-22 or 2026-11-22T14:05:00+07:00)",
                                shown(cell), cell.at);
}

void inventory_cell_word(struct inventory_reader *r, const struct inventory_column *column,
                         struct slice cell, void *row)
{
    char list[128] = "";
    if (cell.len == 0)
        return;
    for (unsigned i = 0; column->words[i]; i++) {
        if (slice_is(cell, column->words[i])) {
            memcpy(member(column, row), &i, sizeof i);
            return;
        }
        strncat(list, i ? ", " : "", sizeof list - strlen(list) - 1);
        strncat(list, column->words[i], sizeof list - strlen(list) - 1);
    }
    inventory_read_complain(r, "\"%.*s\" is none of: %s", shown(cell), cell.at, list);
}

uint32_t inventory_cell_known(struct inventory_reader *r, enum inventory_names_number names,
                              const char *what, struct slice name)
{
    uint32_t number = names_find(inventory_names(r->inv, names), name);
    if (number != NAMES_NONE && inventory_read_line(r, names, number) != 0)
        return number;
    inventory_read_unknown(r, names, what, name);
    return INV_NONE;
}

void inventory_cell_area(struct inventory_reader *r, const struct inventory_column *column,
                         struct slice cell, void *row)
{
    if (cell.len > 0)
        *(uint32_t *)member(column, row) = inventory_cell_known(r, NAMES_AREAS, "area", cell);
}

void inventory_cell_site(struct inventory_reader *r, const struct inventory_column *column,
                         struct slice cell, void *row)
{
    if (cell.len > 0)
        *(uint32_t *)member(column, row) = inventory_cell_known(r, NAMES_SITES, "site", cell);
}

void inventory_cell_operator(struct inventory_reader *r, const struct inventory_column *column,
                             struct slice cell, void *row)
{
    if (cell.len > 0)
        *(uint32_t *)member(column, row) =
            inventory_cell_known(r, NAMES_OPERATORS, "operator", cell);
}

static bool separates(char c)
{
    return c == ' ' || c == '|' || c == ',' || c == ';' || c == '\t' || c == '\n' || c == '\r';
}

void inventory_cell_sites(struct inventory_reader *r, const struct inventory_column *column,
                          struct slice cell, void *row)
{
    uint32_t *first = member(column, row), *len = first + 1;
    *first = (uint32_t)r->inv->also.len;
    for (size_t at = 0, end; at < cell.len; at = end + 1) {
        for (end = at; end < cell.len && !separates(cell.at[end]);)
            end++;
        if (end == at)
            continue;
        struct slice name = {cell.at + at, end - at};
        uint32_t *site = vec_push(&r->inv->also);
        if (!site) {
            r->err = ERR_NOMEM;
            return;
        }
        *site = inventory_cell_known(r, NAMES_SITES, "site", name);
        ++*len;
    }
}

/* "SITE/name" as it stands in the table of units, if this load defines it. */
static uint32_t exact_unit(struct inventory_reader *r, uint32_t site, struct slice name)
{
    char text[4 * INVENTORY_ID_MAX];
    int len = snprintf(text, sizeof text, "%s/%.*s", names_text(&r->inv->sites, site),
                       (int)name.len, name.at);
    if (len < 0 || len >= (int)sizeof text)
        return INV_NONE;
    uint32_t unit = names_find(&r->inv->units, (struct slice){text, (size_t)len});
    bool defined = unit != NAMES_NONE && inventory_read_line(r, NAMES_UNITS, unit) != 0;
    return defined ? unit : INV_NONE;
}

/* Units of the site with that service, whoever runs them; *ret_unit is the last one. */
static unsigned count_of_service(struct inventory_reader *r, uint32_t site, struct slice service,
                                 uint32_t *ret_unit)
{
    const struct inventory *inv = r->inv;
    unsigned found = 0;
    size_t n;
    const uint32_t *units = inventory_site_units(inv, site, &n);
    for (size_t i = 0; i < n; i++) {
        uint32_t number = inventory_unit_id(inv, units[i])->service;
        if (!slice_is(service, names_text(&inv->services, number)) ||
            inventory_read_line(r, NAMES_UNITS, units[i]) == 0)
            continue;
        *ret_unit = units[i];
        found++;
    }
    return found;
}

uint32_t inventory_cell_unit(struct inventory_reader *r, uint32_t site, struct slice name)
{
    if (site == INV_NONE || name.len > 2 * INVENTORY_ID_MAX + 1)
        return INV_NONE;
    uint32_t unit = exact_unit(r, site, name);
    unsigned found = unit != INV_NONE ? 1 : count_of_service(r, site, name, &unit);
    if (found == 1)
        return unit;
    inventory_read_complain(r, "%s unit \"%.*s\" at site \"%s\"%s",
                            found ? "more than one" : "unknown", shown(name), name.at,
                            names_text(&r->inv->sites, site), found ? "; add @operator" : "");
    return INV_NONE;
}
