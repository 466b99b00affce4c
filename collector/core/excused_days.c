#include "core/excused_days.h"

#include "base/err.h"
#include "core/archive_key.h"
#include "core/archive_rows.h"
#include "core/calendar.h"

enum { ROW_VERSION = 1, ROWS_BYTES_MAX = 64 << 20 };

void excused_days_init(struct excused_days *e, int64_t zone_ms)
{
    *e = (struct excused_days){.zone_ms = zone_ms};
    buf_init(&e->rows, ROWS_BYTES_MAX);
}

void excused_days_done(struct excused_days *e)
{
    buf_done(&e->rows);
}

static int put_row(struct excused_days *e, uint32_t unit, int64_t day, int64_t from_ms,
                   const struct tally *t)
{
    struct archive_key key;
    size_t begun =
        archive_rows_begin(&e->rows, archive_key_make(&key, ARCHIVE_KEY_LONG, unit, day, from_ms));
    buf_char(&e->rows, ROW_VERSION);
    tally_write(t, &e->rows);
    return archive_rows_end(&e->rows, begun);
}

/* What was before a timeline began is in no day that is kept. */
static struct wall_ms known_from(const struct world *w, uint32_t unit, struct wall_ms from)
{
    struct wall_ms first = timeline_span_at(world_unit_timeline(w, unit), 0).from;
    return first.ms > from.ms ? first : from;
}

int excused_days_settle(struct excused_days *e, const struct world *w, uint32_t unit,
                        struct wall_ms from, struct tally_carry carry, struct wall_ms to)
{
    struct excuse excuse = excuse_of(world_inventory(w), unit);
    struct tally_carry shown = carry;
    int err = 0;
    if (excuse.n == 0 || world_unit_timeline(w, unit)->len == 0)
        return 0;
    from = known_from(w, unit, from);
    for (struct wall_ms next; !err && from.ms < to.ms; from = next) {
        int64_t day = calendar_day(from, e->zone_ms);
        next = calendar_midnight(day + 1, e->zone_ms);
        next = next.ms < to.ms ? next : to;
        /* An outage that began in the maintenance counts on a later day, too, if it goes on then.
         */
        bool differs =
            excuse_touches(&excuse, from.ms, next.ms) || !tally_carry_equal(carry, shown);
        struct tally t = tally_excused(w, unit, &excuse, from, next, &carry);
        (void)tally_of(w, unit, from, next, &shown);
        if (differs)
            err = put_row(e, unit, day, from.ms - calendar_midnight(day, e->zone_ms).ms, &t);
    }
    return err;
}

int excused_days_save(struct excused_days *e, const struct row_sink *sink)
{
    int err = archive_rows_save(&e->rows, ROW_EXCUSED, ARCHIVE_KEY_LONG, sink);
    if (!err)
        buf_clear(&e->rows);
    return err;
}

int excused_days_read(struct slice key, struct slice value, struct excused_day *ret_day)
{
    struct excused_day d = {0};
    uint32_t unit;
    struct cursor c;
    if (!archive_key_read(key, ARCHIVE_KEY_LONG, &unit, &d.day, &d.from_ms))
        return ERR_CORRUPT;
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != ROW_VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    d.tally = tally_read(&c);
    if (c.err || cursor_left(&c) > 0)
        return ERR_CORRUPT;
    *ret_day = d;
    return 0;
}
