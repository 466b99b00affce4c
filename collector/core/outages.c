#include "core/outages.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"
#include "core/archive_key.h"
#include "core/archive_rows.h"
#include "core/dirty.h"

#include <stdlib.h>
#include <string.h>

/* Rows of version 1 did not say whether a book gave outages away. */
enum {
    ROW_VERSION = 2,
    PAST_VERSION = 1,
    UNITS_MAX = 16 << 20,
    FOUND_MAX = 1024, /* more than a timeline can hold */
    PAST_BYTES_MAX = 256 << 20,
    SECOND_MS = 1000,
};

struct outages {
    struct vec units;     /* struct outage_book by unit number; its slot is its place in open + 1,
                             0 = none lasts */
    struct vec open;      /* uint32_t units with an outage that lasts */
    struct dirty unsaved; /* units whose row changed */
    struct dirty changed; /* units whose outages changed, for those who tell */
    struct vec found;     /* struct outage, of the unit that is looked at */
    struct buf past;      /* ROW_OUTAGE_PAST rows to be saved */
    uint64_t next;        /* number of the next outage */
    uint64_t given;       /* outages in the archive, at least */
};

struct outages *outages_new(void)
{
    struct outages *o = calloc(1, sizeof *o);
    if (!o)
        return NULL;
    vec_init(&o->units, sizeof(struct outage_book), UNITS_MAX);
    vec_init(&o->open, sizeof(uint32_t), UNITS_MAX);
    vec_init(&o->found, sizeof(struct outage), FOUND_MAX);
    buf_init(&o->past, PAST_BYTES_MAX);
    dirty_init(&o->unsaved, UNITS_MAX);
    dirty_init(&o->changed, UNITS_MAX);
    o->next = 1;
    return o;
}

void outages_free(struct outages *o)
{
    if (!o)
        return;
    for (size_t i = 0; i < o->units.len; i++)
        outage_book_done(vec_at(&o->units, i));
    vec_done(&o->units);
    vec_done(&o->open);
    vec_done(&o->found);
    buf_done(&o->past);
    dirty_done(&o->unsaved);
    dirty_done(&o->changed);
    free(o);
}

static struct outage_book *book_of(struct outages *o, uint32_t unit)
{
    while (o->units.len <= unit)
        if (!vec_push(&o->units))
            return NULL;
    return vec_at(&o->units, unit);
}

size_t outages_count(const struct outages *o, uint32_t unit)
{
    return unit < o->units.len ? ((const struct outage_book *)vec_at(&o->units, unit))->len : 0;
}

struct outage outages_at(const struct outages *o, uint32_t unit, size_t at)
{
    return outage_book_at(vec_at(&o->units, unit), at, unit);
}

struct outage outages_find(const struct outages *o, uint32_t unit, uint64_t number)
{
    for (size_t i = outages_count(o, unit); i > 0; i--) {
        struct outage outage = outages_at(o, unit, i - 1);
        if (outage.number == number)
            return outage;
    }
    return (struct outage){0};
}

struct outage outages_numbered(const struct outages *o, uint64_t number)
{
    struct outage found = {0};
    for (size_t unit = 0; number && !found.number && unit < o->units.len; unit++)
        found = outages_find(o, (uint32_t)unit, number);
    return found;
}

struct outage outages_open(const struct outages *o, uint32_t unit)
{
    size_t n = outages_count(o, unit);
    struct outage last = n ? outages_at(o, unit, n - 1) : (struct outage){0};
    return last.to.ms == WALL_NEVER_MS ? last : (struct outage){0};
}

const uint32_t *outages_open_units(const struct outages *o, size_t *ret_len)
{
    *ret_len = o->open.len;
    return o->open.items;
}

struct outage outages_overlapping(const struct outages *o, uint32_t unit, struct wall_ms from,
                                  struct wall_ms to)
{
    size_t low = 0;
    size_t high = outages_count(o, unit);
    while (low < high) { /* the first that ends after from */
        size_t mid = low + (high - low) / 2;
        if (outages_at(o, unit, mid).to.ms <= from.ms)
            low = mid + 1;
        else
            high = mid;
    }
    bool any = low < outages_count(o, unit) && outages_at(o, unit, low).from.ms < to.ms;
    return any ? outages_at(o, unit, low) : (struct outage){0};
}

const uint32_t *outages_changes(const struct outages *o, size_t *ret_len)
{
    *ret_len = o->changed.numbers.len;
    return o->changed.numbers.items;
}

