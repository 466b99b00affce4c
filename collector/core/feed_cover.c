#include "core/feed_cover.h"

#include "base/err.h"
#include "core/feed_table.h"

#include <stdlib.h>

/* A row, understood but for its units. */
struct saying {
    uint32_t site;
    uint32_t service; /* INV_NONE = every one */
    uint32_t area;
    struct validity valid;
    bool unsaid; /* since when */
    uint32_t text;
};

/* An operator speaks for itself alone. */
static bool read_operator(struct feed_table *t)
{
    const struct inventory *inv = t->source->inv;
    struct slice cell = feed_table_cell(t, FEED_OPERATOR);
    const struct operator_row *own = vec_at(&inv->operator_rows, t->source->op);
    if (cell.len == 0 || feed_same(cell, slice_of(names_text(&inv->operators, t->source->op))) ||
        feed_same(cell, slice_of(own->name)))
        return true;
    feed_table_refuse(t, "not the operator of this feed:", cell);
    return false;
}

static bool read_area(struct feed_table *t, uint32_t *ret_area)
{
    const struct inventory *inv = t->source->inv;
    struct slice cell = feed_table_cell(t, FEED_AREA);
    *ret_area = names_find(&inv->areas, cell);
    if (*ret_area != NAMES_NONE && inventory_area(inv, *ret_area, t->source->as_of))
        return true;
    feed_table_refuse(t, "unknown area", cell);
    return false;
}

static bool read_saying(struct feed_table *t, struct saying *s)
{
    s->valid = (struct validity){t->source->as_of, {WALL_NEVER_MS}};
    s->unsaid = feed_table_cell(t, FEED_FROM).len == 0;
    if (!feed_table_place(t, &s->site, &s->service) || !read_operator(t) ||
        !read_area(t, &s->area) || !feed_table_time(t, FEED_FROM, &s->valid.from) ||
        !feed_table_time(t, FEED_TO, &s->valid.to))
        return false;
    if (s->valid.from.ms >= s->valid.to.ms) {
        feed_table_refuse(t, "it ends before it begins:", feed_table_cell(t, FEED_TO));
        return false;
    }
    s->text = feed_table_text(t, FEED_REASON);
    return true;
}

static int take_row(struct feed_table *t)
{
    const struct inventory *inv = t->source->inv;
    struct saying s;
    size_t n = 0, before = t->sheet->covers.len;
    if (!read_saying(t, &s)) {
        t->sheet->refused++;
        return 0;
    }
    const uint32_t *units = inventory_site_units(inv, s.site, &n);
    for (size_t i = 0; i < n && t->sheet->covers.len < FEED_COVERS_MAX; i++) {
        if (!feed_table_means(t, units[i], s.service))
            continue;
        struct feed_cover *cover = vec_push(&t->sheet->covers);
        if (!cover)
            return ERR_NOMEM;
        *cover = (struct feed_cover){units[i], s.area, s.valid, s.unsaid, s.text, t->row.line};
    }
    if (t->sheet->covers.len == before) {
        t->sheet->refused++;
        feed_table_refuse(t, "too many rows; no room for site",
                          slice_of(names_text(&inv->sites, s.site)));
    }
    return 0;
}

static int order(const void *a, const void *b)
{
    const struct feed_cover *x = a, *y = b;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    if (x->area != y->area)
        return x->area < y->area ? -1 : 1;
    if (x->valid.from.ms != y->valid.from.ms)
        return x->valid.from.ms < y->valid.from.ms ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* Both of one unit and area, the earlier one first. */
static bool clash(const struct feed_cover *a, const struct feed_cover *b)
{
    return a->unit == b->unit && a->area == b->area && b->valid.from.ms < a->valid.to.ms;
}

/* Of rows that say the same thing for the same time the one that begins first counts. */
static void drop_repeated(struct feed_table *t)
{
    struct vec *covers = &t->sheet->covers;
    size_t kept = 0;
    for (size_t i = 0; i < covers->len; i++) {
        const struct feed_cover *cover = vec_at(covers, i);
        const struct feed_cover *before = kept ? vec_at(covers, kept - 1) : NULL;
        if (before && clash(before, cover)) {
            t->sheet->refused++;
            feed_complain(t->sheet, t->source->file, cover->line,
                          "says again what line %u says, for the same time; it is left out",
                          before->line);
        } else {
            *(struct feed_cover *)vec_at(covers, kept++) = *cover;
        }
    }
    vec_remove(covers, kept, covers->len - kept);
}

static int read_table(struct feed_table *t, const struct feed_source *source,
                      struct feed_sheet *sheet)
{
    int err = feed_table_init(t, source, sheet);
    while (!err && feed_table_next(t) == 0)
        err = take_row(t);
    if (!err && sheet->texts.err)
        err = sheet->texts.err;
    if (err)
        return err;
    if (sheet->covers.len)
        qsort(sheet->covers.items, sheet->covers.len, sizeof(struct feed_cover), order);
    drop_repeated(t);
    return 0;
}

int feed_cover_read(const struct feed_source *source, struct feed_sheet *sheet)
{
    struct feed_table *t = calloc(1, sizeof *t);
    if (!t)
        return ERR_NOMEM;
    int err = read_table(t, source, sheet);
    feed_table_done(t);
    free(t);
    return err;
}
