#include "core/revisions.h"

#include "base/err.h"
#include "core/archive_key.h"
#include "core/archive_rows.h"
#include "core/calendar.h"
#include "core/dirty.h"

#include <stdlib.h>
#include <string.h>

enum {
    UNITS_MAX = 16 << 20,
    DAYS_MAX = 1024, /* of one episode: more than fine timelines hold */
    ROWS_BYTES_MAX = 256 << 20,
    ROW_BYTES_MAX = 1 << 20,
    ROW_VERSION = 1
};

/* A final day that is changing. */
struct changing {
    struct tally recorded; /* as shown until the episode ends */
    struct tally became;   /* where its hours have been settled since */
    bool settled;          /* became is known */
};

/* The days of one unit that evidence is changing. */
struct episode {
    uint32_t unit;
    enum revision_reason reason;
    int64_t opened, latest; /* first and last change, by the centre's clock */
    struct vec numbers;     /* int64_t days, rising */
    struct vec days;        /* struct changing, beside numbers */
};

struct revisions {
    struct revisions_options options;
    const struct hours *hours;
    const struct world *world;
    int64_t now;
    int64_t final;
    enum revision_reason reason;
    struct vec episodes;  /* struct episode */
    struct vec units;     /* uint32_t, beside episodes */
    struct vec slots;     /* uint32_t by unit: 1 + its place in episodes, 0 = none */
    struct dirty changed; /* units whose row has to be saved */
    struct buf rows;      /* ROW_REVISION rows to be saved: key, length u16, value */
};

struct revisions *revisions_new(const struct revisions_options *options, const struct hours *h,
                                const struct world *w)
{
    struct revisions *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    *r = (struct revisions){
        .options = *options, .hours = h, .world = w, .now = INT64_MIN, .final = INT64_MIN};
    vec_init(&r->episodes, sizeof(struct episode), UNITS_MAX);
    vec_init(&r->units, sizeof(uint32_t), UNITS_MAX);
    vec_init(&r->slots, sizeof(uint32_t), UNITS_MAX);
    dirty_init(&r->changed, UNITS_MAX);
    buf_init(&r->rows, ROWS_BYTES_MAX);
    return r;
}

static void episode_done(struct episode *e)
{
    vec_done(&e->numbers);
    vec_done(&e->days);
}

void revisions_free(struct revisions *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->episodes.len; i++)
        episode_done(vec_at(&r->episodes, i));
    vec_done(&r->episodes);
    vec_done(&r->units);
    vec_done(&r->slots);
    dirty_done(&r->changed);
    buf_done(&r->rows);
    free(r);
}

/* ---- episodes ---- */

static uint32_t *slot_of(const struct revisions *r, uint32_t unit)
{
    return unit < r->slots.len ? vec_at(&r->slots, unit) : NULL;
}

static struct episode *find(const struct revisions *r, uint32_t unit)
{
    const uint32_t *slot = slot_of(r, unit);
    return slot && *slot ? vec_at(&r->episodes, *slot - 1) : NULL;
}

static struct episode *open_episode(struct revisions *r, uint32_t unit)
{
    struct episode *e = find(r, unit);
    if (e)
        return e;
    while (r->slots.len <= unit)
        if (!vec_push(&r->slots))
            return NULL;
    uint32_t *number = vec_push(&r->units);
    e = number ? vec_push(&r->episodes) : NULL;
    if (!e)
        return NULL;
    *number = unit;
    *e = (struct episode){.unit = unit, .reason = r->reason, .opened = r->now, .latest = r->now};
    vec_init(&e->numbers, sizeof(int64_t), DAYS_MAX);
    vec_init(&e->days, sizeof(struct changing), DAYS_MAX);
    *slot_of(r, unit) = (uint32_t)r->episodes.len;
    return e;
}

