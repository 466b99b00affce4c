/* The columns of every table (FIGURES section 6) and what makes a row whole once they are read. */
#include "core/inventory_cells.h"
#include "core/inventory_repeat.h"

#include "base/err.h"
#include "base/iso.h"

#include <math.h>
#include <stdio.h>

static bool half_given(double lat, double lon)
{
    return isnan(lat) != isnan(lon);
}

/* --- operators, areas, sites: rows that define a name --- */

static void define_id(struct inventory_reader *r, void *row)
{
    static const enum inventory_names_number names[TABLE_COUNT] = {
        [TABLE_OPERATORS] = NAMES_OPERATORS,
        [TABLE_AREAS] = NAMES_AREAS,
        [TABLE_SITES] = NAMES_SITES,
        [TABLE_PROBES] = NAMES_PROBES,
    };

    inventory_read_define(r, names[r->table], *(uint32_t *)row);
}

static void refuse_second(struct inventory_reader *r, enum inventory_names_number names,
                          const char *what, uint32_t number)
{
    uint32_t first = inventory_read_line(r, names, number);
    if (first != r->line)
        inventory_read_complain(r, "%s \"%s\" stands on line %u already", what,
                                names_text(inventory_names(r->inv, names), number), first);
}

static void blank_operator(void *row)
{
    struct operator_row *op = row;
    op->name = op->noc_phone = op->contact = "";
}

static void finish_operator(struct inventory_reader *r, void *row)
{
    refuse_second(r, NAMES_OPERATORS, "operator", ((struct operator_row *)row)->op);
}

static const struct inventory_column operator_columns[] = {
    {"id", true, true, inventory_cell_id, offsetof(struct operator_row, op), NULL},
    {"name", false, false, inventory_cell_text, offsetof(struct operator_row, name), NULL},
    {"noc_phone", false, false, inventory_cell_text, offsetof(struct operator_row, noc_phone),
     NULL},
    {"contact", false, false, inventory_cell_text, offsetof(struct operator_row, contact), NULL},
};

static void blank_area(void *row)
{
    struct area_row *area = row;
    area->parent = area->successor = INV_NONE;
    area->level = area->name = "";
    area->population = area->households = -1;
    area->lat = area->lon = NAN;
}

static void finish_area(struct inventory_reader *r, void *row)
{
    struct area_row *area = row;
    area->village = strcmp(area->level, "village") == 0;
    if (half_given(area->lat, area->lon))
        inventory_read_complain(r, "lat and lon go together");
}

static const struct inventory_column area_columns[] = {
    {"id", true, true, inventory_cell_id, offsetof(struct area_row, area), NULL},
    {"parent", false, false, inventory_cell_area, offsetof(struct area_row, parent), NULL},
    {"level", true, false, inventory_cell_text, offsetof(struct area_row, level), NULL},
    {"name", true, false, inventory_cell_text, offsetof(struct area_row, name), NULL},
    {"population", false, false, inventory_cell_count, offsetof(struct area_row, population), NULL},
    {"households", false, false, inventory_cell_count, offsetof(struct area_row, households), NULL},
    {"year", false, false, inventory_cell_year, offsetof(struct area_row, year), NULL},
    {"lat", false, false, inventory_cell_latitude, offsetof(struct area_row, lat), NULL},
    {"lon", false, false, inventory_cell_longitude, offsetof(struct area_row, lon), NULL},
    {"valid_from", false, false, inventory_cell_instant, offsetof(struct area_row, valid.from),
     NULL},
    {"valid_to", false, false, inventory_cell_instant, offsetof(struct area_row, valid.to), NULL},
    {"successor", false, false, inventory_cell_area, offsetof(struct area_row, successor), NULL},
};

static void blank_site(void *row)
{
    struct site_row *site = row;
    site->area = INV_NONE;
    site->lat = site->lon = NAN;
    site->code = site->name = site->address = "";
    site->criticality = site->aliases = site->note = "";
}

static void finish_site(struct inventory_reader *r, void *row)
{
    const struct site_row *site = row;
    if (half_given(site->lat, site->lon))
        inventory_read_complain(r, "lat and lon go together");
    refuse_second(r, NAMES_SITES, "site", site->site);
}

static const char *const visibility_words[] = {"public", "internal", "restricted", NULL};

#define KIND_WORD(name, value, word) [value] = (word),

static const char *const kind_words[] = {SITE_KIND_MAP(KIND_WORD) NULL};

#undef KIND_WORD

