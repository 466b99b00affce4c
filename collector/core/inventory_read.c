#include "core/inventory_read.h"

#include "base/err.h"
#include "base/nearest.h"
#include "core/csv.h"

#include <stdarg.h>
#include <stdio.h>

enum {
    MESSAGE_MAX = 512,
    SUGGESTIONS_MAX = 50, /* each looks at every name of a table */
    NAME_MAX = 64 * 1024, /* longest text of a cell */
    COLUMNS_MAX = 16,
    ROW_BYTES_MAX = 256,
    NO_CELL = CSV_CELLS_MAX
};

/* One file on its way through the two passes. */
struct sheet_pass {
    const struct inventory_sheet *sheet;
    size_t cell_of[COLUMNS_MAX]; /* by column of the sheet; NO_CELL = not in the header */
    size_t header_len;
    bool defining;
};

void inventory_read_init(struct inventory_reader *r)
{
    for (unsigned i = 0; i < NAMES_COUNT; i++)
        vec_init(&r->lines[i], sizeof(uint32_t), UINT32_MAX);
    buf_init(&r->scratch, NAME_MAX);
}

void inventory_read_done(struct inventory_reader *r)
{
    for (unsigned i = 0; i < NAMES_COUNT; i++)
        vec_done(&r->lines[i]);
    buf_done(&r->scratch);
}

uint32_t inventory_read_line(const struct inventory_reader *r, enum inventory_names_number names,
                             uint32_t number)
{
    const struct vec *lines = &r->lines[names];
    return number < lines->len ? *(const uint32_t *)vec_at(lines, number) : 0;
}

void inventory_read_define(struct inventory_reader *r, enum inventory_names_number names,
                           uint32_t number)
{
    struct vec *lines = &r->lines[names];
    while (lines->len <= number) {
        if (!vec_push(lines)) {
            r->err = ERR_NOMEM;
            return;
        }
    }
    uint32_t *line = vec_at(lines, number);
    if (*line == 0)
        *line = r->line;
}

static void tell(struct inventory_reader *r, enum inventory_table_number table, uint32_t line,
                 const char *column, const char *text)
{
    char message[MESSAGE_MAX];
    snprintf(message, sizeof message, "%s:%u: %s%s%s", r->paths[table], line, column ? column : "",
             column ? ": " : "", text);
    r->complaints++;
    r->complain(r->context, message);
}

void inventory_read_complain(struct inventory_reader *r, const char *fmt, ...)
{
    char text[MESSAGE_MAX];
    va_list args;
    r->failed = true;
    if (r->mute)
        return;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    tell(r, r->table, r->line, r->column, text);
}

