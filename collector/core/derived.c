#include "core/derived.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"
#include "base/vec.h"
#include "core/derived_owed.h"

#include <stdlib.h>
#include <string.h>

enum { FLYING_MAX = 1024, CATCH_UP_INSTANTS = 3, OUTAGES_AT_ONCE = 256, ROW_VERSION = 1 };

/* In the keys of the rows that hold a kind's live mark, and what all its things are owed. */
static const uint32_t NO_THING = UINT32_MAX, ALL_THINGS = UINT32_MAX - 1;

static const int64_t MINUTE_MS = 60 * 1000;

/* The end of a dirty range while nothing is live yet: up to where the live mark will begin. */
static const uint32_t OPEN_END = UINT32_MAX;

/* Instants are kept as minutes since 1970; every grid is made of whole ones. 0 = none. */
struct range {
    uint32_t from, to;
};

struct thing {
    struct range dirty;
    struct range flying; /* taken from the dirty range, not settled */
    bool touched;        /* its row has to be saved */
};

struct kind {
    struct vec things;        /* struct thing */
    struct derived_owed owed; /* what the live mark was moved over */
    uint32_t live;            /* next live instant, 0 = not begun */
    uint32_t cursor;          /* things below have it already */
    uint32_t dirty;           /* things with a dirty range */
    uint32_t turn;            /* where to look for the next dirty one */
    uint32_t saved_live;      /* as in the store */
};

enum flight_of { FLIGHT_LIVE, FLIGHT_DIRTY, FLIGHT_OWED };

struct flight {
    struct derived_span span;
    enum flight_of of;
};

struct derived {
    struct derived_options options;
    struct kind kinds[DERIVED_GRIDS];
    struct derived_outages outages;
    struct flight flying[FLYING_MAX];
    size_t n_flying;
    uint32_t pace; /* corrected instants of areas at once */
};

static const struct {
    enum derived_grid grid;
    bool closed;
} KINDS[DERIVED_GRIDS] = {

#define DERIVED_ROW(name, number, grid, closed) {grid, closed},
    DERIVED_KIND_MAP(DERIVED_ROW)
#undef DERIVED_ROW
};

struct derived *derived_new(const struct derived_options *options)
{
    struct derived *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->options = *options;
    d->pace = UINT32_MAX;
    for (int k = 0; k < DERIVED_GRIDS; k++)
        vec_init(&d->kinds[k].things, sizeof(struct thing), options->max);
    derived_outages_init(&d->outages, options->max);
    return d;
}

void derived_free(struct derived *d)
{
    if (!d)
        return;
    for (int k = 0; k < DERIVED_GRIDS; k++)
        vec_done(&d->kinds[k].things);
    derived_outages_done(&d->outages);
    free(d);
}

int derived_grow(struct derived *d, enum derived_kind kind, uint32_t n)
{
    struct vec *things = &d->kinds[kind].things;
    while (things->len < n)
        if (!vec_push(things))
            return things->len == things->max ? ERR_FULL : ERR_NOMEM;
    return 0;
}

static struct wall_ms wall_of(uint32_t minute)
{
    return (struct wall_ms){(int64_t)minute * MINUTE_MS};
}

/* The grid begins in 1970 and ends in 10136. */
static uint32_t minute_of(struct wall_ms t)
{
    int64_t minute = t.ms / MINUTE_MS;
    if (minute < 1)
        return 1;
    return minute < UINT32_MAX ? (uint32_t)minute : UINT32_MAX;
}

static uint32_t next_instant(const struct derived *d, int kind, uint32_t minute)
{
    return minute_of(derived_grid_next(KINDS[kind].grid, d->options.zone_ms, wall_of(minute)));
}

/* The first instant that a change at t can alter. */
static uint32_t first_altered(const struct derived *d, int kind, struct wall_ms t)
{
    struct wall_ms floor = derived_grid_floor(KINDS[kind].grid, d->options.zone_ms, t);
    bool later = !KINDS[kind].closed && floor.ms < t.ms;
    return later ? next_instant(d, kind, minute_of(floor)) : minute_of(floor);
}

static bool empty(struct range r)
{
    return r.from >= r.to;
}

static struct range joined(struct range a, struct range b)
{
    if (empty(a))
        return b;
    if (empty(b))
        return a;
    return (struct range){a.from < b.from ? a.from : b.from, a.to > b.to ? a.to : b.to};
}

static void set_dirty(struct kind *k, struct thing *thing, struct range range)
{
    k->dirty -= !empty(thing->dirty);
    thing->dirty = range;
    k->dirty += !empty(range);
    thing->touched = true;
}

static void add_dirty(struct kind *k, uint32_t number, struct range range)
{
    struct thing *thing = vec_at(&k->things, number);
    struct range all = joined(thing->dirty, range);
    if (!empty(range) && (all.from != thing->dirty.from || all.to != thing->dirty.to))
        set_dirty(k, thing, all);
}

