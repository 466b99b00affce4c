#include "core/feed_read.h"

#include "base/err.h"
#include "core/csv.h"
#include "core/feed_sites.h"
#include "core/nfc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    EVENTS_MAX = 1 << 21,
    TEXTS_MAX = 8 << 20,
    TEXT_MAX = 200, /* bytes of what people are told */
    COMPLAINTS_BYTES = 32 << 10,
    CELL_MAX = 4096,
    AHEAD_MS = 60000, /* a row may be so much newer than its table */
    NO_CELL = -1,
};

/* One reading. */
struct reader {
    const struct feed_source *source;
    struct feed_sheet *sheet;
    struct feed_sites sites;
    int cell[FEED_COLUMNS]; /* of a column in the table, NO_CELL = it has none */
    size_t width;           /* cells of the header */
    struct csv_row row;
    struct buf scratch[FEED_COLUMNS];
    uint8_t *now; /* worst that lasts, by unit and cause */
    bool *named;  /* by unit */
};

/* A row, understood. */
struct saying {
    uint32_t site;
    uint32_t service; /* INV_NONE = every one */
    enum verdict verdict;
    enum cause cause;
    struct wall_ms since;
    struct wall_ms cleared; /* WALL_NEVER_MS = it lasts */
    uint32_t text;
};

void feed_sheet_init(struct feed_sheet *sheet)
{
    *sheet = (struct feed_sheet){0};
    vec_init(&sheet->events, sizeof(struct feed_event), EVENTS_MAX);
    buf_init(&sheet->texts, TEXTS_MAX);
    buf_char(&sheet->texts, '\0');
    buf_init(&sheet->complaints, COMPLAINTS_BYTES);
}

void feed_sheet_done(struct feed_sheet *sheet)
{
    vec_done(&sheet->events);
    buf_done(&sheet->texts);
    buf_done(&sheet->complaints);
}

/* The first mistakes are told; a table of nothing but mistakes shall not fill anything. */
void feed_complain(struct feed_sheet *sheet, const char *file, unsigned line, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (len < 0 || sheet->complaints.len + sizeof text + FEED_NAME_MAX > COMPLAINTS_BYTES)
        return;
    buf_printf(&sheet->complaints, "%s:%u: %s\n", file, line, text);
}

static void refuse(struct reader *r, const char *what, struct slice cell)
{
    int shown = cell.len > 60 ? 60 : (int)cell.len;
    feed_complain(r->sheet, r->source->file, r->row.line, "%s \"%.*s\"; the row is left out", what,
                  shown, cell.at ? cell.at : "");
}

static struct slice cell_of(struct reader *r, enum feed_column column)
{
    int at = r->cell[column];
    struct slice text = {"", 0};
    if (at == NO_CELL || (size_t)at >= r->row.len)
        return text;
    if (nfc_line(r->row.cells[at], &r->scratch[column], &text) != 0)
        text = (struct slice){"", 0};
    return text;
}

static void keep_text(struct reader *r, struct saying *s)
{
    struct slice text = cell_of(r, FEED_TEXT);
    size_t len = text.len < TEXT_MAX ? text.len : TEXT_MAX;
    while (len && len < text.len && ((unsigned char)text.at[len] & 0xc0U) == 0x80)
        len--; /* between letters */
    s->text = len ? (uint32_t)r->sheet->texts.len : 0;
    if (len) {
        buf_put(&r->sheet->texts, text.at, len);
        buf_char(&r->sheet->texts, '\0');
    }
}

static bool read_place(struct reader *r, struct saying *s)
{
    bool several;
    struct slice site = cell_of(r, FEED_SITE);
    s->site = feed_sites_find(&r->sites, site, &several);
    if (s->site == INV_NONE) {
        r->sheet->strangers += !several;
        refuse(r, several ? "more than one site has the code or alias" : "unknown site", site);
        return false;
    }
    struct slice service = feed_map_service(r->source->map, cell_of(r, FEED_SERVICE));
    s->service = INV_NONE;
    for (uint32_t i = 0; service.len && i < r->source->inv->services.len; i++)
        if (feed_same(slice_of(names_text(&r->source->inv->services, i)), service))
            s->service = i;
    if (service.len && s->service == INV_NONE) {
        refuse(r, "unknown service", service);
        return false;
    }
    return true;
}

static bool read_time(struct reader *r, enum feed_column column, struct wall_ms *ret_t)
{
    struct slice cell = cell_of(r, column);
    struct wall_ms t;
    if (cell.len == 0)
        return true;
    if (feed_time(cell, r->source->map->zone_min, &t) != 0) {
        refuse(r, "no date and time", cell);
        return false;
    }
    if (t.ms > r->source->as_of.ms + AHEAD_MS) {
        refuse(r, "a time later than the table itself", cell);
        return false;
    }
    *ret_t = t;
    return true;
}