/* The last one takes the place that becomes free. */
static void drop_episode(struct revisions *r, struct episode *e)
{
    uint32_t at = *slot_of(r, e->unit) - 1;
    struct episode *last = vec_at(&r->episodes, r->episodes.len - 1);
    *slot_of(r, e->unit) = 0;
    episode_done(e);
    if (last != e) {
        memcpy(e, last, sizeof *e);
        *(uint32_t *)vec_at(&r->units, at) = e->unit;
        *slot_of(r, e->unit) = at + 1;
    }
    r->episodes.len--;
    r->units.len--;
}

/* Index of the first day of the episode at or after `day`. */
static size_t lower(const struct episode *e, int64_t day)
{
    const int64_t *numbers = e->numbers.items;
    size_t at = e->numbers.len;
    while (at > 0 && numbers[at - 1] >= day)
        at--;
    return at;
}

static struct changing *day_of(const struct episode *e, int64_t day)
{
    size_t at = lower(e, day);
    bool there = at < e->numbers.len && *(int64_t *)vec_at(&e->numbers, at) == day;
    return there ? vec_at(&e->days, at) : NULL;
}

static struct changing *add_day(struct episode *e, int64_t day)
{
    size_t at = lower(e, day);
    int64_t *number = vec_insert(&e->numbers, at);
    if (!number)
        return NULL;
    *number = day;
    return vec_insert(&e->days, at);
}

const int64_t *revisions_days(const struct revisions *r, uint32_t unit, size_t *ret_len)
{
    const struct episode *e = find(r, unit);
    *ret_len = e ? e->numbers.len : 0;
    return e ? e->numbers.items : NULL;
}

const uint32_t *revisions_units(const struct revisions *r, size_t *ret_len)
{
    *ret_len = r->units.len;
    return r->units.items;
}

bool revisions_recorded(const struct revisions *r, uint32_t unit, int64_t day,
                        struct tally *ret_tally)
{
    const struct episode *e = find(r, unit);
    const struct changing *c = e ? day_of(e, day) : NULL;
    if (c)
        *ret_tally = c->recorded;
    return c != NULL;
}

/* ---- days ---- */

struct tally revisions_present(const struct revisions *r, uint32_t unit, int64_t day)
{
    struct wall_ms from = calendar_midnight(day, r->options.zone_ms);
    struct wall_ms to = calendar_midnight(day + 1, r->options.zone_ms);
    struct wall_ms settled = hours_end(r->hours, unit);
    const struct tally *part = hours_of_day(r->hours, unit);
    struct tally sum = {0};
    bool inside = settled.ms > from.ms && settled.ms < to.ms;
    if (inside && part)
        sum = *part;
    if (inside)
        from = settled;
    struct tally_carry carry =
        tally_carry_at(r->world, unit, settled, hours_carry(r->hours, unit), from);
    struct tally more = tally_of(r->world, unit, from, to, &carry);
    tally_join(&sum, &more);
    return sum;
}

/* Final, and not behind what ends the outage that the change may be part of. */
static bool is_touched(const struct revisions *r, int64_t day, int64_t to)
{
    int64_t from = calendar_midnight(day, r->options.zone_ms).ms;
    return from < r->final && from <= to;
}

int revisions_changing(struct revisions *r, uint32_t unit, struct wall_ms from, struct wall_ms to)
{
    int64_t zone_ms = r->options.zone_ms;
    struct validity touched = tally_touched(r->world, unit, from, to);
    int64_t settled = hours_end(r->hours, unit).ms;
    struct episode *e = open_episode(r, unit);
    if (!e)
        return ERR_NOMEM;
    e->latest = r->now;
    from.ms = touched.from.ms > settled ? touched.from.ms : settled;
    for (int64_t day = calendar_day(from, zone_ms); is_touched(r, day, touched.to.ms); day++) {
        if (day_of(e, day))
            continue;
        struct tally recorded = revisions_present(r, unit, day);
        struct changing *c = add_day(e, day);
        if (!c)
            return ERR_NOMEM;
        c->recorded = recorded;
    }
    return dirty_add(&r->changed, unit);
}

