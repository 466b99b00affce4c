#include "core/hours.h"

#include "base/err.h"
#include "core/archive_key.h"
#include "core/archive_rows.h"
#include "core/dirty.h"

#include <stdlib.h>
#include <string.h>

enum { UNITS_MAX = 16 << 20, ROWS_BYTES_MAX = 256 << 20, ROW_BYTES_MAX = 4096, ROW_VERSION = 1 };

/* What is settled of an hour and a day that are not settled whole. */
struct part {
    struct tally hour, day;
};

/* One unit. */
struct book {
    int64_t end;              /* settled up to here, INT64_MIN = nothing is */
    struct part *part;        /* NULL where a day begins at end */
    struct tally_end last;    /* how the last whole hour ended */
    struct tally_carry carry; /* at end */
};

struct hours {
    int64_t zone_ms;
    struct vec books;     /* struct book by unit */
    struct dirty changed; /* units whose row has to be saved */
    struct buf rows;      /* archive rows to be saved: key, length u16, value */
};

struct hours *hours_new(int64_t zone_ms)
{
    struct hours *h = calloc(1, sizeof *h);
    if (!h)
        return NULL;
    h->zone_ms = zone_ms;
    vec_init(&h->books, sizeof(struct book), UNITS_MAX);
    dirty_init(&h->changed, UNITS_MAX);
    buf_init(&h->rows, ROWS_BYTES_MAX);
    return h;
}