static bool read_words(struct reader *r, struct saying *s)
{
    struct slice state = cell_of(r, FEED_STATE), cause = cell_of(r, FEED_CAUSE);
    bool alarms = r->source->map->alarms;
    s->verdict = VERDICT_FAILED;
    s->cause = CAUSE_FAULT;
    if (r->cell[FEED_STATE] != NO_CELL && (state.len || !alarms) &&
        feed_map_state(r->source->map, state, &s->verdict) != 0) {
        refuse(r, "a state that words does not explain", state);
        return false;
    }
    if (cause.len && feed_map_cause(r->source->map, cause, &s->cause) != 0)
        s->cause = CAUSE_FAULT; /* causes of their own are many: not to know one is no mistake */
    return true;
}

static bool read_saying(struct reader *r, struct saying *s)
{
    const struct feed_source *source = r->source;
    s->since = source->as_of;
    s->cleared = (struct wall_ms){WALL_NEVER_MS};
    if (r->row.len < r->width) {
        feed_complain(r->sheet, source->file, r->row.line,
                      "%zu cells where the header has %zu: is the row cut off? It is left out",
                      r->row.len, r->width);
        return false;
    }
    if (!read_place(r, s) || !read_words(r, s) || !read_time(r, FEED_TIME, &s->since) ||
        !read_time(r, FEED_CLEARED, &s->cleared))
        return false;
    if (!source->map->alarms && s->since.ms < source->as_of.ms - source->map->max_age_ms) {
        refuse(r, "older than max_age:", cell_of(r, FEED_TIME));
        return false;
    }
    keep_text(r, s);
    return true;
}

static int add_event(struct reader *r, int64_t t, uint32_t unit, unsigned cause,
                     enum verdict verdict, uint32_t text)
{
    if (t < r->source->as_of.ms - r->source->map->max_age_ms)
        return 0; /* of an alarm that lasts: the snapshot says so */
    struct feed_event *event = vec_push(&r->sheet->events);
    if (!event)
        return ERR_NOMEM;
    *event = (struct feed_event){t, unit, (uint8_t)cause, (uint8_t)verdict, text};
    return 0;
}

/* A row of a table of states says all there is of the unit. */
static int take_state(struct reader *r, const struct saying *s, uint32_t unit)
{
    int err = 0;
    r->named[unit] = true;
    for (unsigned cause = 0; !err && cause < FEED_CAUSES; cause++)
        if (r->sheet->causes & 1U << cause) {
            bool meant = cause == (unsigned)s->cause;
            err = add_event(r, s->since.ms, unit, cause, meant ? s->verdict : VERDICT_OK,
                            meant ? s->text : 0);
        }
    return err;
}

/* An alarm began, and ended or lasts. */
static int take_alarm(struct reader *r, const struct saying *s, uint32_t unit)
{
    uint8_t *worst = &r->now[(size_t)unit * FEED_CAUSES + (unsigned)s->cause];
    bool lasts = s->cleared.ms == WALL_NEVER_MS && s->verdict != VERDICT_OK;
    if (lasts && *worst < (uint8_t)s->verdict)
        *worst = (uint8_t)s->verdict;
    int err = s->verdict == VERDICT_OK
                  ? 0
                  : add_event(r, s->since.ms, unit, (unsigned)s->cause, s->verdict, s->text);
    if (!err && !lasts && s->cleared.ms != WALL_NEVER_MS)
        err = add_event(r, s->cleared.ms, unit, (unsigned)s->cause, VERDICT_OK, 0);
    return err;
}

static int take_row(struct reader *r)
{
    const struct inventory *inv = r->source->inv;
    struct saying s;
    size_t n, meant = 0;
    int err = 0;
    if (!read_saying(r, &s)) {
        r->sheet->refused++;
        return 0;
    }
    const uint32_t *units = inventory_site_units(inv, s.site, &n);
    for (size_t i = 0; !err && i < n; i++) {
        const struct unit_id *id = inventory_unit_id(inv, units[i]);
        if (id->op != r->source->op || (s.service != INV_NONE && id->service != s.service))
            continue;
        meant++;
        err = r->source->map->alarms ? take_alarm(r, &s, units[i]) : take_state(r, &s, units[i]);
    }
    if (meant == 0) {
        r->sheet->refused++;
        refuse(r, "no unit of this operator at site", slice_of(names_text(&inv->sites, s.site)));
    }
    return err;
}