int revisions_forgetting(struct revisions *r, uint32_t unit, struct wall_ms to)
{
    struct episode *e = find(r, unit);
    for (size_t i = 0; e && i < e->numbers.len; i++) {
        int64_t day = *(int64_t *)vec_at(&e->numbers, i);
        struct changing *c = vec_at(&e->days, i);
        if (c->settled || calendar_midnight(day + 1, r->options.zone_ms).ms > to.ms)
            continue;
        c->became = revisions_present(r, unit, day);
        c->settled = true;
    }
    return e ? dirty_add(&r->changed, unit) : 0;
}

/* ---- the end of an episode ---- */

static int put_revision(struct revisions *r, const struct episode *e, int64_t day,
                        const struct changing *c, const struct tally *after, int64_t at)
{
    struct archive_key key;
    struct slice k = archive_key_make(&key, ARCHIVE_KEY_LONG, e->unit, day,
                                      hours_number((struct wall_ms){at}, r->options.zone_ms));
    size_t begun = archive_rows_begin(&r->rows, k);
    buf_char(&r->rows, ROW_VERSION);
    buf_char(&r->rows, (char)e->reason);
    tally_write(&c->recorded, &r->rows);
    tally_write(after, &r->rows);
    return archive_rows_end(&r->rows, begun);
}

static int record(struct revisions *r, struct episode *e, int64_t at)
{
    int err = 0;
    for (size_t i = 0; !err && i < e->numbers.len; i++) {
        int64_t day = *(int64_t *)vec_at(&e->numbers, i);
        const struct changing *c = vec_at(&e->days, i);
        struct tally after = c->settled ? c->became : revisions_present(r, e->unit, day);
        if (!tally_equal(&c->recorded, &after))
            err = put_revision(r, e, day, c, &after, at);
    }
    if (!err)
        err = dirty_add(&r->changed, e->unit);
    if (!err)
        drop_episode(r, e);
    return err;
}

/* Records the episodes that have ended at `at`, a full hour; all of them at midnight. */
static int record_ended(struct revisions *r, int64_t at, bool all)
{
    int err = 0;
    for (size_t i = r->episodes.len; !err && i-- > 0;) {
        struct episode *e = vec_at(&r->episodes, i);
        bool ended = e->latest <= at - REVISIONS_REST_MS || e->opened <= at - HOURS_HOUR_MS;
        if (all || ended)
            err = record(r, e, at);
    }
    return err;
}

void revisions_follow(struct revisions *r, struct wall_ms now)
{
    int64_t zone_ms = r->options.zone_ms;
    int64_t day = calendar_day(wall_add(now, -r->options.grace_ms), zone_ms);
    r->now = now.ms;
    r->final = calendar_midnight(day, zone_ms).ms;
}

int revisions_advance(struct revisions *r, struct wall_ms now)
{
    int64_t zone_ms = r->options.zone_ms;
    int64_t hour = hours_number(now, zone_ms);
    int err = 0;
    if (r->now != INT64_MIN && hour > hours_number((struct wall_ms){r->now}, zone_ms)) {
        int64_t midnight =
            calendar_midnight(calendar_day((struct wall_ms){r->now}, zone_ms) + 1, zone_ms).ms;
        bool passed = midnight <= now.ms;
        err = record_ended(r, passed ? midnight : hours_start(hour, zone_ms).ms, passed);
    }
    r->now = now.ms;
    return err;
}

struct wall_ms revisions_final(const struct revisions *r)
{
    return (struct wall_ms){r->final};
}

void revisions_because(struct revisions *r, enum revision_reason reason)
{
    r->reason = reason;
}

const char *revisions_reason_word(int reason)
{
    static const char *const words[] = {
#define REVISION_WORD(name, value, word) [value] = (word),
        REVISION_REASON_MAP(REVISION_WORD)
#undef REVISION_WORD
    };
    return reason >= 0 && reason < REVISION_REASONS ? words[reason] : "";
}