static const struct inventory_column site_columns[] = {
    {"id", true, true, inventory_cell_id, offsetof(struct site_row, site), NULL},
    {"code", false, false, inventory_cell_text, offsetof(struct site_row, code), NULL},
    {"name", false, false, inventory_cell_text, offsetof(struct site_row, name), NULL},
    {"kind", true, false, inventory_cell_word, offsetof(struct site_row, kind), kind_words},
    {"area", true, false, inventory_cell_area, offsetof(struct site_row, area), NULL},
    {"lat", false, false, inventory_cell_latitude, offsetof(struct site_row, lat), NULL},
    {"lon", false, false, inventory_cell_longitude, offsetof(struct site_row, lon), NULL},
    {"address", false, false, inventory_cell_text, offsetof(struct site_row, address), NULL},
    {"visibility", false, false, inventory_cell_word, offsetof(struct site_row, visibility),
     visibility_words},
    {"criticality", false, false, inventory_cell_text, offsetof(struct site_row, criticality),
     NULL},
    {"aliases", false, false, inventory_cell_text, offsetof(struct site_row, aliases), NULL},
    {"note", false, false, inventory_cell_text, offsetof(struct site_row, note), NULL},
};

/* --- units and what they serve: site, service and operator name a unit --- */

static void read_key_site(struct inventory_reader *r, const struct inventory_column *column,
                          struct slice cell, void *row)
{
    (void)column;
    (void)row;
    r->site = inventory_cell_known(r, NAMES_SITES, "site", cell);
}

static void read_key_service(struct inventory_reader *r, const struct inventory_column *column,
                             struct slice cell, void *row)
{
    (void)column;
    (void)row;
    r->service = cell;
    if (!inventory_cell_is_id(cell))
        inventory_read_complain(r, "is no id: letters, digits and -._: only, at most %d",
                                INVENTORY_ID_MAX);
}

static void read_key_operator(struct inventory_reader *r, const struct inventory_column *column,
                              struct slice cell, void *row)
{
    (void)column;
    (void)row;
    if (cell.len > 0)
        r->op = inventory_cell_known(r, NAMES_OPERATORS, "operator", cell);
}

static void read_anchor(struct inventory_reader *r, const struct inventory_column *column,
                        struct slice cell, void *row)
{
    (void)column;
    if (cell.len > 0 && r->site != INV_NONE)
        ((struct unit_row *)row)->anchor = inventory_cell_unit(r, r->site, cell);
}

static void blank_unit(void *row)
{
    struct unit_row *unit = row;
    unit->anchor = INV_NONE;
    unit->commissioned.ms = INT64_MIN;
    unit->decommissioned.ms = WALL_NEVER_MS;
}

/* A date, or `accept`: from the acceptance on. */
static void read_commissioned(struct inventory_reader *r, const struct inventory_column *column,
                              struct slice cell, void *row)
{
    struct unit_row *unit = row;
    unit->awaits = slice_is(cell, "accept");
    if (unit->awaits)
        unit->commissioned.ms = WALL_NEVER_MS;
    else
        inventory_cell_instant(r, column, cell, row);
}

static void define_unit(struct inventory_reader *r, void *row)
{
    struct unit_row *unit = row;
    int err = inventory_add_unit(r->inv, r->site, r->service, r->op, &unit->unit);
    if (err == 0)
        inventory_read_define(r, NAMES_UNITS, unit->unit);
    else
        r->err = err;
}

static void finish_unit(struct inventory_reader *r, void *row)
{
    struct unit_row *unit = row;
    int err = inventory_add_unit(r->inv, r->site, r->service, r->op, &unit->unit);
    if (err != 0) {
        r->err = err;
        return;
    }
    refuse_second(r, NAMES_UNITS, "unit", unit->unit);
    if (!unit->awaits && unit->commissioned.ms >= unit->decommissioned.ms)
        inventory_read_complain(r, "decommissioned is not after commissioned");
}

static const struct inventory_column unit_columns[] = {
    {"site", true, true, read_key_site, 0, NULL},
    {"service", true, true, read_key_service, 0, NULL},
    {"operator", false, true, read_key_operator, 0, NULL},
    {"commissioned", false, false, read_commissioned, offsetof(struct unit_row, commissioned),
     NULL},
    {"decommissioned", false, false, inventory_cell_instant,
     offsetof(struct unit_row, decommissioned), NULL},
    {"anchor", false, false, read_anchor, 0, NULL},
};

