#include "core/retention.h"

#include "core/archive_key.h"
#include "core/calendar.h"
#include "core/hours.h"

enum { SECOND_MS = 1000 };

/* What the first number of a key counts, and whether the last row before the limit is needed. */
static const struct {
    uint8_t kind;
    int32_t step_ms;
    bool local;
    bool last_stays;
} archives[] = {
    {ROW_HOUR, HOURS_HOUR_MS, true, true},
    {ROW_REVISION, HOURS_DAY_MS, true, false},
    {ROW_EXCUSED, HOURS_DAY_MS, true, false},
    {ROW_OUTAGE_PAST, SECOND_MS, false, false},
};

void retention_init(struct retention *r, int64_t keep_ms, int64_t zone_ms)
{
    *r = (struct retention){.keep_ms = keep_ms, .zone_ms = zone_ms, .day = INT64_MIN};
}

void retention_advance(struct retention *r, struct wall_ms now, uint32_t units)
{
    int64_t day = calendar_day(now, r->zone_ms);
    if (r->keep_ms <= 0 || day == r->day)
        return;
    r->day = day;
    int64_t first = calendar_day(wall_add(now, -r->keep_ms), r->zone_ms);
    r->before = calendar_midnight(first, r->zone_ms);
    r->next = 0;
    r->units = r->before.ms > 0 ? units : 0;
}

static int forget_unit(const struct retention *r, uint32_t unit, const struct row_sink *sink)
{
    int err = 0;
    for (size_t i = 0; !err && i < sizeof archives / sizeof *archives; i++) {
        struct archive_key keys[2];
        int64_t limit = (r->before.ms + (archives[i].local ? r->zone_ms : 0)) / archives[i].step_ms;
        err = sink->forget(sink->context, archives[i].kind,
                           archive_key_make(&keys[0], ARCHIVE_KEY_SHORT, unit, 0, 0),
                           archive_key_make(&keys[1], ARCHIVE_KEY_SHORT, unit, limit, 0),
                           archives[i].last_stays);
    }
    return err;
}

int retention_save(struct retention *r, const struct row_sink *sink)
{
    uint32_t end = r->units - r->next > RETENTION_UNITS ? r->next + RETENTION_UNITS : r->units;
    int err = 0;
    for (; !err && r->next < end; r->next += !err)
        err = forget_unit(r, r->next, sink);
    return err;
}