int derived_outage_changed(struct derived *d, const struct derived_outage *outage)
{
    return derived_outages_add(&d->outages, outage);
}

int derived_changed(struct derived *d, enum derived_kind kind, uint32_t thing, struct wall_ms from)
{
    struct kind *k = &d->kinds[kind];
    int err = thing < k->things.len ? 0 : derived_grow(d, kind, thing + 1);
    if (err || d->options.once)
        return err;
    uint32_t end = k->live ? k->live : OPEN_END;
    if (k->live && thing < k->cursor)
        end = next_instant(d, (int)kind, end);
    add_dirty(k, thing, (struct range){first_altered(d, (int)kind, from), end});
    return 0;
}

/* When instant `minute` may be handed out. */
static struct wall_ms due(const struct derived *d, int kind, uint32_t minute)
{
    struct wall_ms t = wall_of(KINDS[kind].closed ? next_instant(d, kind, minute) : minute);
    return d->options.once ? wall_add(t, d->options.late_ms + MINUTE_MS) : t;
}

/* The database was not there yet when things changed: their ranges end where the live mark begins.
 */
static void begin_live(struct kind *k, uint32_t newest)
{
    k->live = newest;
    for (uint32_t i = 0; i < k->things.len && k->dirty > 0; i++) {
        struct thing *thing = vec_at(&k->things, i);
        if (thing->dirty.to == OPEN_END)
            set_dirty(k, thing, (struct range){thing->dirty.from, newest});
    }
}

/* The live mark goes on at @p newest. */
static void skip_to(struct derived *d, int kind, uint32_t newest)
{
    struct kind *k = &d->kinds[kind];
    uint32_t from = k->live;
    if (k->cursor > 0) {
        from = next_instant(d, kind, k->live);
        derived_owed_add(&k->owed, k->live, from, k->cursor, (uint32_t)k->things.len);
    }
    derived_owed_add(&k->owed, from, newest, 0, (uint32_t)k->things.len);
    k->live = newest;
    k->cursor = 0;
}

/* Begins the live mark, and moves it on when it fell behind: what lies between is owed, so that the
 * present comes first. */
static void move_live(struct derived *d, int kind, struct wall_ms now)
{
    struct kind *k = &d->kinds[kind];
    int64_t hold = d->options.once ? d->options.late_ms + MINUTE_MS : 0;
    struct wall_ms t = wall_add(now, -hold);
    uint32_t newest = minute_of(derived_grid_floor(KINDS[kind].grid, d->options.zone_ms, t));
    if (!k->live) {
        begin_live(k, newest);
        return;
    }
    uint32_t ahead = k->live;
    for (int i = 0; i < CATCH_UP_INSTANTS; i++)
        ahead = next_instant(d, kind, ahead);
    if (ahead < newest)
        skip_to(d, kind, newest);
}

/* What is being handed out. */
struct taking {
    struct derived_span *spans;
    size_t n, max;
    uint32_t points;
};

static bool room(const struct derived *d, const struct taking *t)
{
    return t->n < t->max && t->points > 0 && d->n_flying < FLYING_MAX;
}

static void hand_out(struct derived *d, struct taking *t, struct derived_span span,
                     enum flight_of of, uint32_t points)
{
    t->spans[t->n++] = span;
    t->points -= points < t->points ? points : t->points;
    d->flying[d->n_flying++] = (struct flight){span, of};
}

static struct derived_span span_of(int kind, uint32_t thing, struct range range)
{
    return (struct derived_span){.kind = (enum derived_kind)kind,
                                 .thing = thing,
                                 .from = wall_of(range.from),
                                 .to = wall_of(range.to)};
}

/* The live mark's instant has come, and somebody is there to have it. */
static bool live_waits(const struct derived *d, int kind, struct wall_ms now)
{
    const struct kind *k = &d->kinds[kind];
    return k->live && k->things.len > 0 && due(d, kind, k->live).ms <= now.ms;
}

static void take_live(struct derived *d, int kind, struct wall_ms now, struct taking *t)
{
    struct kind *k = &d->kinds[kind];
    move_live(d, kind, now);
    while (live_waits(d, kind, now) && room(d, t)) {
        uint32_t next = next_instant(d, kind, k->live);
        hand_out(d, t, span_of(kind, k->cursor, (struct range){k->live, next}), FLIGHT_LIVE, 1);
        if (++k->cursor == k->things.len) {
            k->live = next;
            k->cursor = 0;
        }
    }
}