static void blank_serves(void *row)
{
    struct serves_row *serves = row;
    serves->by = serves->reason = "";
}

static void finish_serves(struct inventory_reader *r, void *row)
{
    char name[2 * INVENTORY_ID_MAX + 2];
    bool has_op = r->op != INV_NONE;
    int len = snprintf(name, sizeof name, "%.*s%s%s", (int)r->service.len, r->service.at,
                       has_op ? "@" : "", has_op ? names_text(&r->inv->operators, r->op) : "");
    ((struct serves_row *)row)->unit =
        inventory_cell_unit(r, r->site, (struct slice){name, (size_t)len});
}

static const struct inventory_column serves_columns[] = {
    {"site", true, false, read_key_site, 0, NULL},
    {"service", true, false, read_key_service, 0, NULL},
    {"operator", false, false, read_key_operator, 0, NULL},
    {"area", true, false, inventory_cell_area, offsetof(struct serves_row, area), NULL},
    {"from", false, false, inventory_cell_instant, offsetof(struct serves_row, valid.from), NULL},
    {"to", false, false, inventory_cell_instant, offsetof(struct serves_row, valid.to), NULL},
    {"reason", false, false, inventory_cell_text, offsetof(struct serves_row, reason), NULL},
};

/* --- dependence and declarations: they name a site, or SITE/UNIT --- */

static void read_target(struct inventory_reader *r, struct slice cell, uint32_t *ret_site,
                        uint32_t *ret_unit)
{
    const char *slash = memchr(cell.at, '/', cell.len);
    size_t site_len = slash ? (size_t)(slash - cell.at) : cell.len;
    *ret_unit = INV_NONE;
    *ret_site = inventory_cell_known(r, NAMES_SITES, "site", (struct slice){cell.at, site_len});
    if (slash && *ret_site != INV_NONE)
        *ret_unit =
            inventory_cell_unit(r, *ret_site, (struct slice){slash + 1, cell.len - site_len - 1});
}

static void read_on(struct inventory_reader *r, const struct inventory_column *column,
                    struct slice cell, void *row)
{
    (void)column;
    struct depends_row *depends = row;
    read_target(r, cell, &depends->on_site, &depends->on_unit);
}

static void read_group(struct inventory_reader *r, const struct inventory_column *column,
                       struct slice cell, void *row)
{
    (void)column;
    struct depends_row *depends = row;
    depends->group = INV_NONE;
    if (cell.len == 0)
        return;
    if (!inventory_cell_is_id(cell)) {
        inventory_read_complain(r, "is no id: letters, digits and -._: only, at most %d",
                                INVENTORY_ID_MAX);
        return;
    }
    int err = names_add(&r->inv->groups, cell, &depends->group);
    if (err != 0)
        r->err = err;
}

/* A row without a group is a group of its own, known by what no id can be: "=kind=on". */
static void finish_depends(struct inventory_reader *r, void *row)
{
    struct depends_row *depends = row;
    const struct inventory *inv = r->inv;
    char name[4 * INVENTORY_ID_MAX];
    if (depends->child == depends->on_site)
        inventory_read_complain(r, "site \"%s\" depends on itself",
                                names_text(&inv->sites, depends->child));
    if (depends->group != INV_NONE)
        return;
    const char *on = depends->on_unit == INV_NONE ? names_text(&inv->sites, depends->on_site)
                                                  : names_text(&inv->units, depends->on_unit);
    snprintf(name, sizeof name, "=%d=%s", (int)depends->kind, on);
    int err = names_add(&r->inv->groups, slice_of(name), &depends->group);
    if (err != 0)
        r->err = err;
}

static const char *const depend_words[] = {"power", "transport", NULL};
static const struct inventory_column depends_columns[] = {
    {"child", true, false, inventory_cell_site, offsetof(struct depends_row, child), NULL},
    {"on", true, false, read_on, 0, NULL},
    {"kind", true, false, inventory_cell_word, offsetof(struct depends_row, kind), depend_words},
    {"group", false, false, read_group, 0, NULL},
};

static void read_declaration_target(struct inventory_reader *r,
                                    const struct inventory_column *column, struct slice cell,
                                    void *row)
{
    (void)column;
    struct declaration *declaration = row;
    read_target(r, cell, &declaration->site, &declaration->unit);
}

static void blank_declaration(void *row)
{
    struct declaration *declaration = row;
    declaration->reason = declaration->by = "";
}