void hours_free(struct hours *h)
{
    if (!h)
        return;
    for (size_t i = 0; i < h->books.len; i++)
        free(((struct book *)vec_at(&h->books, i))->part);
    vec_done(&h->books);
    dirty_done(&h->changed);
    buf_done(&h->rows);
    free(h);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t hours_number(struct wall_ms t, int64_t zone_ms)
{
    return floor_div(t.ms + zone_ms, HOURS_HOUR_MS);
}

struct wall_ms hours_start(int64_t number, int64_t zone_ms)
{
    return (struct wall_ms){number * HOURS_HOUR_MS - zone_ms};
}

static struct book *book_of(struct hours *h, uint32_t unit)
{
    while (h->books.len <= unit) {
        struct book *book = vec_push(&h->books);
        if (!book)
            return NULL;
        book->end = INT64_MIN;
    }
    return vec_at(&h->books, unit);
}

static const struct book *known(const struct hours *h, uint32_t unit)
{
    return unit < h->books.len ? vec_at(&h->books, unit) : NULL;
}

static int put_row(struct hours *h, uint32_t unit, int64_t hour, const struct tally *t)
{
    struct archive_key key;
    struct slice k = archive_key_make(&key, ARCHIVE_KEY_SHORT, unit, hour, 0);
    size_t begun = archive_rows_begin(&h->rows, k);
    buf_char(&h->rows, ROW_VERSION);
    tally_write(t, &h->rows);
    return archive_rows_end(&h->rows, begun);
}

/* The first time: nothing is known before the timeline begins, so one row says how it begins, for
 * all hours up to the day of its first change. */
static int begin(struct hours *h, const struct world *w, struct book *book, uint32_t unit,
                 struct wall_ms to)
{
    const struct timeline *states = world_unit_timeline(w, unit);
    struct timeline_span first =
        timeline_span_at(states, timeline_index(states, (struct wall_ms){0}));
    struct tally_carry carry = {0};
    struct tally before = tally_of(w, unit, (struct wall_ms){0}, (struct wall_ms){1}, &carry);
    int64_t change = first.to.ms < to.ms ? first.to.ms : to.ms;
    int64_t day = floor_div(change + h->zone_ms, HOURS_DAY_MS);
    book->end = day * HOURS_DAY_MS - h->zone_ms;
    book->last = before.end;
    book->carry = carry;
    struct tally row = {.end = before.end};
    return put_row(h, unit, 0, &row);
}

/* A whole day that goes on as the hour before it ended: no rows. */
static bool pass_day(struct hours *h, const struct world *w, struct book *book, uint32_t unit,
                     int64_t to)
{
    int64_t end = book->end + HOURS_DAY_MS;
    const struct timeline *states = world_unit_timeline(w, unit);
    struct wall_ms from = {book->end};
    (void)h;
    if (book->part || end > to ||
        timeline_span_at(states, timeline_index(states, from)).to.ms < end)
        return false;
    struct tally_carry carry = book->carry;
    struct tally day = tally_of(w, unit, from, (struct wall_ms){end}, &carry);
    struct tally plain = tally_plain(book->last, HOURS_DAY_MS);
    if (!tally_equal(&day, &plain))
        return false;
    book->carry = carry;
    book->end = end;
    return true;
}

static int end_hour(struct hours *h, struct book *book, uint32_t unit, int64_t hour)
{
    struct tally *t = &book->part->hour;
    struct tally plain = tally_plain(book->last, HOURS_HOUR_MS);
    int err = tally_equal(t, &plain) ? 0 : put_row(h, unit, hour, t);
    book->last = t->end;
    *t = (struct tally){0};
    return err;
}

/* The rest of the hour, or as much of it as is to be settled. */
static int pass_hour(struct hours *h, const struct world *w, struct book *book, uint32_t unit,
                     int64_t to)
{
    int64_t hour = hours_number((struct wall_ms){book->end}, h->zone_ms);
    int64_t whole = hours_start(hour + 1, h->zone_ms).ms;
    int64_t end = whole < to ? whole : to;
    if (!book->part)
        book->part = calloc(1, sizeof *book->part);
    if (!book->part)
        return ERR_NOMEM;
    struct tally more =
        tally_of(w, unit, (struct wall_ms){book->end}, (struct wall_ms){end}, &book->carry);
    tally_join(&book->part->hour, &more);
    tally_join(&book->part->day, &more);
    book->end = end;
    int err = end == whole ? end_hour(h, book, unit, hour) : 0;
    if (!err && floor_div(end + h->zone_ms, HOURS_DAY_MS) * HOURS_DAY_MS == end + h->zone_ms) {
        free(book->part);
        book->part = NULL;
    }
    return err;
}

int hours_settle(struct hours *h, const struct world *w, uint32_t unit, struct wall_ms to)
{
    struct book *book = book_of(h, unit);
    if (!book)
        return ERR_NOMEM;
    int err = book->end == INT64_MIN ? begin(h, w, book, unit, to) : 0;
    while (!err && book->end < to.ms)
        if (!pass_day(h, w, book, unit, to.ms))
            err = pass_hour(h, w, book, unit, to.ms);
    return err ? err : dirty_add(&h->changed, unit);
}

uint32_t hours_units(const struct hours *h)
{
    return (uint32_t)h->books.len;
}

struct wall_ms hours_end(const struct hours *h, uint32_t unit)
{
    const struct book *book = known(h, unit);
    return (struct wall_ms){book ? book->end : INT64_MIN};
}

struct tally_carry hours_carry(const struct hours *h, uint32_t unit)
{
    const struct book *book = known(h, unit);
    return book ? book->carry : (struct tally_carry){0};
}

const struct tally *hours_of_hour(const struct hours *h, uint32_t unit)
{
    const struct book *book = known(h, unit);
    bool part = book && book->part && (book->end + h->zone_ms) % HOURS_HOUR_MS != 0;
    return part ? &book->part->hour : NULL;
}

const struct tally *hours_of_day(const struct hours *h, uint32_t unit)
{
    const struct book *book = known(h, unit);
    return book && book->part ? &book->part->day : NULL;
}

/* ---- rows of ROW_HOURS: version u8, end i64, flags u8, state and cause u8 each, [hour, day] ----
 */

enum { OUT = 1, DOWN = 2, UNVERIFIED = 8, PARTLY = 16 };

static int save_book(const struct hours *h, uint32_t unit, const struct row_sink *sink)
{
    const struct book *book = vec_at(&h->books, unit);
    struct archive_key key;
    struct buf b;
    buf_init(&b, ROW_BYTES_MAX);
    buf_char(&b, ROW_VERSION);
    buf_le64(&b, (uint64_t)book->end);
    buf_char(&b, (char)(book->carry.out * OUT | book->carry.down * DOWN |
                        book->last.unverified * UNVERIFIED | (book->part ? PARTLY : 0)));
    buf_char(&b, (char)book->last.state);
    buf_char(&b, (char)book->last.cause);
    if (book->part) {
        tally_write(&book->part->hour, &b);
        tally_write(&book->part->day, &b);
    }
    int err = b.err ? b.err
                    : sink->put(sink->context, ROW_HOURS,
                                archive_key_make(&key, ARCHIVE_KEY_SHORT, unit, 0, 0),
                                (struct slice){b.data, b.len});
    buf_done(&b);
    return err;
}

static int save_rows(struct hours *h, const struct row_sink *sink)
{
    int err = archive_rows_save(&h->rows, ROW_HOUR, ARCHIVE_KEY_SHORT, sink);
    if (!err)
        buf_done(&h->rows); /* mostly there are none */
    if (!err)
        buf_init(&h->rows, ROWS_BYTES_MAX);
    return err;
}

int hours_save(struct hours *h, const struct row_sink *sink)
{
    int err = save_rows(h, sink);
    for (size_t i = 0; !err && i < dirty_len(&h->changed); i++)
        err = save_book(h, dirty_at(&h->changed, i), sink);
    if (!err)
        dirty_clear(&h->changed);
    return err;
}

static int load_part(struct cursor *c, struct book *book)
{
    book->part = calloc(1, sizeof *book->part);
    if (!book->part)
        return ERR_NOMEM;
    book->part->hour = tally_read(c);
    book->part->day = tally_read(c);
    return 0;
}

int hours_load(struct hours *h, struct slice key, struct slice value)
{
    uint32_t unit;
    int64_t zero;
    struct cursor c;
    if (!archive_key_read(key, ARCHIVE_KEY_SHORT, &unit, &zero, NULL) || unit >= UNITS_MAX)
        return ERR_CORRUPT;
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != ROW_VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    struct book *book = book_of(h, unit);
    if (!book)
        return ERR_NOMEM;
    book->end = (int64_t)cursor_le64(&c);
    uint8_t flags = cursor_u8(&c);
    book->carry = (struct tally_carry){flags & OUT, flags & DOWN};
    book->last.unverified = flags & UNVERIFIED;
    book->last.state = cursor_u8(&c);
    book->last.cause = cursor_u8(&c);
    int err = flags & PARTLY ? load_part(&c, book) : 0;
    bool good = !c.err && cursor_left(&c) == 0 && book->last.state < STATE_COUNT &&
                book->last.cause <= CAUSE_NONE;
    return err ? err : good ? 0 : ERR_CORRUPT;
}