/* The end of the first instants of a range, at most @p max of them; *ret_n are before it. */
static uint32_t end_of_part(const struct derived *d, int kind, struct range range, uint32_t max,
                            uint32_t *ret_n)
{
    uint32_t to = range.from;
    uint32_t n = 0;
    if (KINDS[kind].grid == DERIVED_MINUTE) {
        *ret_n = range.to - range.from < max ? range.to - range.from : max;
        return range.from + *ret_n;
    }
    for (; n < max && to < range.to; n++)
        to = next_instant(d, kind, to);
    *ret_n = n;
    return to;
}

/* The first instants of a dirty range. */
static void take_part(struct derived *d, int kind, uint32_t number, struct taking *t)
{
    struct kind *k = &d->kinds[kind];
    struct thing *thing = vec_at(&k->things, number);
    uint32_t points = 0;
    struct range part = {thing->dirty.from, end_of_part(d, kind, thing->dirty, t->points, &points)};
    set_dirty(k, thing, (struct range){part.to, thing->dirty.to});
    thing->flying = part;
    hand_out(d, t, span_of(kind, number, part), FLIGHT_DIRTY, points);
}

static void take_dirty(struct derived *d, int kind, struct taking *t)
{
    struct kind *k = &d->kinds[kind];
    for (size_t looked = 0; looked < k->things.len && k->dirty > 0 && room(d, t); looked++) {
        uint32_t number = k->turn < k->things.len ? k->turn : 0;
        k->turn = number + 1;
        const struct thing *thing = vec_at(&k->things, number);
        if (!empty(thing->dirty))
            take_part(d, kind, number, t);
    }
}

static void take_owed(struct derived *d, int kind, struct taking *t)
{
    struct derived_owed *owed = &d->kinds[kind].owed;
    struct derived_owed_part part;
    while (room(d, t) && derived_owed_next(owed, &part)) {
        uint32_t points = 0;
        struct range range = {part.from, part.to};
        range.to = end_of_part(d, kind, range, t->points, &points);
        derived_owed_take(owed, range.to);
        hand_out(d, t, span_of(kind, part.thing, range), FLIGHT_OWED, points);
    }
}