static void finish_declaration(struct inventory_reader *r, void *row)
{
    struct declaration *declaration = row;
    declaration->registered = r->reload;
    inventory_repeat_rows(r, declaration);
}

static const char *const declaration_words[] = {"maintenance", "asleep", NULL};
static const struct inventory_column declaration_columns[] = {
    {"target", true, false, read_declaration_target, 0, NULL},
    {"kind", true, false, inventory_cell_word, offsetof(struct declaration, kind),
     declaration_words},
    {"from", true, false, inventory_cell_instant, offsetof(struct declaration, span.from), NULL},
    {"to", true, false, inventory_cell_instant, offsetof(struct declaration, span.to), NULL},
    {"reason", false, false, inventory_cell_text, offsetof(struct declaration, reason), NULL},
    {"repeat", false, false, inventory_repeat_cell, 0, NULL},
    {"until", false, false, inventory_repeat_until, 0, NULL},
};

/* --- probes and the authority's figures --- */

static void blank_probe(void *row)
{
    ((struct probe_row *)row)->feed = INV_NONE;
}

static const struct inventory_column probe_columns[] = {
    {"probe", true, true, inventory_cell_id, offsetof(struct probe_row, probe), NULL},
    {"site", true, false, inventory_cell_site, offsetof(struct probe_row, site), NULL},
    {"also", false, false, inventory_cell_sites, offsetof(struct probe_row, also_first), NULL},
    {"valid_to", false, false, inventory_cell_instant, offsetof(struct probe_row, valid.to), NULL},
    {"feed", false, false, inventory_cell_operator, offsetof(struct probe_row, feed), NULL},
};

/* "2022-12-31", or "2022" where the source says no more; kept as written. */
static void read_as_of(struct inventory_reader *r, const struct inventory_column *column,
                       struct slice cell, void *row)
{
    char date[] = "0000-01-01";
    struct wall_ms unused;
    struct slice full = cell;
    if (cell.len == 4) {
        memcpy(date, cell.at, 4);
        full = slice_of(date);
    }
    if (iso_parse(full, r->zone_min, &unused) != 0)
        inventory_read_complain(r, "is no date (2022-12-31 or 2022)");
    else
        inventory_cell_text(r, column, cell, row);
}

static void blank_declared(void *row)
{
    struct declared_row *declared = row;
    declared->indicator = declared->source = declared->as_of = "";
    declared->numerator = declared->denominator = NAN;
}

static void finish_declared(struct inventory_reader *r, void *row)
{
    if (((struct declared_row *)row)->denominator <= 0)
        inventory_read_complain(r, "denominator is not positive");
}

static const struct inventory_column declared_columns[] = {
    {"area", true, false, inventory_cell_area, offsetof(struct declared_row, area), NULL},
    {"indicator", true, false, inventory_cell_text, offsetof(struct declared_row, indicator), NULL},
    {"numerator", true, false, inventory_cell_number, offsetof(struct declared_row, numerator),
     NULL},
    {"denominator", false, false, inventory_cell_number, offsetof(struct declared_row, denominator),
     NULL},
    {"as_of", true, false, read_as_of, offsetof(struct declared_row, as_of), NULL},
    {"source", false, false, inventory_cell_text, offsetof(struct declared_row, source), NULL},
};

#define COLUMNS(columns) (columns), sizeof(columns) / sizeof *(columns)

const struct inventory_sheet *inventory_sheet(enum inventory_table_number table)
{
    static const struct inventory_sheet sheets[TABLE_COUNT] = {
        [TABLE_OPERATORS] = {COLUMNS(operator_columns), blank_operator, define_id, finish_operator},
        [TABLE_AREAS] = {COLUMNS(area_columns), blank_area, define_id, finish_area},
        [TABLE_SITES] = {COLUMNS(site_columns), blank_site, define_id, finish_site},
        [TABLE_UNITS] = {COLUMNS(unit_columns), blank_unit, define_unit, finish_unit},
        [TABLE_SERVES] = {COLUMNS(serves_columns), blank_serves, NULL, finish_serves},
        [TABLE_DEPENDS] = {COLUMNS(depends_columns), NULL, NULL, finish_depends},
        [TABLE_DECLARATIONS] = {COLUMNS(declaration_columns), blank_declaration, NULL,
                                finish_declaration},
        [TABLE_PROBES] = {COLUMNS(probe_columns), blank_probe, define_id, NULL},
        [TABLE_DECLARED] = {COLUMNS(declared_columns), blank_declared, NULL, finish_declared},
    };
    return &sheets[table];
}