void inventory_read_complain_at(struct inventory_reader *r, enum inventory_table_number table,
                                uint32_t line, const char *fmt, ...)
{
    char text[MESSAGE_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    tell(r, table, line, NULL, text);
}

/* The name of this load nearest to a misspelt one, or NULL. */
static const char *near_name(struct inventory_reader *r, enum inventory_names_number names,
                             struct slice name)
{
    const struct names *known = inventory_names(r->inv, names);
    size_t nearest = nearest_limit(name) + 1;
    const char *found = NULL;
    if (r->suggestions++ >= SUGGESTIONS_MAX)
        return NULL;
    for (uint32_t i = 0; i < known->len; i++) {
        const char *text = names_text(known, i);
        if (inventory_read_line(r, names, i) == 0)
            continue;
        size_t distance = nearest_distance(name, slice_of(text), nearest - 1);
        if (distance >= nearest)
            continue;
        nearest = distance;
        found = text;
    }
    return found;
}

void inventory_read_unknown(struct inventory_reader *r, enum inventory_names_number names,
                            const char *what, struct slice name)
{
    const char *near = r->mute ? NULL : near_name(r, names, name);
    int len = name.len < NEAREST_WORD_MAX ? (int)name.len : NEAREST_WORD_MAX;
    if (near)
        inventory_read_complain(r, "unknown %s \"%.*s\"; did you mean \"%s\"?", what, len, name.at,
                                near);
    else
        inventory_read_complain(r, "unknown %s \"%.*s\"", what, len, name.at);
}

static size_t column_called(const struct inventory_sheet *sheet, struct slice name)
{
    for (size_t i = 0; i < sheet->n_columns; i++)
        if (slice_is(name, sheet->columns[i].name))
            return i;
    return sheet->n_columns;
}

static void complain_of_column(struct inventory_reader *r, const struct inventory_sheet *sheet,
                               struct slice name)
{
    const char *near = NULL;
    size_t nearest = nearest_limit(name) + 1;
    for (size_t i = 0; i < sheet->n_columns; i++) {
        struct slice known = slice_of(sheet->columns[i].name);
        size_t distance = nearest_distance(name, known, nearest - 1);
        if (distance >= nearest)
            continue;
        nearest = distance;
        near = known.at;
    }
    int len = name.len < NEAREST_WORD_MAX ? (int)name.len : NEAREST_WORD_MAX;
    inventory_read_complain(r, "unknown column \"%.*s\"%s%s%s", len, name.at,
                            near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

/* Finds the columns; false, with every error told, if the file cannot be read under this header. */
static bool read_header(struct inventory_reader *r, struct sheet_pass *pass,
                        const struct csv_row *header)
{
    const struct inventory_sheet *sheet = pass->sheet;
    r->failed = false;
    pass->header_len = header->len;
    for (size_t i = 0; i < sheet->n_columns; i++)
        pass->cell_of[i] = NO_CELL;
    for (size_t cell = 0; cell < header->len; cell++) {
        size_t column = column_called(sheet, header->cells[cell]);
        if (column == sheet->n_columns)
            complain_of_column(r, sheet, header->cells[cell]);
        else if (pass->cell_of[column] != NO_CELL)
            inventory_read_complain(r, "column \"%s\" stands twice", sheet->columns[column].name);
        else
            pass->cell_of[column] = cell;
    }
    for (size_t i = 0; i < sheet->n_columns; i++)
        if (sheet->columns[i].required && pass->cell_of[i] == NO_CELL)
            inventory_read_complain(r, "column \"%s\" is missing", sheet->columns[i].name);
    return !r->failed;
}

static struct slice cell_of(const struct sheet_pass *pass, size_t column, const struct csv_row *row)
{
    size_t cell = pass->cell_of[column];
    return cell < row->len ? row->cells[cell] : (struct slice){"", 0};
}

static void read_cells(struct inventory_reader *r, const struct sheet_pass *pass,
                       const struct csv_row *cells, void *row)
{
    for (size_t i = 0; i < pass->sheet->n_columns; i++) {
        const struct inventory_column *column = &pass->sheet->columns[i];
        struct slice cell = cell_of(pass, i, cells);
        if (pass->defining && !column->key)
            continue;
        r->column = column->name;
        if (column->required && cell.len == 0)
            inventory_read_complain(r, "is empty");
        else
            column->read(r, column, cell, row);
    }
    r->column = NULL;
    for (size_t i = pass->header_len; i < cells->len; i++)
        if (cells->cells[i].len > 0) {
            inventory_read_complain(r, "%zu cells under a header of %zu", cells->len,
                                    pass->header_len);
            break;
        }
}

/* The second pass keeps the row if nothing in it is wrong. */
static void keep_row(struct inventory_reader *r, const struct sheet_pass *pass, void *row)
{
    const struct inventory_table *table = inventory_table(r->table);
    if (!r->failed && pass->sheet->finish)
        pass->sheet->finish(r, row);
    if (!r->failed && table->valid) {
        const struct validity *valid = inventory_row_valid(table, row);
        if (valid->from.ms >= valid->to.ms)
            inventory_read_complain(r, "its end is not after its start");
    }
    if (r->failed || r->err != 0)
        return;
    void *kept = vec_push(inventory_rows(r->inv, r->table));
    if (kept)
        memcpy(kept, row, table->size);
    else
        r->err = ERR_NOMEM;
}

static void read_row(struct inventory_reader *r, const struct sheet_pass *pass,
                     const struct csv_row *cells)
{
    _Alignas(max_align_t) char row[ROW_BYTES_MAX] = {0};
    const struct inventory_table *table = inventory_table(r->table);
    memcpy(row + sizeof(uint32_t), &cells->line, sizeof cells->line);
    if (table->valid)
        *inventory_row_valid(table, row) = (struct validity){{INT64_MIN}, {WALL_NEVER_MS}};
    if (pass->sheet->blank)
        pass->sheet->blank(row);
    r->site = r->op = INV_NONE;
    r->repeat_ms = 0;
    r->until.ms = INT64_MIN;
    r->failed = false;
    read_cells(r, pass, cells, row);
    if (!pass->defining)
        keep_row(r, pass, row);
    else if (!r->failed)
        pass->sheet->define(r, row);
}

static void read_rows(struct inventory_reader *r, struct sheet_pass *pass, struct slice bytes)
{
    struct csv csv;
    struct csv_row cells;
    const char *why = NULL;
    bool header = false;
    int err;
    csv_init(&csv, bytes);
    r->mute = pass->defining;
    while (r->err == 0 && (err = csv_next(&csv, &cells, &why)) != ERR_END) {
        r->line = cells.line;
        if (err != 0)
            inventory_read_complain(r, "%s", why);
        else if (header)
            read_row(r, pass, &cells);
        else if (!read_header(r, pass, &cells))
            return;
        else
            header = true;
    }
    if (!header && r->err == 0) {
        r->line = 1;
        inventory_read_complain(r, "no header");
    }
}

void inventory_read_file(struct inventory_reader *r, enum inventory_table_number table,
                         const struct inventory_file *file)
{
    struct sheet_pass pass = {.sheet = inventory_sheet(table)};
    r->table = table;
    r->paths[table] = file->path;
    r->column = NULL;
    if (pass.sheet->define) {
        pass.defining = true;
        read_rows(r, &pass, file->bytes);
        if (r->err == 0)
            r->err = inventory_index(r->inv);
    }
    pass.defining = false;
    if (r->err == 0)
        read_rows(r, &pass, file->bytes);
}