/* The nearest name in the header, for a column that is not there. */
static void miss(struct reader *r, const struct csv_row *header, enum feed_column column)
{
    struct buf there;
    buf_init(&there, 300);
    for (size_t i = 0; i < header->len && there.len < 200; i++)
        buf_printf(&there, "%s\"%.*s\"", i ? ", " : "", (int)(header->cells[i].len % 60),
                   header->cells[i].at);
    feed_complain(r->sheet, r->source->file, header->line,
                  "no column \"%s\" (columns.%s); the table has %s", r->source->map->column[column],
                  feed_column_word(column), there.data ? there.data : "none");
    buf_done(&there);
}

static int read_header(struct reader *r)
{
    const struct csv_row *header = &r->row;
    bool missing = false;
    r->width = header->len;
    for (int column = 0; column < FEED_COLUMNS; column++) {
        const char *name = r->source->map->column[column];
        r->cell[column] = NO_CELL;
        for (size_t i = 0; *name && i < header->len; i++) {
            struct slice cell;
            if (nfc_line(header->cells[i], &r->scratch[0], &cell) == 0 &&
                feed_same(cell, slice_of(name)))
                r->cell[column] = (int)i;
        }
        if (*name && r->cell[column] == NO_CELL) {
            miss(r, header, (enum feed_column)column);
            missing = true;
        }
    }
    return missing ? ERR_SYNTAX : 0;
}

static bool is_theirs(const struct reader *r, uint32_t unit)
{
    const struct feed_source *s = r->source;
    return inventory_unit_id(s->inv, unit)->op == s->op &&
           inventory_unit_exists(s->inv, unit, s->as_of);
}

/* What every unit is at the time of the table: of alarms, those that have none are well. */
static int take_snapshot(struct reader *r)
{
    int err = 0;
    for (uint32_t unit = 0; !err && unit < r->source->inv->unit_ids.len; unit++) {
        if (!is_theirs(r, unit))
            continue;
        if (!r->source->map->alarms) {
            r->sheet->unnamed += !r->named[unit];
            continue;
        }
        for (unsigned cause = 0; !err && cause < FEED_CAUSES; cause++)
            if (r->sheet->causes & 1U << cause)
                err = add_event(r, r->source->as_of.ms, unit, cause,
                                (enum verdict)r->now[(size_t)unit * FEED_CAUSES + cause], 0);
    }
    return err;
}

static int by_time(const void *a, const void *b)
{
    const struct feed_event *x = a, *y = b;
    if (x->t != y->t)
        return x->t < y->t ? -1 : 1;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    if (x->cause != y->cause)
        return x->cause < y->cause ? -1 : 1;
    return (x->verdict > y->verdict) - (x->verdict < y->verdict);
}

static int read_rows(struct reader *r, struct csv *csv)
{
    const char *why = "";
    int err = 0;
    while (!err) {
        int bad = csv_next(csv, &r->row, &why);
        if (bad == ERR_END)
            break;
        r->sheet->rows++;
        if (bad) {
            feed_complain(r->sheet, r->source->file, r->row.line, "%s; the row is left out", why);
            r->sheet->refused++;
            continue;
        }
        err = take_row(r);
    }
    return err ? err : take_snapshot(r);
}

static int read_table(struct reader *r)
{
    struct csv csv;
    const char *why = "";
    csv_init(&csv, r->source->text);
    int err = csv_next(&csv, &r->row, &why);
    if (err) {
        feed_complain(r->sheet, r->source->file, 1, "no header: %s",
                      err == ERR_END ? "the table is empty" : why);
        return ERR_SYNTAX;
    }
    err = read_header(r);
    if (err)
        return err;
    r->sheet->causes = r->cell[FEED_CAUSE] == NO_CELL ? 1U << CAUSE_FAULT : (1U << FEED_CAUSES) - 1;
    return read_rows(r, &csv);
}

int feed_read(const struct feed_source *source, struct feed_sheet *sheet)
{
    struct reader *r = calloc(1, sizeof *r);
    size_t units = source->inv->unit_ids.len + 1;
    int err = r ? feed_sites_init(&r->sites, source->inv, source->as_of) : ERR_NOMEM;
    if (err) {
        free(r);
        return err;
    }
    r->source = source;
    r->sheet = sheet;
    for (int i = 0; i < FEED_COLUMNS; i++)
        buf_init(&r->scratch[i], CELL_MAX);
    r->now = calloc(units, FEED_CAUSES);
    r->named = calloc(units, sizeof *r->named);
    err = r->now && r->named ? read_table(r) : ERR_NOMEM;
    if (!err && sheet->texts.err)
        err = sheet->texts.err;
    if (!err && sheet->events.len)
        qsort(sheet->events.items, sheet->events.len, sizeof(struct feed_event), by_time);
    for (int i = 0; i < FEED_COLUMNS; i++)
        buf_done(&r->scratch[i]);
    free(r->now);
    free(r->named);
    feed_sites_done(&r->sites);
    free(r);
    return err;
}
