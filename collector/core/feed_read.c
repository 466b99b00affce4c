#include "core/feed_read.h"

#include "base/err.h"
#include "core/feed_cover.h"
#include "core/feed_table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    EVENTS_MAX = 1 << 21,
    TEXTS_MAX = 8 << 20,
    COMPLAINTS_BYTES = 32 << 10,
    AHEAD_MS = 60000, /* a row may be so much newer than its table */
};

/* One reading. */
struct reader {
    struct feed_table t;
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
    vec_init(&sheet->covers, sizeof(struct feed_cover), FEED_COVERS_MAX);
    buf_init(&sheet->texts, TEXTS_MAX);
    buf_char(&sheet->texts, '\0');
    buf_init(&sheet->complaints, COMPLAINTS_BYTES);
}

void feed_sheet_done(struct feed_sheet *sheet)
{
    vec_done(&sheet->events);
    vec_done(&sheet->covers);
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

static bool of_alarms(const struct reader *r)
{
    return r->t.source->map->content == FEED_ALARMS;
}

/* When something was so: not after the table itself. */
static bool read_past(struct reader *r, enum feed_column column, struct wall_ms *t)
{
    if (!feed_table_time(&r->t, column, t))
        return false;
    if (t->ms == WALL_NEVER_MS || t->ms <= r->t.source->as_of.ms + AHEAD_MS)
        return true;
    feed_table_refuse(&r->t, "a time later than the table itself", feed_table_cell(&r->t, column));
    return false;
}

static bool read_words(struct reader *r, struct saying *s)
{
    struct slice state = feed_table_cell(&r->t, FEED_STATE),
                 cause = feed_table_cell(&r->t, FEED_CAUSE);
    s->verdict = VERDICT_FAILED;
    s->cause = CAUSE_FAULT;
    if (feed_table_has(&r->t, FEED_STATE) && (state.len || !of_alarms(r)) &&
        feed_map_state(r->t.source->map, state, &s->verdict) != 0) {
        feed_table_refuse(&r->t, "a state that words does not explain", state);
        return false;
    }
    if (cause.len && feed_map_cause(r->t.source->map, cause, &s->cause) != 0)
        s->cause = CAUSE_FAULT; /* causes of their own are many: not to know one is no mistake */
    return true;
}

static bool read_saying(struct reader *r, struct saying *s)
{
    const struct feed_source *source = r->t.source;
    s->since = source->as_of;
    s->cleared = (struct wall_ms){WALL_NEVER_MS};
    if (!feed_table_place(&r->t, &s->site, &s->service) || !read_words(r, s) ||
        !read_past(r, FEED_TIME, &s->since) || !read_past(r, FEED_CLEARED, &s->cleared))
        return false;
    if (!of_alarms(r) && s->since.ms < source->as_of.ms - source->map->max_age_ms) {
        feed_table_refuse(&r->t, "older than max_age:", feed_table_cell(&r->t, FEED_TIME));
        return false;
    }
    s->text = feed_table_text(&r->t, FEED_TEXT);
    return true;
}

static int add_event(struct reader *r, int64_t t, uint32_t unit, unsigned cause,
                     enum verdict verdict, uint32_t text)
{
    if (t < r->t.source->as_of.ms - r->t.source->map->max_age_ms)
        return 0; /* of an alarm that lasts: the snapshot says so */
    struct feed_event *event = vec_push(&r->t.sheet->events);
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
        if (r->t.sheet->causes & 1U << cause) {
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
    struct saying s;
    size_t n = 0;
    int err = 0;
    if (!read_saying(r, &s)) {
        r->t.sheet->refused++;
        return 0;
    }
    const uint32_t *units = inventory_site_units(r->t.source->inv, s.site, &n);
    for (size_t i = 0; !err && i < n; i++)
        if (feed_table_means(&r->t, units[i], s.service))
            err = of_alarms(r) ? take_alarm(r, &s, units[i]) : take_state(r, &s, units[i]);
    return err;
}

static bool is_theirs(const struct reader *r, uint32_t unit)
{
    const struct feed_source *s = r->t.source;
    return inventory_unit_id(s->inv, unit)->op == s->op &&
           inventory_unit_exists(s->inv, unit, s->as_of);
}

/* What every unit is at the time of the table: of alarms, those that have none are well. */
static int take_snapshot(struct reader *r)
{
    int err = 0;
    for (uint32_t unit = 0; !err && unit < r->t.source->inv->unit_ids.len; unit++) {
        if (!is_theirs(r, unit))
            continue;
        if (!of_alarms(r)) {
            r->t.sheet->unnamed += !r->named[unit];
            continue;
        }
        for (unsigned cause = 0; !err && cause < FEED_CAUSES; cause++)
            if (r->t.sheet->causes & 1U << cause)
                err = add_event(r, r->t.source->as_of.ms, unit, cause,
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

static int read_rows(struct reader *r)
{
    int err = 0;
    while (!err && feed_table_next(&r->t) == 0)
        err = take_row(r);
    return err ? err : take_snapshot(r);
}

static int read_table(struct reader *r, const struct feed_source *source, struct feed_sheet *sheet)
{
    size_t units = source->inv->unit_ids.len + 1;
    int err = feed_table_init(&r->t, source, sheet);
    if (err)
        return err;
    r->now = calloc(units, FEED_CAUSES);
    r->named = calloc(units, sizeof *r->named);
    if (!r->now || !r->named)
        return ERR_NOMEM;
    bool split = feed_table_has(&r->t, FEED_CAUSE);
    sheet->causes = split ? (1U << FEED_CAUSES) - 1 : 1U << CAUSE_FAULT;
    return read_rows(r);
}

int feed_read(const struct feed_source *source, struct feed_sheet *sheet)
{
    struct reader *r = calloc(1, sizeof *r);
    if (!r)
        return ERR_NOMEM;
    int err = read_table(r, source, sheet);
    if (!err && sheet->texts.err)
        err = sheet->texts.err;
    if (!err && sheet->events.len)
        qsort(sheet->events.items, sheet->events.len, sizeof(struct feed_event), by_time);
    free(r->now);
    free(r->named);
    feed_table_done(&r->t);
    free(r);
    return err;
}
