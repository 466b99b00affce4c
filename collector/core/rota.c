#include "core/rota.h"

#include "base/err.h"
#include "base/iso.h"
#include "core/csv.h"
#include "core/inventory_tree.h"

#include <stdio.h>
#include <string.h>

enum { PERSON, PHONE, ROLE, SCOPE, FROM, TO, COLUMNS };

static const char *const NAMES[COLUMNS] = {"person", "phone", "role", "scope", "from", "to"};

/* A reading under way. */
struct pass {
    const struct rota_reading *reading;
    struct slice text;       /* the whole file, for columns */
    size_t cell_of[COLUMNS]; /* CSV_CELLS_MAX = not there */
    struct csv_row row;      /* present one */
    bool wrong;              /* of the file */
};

void rota_init(struct rota *r)
{
    vec_init(&r->rows, sizeof(struct rota_row), ROTA_MAX);
}

void rota_done(struct rota *r)
{
    vec_done(&r->rows);
}

/* In characters, as editors count. Cells lie in the file, but for those whose doubled quotes were
 * undone. */
static size_t column_of(const struct pass *p, struct slice cell)
{
    const char *first = p->text.at;
    if (!cell.at || cell.at < first || cell.at > first + p->text.len)
        return 1;
    size_t column = 1;
    for (size_t i = (size_t)(cell.at - first); i > 0 && first[i - 1] != '\n'; i--)
        column += ((unsigned char)first[i - 1] & 0xC0) != 0x80;
    return column;
}

static void complain(struct pass *p, struct slice cell, const char *column, const char *what)
{
    char text[160];
    int len = cell.len < 40 ? (int)cell.len : 40;
    snprintf(text, sizeof text, "%s: \"%.*s\" %s", column, len, cell.at ? cell.at : "", what);
    p->wrong = true;
    p->reading->complain(p->reading->context, p->row.line, column_of(p, cell), text);
}

static struct slice cell_of(const struct pass *p, int column)
{
    size_t i = p->cell_of[column];
    return i < p->row.len ? p->row.cells[i] : (struct slice){"", 0};
}

static void read_header(struct pass *p)
{
    for (int c = 0; c < COLUMNS; c++)
        p->cell_of[c] = CSV_CELLS_MAX;
    for (size_t i = 0; i < p->row.len; i++) {
        int c = 0;
        while (c < COLUMNS && !slice_is(p->row.cells[i], NAMES[c]))
            c++;
        if (c == COLUMNS)
            complain(p, p->row.cells[i], "header", "is no column of a rota");
        else
            p->cell_of[c] = i;
    }
    for (int c = PERSON; c <= ROLE; c++)
        if (p->cell_of[c] == CSV_CELLS_MAX)
            complain(p, p->row.cells[0], NAMES[c], "begins the header, and this column is missing");
}

static void take_text(struct pass *p, int column, char *to, size_t max)
{
    struct slice cell = cell_of(p, column);
    if (cell.len == 0 && column != SCOPE)
        complain(p, p->row.cells[0], NAMES[column], "has none");
    else if (cell.len >= max)
        complain(p, cell, NAMES[column], "is too long");
    else
        snprintf(to, max, "%.*s", (int)cell.len, cell.at);
}

static void take_instant(struct pass *p, int column, struct wall_ms *to)
{
    struct slice cell = cell_of(p, column);
    if (cell.len > 0 && iso_parse(cell, p->reading->zone_min, to) != 0)
        complain(p, cell, NAMES[column], "is no date (2026-11-22 or 2026-11-22T14:05)");
}

static void take_row(struct pass *p, struct rota_row *row)
{
    const struct inventory *inv = p->reading->inv;
    row->span = (struct validity){{INT64_MIN}, {WALL_NEVER_MS}};
    take_text(p, PERSON, row->person, sizeof row->person);
    take_text(p, ROLE, row->role, sizeof row->role);
    take_text(p, SCOPE, row->scope, sizeof row->scope);
    take_instant(p, FROM, &row->span.from);
    take_instant(p, TO, &row->span.to);
    if (phone_read(cell_of(p, PHONE), p->reading->dial_code, row->phone) != 0)
        complain(p, cell_of(p, PHONE), NAMES[PHONE], "is no phone number");
    if (row->span.to.ms <= row->span.from.ms)
        complain(p, cell_of(p, TO), NAMES[TO], "must be later than from");
    if (inv && row->scope[0] && names_find(&inv->areas, slice_of(row->scope)) == NAMES_NONE)
        complain(p, cell_of(p, SCOPE), NAMES[SCOPE], "is no area of the inventory");
}

static int next_row(struct pass *p, struct csv *csv)
{
    const char *why = NULL;
    int err = csv_next(csv, &p->row, &why);
    while (err && err != ERR_END) {
        p->wrong = true;
        p->reading->complain(p->reading->context, p->row.line, 1, why);
        err = csv_next(csv, &p->row, &why);
    }
    return err;
}

int rota_read(struct rota *r, struct slice text, const struct rota_reading *reading)
{
    struct csv csv;
    struct pass pass = {.reading = reading, .text = text};
    csv_init(&csv, text);
    if (next_row(&pass, &csv) == 0)
        read_header(&pass);
    while (next_row(&pass, &csv) == 0) {
        struct rota_row *row = vec_push(&r->rows);
        if (!row)
            return r->rows.len == ROTA_MAX ? ERR_FULL : ERR_NOMEM;
        take_row(&pass, row);
    }
    return pass.wrong ? ERR_SYNTAX : 0;
}

static const struct rota_row *at(const struct rota *r, size_t i)
{
    return vec_at(&r->rows, i);
}

static bool on_duty(const struct rota_row *row, struct wall_ms now)
{
    return now.ms >= row->span.from.ms && now.ms < row->span.to.ms;
}

const struct rota_row *rota_find(const struct rota *r, const char *phone, struct wall_ms now)
{
    for (size_t i = 0; i < r->rows.len; i++)
        if (strcmp(at(r, i)->phone, phone) == 0 && on_duty(at(r, i), now))
            return at(r, i);
    return NULL;
}

static bool covers(const struct rota_row *row, const struct inventory *inv, const char *area,
                   struct wall_ms now)
{
    if (!row->scope[0] || !area[0])
        return true;
    uint32_t root = names_find(&inv->areas, slice_of(row->scope));
    uint32_t below = names_find(&inv->areas, slice_of(area));
    return root != NAMES_NONE && below != NAMES_NONE &&
           inventory_tree_within(inv, below, root, now);
}

static bool is_among(const char *phone, char (*phones)[PHONE_MAX], size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (strcmp(phones[i], phone) == 0)
            return true;
    return false;
}

size_t rota_phones(const struct rota *r, const struct inventory *inv, const char *role,
                   const char *area, struct wall_ms now, char (*ret_phones)[PHONE_MAX], size_t max)
{
    size_t len = 0;
    for (size_t i = 0; i < r->rows.len && len < max; i++) {
        const struct rota_row *row = at(r, i);
        if (strcmp(row->role, role) != 0 || !on_duty(row, now) || !covers(row, inv, area, now) ||
            is_among(row->phone, ret_phones, len))
            continue;
        memcpy(ret_phones[len++], row->phone, PHONE_MAX);
    }
    return len;
}

bool rota_has_role(const struct rota *r, const char *role)
{
    for (size_t i = 0; i < r->rows.len; i++)
        if (strcmp(at(r, i)->role, role) == 0)
            return true;
    return false;
}