void outages_changes_clear(struct outages *o)
{
    dirty_clear(&o->changed);
}

static void note_state(struct outage *outage, const struct unit_view *v)
{
    if (v->state != STATE_DOWN)
        return;
    outage->verified = true;
    outage->cause = v->cause;
}

static struct outage *begin(struct vec *found, uint32_t unit, struct wall_ms from)
{
    struct outage *running = vec_push(found);
    if (running)
        *running = (struct outage){
            .unit = unit, .cause = CAUSE_UNKNOWN, .from = from, .to = {WALL_NEVER_MS}};
    return running;
}

/* Where the outages of a unit are looked for. */
struct search {
    const struct timeline *tl;
    uint32_t unit;
    struct wall_ms from;   /* outside of any outage, but for the one that runs */
    struct wall_ms now;    /* the timeline may go on with what dates will bring */
    struct outage running; /* began before all that the timeline knows; number 0 = none did */
};

/* The outages of the timeline from there on up to now. */
static int find(const struct search *s, struct vec *found)
{
    struct outage *running = NULL;
    if (s->running.number) {
        running = begin(found, s->unit, s->running.from);
        if (!running)
            return ERR_NOMEM;
        running->verified = s->running.verified;
        running->cause = s->running.cause;
    }
    int64_t at = timeline_index(s->tl, s->from);
    for (at = at < 0 ? 0 : at; at < (int64_t)s->tl->len; at++) {
        struct timeline_span span = timeline_span_at(s->tl, at);
        if (span.from.ms > s->now.ms)
            break;
        struct unit_view v = state_unpack(span.code);
        enum state_turn turn = state_turn(&v);
        struct wall_ms start = span.from.ms > s->from.ms ? span.from : s->from;
        if (turn == STATE_TURN_BACK && running) {
            running->to = start;
            running = NULL;
        }
        if (turn == STATE_TURN_OUT && !running) {
            running = begin(found, s->unit, start);
            if (!running)
                return ERR_NOMEM;
        }
        if (turn == STATE_TURN_OUT)
            note_state(running, &v);
    }
    return 0;
}

/* What is found anew keeps the number of the first outage it overlaps; the rest is new. */
static void give_numbers(struct outages *o, const struct outage_book *book, size_t old,
                         struct vec *found)
{
    for (size_t i = 0; i < found->len; i++) {
        struct outage *fresh = vec_at(found, i);
        struct outage known = {0};
        for (; old < book->len; old++) {
            known = outage_book_at(book, old, fresh->unit);
            if (known.to.ms > fresh->from.ms)
                break;
        }
        bool same = old < book->len && known.from.ms < fresh->to.ms;
        fresh->number = same ? known.number : o->next++;
        fresh->born = same ? known.born : fresh->from;
        old += same;
    }
}

static int list_open(struct outages *o, struct outage_book *book, uint32_t unit)
{
    uint32_t *slot = vec_push(&o->open);
    if (!slot)
        return ERR_NOMEM;
    *slot = unit;
    book->open_slot = (uint32_t)o->open.len;
    return 0;
}

/* The last of the open ones takes the place that becomes free. */
static void unlist_open(struct outages *o, struct outage_book *book)
{
    uint32_t *open = o->open.items;
    uint32_t moved = open[o->open.len - 1];
    open[book->open_slot - 1] = moved;
    ((struct outage_book *)vec_at(&o->units, moved))->open_slot = book->open_slot;
    book->open_slot = 0;
    o->open.len--;
}

static int note_open(struct outages *o, struct outage_book *book, uint32_t unit)
{
    bool open = outages_open(o, unit).number != 0;
    if (open && !book->open_slot)
        return list_open(o, book, unit);
    if (!open && book->open_slot)
        unlist_open(o, book);
    return 0;
}

static bool equal(const struct outage *a, const struct outage *b)
{
    return a->number == b->number && a->verified == b->verified && a->cause == b->cause &&
           a->from.ms == b->from.ms && a->to.ms == b->to.ms;
}

static bool same(const struct outage_book *book, size_t keep, const struct vec *found)
{
    if (book->len - keep != found->len)
        return false;
    for (size_t i = 0; i < found->len; i++) {
        struct outage old = outage_book_at(book, keep + i, 0);
        if (!equal(&old, vec_at(found, i)))
            return false;
    }
    return true;
}

