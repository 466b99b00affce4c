#include "core/period.h"

#include "base/err.h"
#include "core/archive_key.h"
#include "core/calendar.h"
#include "core/hours_read.h"

enum { UNITS_MAX = 16 << 20, PIECES_MAX = 1 << 20, DAY_HOURS = 24 };

/* Sums of settled hours between days that a figure may have to leave out. */
struct piece {
    int64_t from, to; /* local hours */
    struct tally tally;
};

void period_reading_init(struct period_reading *reading, struct validity span, int64_t zone_ms)
{
    *reading = (struct period_reading){.zone_ms = zone_ms, .span = span};
    vec_init(&reading->histories, sizeof(struct period_history), UNITS_MAX);
}

void period_reading_done(struct period_reading *reading)
{
    for (size_t i = 0; i < reading->histories.len; i++) {
        struct period_history *history = vec_at(&reading->histories, i);
        vec_done(&history->pieces);
        vec_done(&history->days);
        vec_done(&history->revisions);
        vec_done(&history->excused);
    }
    vec_done(&reading->histories);
}

static const struct period_history *history_of(const struct period_reading *reading, uint32_t unit)
{
    size_t low = 0;
    size_t high = reading->histories.len;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct period_history *history = vec_at(&reading->histories, mid);
        if (history->unit == unit)
            return history;
        if (history->unit < unit)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* Days rise, each once. */
static int add_day(struct period_history *history, int64_t day)
{
    size_t at = history->days.len;
    while (at > 0 && *(int64_t *)vec_at(&history->days, at - 1) >= day)
        at--;
    if (at < history->days.len && *(int64_t *)vec_at(&history->days, at) == day)
        return 0;
    int64_t *slot = vec_insert(&history->days, at);
    if (!slot)
        return ERR_NOMEM;
    *slot = day;
    return 0;
}

int period_want(struct period_reading *reading, const struct annals *a, uint32_t unit)
{
    struct period_history *history = vec_push(&reading->histories);
    size_t n = 0;
    const int64_t *days = revisions_days(a->revisions, unit, &n);
    int err = 0;
    if (!history)
        return ERR_NOMEM;
    *history = (struct period_history){.unit = unit, .wanted = hours_end(a->hours, unit)};
    vec_init(&history->pieces, sizeof(struct piece), PIECES_MAX);
    vec_init(&history->days, sizeof(int64_t), PIECES_MAX);
    vec_init(&history->revisions, sizeof(struct revision), PIECES_MAX);
    vec_init(&history->excused, sizeof(struct excused_day), PIECES_MAX);
    for (size_t i = 0; !err && i < n; i++)
        err = add_day(history, days[i]);
    return err;
}

bool period_fits(const struct period_reading *reading, const struct annals *a, uint32_t unit)
{
    const struct period_history *history = history_of(reading, unit);
    return history && history->wanted.ms == hours_end(a->hours, unit).ms;
}

/* ---- reading ---- */

/* The first hour after `hour` at which a day begins or ends that may have to be left out. */
static int64_t next_cut(const struct period_history *history, int64_t hour)
{
    const int64_t *days = history->days.items;
    for (size_t i = 0; i < history->days.len; i++) {
        if (days[i] * DAY_HOURS > hour)
            return days[i] * DAY_HOURS;
        if ((days[i] + 1) * DAY_HOURS > hour)
            return (days[i] + 1) * DAY_HOURS;
    }
    return INT64_MAX;
}

static int add_piece(struct period_history *history, int64_t hour, int64_t hours,
                     const struct tally *tally)
{
    struct piece *last =
        history->pieces.len ? vec_at(&history->pieces, history->pieces.len - 1) : NULL;
    if (last && next_cut(history, last->from) > hour) {
        last->to = hour + hours;
        tally_join(&last->tally, tally);
        return 0;
    }
    struct piece *piece = vec_push(&history->pieces);
    if (!piece)
        return ERR_NOMEM;
    *piece = (struct piece){hour, hour + hours, *tally};
    return 0;
}

/* Several hours are plain, so that they can be cut anywhere. */
static int pass_hours(void *context, int64_t hour, int64_t hours, const struct tally *tally)
{
    struct period_history *history = context;
    int err = 0;
    if (hours == 1)
        return add_piece(history, hour, 1, tally);
    while (!err && hours > 0) {
        int64_t cut = next_cut(history, hour);
        int64_t n = cut - hour < hours ? cut - hour : hours;
        struct tally part = tally_plain(tally->end, n * HOURS_HOUR_MS);
        err = add_piece(history, hour, n, &part);
        hour += n;
        hours -= n;
    }
    return err;
}

static int take_hour(void *taker, struct slice key, struct slice value)
{
    uint32_t unit;
    int64_t hour;
    if (!archive_key_read(key, ARCHIVE_KEY_SHORT, &unit, &hour, NULL))
        return ERR_CORRUPT;
    return hours_read_row(taker, hour, value);
}

static int read_hours(const struct period_reading *reading, struct period_history *history,
                      const struct row_source *source)
{
    int64_t from = hours_number(reading->span.from, reading->zone_ms);
    int64_t to = hours_number(reading->span.to, reading->zone_ms);
    int64_t settled = hours_number(history->wanted, reading->zone_ms);
    struct archive_key keys[3];
    struct hours_read read;
    if (history->wanted.ms == INT64_MIN || settled <= from)
        return 0;
    to = settled < to ? settled : to;
    hours_read_begin(&read, from, to, history, pass_hours);
    struct slice first = archive_key_make(&keys[0], ARCHIVE_KEY_SHORT, history->unit, 0, 0);
    struct slice begin = archive_key_make(&keys[1], ARCHIVE_KEY_SHORT, history->unit, from, 0);
    struct slice end = archive_key_make(&keys[2], ARCHIVE_KEY_SHORT, history->unit, to, 0);
    int err = source->last(source->context, ROW_HOUR, first, begin, take_hour, &read);
    if (!err)
        err = source->range(source->context, ROW_HOUR, begin, end, take_hour, &read);
    return err ? err : hours_read_end(&read);
}

/* Whose days are read, and in which zone. */
struct taking {
    struct period_history *history;
    int64_t zone_ms;
};

static int take_revision(void *taker, struct slice key, struct slice value)
{
    struct taking *taking = taker;
    struct revision *slot = vec_push(&taking->history->revisions);
    if (!slot)
        return ERR_NOMEM;
    int err = revisions_read(key, value, taking->zone_ms, slot);
    return err ? err : add_day(taking->history, slot->day);
}

static int take_excused(void *taker, struct slice key, struct slice value)
{
    struct taking *taking = taker;
    struct excused_day *slot = vec_push(&taking->history->excused);
    if (!slot)
        return ERR_NOMEM;
    int err = excused_days_read(key, value, slot);
    return err ? err : add_day(taking->history, slot->day);
}

/* Rows of whole local days: revisions, and days with maintenance declared in retrospect. */
static int read_days(const struct period_reading *reading, struct period_history *history,
                     const struct row_source *source)
{
    struct taking taking = {history, reading->zone_ms};
    struct archive_key keys[2];
    int64_t from = calendar_day(reading->span.from, reading->zone_ms);
    int64_t to = calendar_day(reading->span.to, reading->zone_ms);
    struct slice begin = archive_key_make(&keys[0], ARCHIVE_KEY_LONG, history->unit, from, 0);
    struct slice end = archive_key_make(&keys[1], ARCHIVE_KEY_LONG, history->unit, to, 0);
    int err = source->range(source->context, ROW_REVISION, begin, end, take_revision, &taking);
    return err ? err
               : source->range(source->context, ROW_EXCUSED, begin, end, take_excused, &taking);
}

int period_read(struct period_reading *reading, const struct row_source *source)
{
    int err = 0;
    for (size_t i = 0; !err && i < reading->histories.len; i++) {
        struct period_history *history = vec_at(&reading->histories, i);
        err = read_days(reading, history, source);
        if (!err)
            err = read_hours(reading, history, source);
    }
    return err;
}

/* ---- figures ---- */

/* One figure in the making. */
struct making {
    const struct period_reading *reading;
    const struct period_history *history;
    const struct annals *a;
    uint32_t unit;
    struct period_when when;
    struct excuse excuse; /* of the unit, if it is asked for */
    bool apart;           /* an outage that is on where the figure stands is another with it */
    struct tally sum;
};

/* [from, to) as it is now: settled hours, the settled part of an hour, the timeline. Both are
 * midnights, or to is now. */
static void add_present(struct making *m, int64_t from, int64_t to)
{
    int64_t zone_ms = m->reading->zone_ms;
    struct wall_ms settled = hours_end(m->a->hours, m->unit);
    for (size_t i = 0; i < m->history->pieces.len; i++) {
        const struct piece *piece = vec_at(&m->history->pieces, i);
        if (hours_start(piece->from, zone_ms).ms >= from &&
            hours_start(piece->to, zone_ms).ms <= to)
            tally_join(&m->sum, &piece->tally);
    }
    const struct tally *part = hours_of_hour(m->a->hours, m->unit);
    if (part && settled.ms > from && settled.ms <= to)
        tally_join(&m->sum, part);
    int64_t begin = settled.ms > from ? settled.ms : from;
    if (begin >= to)
        return;
    struct tally_carry carry = tally_carry_at(
        m->a->world, m->unit, settled, hours_carry(m->a->hours, m->unit), (struct wall_ms){begin});
    struct tally more =
        tally_of(m->a->world, m->unit, (struct wall_ms){begin}, (struct wall_ms){to}, &carry);
    tally_join(&m->sum, &more);
}

/* The settled part of the day with maintenance declared in retrospect, if that was kept of all of
 * it. */
static bool settled_excused(const struct making *m, int64_t day, int64_t ms, struct tally *sum)
{
    *sum = (struct tally){0};
    for (size_t i = 0; i < m->history->excused.len; i++) {
        const struct excused_day *part = vec_at(&m->history->excused, i);
        if (part->day == day)
            tally_join(sum, &part->tally);
    }
    for (int state = 0; state < STATE_COUNT; state++)
        ms -= sum->sum.state_ms[state];
    return ms == 0;
}

/* The day as it would be with maintenance declared in retrospect: false, with nothing added, where
 * that is not known. */
static bool add_excused(struct making *m, struct wall_ms from, struct wall_ms to)
{
    struct wall_ms settled = hours_end(m->a->hours, m->unit);
    struct wall_ms begin = settled.ms > from.ms ? settled : from;
    struct tally part = {0};
    begin = begin.ms < to.ms ? begin : to;
    if (begin.ms > from.ms &&
        !settled_excused(m, calendar_day(from, m->reading->zone_ms), begin.ms - from.ms, &part))
        return false;
    tally_join(&m->sum, &part);
    if (begin.ms == to.ms)
        return true;
    struct tally_carry carry = hours_carry(m->a->hours, m->unit);
    if (begin.ms > settled.ms)
        (void)tally_excused(m->a->world, m->unit, &m->excuse,
                            (struct wall_ms){settled.ms > 0 ? settled.ms : 0}, begin, &carry);
    struct tally more = tally_excused(m->a->world, m->unit, &m->excuse, begin, to, &carry);
    tally_join(&m->sum, &more);
    m->apart = !tally_carry_equal(carry, tally_carry_at(m->a->world, m->unit, settled,
                                                        hours_carry(m->a->hours, m->unit), to));
    return true;
}

/* The day as it was recorded by then: what the first later revision replaced, else what is shown
 * while it is changing, else what it is. */
static void add_day_as_of(struct making *m, int64_t day, int64_t now)
{
    int64_t zone_ms = m->reading->zone_ms;
    struct tally recorded;
    m->apart = false;
    for (size_t i = 0; i < m->history->revisions.len; i++) {
        const struct revision *revision = vec_at(&m->history->revisions, i);
        if (m->when.recorded && revision->day == day && revision->at.ms > m->when.as_of.ms) {
            tally_join(&m->sum, &revision->before);
            return;
        }
    }
    int64_t from = calendar_midnight(day, zone_ms).ms;
    int64_t to = calendar_midnight(day + 1, zone_ms).ms;
    to = to < now ? to : now;
    if (m->when.recorded && revisions_recorded(m->a->revisions, m->unit, day, &recorded))
        tally_join(&m->sum, &recorded);
    else if (!m->when.excused || !add_excused(m, (struct wall_ms){from}, (struct wall_ms){to}))
        add_present(m, from, to);
}

/* The first day at or after `day` whose timeline maintenance declared in retrospect touches, or an
 * outage that began in it. */
static int64_t next_excused(const struct making *m, int64_t day)
{
    int64_t zone_ms = m->reading->zone_ms;
    int64_t end = m->reading->span.to.ms;
    if (m->excuse.n == 0 || m->apart)
        return m->apart ? day : INT64_MAX;
    for (; calendar_midnight(day, zone_ms).ms < end; day++)
        if (excuse_touches(&m->excuse, calendar_midnight(day, zone_ms).ms,
                           calendar_midnight(day + 1, zone_ms).ms))
            return day;
    return INT64_MAX;
}

/* The first day at or after `day` that a figure may have to leave out. */
static int64_t next_day(const struct making *m, int64_t day)
{
    size_t n = 0;
    int64_t next = next_excused(m, day);
    const int64_t *changing = revisions_days(m->a->revisions, m->unit, &n);
    for (size_t i = 0; i < n; i++)
        next = changing[i] >= day && changing[i] < next ? changing[i] : next;
    for (size_t i = 0; i < m->history->days.len; i++) {
        int64_t known = *(int64_t *)vec_at(&m->history->days, i);
        next = known >= day && known < next ? known : next;
    }
    return next;
}

struct availability period_of_unit(const struct period_reading *reading, const struct annals *a,
                                   uint32_t unit, struct period_when when)
{
    struct making m = {.reading = reading,
                       .history = history_of(reading, unit),
                       .a = a,
                       .unit = unit,
                       .when = when};
    if (when.excused)
        m.excuse = excuse_of(world_inventory(a->world), unit);
    int64_t zone_ms = reading->zone_ms;
    int64_t now = world_now(a->world).ms;
    int64_t end = reading->span.to.ms < now ? reading->span.to.ms : now;
    int64_t t = reading->span.from.ms;
    while (m.history && (when.recorded || when.excused) && t < end) {
        int64_t day = next_day(&m, calendar_day((struct wall_ms){t}, zone_ms));
        if (day == INT64_MAX || calendar_midnight(day, zone_ms).ms >= end)
            break;
        add_present(&m, t, calendar_midnight(day, zone_ms).ms);
        add_day_as_of(&m, day, now);
        t = calendar_midnight(day + 1, zone_ms).ms;
    }
    if (m.history && t < end)
        add_present(&m, t, end);
    return m.sum.sum;
}

bool period_excused(const struct period_reading *reading, const struct annals *a, uint32_t unit)
{
    const struct period_history *history = history_of(reading, unit);
    struct excuse excuse = excuse_of(world_inventory(a->world), unit);
    return (history && history->excused.len > 0) ||
           excuse_touches(&excuse, reading->span.from.ms, reading->span.to.ms);
}

int period_revised(const struct period_reading *reading, uint32_t unit, struct wall_ms after,
                   struct vec *instants)
{
    const struct period_history *history = history_of(reading, unit);
    for (size_t i = 0; history && i < history->revisions.len; i++) {
        const struct revision *revision = vec_at(&history->revisions, i);
        struct wall_ms *slot = revision->at.ms > after.ms ? vec_push(instants) : NULL;
        if (!slot && revision->at.ms > after.ms)
            return ERR_NOMEM;
        if (slot)
            *slot = revision->at;
    }
    return 0;
}

enum revision_reason period_reason(const struct period_reading *reading, uint32_t unit,
                                   struct wall_ms at, bool *ret_any)
{
    const struct period_history *history = history_of(reading, unit);
    for (size_t i = 0; history && i < history->revisions.len; i++) {
        const struct revision *revision = vec_at(&history->revisions, i);
        if (revision->at.ms == at.ms) {
            *ret_any = true;
            return revision->reason;
        }
    }
    return REVISION_LATE_EVIDENCE;
}
