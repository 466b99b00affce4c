#include "core/feed_table.h"

#include "base/err.h"
#include "core/nfc.h"

enum {
    CELL_MAX = 4096,
    TEXT_MAX = 200, /* bytes of what people are told */
    NO_CELL = -1,
};

void feed_table_refuse(struct feed_table *t, const char *what, struct slice cell)
{
    int shown = cell.len > 60 ? 60 : (int)cell.len;
    feed_complain(t->sheet, t->source->file, t->row.line, "%s \"%.*s\"; the row is left out", what,
                  shown, cell.at ? cell.at : "");
}

bool feed_table_has(const struct feed_table *t, enum feed_column column)
{
    return t->cell[column] != NO_CELL;
}

struct slice feed_table_cell(struct feed_table *t, enum feed_column column)
{
    int at = t->cell[column];
    struct slice text = {"", 0};
    if (at == NO_CELL || (size_t)at >= t->row.len)
        return text;
    if (nfc_line(t->row.cells[at], &t->scratch[column], &text) != 0)
        text = (struct slice){"", 0};
    return text;
}

uint32_t feed_table_text(struct feed_table *t, enum feed_column column)
{
    struct slice text = feed_table_cell(t, column);
    size_t len = text.len < TEXT_MAX ? text.len : TEXT_MAX;
    while (len && len < text.len && ((unsigned char)text.at[len] & 0xc0U) == 0x80)
        len--; /* between letters */
    if (len == 0)
        return 0;
    uint32_t at = (uint32_t)t->sheet->texts.len;
    buf_put(&t->sheet->texts, text.at, len);
    buf_char(&t->sheet->texts, '\0');
    return at;
}

static bool read_site(struct feed_table *t, uint32_t *ret_site)
{
    bool several;
    struct slice site = feed_table_cell(t, FEED_SITE);
    *ret_site = feed_sites_find(&t->sites, site, &several);
    if (*ret_site != INV_NONE)
        return true;
    t->sheet->strangers += !several;
    feed_table_refuse(t, several ? "more than one site has the code or alias" : "unknown site",
                      site);
    return false;
}

static bool read_service(struct feed_table *t, uint32_t *ret_service)
{
    const struct inventory *inv = t->source->inv;
    struct slice service = feed_map_service(t->source->map, feed_table_cell(t, FEED_SERVICE));
    *ret_service = INV_NONE;
    for (uint32_t i = 0; service.len && i < inv->services.len; i++)
        if (feed_same(slice_of(names_text(&inv->services, i)), service))
            *ret_service = i;
    if (!service.len || *ret_service != INV_NONE)
        return true;
    feed_table_refuse(t, "unknown service", service);
    return false;
}

bool feed_table_means(const struct feed_table *t, uint32_t unit, uint32_t service)
{
    const struct unit_id *id = inventory_unit_id(t->source->inv, unit);
    return id->op == t->source->op && (service == INV_NONE || id->service == service);
}

bool feed_table_place(struct feed_table *t, uint32_t *ret_site, uint32_t *ret_service)
{
    const struct inventory *inv = t->source->inv;
    size_t n = 0;
    if (!read_site(t, ret_site) || !read_service(t, ret_service))
        return false;
    const uint32_t *units = inventory_site_units(inv, *ret_site, &n);
    for (size_t i = 0; i < n; i++)
        if (feed_table_means(t, units[i], *ret_service))
            return true;
    feed_table_refuse(t, "no unit of this operator at site",
                      slice_of(names_text(&inv->sites, *ret_site)));
    return false;
}

bool feed_table_time(struct feed_table *t, enum feed_column column, struct wall_ms *ret_t)
{
    struct slice cell = feed_table_cell(t, column);
    if (cell.len == 0 || feed_time(cell, t->source->map->zone_min, ret_t) == 0)
        return true;
    feed_table_refuse(t, "no date and time", cell);
    return false;
}

/* What the header has, for a column that is not there. */
static void miss(struct feed_table *t, enum feed_column column)
{
    const struct csv_row *header = &t->row;
    struct buf there;
    buf_init(&there, 300);
    for (size_t i = 0; i < header->len && there.len < 200; i++)
        buf_printf(&there, "%s\"%.*s\"", i ? ", " : "", (int)(header->cells[i].len % 60),
                   header->cells[i].at);
    feed_complain(t->sheet, t->source->file, header->line,
                  "no column \"%s\" (columns.%s); the table has %s", t->source->map->column[column],
                  feed_column_word(column), there.data ? there.data : "none");
    buf_done(&there);
}

static bool find_column(struct feed_table *t, enum feed_column column)
{
    const char *name = t->source->map->column[column];
    t->cell[column] = NO_CELL;
    for (size_t i = 0; *name && i < t->row.len; i++) {
        struct slice cell;
        if (nfc_line(t->row.cells[i], &t->scratch[0], &cell) == 0 &&
            feed_same(cell, slice_of(name)))
            t->cell[column] = (int)i;
    }
    return !*name || t->cell[column] != NO_CELL;
}

static int read_header(struct feed_table *t)
{
    const char *why = "";
    bool missing = false;
    csv_init(&t->csv, t->source->text);
    int err = csv_next(&t->csv, &t->row, &why);
    if (err) {
        feed_complain(t->sheet, t->source->file, 1, "no header: %s",
                      err == ERR_END ? "the table is empty" : why);
        return ERR_SYNTAX;
    }
    t->width = t->row.len;
    for (int column = 0; column < FEED_COLUMNS; column++) {
        if (find_column(t, (enum feed_column)column))
            continue;
        miss(t, (enum feed_column)column);
        missing = true;
    }
    return missing ? ERR_SYNTAX : 0;
}

int feed_table_init(struct feed_table *t, const struct feed_source *source,
                    struct feed_sheet *sheet)
{
    t->source = source;
    t->sheet = sheet;
    for (int i = 0; i < FEED_COLUMNS; i++)
        buf_init(&t->scratch[i], CELL_MAX);
    int err = feed_sites_init(&t->sites, source->inv, source->as_of);
    return err ? err : read_header(t);
}

void feed_table_done(struct feed_table *t)
{
    for (int i = 0; i < FEED_COLUMNS; i++)
        buf_done(&t->scratch[i]);
    feed_sites_done(&t->sites);
}

/* True if the row has a cell for each of the header. */
static bool whole(struct feed_table *t, int bad, const char *why)
{
    if (bad)
        feed_complain(t->sheet, t->source->file, t->row.line, "%s; the row is left out", why);
    else if (t->row.len < t->width)
        feed_complain(t->sheet, t->source->file, t->row.line,
                      "%zu cells where the header has %zu: is the row cut off? It is left out",
                      t->row.len, t->width);
    else
        return true;
    return false;
}

int feed_table_next(struct feed_table *t)
{
    const char *why = "";
    for (;;) {
        int bad = csv_next(&t->csv, &t->row, &why);
        if (bad == ERR_END)
            return ERR_END;
        t->sheet->rows++;
        if (whole(t, bad, why))
            return 0;
        t->sheet->refused++;
    }
}