static int put_past(struct outages *o, const struct outage *outage)
{
    struct archive_key key;
    size_t begun = archive_rows_begin(
        &o->past, archive_key_make(&key, ARCHIVE_KEY_LONG, outage->unit,
                                   outage->from.ms / SECOND_MS, outage->from.ms % SECOND_MS));
    buf_char(&o->past, PAST_VERSION);
    buf_le64(&o->past, outage->number);
    buf_le64(&o->past, (uint64_t)outage->to.ms);
    buf_le64(&o->past, (uint64_t)outage->born.ms);
    buf_char(&o->past, (char)(outage->verified | outage->cause << 1));
    return archive_rows_end(&o->past, begun);
}

/* Adds to the book; what that has no room for any more goes to the archive. */
static int add(struct outages *o, struct outage_book *book, const struct outage *outage)
{
    int err = 0;
    for (size_t i = 0; !err && outage_book_full(book) && i < OUTAGE_BOOK_DROP; i++) {
        struct outage old = outage_book_at(book, i, outage->unit);
        err = put_past(o, &old);
        o->given++;
    }
    return err ? err : outage_book_add(book, outage);
}

bool outages_knew(const struct outages *o, uint64_t number)
{
    return number > 0 && number < o->next;
}

uint64_t outages_given(const struct outages *o)
{
    return o->given;
}

int outages_read_past(struct slice key, struct slice value, struct outage *ret_outage)
{
    struct outage outage = {0};
    int64_t seconds;
    int64_t rest;
    struct cursor c;
    if (!archive_key_read(key, ARCHIVE_KEY_LONG, &outage.unit, &seconds, &rest))
        return ERR_CORRUPT;
    outage.from.ms = seconds * SECOND_MS + rest;
    cursor_init(&c, value.at, value.len);
    if (cursor_u8(&c) != PAST_VERSION)
        return c.err ? ERR_CORRUPT : ERR_VERSION;
    outage.number = cursor_le64(&c);
    outage.to.ms = (int64_t)cursor_le64(&c);
    outage.born.ms = (int64_t)cursor_le64(&c);
    uint8_t bits = cursor_u8(&c);
    outage.verified = bits & 1;
    outage.cause = (enum cause)(bits >> 1);
    if (c.err || cursor_left(&c) > 0 || outage.cause > CAUSE_NONE)
        return ERR_CORRUPT;
    *ret_outage = outage;
    return 0;
}

static int replace(struct outages *o, uint32_t unit, struct outage_book *book, size_t keep,
                   const struct vec *found)
{
    if (same(book, keep, found))
        return 0;
    outage_book_cut(book, keep);
    int err = 0;
    for (size_t i = 0; !err && i < found->len; i++)
        err = add(o, book, vec_at(found, i));
    if (!err)
        err = note_open(o, book, unit);
    if (!err)
        err = dirty_add(&o->unsaved, unit);
    return err ? err : dirty_add(&o->changed, unit);
}

/* Looks again at what lies at or after @p from; before @p known the timeline knows nothing, and
 * what was found there once stays. */
static int look(struct outages *o, const struct world *w, uint32_t unit, struct wall_ms from,
                struct wall_ms known)
{
    struct outage_book *book = book_of(o, unit);
    if (!book)
        return ERR_NOMEM;
    /* What a full book gave away is not found again under new numbers. */
    if (book->gave && book->len && outage_book_at(book, 0, unit).from.ms > known.ms)
        known = outage_book_at(book, 0, unit).from;
    struct search s = {
        world_unit_timeline(w, unit), unit, from.ms > known.ms ? from : known, world_now(w), {0}};
    size_t keep = book->len;
    while (keep > 0 && outage_book_at(book, keep - 1, unit).to.ms >= s.from.ms)
        keep--;
    struct outage first = keep < book->len ? outage_book_at(book, keep, unit) : (struct outage){0};
    if (first.number && first.from.ms < known.ms) {
        s.running = first;
        s.from = known;
    } else if (first.number && first.from.ms < s.from.ms) {
        s.from = first.from;
    }
    o->found.len = 0;
    int err = find(&s, &o->found);
    if (err)
        return err;
    give_numbers(o, book, keep, &o->found);
    return replace(o, unit, book, keep, &o->found);
}

/* From where on the timeline of the unit counts: what was before its first instant is forgotten,
 * and what is settled changes no more, whatever the timeline made of it (it is coarser, or made
 * anew after a restart). */
static struct wall_ms beginning(const struct world *w, uint32_t unit)
{
    const struct timeline *tl = world_unit_timeline(w, unit);
    struct wall_ms first = tl->len ? timeline_span_at(tl, 0).from : (struct wall_ms){INT64_MIN};
    struct wall_ms settled = world_settled(w, unit);
    return settled.ms > first.ms ? settled : first;
}