/* ---- rows of ROW_EPISODE: version u8, reason u8, opened i64, latest i64, then days: number u32,
 * settled u8, recorded, [became] ---- */

static void write_days(const struct episode *e, struct buf *b)
{
    for (size_t i = 0; i < e->numbers.len; i++) {
        const struct changing *c = vec_at(&e->days, i);
        buf_le32(b, (uint32_t) * (int64_t *)vec_at(&e->numbers, i));
        buf_char(b, (char)c->settled);
        tally_write(&c->recorded, b);
        if (c->settled)
            tally_write(&c->became, b);
    }
}

static int save_episode(const struct revisions *r, uint32_t unit, const struct row_sink *sink)
{
    const struct episode *e = find(r, unit);
    struct archive_key k;
    struct slice key = archive_key_make(&k, ARCHIVE_KEY_SHORT, unit, 0, 0);
    if (!e)
        return sink->drop(sink->context, ROW_EPISODE, key);
    struct buf b;
    buf_init(&b, ROW_BYTES_MAX);
    buf_char(&b, ROW_VERSION);
    buf_char(&b, (char)e->reason);
    buf_le64(&b, (uint64_t)e->opened);
    buf_le64(&b, (uint64_t)e->latest);
    write_days(e, &b);
    int err =
        b.err ? b.err : sink->put(sink->context, ROW_EPISODE, key, (struct slice){b.data, b.len});
    buf_done(&b);
    return err;
}

static int save_rows(struct revisions *r, const struct row_sink *sink)
{
    int err = archive_rows_save(&r->rows, ROW_REVISION, ARCHIVE_KEY_LONG, sink);
    if (!err)
        buf_clear(&r->rows);
    return err;
}

int revisions_save(struct revisions *r, const struct row_sink *sink)
{
    int err = save_rows(r, sink);
    for (size_t i = 0; !err && i < dirty_len(&r->changed); i++)
        err = save_episode(r, dirty_at(&r->changed, i), sink);
    if (!err)
        dirty_clear(&r->changed);
    return err;
}

static int load_days(struct episode *e, struct cursor *c)
{
    while (!c->err && cursor_left(c) > 0) {
        struct changing *day = add_day(e, cursor_le32(c));
        if (!day)
            return ERR_NOMEM;
        day->settled = cursor_u8(c) != 0;
        day->recorded = tally_read(c);
        if (day->settled)
            day->became = tally_read(c);
    }
    return c->err ? ERR_CORRUPT : 0;
}

int revisions_load(struct revisions *r, struct slice key, struct slice value)
{
    uint32_t unit;
    int64_t zero;
    struct cursor c;
    if (!archive_key_read(key, ARCHIVE_KEY_SHORT, &unit, &zero, NULL) || unit >= UNITS_MAX)
        return ERR_CORRUPT;
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != ROW_VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    struct episode *e = open_episode(r, unit);
    if (!e)
        return ERR_NOMEM;
    uint8_t reason = cursor_u8(&c);
    e->reason = (enum revision_reason)reason;
    e->opened = (int64_t)cursor_le64(&c);
    e->latest = (int64_t)cursor_le64(&c);
    return reason >= REVISION_REASONS ? ERR_CORRUPT : load_days(e, &c);
}

int revisions_read(struct slice key, struct slice value, int64_t zone_ms,
                   struct revision *ret_revision)
{
    struct revision v = {0};
    int64_t hour;
    struct cursor c;
    if (!archive_key_read(key, ARCHIVE_KEY_LONG, &v.unit, &v.day, &hour))
        return ERR_CORRUPT;
    v.at = hours_start(hour, zone_ms);
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != ROW_VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    uint8_t reason = cursor_u8(&c);
    v.reason = (enum revision_reason)reason;
    v.before = tally_read(&c);
    v.after = tally_read(&c);
    if (c.err || cursor_left(&c) > 0 || reason >= REVISION_REASONS)
        return ERR_CORRUPT;
    *ret_revision = v;
    return 0;
}