/* What is to be corrected, then what was left out. */
static void take_past(struct derived *d, int kind, struct taking *t)
{
    take_dirty(d, kind, t);
    take_owed(d, kind, t);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void take_outages(struct derived *d, struct taking *t)
{
    struct derived_outage taken[OUTAGES_AT_ONCE];
    size_t n = 1;
    while (n > 0 && room(d, t)) {
        size_t free = least(least(t->max - t->n, t->points), FLYING_MAX - d->n_flying);
        n = derived_outages_take(&d->outages, taken, least(free, OUTAGES_AT_ONCE));
        for (size_t i = 0; i < n; i++) {
            struct derived_span span = {DERIVED_OUTAGE, taken[i].number, taken[i].unit,
                                        taken[i].born, taken[i].born};
            hand_out(d, t, span, FLIGHT_DIRTY, 1);
        }
    }
}

size_t derived_take(struct derived *d, struct wall_ms now, uint32_t points,
                    struct derived_span *ret_spans, size_t max)
{
    struct taking t = {ret_spans, 0, max, points};
    if (d->n_flying > 0)
        return 0;
    for (int kind = 0; kind < DERIVED_GRIDS; kind++)
        take_live(d, kind, now, &t);
    take_outages(d, &t);
    for (int kind = 0; kind < DERIVED_AREA; kind++)
        take_past(d, kind, &t);
    t.points = t.points < d->pace ? t.points : d->pace;
    for (int kind = DERIVED_AREA; kind < DERIVED_GRIDS; kind++)
        take_past(d, kind, &t);
    return t.n;
}

void derived_pace(struct derived *d, uint32_t points)
{
    d->pace = points;
}

static void settle_one(struct derived *d, const struct flight *f, bool written)
{
    if (f->span.kind == DERIVED_OUTAGE || f->of == FLIGHT_OWED)
        return;
    struct kind *k = &d->kinds[f->span.kind];
    struct thing *thing = vec_at(&k->things, f->span.thing);
    thing->flying = (struct range){0};
    thing->touched |= f->of == FLIGHT_DIRTY;
    if (!written)
        add_dirty(k, f->span.thing, (struct range){minute_of(f->span.from), minute_of(f->span.to)});
}

int derived_settle(struct derived *d, bool written)
{
    int err = derived_outages_settle(&d->outages, written);
    for (int kind = 0; kind < DERIVED_GRIDS; kind++)
        derived_owed_settle(&d->kinds[kind].owed, written);
    for (; d->n_flying > 0 && !err; d->n_flying--)
        settle_one(d, &d->flying[d->n_flying - 1], written);
    return err;
}

struct wall_ms derived_live(const struct derived *d, enum derived_kind kind)
{
    uint32_t live = d->kinds[kind].live;
    return live ? wall_of(live) : (struct wall_ms){INT64_MIN};
}

size_t derived_dirty(const struct derived *d)
{
    size_t dirty = d->outages.dirty.len;
    for (int k = 0; k < DERIVED_GRIDS; k++)
        dirty += d->kinds[k].dirty + derived_owed_left(&d->kinds[k].owed);
    return dirty;
}

bool derived_waits(const struct derived *d, struct wall_ms now)
{
    bool waits = derived_dirty(d) > 0;
    for (int kind = 0; kind < DERIVED_GRIDS; kind++)
        waits = waits || live_waits(d, kind, now);
    return waits;
}

/* ---- rows: key = kind u8, thing u32; value = version u8, from u32, to u32 ---- */

static void put_key(struct buf *b, int kind, uint32_t number)
{
    buf_char(b, (char)kind);
    buf_le32(b, number);
}

static int put_row(const struct row_sink *sink, int kind, uint32_t number, struct range range)
{
    struct buf b;
    buf_init(&b, 32);
    put_key(&b, kind, number);
    size_t key = b.len;
    buf_char(&b, ROW_VERSION);
    buf_le32(&b, range.from);
    buf_le32(&b, range.to);
    int err = b.err;
    if (!err && empty(range))
        err = sink->drop(sink->context, ROW_DIRTY, (struct slice){b.data, key});
    else if (!err)
        err = sink->put(sink->context, ROW_DIRTY, (struct slice){b.data, key},
                        (struct slice){b.data + key, b.len - key});
    buf_done(&b);
    return err;
}

/* The live mark as a restart must find it: before what is not settled. */
static uint32_t safe_live(const struct derived *d, int kind)
{
    uint32_t live = d->kinds[kind].live;
    for (size_t i = 0; i < d->n_flying; i++) {
        const struct flight *f = &d->flying[i];
        if (f->of == FLIGHT_LIVE && (int)f->span.kind == kind && minute_of(f->span.from) < live)
            live = minute_of(f->span.from);
    }
    return live;
}

static int save_owed(struct kind *k, int kind, const struct row_sink *sink)
{
    struct buf key;
    buf_init(&key, 8);
    put_key(&key, kind, ALL_THINGS);
    int err = key.err;
    if (!err)
        err = derived_owed_save(&k->owed, (struct slice){key.data, key.len}, sink);
    buf_done(&key);
    return err;
}

static int save_kind(struct derived *d, int kind, const struct row_sink *sink)
{
    struct kind *k = &d->kinds[kind];
    uint32_t live = safe_live(d, kind);
    int err = k->owed.touched ? save_owed(k, kind, sink) : 0;
    if (!err && live != k->saved_live)
        err = put_row(sink, kind, NO_THING, (struct range){live, UINT32_MAX});
    if (!err)
        k->saved_live = live;
    for (uint32_t i = 0; i < k->things.len && !err; i++) {
        struct thing *thing = vec_at(&k->things, i);
        if (!thing->touched)
            continue;
        err = put_row(sink, kind, i, joined(thing->dirty, thing->flying));
        thing->touched = err != 0;
    }
    return err;
}

int derived_save(struct derived *d, const struct row_sink *sink)
{
    int err = 0;
    for (int kind = 0; kind < DERIVED_GRIDS && !err; kind++)
        err = save_kind(d, kind, sink);
    return err ? err : derived_outages_save(&d->outages, DERIVED_OUTAGE, sink);
}

int derived_load(struct derived *d, struct slice key, struct slice value)
{
    struct cursor k, v;
    cursor_init(&k, key.at, key.len);
    cursor_init(&v, value.at, value.len);
    int kind = cursor_u8(&k);
    uint32_t number = cursor_le32(&k);
    if (!k.err && kind == DERIVED_OUTAGE)
        return derived_outages_load(&d->outages, number, value);
    if (!k.err && kind < DERIVED_GRIDS && number == ALL_THINGS)
        return derived_owed_load(&d->kinds[kind].owed, value);
    if (cursor_u8(&v) != ROW_VERSION)
        return v.err ? ERR_CORRUPT : ERR_VERSION;
    struct range range = {0};
    range.from = cursor_le32(&v);
    range.to = cursor_le32(&v);
    if (k.err || v.err || kind >= DERIVED_GRIDS || empty(range))
        return ERR_CORRUPT;
    if (number == NO_THING) {
        d->kinds[kind].live = d->kinds[kind].saved_live = range.from;
        return 0;
    }
    int err =
        number < d->options.max ? derived_grow(d, (enum derived_kind)kind, number + 1) : ERR_FULL;
    if (err)
        return err;
    set_dirty(&d->kinds[kind], vec_at(&d->kinds[kind].things, number), range);
    ((struct thing *)vec_at(&d->kinds[kind].things, number))->touched = false;
    return 0;
}