int outages_update(struct outages *o, const struct world *w, uint32_t unit, struct wall_ms from)
{
    return look(o, w, unit, from, beginning(w, unit));
}

/* The first instant at which a timeline that was made anew says anything that matters here. */
static struct wall_ms first_turn(const struct timeline *tl)
{
    for (int64_t at = 0; at < (int64_t)tl->len; at++) {
        struct timeline_span span = timeline_span_at(tl, at);
        struct unit_view v = state_unpack(span.code);
        if (state_turn(&v) != STATE_TURN_NONE)
            return span.from;
    }
    return (struct wall_ms){WALL_NEVER_MS};
}

int outages_again(struct outages *o, const struct world *w, uint32_t unit)
{
    struct wall_ms known = first_turn(world_unit_timeline(w, unit));
    return known.ms == WALL_NEVER_MS ? 0 : look(o, w, unit, known, known);
}

static int save_unit(struct outages *o, uint32_t unit, const struct row_sink *sink)
{
    struct buf key;
    struct buf value;
    buf_init(&key, 8);
    buf_init(&value, 64 << 20);
    buf_le32(&key, unit);
    buf_char(&value, ROW_VERSION);
    buf_le64(&value, o->next);
    buf_char(&value, (char)(unit < o->units.len &&
                            ((const struct outage_book *)vec_at(&o->units, unit))->gave));
    for (size_t i = 0; i < outages_count(o, unit); i++) {
        struct outage outage = outages_at(o, unit, i);
        buf_le64(&value, outage.number);
        buf_le64(&value, (uint64_t)outage.from.ms);
        buf_le64(&value, (uint64_t)outage.to.ms);
        buf_le64(&value, (uint64_t)outage.born.ms);
        buf_char(&value, (char)(outage.verified | outage.cause << 1));
    }
    int err = key.err ? key.err : value.err;
    if (!err)
        err = sink->put(sink->context, ROW_OUTAGE, (struct slice){key.data, key.len},
                        (struct slice){value.data, value.len});
    buf_done(&key);
    buf_done(&value);
    return err;
}

int outages_save(struct outages *o, const struct row_sink *sink)
{
    int failed = archive_rows_save(&o->past, ROW_OUTAGE_PAST, ARCHIVE_KEY_LONG, sink);
    if (failed)
        return failed;
    buf_clear(&o->past);
    for (size_t i = 0; i < dirty_len(&o->unsaved); i++) {
        int err = save_unit(o, dirty_at(&o->unsaved, i), sink);
        if (err)
            return err;
    }
    dirty_clear(&o->unsaved);
    return 0;
}

static int load_one(struct outages *o, uint32_t unit, struct cursor *c, struct outage_book *book)
{
    struct outage outage = {.unit = unit, .number = cursor_le64(c)};
    outage.from.ms = (int64_t)cursor_le64(c);
    outage.to.ms = (int64_t)cursor_le64(c);
    outage.born.ms = (int64_t)cursor_le64(c);
    uint8_t bits = cursor_u8(c);
    outage.verified = bits & 1;
    outage.cause = (enum cause)(bits >> 1);
    if (c->err || !outage.number)
        return ERR_CORRUPT;
    int err = add(o, book, &outage);
    return err == ERR_FULL ? ERR_CORRUPT : err;
}

int outages_load(struct outages *o, struct slice key, struct slice value)
{
    struct cursor c;
    cursor_init(&c, key.at, key.len);
    uint32_t unit = cursor_le32(&c);
    if (c.err || unit >= UNITS_MAX)
        return ERR_CORRUPT;
    cursor_init(&c, value.at, value.len);
    uint8_t version = cursor_u8(&c);
    if (version == 0 || version > ROW_VERSION)
        return ERR_VERSION;
    uint64_t next = cursor_le64(&c);
    if (next > o->next)
        o->next = next;
    bool gave = version > 1 && cursor_u8(&c) != 0;
    if (c.err)
        return ERR_CORRUPT;
    struct outage_book *book = book_of(o, unit);
    int err = book ? 0 : ERR_NOMEM;
    while (!err && cursor_left(&c) > 0)
        err = load_one(o, unit, &c, book);
    if (err)
        return err;
    /* a full one of a program that did not say so gave some away */
    book->gave |= gave || (version == 1 && book->len > OUTAGE_BOOK_MAX - OUTAGE_BOOK_DROP);
    o->given += book->gave;
    return note_open(o, book, unit);
}
