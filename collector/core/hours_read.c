#include "core/hours_read.h"

#include "base/err.h"

enum { ROW_VERSION = 1 };

void hours_read_begin(struct hours_read *r, int64_t from, int64_t to, void *context,
                      int (*pass)(void *context, int64_t hour, int64_t hours,
                                  const struct tally *tally))
{
    *r = (struct hours_read){.next = from,
                             .end = to,
                             .last = {STATE_UNOBSERVED, CAUSE_UNKNOWN, false},
                             .context = context,
                             .pass = pass};
}

/* Hours without rows up to `hour`. */
static int pass_plain(struct hours_read *r, int64_t hour)
{
    int64_t hours = (hour < r->end ? hour : r->end) - r->next;
    if (hours <= 0)
        return 0;
    struct tally plain = tally_plain(r->last, hours * HOURS_HOUR_MS);
    int64_t first = r->next;
    r->next += hours;
    return r->pass(r->context, first, hours, &plain);
}

int hours_read_row(struct hours_read *r, int64_t hour, struct slice value)
{
    struct cursor c;
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != ROW_VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    struct tally t = tally_read(&c);
    if (c.err || cursor_left(&c) > 0)
        return ERR_CORRUPT;
    int err = pass_plain(r, hour);
    if (!err && hour == r->next && hour < r->end) {
        r->next++;
        err = r->pass(r->context, hour, 1, &t);
    }
    r->last = t.end;
    return err;
}

int hours_read_end(struct hours_read *r)
{
    return pass_plain(r, r->end);
}
